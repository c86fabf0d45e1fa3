"""One session kept in two projects: it blocks a service until accepted (V51, double financing).

It is the same one where an entity receives both at the same time, from the same adviser or with
the same person present.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from owes.formatting import day as as_day
from support.models.attendance import Attendance
from support.models.overlap import colliding, days_around, shared_time
from support.models.service_links import Recipient, ServiceAdviser
from support.models.session import WARSAW
from support.models.states import ServiceState

# The code of the warning; its acceptance is kept under this code.
CODE = "financed_twice"
TAKING_PART = [Attendance.State.PRESENT, Attendance.State.EXPECTED]


class Received(NamedTuple):
    """A session and one of the entities that receive its service."""

    entity: int
    session: int
    service: int
    number: str
    slug: str
    project: str
    day: date
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class FinancedTwice:
    """`own` is of the service in question, `other` of a service of another project."""

    own: Received
    other: Received

    @property
    def key(self):
        """It holds the shared time, so that an acceptance is of these hours only."""
        return f"{self.own.session}-{self.other.session}-{shared_time(self.own, self.other)}"

    @property
    def sentence(self):
        start, end = (
            f"{moment.astimezone(WARSAW):%H:%M}"
            for moment in (self.other.starts_at, self.other.ends_at)
        )
        return (
            f"Ten sam termin ma projekt {self.other.project}: usługa {self.other.number} "
            f"({as_day(self.other.day)}, {start}–{end}). Może liczyć się w obu projektach tylko "
            "za zgodą obu zleceniodawców."
        )

    @property
    def refusal(self):
        """The message for the person who submits or approves."""
        return (
            f"{self.sentence} Usuń go z jednego z nich albo poproś koordynatora, aby na stronie "
            "usługi przyjął to z powodem: gdzie jest ta zgoda. Szkic można zapisać."
        )


def financed_twice(keys):
    """Each `FinancedTwice` of the services `keys`, which may be a queryset of keys.

    Two queries, two more where sessions of two projects share time and an entity.
    """
    asked = Recipient.objects.filter(service__in=keys)
    own = _received(asked)
    days = days_around(own)
    span = (min(days), max(days)) if days else (date.max, date.max)
    others = Recipient.objects.filter(
        entity__in=asked.order_by().values("entity"), service__sessions__day__range=span
    )
    rows = own + _received(others.exclude(service__in=keys))
    asked_about = {row.service for row in own}
    shared = {
        (one.session, other.session): FinancedTwice(one, other)
        for one, other in _sharing(rows)
        if one.service in asked_about
    }
    meets = _who_meets(shared)
    return [twice for (a, b), twice in shared.items() if not meets[a].isdisjoint(meets[b])]


def _received(links):
    links = links.exclude(service__state=ServiceState.CANCELLED)
    links = links.filter(service__sessions__isnull=False).order_by("service__sessions", "entity")
    columns = ("", "__code", "__project__slug", "__project__name")
    columns = [f"service{column}" for column in columns]
    columns += [f"service__sessions__{column}" for column in ("day", "starts_at", "ends_at")]
    rows = links.values_list("entity", "service__sessions", *columns)
    return [Received(*values) for values in rows]


def _sharing(rows):
    """Pairs of rows of one entity in two projects whose terms share time, in both orders."""
    if len({row.slug for row in rows}) < 2:
        return
    by_entity = defaultdict(list)
    for row in rows:
        by_entity[row.entity].append(row)
    for received in by_entity.values():
        for one, other in colliding(received):
            if one.slug != other.slug:
                yield one, other


def _who_meets(pairs):
    """`{session: advisers and people}` of the sessions of the pairs."""
    meets = defaultdict(set)
    if not pairs:
        return meets
    sessions = {each for pair in pairs for each in pair}
    led = ServiceAdviser.objects.filter(service__sessions__in=sessions).order_by()
    for session, adviser in led.values_list("service__sessions", "staff_member"):
        meets[session].add((ServiceAdviser, adviser))
    came = Attendance.objects.filter(session__in=sessions, state__in=TAKING_PART).order_by()
    for session, person in came.values_list("session", "person"):
        meets[session].add((Attendance, person))
    return meets
