"""How sign-in differs from the library's: nobody signs up, and e-mail is the only name."""

from collections.abc import Mapping
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.http import HttpRequest

from owes.models import User


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator or by the coordinator of a project."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "Adres e-mail albo hasło się nie zgadza.",
        "enter_current_password": "Obecne hasło się nie zgadza.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def tried_email(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The address by which axes counts a failed sign-in; one person may type it in two cases."""
    typed = (credentials or {}).get("email") or request.POST.get("login", "")
    return typed.strip().lower()


def invite(user: User, **context: Any) -> None:
    """Sends the link by which the owner of the account sets the password: the one of a reset."""
    adapter = get_adapter()
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    url = adapter.get_reset_password_from_key_url(f"{user_pk_to_url_str(user)}-{key}")
    context |= {"user": user, "password_url": url}
    adapter.send_mail("account/email/invitation", user.email, context)


def forget_former_addresses(user: User) -> None:
    """The library signs in by its own copies of addresses too; a former one must not work."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
