from entities.models.entity import (
    Entity,
    EntityActivity,
    LegalForm,
    SocialEnterpriseStatus,
)
from entities.models.local_government import LocalGovernment, TerytCode
from entities.models.person import Person, Representation

__all__ = [
    "Entity",
    "EntityActivity",
    "LegalForm",
    "LocalGovernment",
    "Person",
    "Representation",
    "SocialEnterpriseStatus",
    "TerytCode",
]
