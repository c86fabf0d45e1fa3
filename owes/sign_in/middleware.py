import math
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from owes.sign_in.tries import TooManyTries


class TellsToWait:
    """Answers by how long to wait, whichever form was sent too often."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
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
