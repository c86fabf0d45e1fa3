"""How sign-in differs from the library's: nobody signs up, and e-mail is the only name."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from owes.models import Session, User
from owes.sign_in import second_factor, sessions, tries
from owes.sign_in.client_address import client_address
from owes.sign_in.devices import browser_name, remember_device

logger = logging.getLogger(__name__)


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator or by the coordinator of a project."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "Adres e-mail albo hasło się nie zgadza.",
        "enter_current_password": "Obecne hasło się nie zgadza.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Of a sign-in, and of somebody who is asked for the password once more."""
        counted = tries.of_password(request, credentials["email"])
        until = counted.take()
        user = super().authenticate(request, **credentials)
        if user:
            counted.succeed()
        elif until:
            raise tries.TooManyTries(until, is_new=True)
        return user

    def is_reauthentication_required(self, *, app: str, **details: Any) -> bool:
        """Not of one who has just signed in and is led to the second step by the program."""
        if second_factor.is_asked_of(self.request) and sessions.is_fresh(self.request):
            return False
        return super().is_reauthentication_required(app=app, **details)

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponseBase:
        sessions.begin(request)
        second_factor.ask(request)
        response = super().post_login(request, user, **details)
        if remember_device(request, response, user):
            self.send_notification_mail("account/email/new_device", user)
        return response

    def set_password(self, user: User, password: str) -> None:
        """A new one ends whatever was begun with the old one, and its waits."""
        super().set_password(user, password)
        Session.objects.of(user).exclude(session_key=self.request.session.session_key).delete()
        tries.of_new_password(self.request, user.email).forget()

    def send_notification_mail(self, template_prefix: str, user: User) -> None:  # type: ignore[override]
        """What was done stays done when the letter about it does not go out."""
        context = {"device": browser_name(self.request.headers.get("User-Agent", ""))}
        try:
            super().send_notification_mail(template_prefix, user, context)
        except (SMTPException, OSError):
            logger.exception("The letter %s was not sent", template_prefix)


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
