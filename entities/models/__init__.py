from entities.models.entity import (
    Entity,
    EntityActivity,
    LegalForm,
    SocialEnterpriseStatus,
)
from entities.models.local_government import LocalGovernment, TerytCode
from entities.models.merge import (
    Kind,
    Merge,
    NotDuplicate,
    joined_keys,
    merged_codes,
    survivor_of,
)
from entities.models.person import NO_NAME, Person, Representation, Restriction

__all__ = [
    "NO_NAME",
    "Entity",
    "EntityActivity",
    "Kind",
    "LegalForm",
    "LocalGovernment",
    "Merge",
    "NotDuplicate",
    "Person",
    "Representation",
    "Restriction",
    "SocialEnterpriseStatus",
    "TerytCode",
    "joined_keys",
    "merged_codes",
    "survivor_of",
]
