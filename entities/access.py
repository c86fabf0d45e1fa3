"""How the pages of the registers ask for a permission; the rules come from the right."""

from django.core.exceptions import PermissionDenied


def demand(user, permission, row=None):
    if not user.has_perm(permission, row):
        raise PermissionDenied
