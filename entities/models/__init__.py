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
from entities.models.person import Person, Representation

__all__ = [
    "Entity",
    "EntityActivity",
    "Kind",
    "LegalForm",
    "LocalGovernment",
    "Merge",
    "NotDuplicate",
    "Person",
    "Representation",
    "SocialEnterpriseStatus",
    "TerytCode",
    "joined_keys",
    "merged_codes",
    "survivor_of",
]
