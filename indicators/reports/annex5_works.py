"""What was done in each action (działanie) of the project, for part I.2 of the official report.

Hours are clock time of approved services of every kind, as in the monthly sheets of the staff:
over all actions they add up to `minutes_approved` of `indicators.counting.totals.totals`.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Sum

from indicators.counting.totals import approved_sessions
from owes.folding import sort_key
from owes.formatting import day, hours, plural
from owes.personal_data import names_read_once, personal_data_in
from support.models import Activity, Attendance, Recipient, Service, ServiceAdviser

UNNAMED = "Usługi bez przypisanego działania"
MOST_PLACES = 8  # named in the sentence; the rest are counted


@dataclass(frozen=True)
class Work:
    """An action in a period; `key` is that of its `Activity`, None of services without one.

    `entities` and `people` are distinct, so they do not add up over actions. `reached` are people
    of open events, counted there by number and not by name.
    """

    key: int | None
    name: str
    first: date | None = None
    last: date | None = None
    services: int = 0
    sessions: int = 0
    minutes: int = 0
    entities: int = 0
    people: int = 0
    reached: int = 0
    places: tuple = ()
    advisers: tuple = ()

    def paragraph(self):
        """The draft text that the coordinator edits."""
        if not self.services:
            return "W okresie sprawozdawczym nie zrealizowano usług w tym działaniu."
        days = day(self.first)
        if self.last != self.first:
            days += f"–{day(self.last)}"
        parts = [
            f"W dniach {days} zrealizowano" if "–" in days else f"Dnia {days} zrealizowano",
            f"{plural(self.services, 'usługę,usługi,usług')}",
            f"({plural(self.sessions, 'termin,terminy,terminów')}),",
            f"łącznie {hours(self.minutes)}.",
        ]
        if self.entities or self.people:
            parts += [
                f"Odbiorcy: {plural(self.entities, 'podmiot,podmioty,podmiotów')},",
                f"obecność {plural(self.people, 'osoby,osób,osób')}.",
            ]
        if self.reached:
            reached = plural(self.reached, "uczestnika,uczestników,uczestników")
            parts.append(f"Wydarzenia otwarte zgromadziły {reached}.")
        if self.places:
            named = self.places[:MOST_PLACES]
            rest = len(self.places) - len(named)
            others = f" i {plural(rest, 'inne miejsce,inne miejsca,innych miejsc')}" * bool(rest)
            parts.append(f"Miejsca: {'; '.join(named)}{others}.")
        if self.advisers:
            parts.append(f"Kadra: {', '.join(self.advisers)}.")
        return " ".join(parts)


@names_read_once()
def works(scope, period):
    """A `Work` of each action of the project, in the order of the schedule; seven queries."""
    sessions = approved_sessions(scope, period)
    held = Exists(sessions.filter(service=OuterRef("service")))
    numbers = {
        row.pop("key"): row
        for row in sessions.order_by()
        .values(key=F("service__activity"))
        .annotate(
            first=Min("day"),
            last=Max("day"),
            services=Count("service", distinct=True),
            sessions=Count("pk"),
            minutes=Sum("minutes"),
        )
    }
    entities = _numbers(
        Recipient.objects.filter(held), "service__activity", Count("entity", distinct=True)
    )
    people = _numbers(
        Attendance.objects.present().filter(session__in=sessions),
        "session__service__activity",
        Count("person", distinct=True),
    )
    places, reached = defaultdict(Counter), Counter()
    services = Service.objects.filter(Exists(sessions.filter(service=OuterRef("pk"))))
    for key, place, heads, n in (
        services.order_by()
        .values_list("activity", "place")
        .annotate(heads=Sum("head_count", filter=Q(type__is_open_event=True)), n=Count("pk"))
    ):
        reached[key] += heads or 0
        if place and not personal_data_in(place):
            places[key][place] += n
    advisers = defaultdict(set)
    links = ServiceAdviser.objects.filter(held).order_by().distinct()
    for key, name in links.values_list("service__activity", "staff_member__name"):
        advisers[key].add(name)
    names = list(Activity.objects.filter(project=scope.project).values_list("pk", "name"))
    names += [(None, UNNAMED)] if None in numbers else []
    return [
        Work(
            key,
            name,
            **numbers.get(key, {}),
            entities=entities.get(key, 0),
            people=people.get(key, 0),
            reached=reached[key],
            places=_often(places[key]),
            advisers=tuple(sorted(advisers[key], key=sort_key)),
        )
        for key, name in names
    ]


def _numbers(rows, key, count):
    return dict(rows.order_by().values_list(key).annotate(n=count))


def _often(places):
    """The places most often used first, equal ones in Polish order."""
    return tuple(sorted(places, key=lambda place: (-places[place], sort_key(place))))
