"""Who signs in; what they may do is said by the rules of access alone (support/access.py)."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend


class SignInBackend(AuthenticationBackend):
    """Reads no table of permissions: nobody has any there, and each refusal would ask twice."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()
