"""How the pages of the registers ask for a permission; the rules come from the right."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from owes.models import User


def demand(user: User | AnonymousUser, permission: str, row: Any = None) -> None:
    if not user.has_perm(permission, row):
        raise PermissionDenied
