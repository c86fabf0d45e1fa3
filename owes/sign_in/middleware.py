"""How long a session lasts, and what is answered to one who tries too often."""

import math
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from owes.sign_in import second_factor
from owes.sign_in.tries import TooManyTries

Answer = Callable[[HttpRequest], HttpResponseBase]


def keeps_session(get_response: Answer) -> Answer:
    """Moves on the idle end of the session of somebody signed in."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            request.session.touch()  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


# What opens before the second step is switched on; the page of the codes comes after it.
ON_THE_WAY = {"mfa_activate_totp", "account_reauthenticate", "account_logout", "centre_logo"}
SWITCHED_OFF_AT = "mfa_deactivate_totp"


class AsksForSecondFactor:
    """Leads whoever has to switch on the second step to its page, from every other one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "POST" and request.path == reverse(SWITCHED_OFF_AT):
            second_factor.ask(request)
        return response

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponseBase | None:
        if not is_asked(request) or getattr(request.resolver_match, "url_name", "") in ON_THE_WAY:
            return None
        messages.info(request, "Twoja rola wymaga weryfikacji dwuetapowej. Włącz ją teraz.")
        return redirect("mfa_activate_totp")


def is_asked(request: HttpRequest) -> bool:
    """Asks the database only until it is switched on."""
    if not request.user.is_authenticated or not second_factor.is_asked_of(request):
        return False
    second_factor.ask(request)
    return second_factor.is_asked_of(request)


class TellsToWait:
    """Answers by how long to wait, whichever form was sent too often."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, TooManyTries):
            return None
        seconds = math.ceil((exception.until - timezone.now()).total_seconds())
        context = {"until": exception.until, "minutes": math.ceil(seconds / 60)}
        response = render(request, "account/locked.html", context, status=429)
        response.headers["Retry-After"] = str(seconds)
        return response
