"""The log of looks: written of every answer that shows people, dropped by whole months."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import connection, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from owes.exports import XLSX
from owes.looks.collecting import collecting
from owes.models import Look, LookedAt, LookKind

KEPT_MONTHS = 24

KIND_OF_TYPE = {
    "application/pdf": LookKind.PRINT,
    XLSX: LookKind.EXPORT,
    "text/csv": LookKind.EXPORT,
}
# By the last word of a page's name.
KIND_OF_PAGE = {
    "detail": LookKind.CARD,
    "support": LookKind.CARD,
    "looks": LookKind.CARD,
    "list": LookKind.LIST,
    "search": LookKind.SEARCH,
    "options": LookKind.SEARCH,
    "twins": LookKind.SEARCH,
    "create": LookKind.FORM,
    "edit": LookKind.FORM,
    "calendar": LookKind.CALENDAR,
}
FIELD_NAME = re.compile(r"[a-z][a-z_-]{0,29}")
NO_FILTERS = {"page", "sort", "columns", "format", "purpose"}


class LoggedLooks:
    """Keeps who saw whose data in an answer; one without people costs nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with collecting() as people:
            response = self.get_response(request)
        if people and response.status_code == 200 and request.method != "HEAD":
            self._keep(request, response, people)
        return response

    def _keep(self, request: HttpRequest, response: HttpResponseBase, people: set[int]) -> None:
        user = request.user if request.user.is_authenticated else None
        # A file ordered before is a look at the list that it was ordered from.
        page = getattr(request, "look_of", request)
        purpose = page.GET.get("purpose", "")
        Look.objects.keep(
            people,
            user=user,
            kind=_kind(request, response),
            # The address that a stranger comes by may be a key itself.
            path=page.path[:200] if user else "",
            asked=", ".join(_filters(page))[:200],
            purpose=purpose if purpose in Look.Purpose.values else "",
        )


def _kind(request: HttpRequest, response: HttpResponseBase) -> LookKind:
    page = getattr(request.resolver_match, "url_name", None) or ""
    content_type = response.headers.get("Content-Type", "").partition(";")[0]
    if content_type == "text/html":
        return KIND_OF_PAGE.get(page.rpartition("_")[2], LookKind.PAGE)
    if page.startswith("package"):
        return LookKind.PACKAGE
    return KIND_OF_TYPE.get(content_type, LookKind.FILE)


def _filters(request: HttpRequest) -> list[str]:
    """Names of the filters that were asked for; a name nobody gave a field may be anything."""
    filled = {name for name, value in request.GET.items() if value}
    return sorted(filter(FIELD_NAME.fullmatch, filled - NO_FILTERS))


def drop_old_looks() -> None:
    """Drops whole months older than `KEPT_MONTHS`; the triggers let no younger row go."""
    month = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    old = Look.objects.filter(at__lt=month.replace(year=month.year - KEPT_MONTHS // 12))
    with transaction.atomic():
        for rows in (LookedAt.objects.filter(look__in=old.values("pk")), old):
            rows._raw_delete(connection.alias)
