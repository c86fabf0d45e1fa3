"""One line of the log for each request, and the number by which people name it."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from owes.operating.log_lines import page_of, request_id, user_id

HEADER = "X-Request-ID"
LONGEST_KEY = 8  # digits; a longer number is of no row, and may be somebody's
GIVEN_BY_PROXY = re.compile(r"[A-Za-z0-9-]{8,64}")

logger = logging.getLogger("owes.pages")
register = template.Library()


class AccessLog:
    """Stands before every other middleware, so that it tells of what they answer too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.monotonic()
        number = request_id.set(number_of(request))
        user = user_id.set(None)
        try:
            response = self.get_response(request)
            response.headers[HEADER] = request_id.get()
            self._tell(request, response, time.monotonic() - started)
        finally:
            request_id.reset(number)
            user_id.reset(user)
        return response

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        """Here the middleware below has read who it is."""
        user_id.set(request.user.pk)

    def _tell(self, request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
        match = request.resolver_match
        keys = {
            name: value
            for name, value in (match.kwargs if match else {}).items()
            if isinstance(value, int) and len(str(value)) <= LONGEST_KEY
        }
        facts = {"status": response.status_code, "ms": round(seconds * 1000), "keys": keys or None}
        logger.info("%s %s", request.method, page_of(request), extra={"facts": facts})


def number_of(request: HttpRequest) -> str:
    """The proxy's, so that its log and ours speak of one thing; a client's own is not taken."""
    given = request.headers.get(HEADER, "") if settings.PROXIES else ""
    return given if GIVEN_BY_PROXY.fullmatch(given) else uuid.uuid4().hex[:16]


@register.simple_tag
def request_number() -> str:
    """For pages of errors, which are drawn without a request."""
    return request_id.get()
