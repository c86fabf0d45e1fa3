"""Sessions of one adviser at the same time: they block a service until accepted (V03)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.html import format_html

from owes.formatting import day as as_day
from support.models.service_links import ServiceAdviser
from support.models.session import WARSAW, Session
from support.models.states import ServiceState

# The code of the warning; its acceptance is kept under this code.
CODE = "adviser_in_two_places"


@dataclass(frozen=True)
class Held:
    """A session and one of its advisers."""

    session: int
    service: int
    number: str
    slug: str
    project: str
    day: date
    starts_at: datetime
    ends_at: datetime
    minutes: int
    adviser: int
    name: str

    @property
    def url(self):
        return reverse("support:service_detail", args=[self.slug, self.service])


@dataclass(frozen=True)
class Overlap:
    """`own` is of the service in question, `other` of another service of the same adviser."""

    own: Held
    other: Held

    @property
    def key(self):
        """It holds the shared time, so that an acceptance is of these hours only."""
        who = f"{self.own.session}-{self.other.session}-{self.own.adviser}"
        return f"{who}-{shared_time(self.own, self.other)}"

    @property
    def is_elsewhere(self):
        """In another project, which the reader may not be allowed to see."""
        return self.own.slug != self.other.slug

    @property
    def sentence(self):
        start, end = (
            f"{moment.astimezone(WARSAW):%H:%M}"
            for moment in (self.other.starts_at, self.other.ends_at)
        )
        where = f" w projekcie {self.other.project}" if self.is_elsewhere else ""
        return (
            f"{self.own.name} prowadzi w tym czasie usługę {self.other.number}{where} "
            f"({as_day(self.other.day)}, {start}–{end})."
        )

    @property
    def url(self):
        return "" if self.is_elsewhere else self.other.url

    @property
    def refusal(self):
        """The message for the person who submits or approves, with a link to the other service."""
        link = format_html('<a href="{}">Pokaż tę usługę</a>. ', self.url) if self.url else ""
        return format_html(
            "{} {}Popraw godziny jednej z nich albo poproś koordynatora, aby na stronie usługi "
            "przyjął to z powodem. Szkic można zapisać.",
            self.sentence,
            link,
        )


def shared_time(own, other):
    """The time that two terms share, as keys of acceptances name it."""
    start = max(own.starts_at, other.starts_at)
    end = min(own.ends_at, other.ends_at)
    return f"{start:%Y%m%dT%H%M}-{end:%Y%m%dT%H%M}"


def days_around(sessions):
    """The days of the sessions with those before and after: a term may cross midnight."""
    return {row.day + timedelta(days=n) for row in sessions for n in (-1, 0, 1)}


def led_on(days, keys):
    """Sessions on the days of those who lead the services, without cancelled services.

    The query has one range of days: a long list of days costs a database seconds.
    """
    if not days:
        return []
    links = ServiceAdviser.objects.filter(service__in=keys).order_by()
    leading = set(links.values_list("staff_member", flat=True))
    led = ServiceAdviser.objects.filter(
        staff_member__in=leading, service__sessions__day__range=(min(days), max(days))
    )
    rows = (
        led.exclude(service__state=ServiceState.CANCELLED)
        .order_by("service__sessions__starts_at")
        .values_list(
            "service__sessions",
            "service",
            "service__code",
            "service__project__slug",
            "service__project__name",
            "service__sessions__day",
            "service__sessions__starts_at",
            "service__sessions__ends_at",
            "service__sessions__minutes",
            "staff_member",
            "staff_member__name",
        )
    )
    return [held for held in (Held(*values) for values in rows) if held.day in days]


def colliding(rows, term=lambda row: row):
    """Pairs of rows of different services whose terms share time, each pair in both orders.

    The rows are those of one person; `term` gives the start and the end of a row. Terms that only
    touch do not share time. The rows are sorted by start, so that each pair is met once.
    """
    rows = sorted(rows, key=lambda row: term(row).starts_at)
    for place, first in enumerate(rows):
        for later in range(place + 1, len(rows)):
            second = rows[later]
            if term(second).starts_at >= term(first).ends_at:
                break
            if second.service != first.service:
                yield first, second
                yield second, first


def overlaps_among(led, keys):
    """Each `Overlap` of the services `keys` among the sessions led."""
    by_adviser = {}
    for held in led:
        by_adviser.setdefault(held.adviser, []).append(held)
    for rows in by_adviser.values():
        for own, other in colliding(rows):
            if own.service in keys:
                yield Overlap(own, other)


def overlaps_of(keys):
    days = days_around(Session.objects.filter(service__in=keys).only("day"))
    return list(overlaps_among(led_on(days, keys), set(keys)))
