"""Sessions of one adviser that share time: they stop a service until that is accepted (V03)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.html import format_html

from owes.formatting import day as as_day
from support.models.service_links import ServiceAdviser
from support.models.session import WARSAW, Session
from support.models.states import ServiceState

# The code of the warning, by which an acceptance of it is kept.
CODE = "adviser_in_two_places"


@dataclass(frozen=True)
class Held:
    """A session with one who leads it."""

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
    """`one` is of the service asked about, `other` of another service of the same adviser."""

    one: Held
    other: Held

    @property
    def key(self):
        """The shared time is part of it: of other hours an acceptance says nothing."""
        start = max(self.one.starts_at, self.other.starts_at)
        end = min(self.one.ends_at, self.other.ends_at)
        who = f"{self.one.session}-{self.other.session}-{self.one.adviser}"
        return f"{who}-{start:%Y%m%dT%H%M}-{end:%Y%m%dT%H%M}"

    @property
    def is_elsewhere(self):
        """In another project, which the reader may know nothing of."""
        return self.one.slug != self.other.slug

    @property
    def sentence(self):
        start, end = (
            f"{moment.astimezone(WARSAW):%H:%M}"
            for moment in (self.other.starts_at, self.other.ends_at)
        )
        where = f" w projekcie {self.other.project}" if self.is_elsewhere else ""
        return (
            f"{self.one.name} prowadzi w tym czasie usługę {self.other.number}{where} "
            f"({as_day(self.other.day)}, {start}–{end})."
        )

    @property
    def url(self):
        return "" if self.is_elsewhere else self.other.url

    @property
    def refusal(self):
        """What one who submits or approves reads, with a way to the other service."""
        link = format_html('<a href="{}">Pokaż tę usługę</a>. ', self.url) if self.url else ""
        return format_html(
            "{} {}Popraw godziny jednej z nich albo poproś koordynatora, aby na stronie usługi "
            "przyjął to z powodem. Szkic można zapisać.",
            self.sentence,
            link,
        )


def days_around(sessions):
    """The days of the sessions with those before and after: a term may cross midnight."""
    return {row.day + timedelta(days=n) for row in sessions for n in (-1, 0, 1)}


def led_on(days, keys):
    """Sessions on the days, led by those who lead the services; cancelled ones are no place.

    Asked for as one range of days: a long list of days costs a database seconds.
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
    """`(one, other)` of rows of different services whose terms share time, both ways round.

    The rows are those of one person, `term` has when each starts and ends; terms that touch do
    not share. A walk in the order of starts meets each pair once.
    """
    rows = sorted(rows, key=lambda row: term(row).starts_at)
    for place, one in enumerate(rows):
        for later in range(place + 1, len(rows)):
            other = rows[later]
            if term(other).starts_at >= term(one).ends_at:
                break
            if other.service != one.service:
                yield one, other
                yield other, one


def overlaps_among(led, keys):
    """Each `Overlap` of the services with another, among what is led."""
    by_adviser = {}
    for held in led:
        by_adviser.setdefault(held.adviser, []).append(held)
    for rows in by_adviser.values():
        for one, other in colliding(rows):
            if one.service in keys:
                yield Overlap(one, other)


def overlaps_of(keys):
    days = days_around(Session.objects.filter(service__in=keys).only("day"))
    return list(overlaps_among(led_on(days, keys), set(keys)))
