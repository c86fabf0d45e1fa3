"""How long a session lasts, and what is answered to one who tries too often."""

import math
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from owes.sign_in.tries import TooManyTries

Answer = Callable[[HttpRequest], HttpResponseBase]


def keeps_session(get_response: Answer) -> Answer:
    """Moves on the idle end of the session of somebody signed in."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            request.session.touch()  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


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
