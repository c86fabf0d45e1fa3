"""Sessions in the database, each with its account, an idle and an absolute end.

The end is the date by which Django itself takes a session for gone, so nothing asks twice.
"""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends import db
from django.http import HttpRequest
from django.utils import timezone

from owes.sign_in.client_address import client_address
from owes.sign_in.devices import browser_name
from owes.sign_in.models import Session

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
# How exactly it is known when somebody was last seen: a write for each request would be many.
TO_THE = timedelta(minutes=1)
FRESH = timedelta(minutes=5)


class SessionStore(db.SessionStore):
    seen_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Any = super().create_model_instance(data)
        row.user_id = data.get("_auth_user_id")
        return row

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        idle = timezone.now() + IDLE
        if Session.BEGINNING not in self:
            return idle
        return min(idle, datetime.fromisoformat(self[Session.BEGINNING]["at"]) + LONGEST)

    def touch(self) -> None:
        """Somebody is there: the idle end moves on."""
        now = timezone.now()
        if self.seen_at and self.seen_at < now - TO_THE:
            rows = Session.objects.filter(session_key=self.session_key)
            rows.update(seen_at=now, expire_date=self.get_expiry_date())

    def _get_session_from_db(self) -> Session | None:
        row = super()._get_session_from_db()  # type: ignore[misc]
        self.seen_at = row.seen_at if row else None
        return row


def begin(request: HttpRequest) -> None:
    """Says in the session when and from where it began."""
    request.session[Session.BEGINNING] = {
        "at": timezone.now().isoformat(),
        "address": client_address(request),
        "browser": browser_name(request.headers.get("User-Agent", "")),
    }


def is_fresh(request: HttpRequest) -> bool:
    """Whether somebody has just signed in."""
    began = request.session.get(Session.BEGINNING)
    if began is None:
        return False
    return datetime.fromisoformat(began["at"]) > timezone.now() - FRESH


def own_sessions(request: HttpRequest) -> list[Session]:
    """Sessions of the account that are not over, the one of this request first."""
    rows = list(Session.objects.of(request.user).order_by("-seen_at"))
    for row in rows:
        row.is_current = row.session_key == request.session.session_key
    return sorted(rows, key=lambda row: not row.is_current)


def end_sessions(request: HttpRequest, mark: str = "") -> int:
    """Ends the other sessions of the account, or the one of the mark; how many."""
    rows = Session.objects.of(request.user).exclude(session_key=request.session.session_key)
    keys = [row.session_key for row in rows if mark in ("", row.mark)]
    return Session.objects.filter(session_key__in=keys).delete()[0]
