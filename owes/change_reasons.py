"""Asks for a reason before a change of what closed reports said, and keeps it with the change.

A page of a form asks by itself (owes/editing.py). An action that is only sent is marked:

    @require_POST
    @asks_why
    def service_reopen(request, slug, pk):

It is tried first; when it moves the records away from a closed report and came without a reason,
nothing is saved and the answer names the reports and asks for it. Commands and long work call
`explained`. What reports said, and where reasons are kept, dotted names in settings say.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.messages import get_messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string

from owes.history import explained_by
from owes.rehearsal import ReportsWatch, Touch, watch_reports

T = TypeVar("T")

FIELD = "editing-reason"
LONGEST = 500


class ReasonNeeded(Exception):
    """A change without a reason would touch closed reports; nothing of it is saved."""

    def __init__(self, touched: list[Touch]) -> None:
        super().__init__(", ".join(touch.label for touch in touched))
        self.touched = touched


class ChangeReason:
    """The reason that came with a form, and the reports it is asked for (none: not asked)."""

    def __init__(self, data: QueryDict | dict[str, str]) -> None:
        self.typed = data.get(FIELD, "")
        self.was_asked = FIELD in data
        self.touched: list[Touch] = []

    @property
    def reason(self) -> str:
        """The typed reason without doubled spaces; empty when it is missing or too long."""
        return "" if len(self.typed) > LONGEST else " ".join(self.typed.split())

    @property
    def error(self) -> str:
        if not self.was_asked or self.reason:
            return ""
        is_long = len(self.typed) > LONGEST
        return f"Powód może mieć najwyżej {LONGEST} znaków." if is_long else "Podaj powód."

    def suffices(self, reports: ReportsWatch | None, by: Any) -> bool:
        """Whether what was done since the watch began may stay; in the same transaction."""
        self.touched = reports.touches() if reports else []
        return accepted(self.touched, self.reason, by)


def accepted(touched: list[Touch], reason: str, by: Any) -> bool:
    """Whether a change may stay: it touches no closed report, or has a reason, which is kept."""
    if touched and reason:
        import_string(settings.REPORTED_REASON)(touched, reason, by)
    return bool(reason or not touched)


def explained(change: Callable[[], T], *, reason: str = "", by: Any = None) -> T:
    """What `change()` answers; raises `ReasonNeeded` when it may not stay, and undoes it."""
    with transaction.atomic(), explained_by(reason):
        reports = watch_reports()
        result = change()
        touched = reports.touches()
        if not accepted(touched, reason, by):
            raise ReasonNeeded(touched)
    return result


def asks_why(view: Callable) -> Callable:
    """Marks an action that may change what closed reports said; it answers by a redirect."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        change_reason = ChangeReason(request.POST)
        storage = get_messages(request)
        waiting = len(storage)
        with transaction.atomic(), explained_by(change_reason.reason):
            reports = watch_reports()
            response = view(request, *args, **kwargs)
            if response.status_code != 302 or change_reason.suffices(reports, request.user):
                return response
            transaction.set_rollback(True)
        # Reading them all drops what the view told of something that is undone.
        earlier = list(storage)[:waiting]
        context = _question(request, change_reason) | {"messages": earlier}
        return render(request, "owes/reason.html", context)

    answered.asks_why = True  # type: ignore[attr-defined]
    return answered


def _question(request: HttpRequest, change_reason: ChangeReason) -> dict[str, Any]:
    """What the page that asks needs: the same action again, and the way back."""
    sent_fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in (FIELD, "csrfmiddlewaretoken")
    ]
    # What is returned, reopened or cancelled has been given a reason already.
    change_reason.typed = change_reason.typed or request.POST.get("reason", "")
    back = request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()})
    return {
        "change_reason": change_reason,
        "sent_fields": sent_fields,
        "back": back if is_ours else "/",
    }
