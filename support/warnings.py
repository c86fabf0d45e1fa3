"""What looks wrong about services: one declaration for each warning.

A warning is asked of saved rows, of many services at once, with the same number of queries for
any number; a form asks it inside a rehearsed save. Numbers V.. are those of the field's list of
checks. A coordinator may accept a warning with a reason; `key` names the facts it was about, so
that it comes back when they change. One that blocks stops submitting and approving until then:
`Service` asks `support.models.overlap` itself. The limits are settings of the project.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import holidays
from django.db.models import F, Sum
from django.db.models.functions import TruncMonth

from entities.models import Representation
from owes.formatting import day as as_day
from owes.formatting import hours
from owes.formatting import month as as_month
from owes.periods import Period
from support.models import (
    AcceptedWarning,
    Attendance,
    Declaration,
    Enrolment,
    Project,
    Recipient,
    Service,
    ServiceAdviser,
    Session,
)
from support.models.overlap import CODE, days_around, led_on, overlaps_among

State = Attendance.State


@dataclass(frozen=True)
class Rule:
    """`find` answers `Found`, or the tuple of one, of what it finds among the facts."""

    code: str
    number: str
    find: Callable
    names_people: bool = False
    blocks: bool = False


class Found(NamedTuple):
    """`url` leads to the other service the sentence names."""

    service: int
    key: str
    sentence: str
    url: str = ""


@dataclass(frozen=True)
class Warning:
    rule: Rule
    key: str
    sentence: str
    url: str = ""
    accepted: AcceptedWarning | None = None

    @property
    def code(self):
        return self.rule.code

    @property
    def blocks(self):
        """Whether it stops the service from being submitted and approved."""
        return self.rule.blocks and self.accepted is None


class Facts:
    """What the rules look at, of some services; read with a fixed number of queries."""

    def __init__(self, keys):
        self.keys = set(keys)
        rows = list(Session.objects.filter(service__in=self.keys).order_by("starts_at"))
        self.sessions = rows
        around = days_around(rows)
        self.led = led_on(around, self.keys)
        self.months = self._months()
        recipients = Recipient.objects.filter(service__in={one.service for one in self.led})
        recipients |= Recipient.objects.filter(service__in=self.keys)
        self.recipients = defaultdict(dict)
        for service, entity, name, struck_off_on in recipients.values_list(
            "service", "entity", "entity__name", "entity__struck_off_on"
        ):
            self.recipients[service][entity] = (name, struck_off_on)
        taking_part = Attendance.objects.filter(state__in=[State.PRESENT, State.EXPECTED])
        own = taking_part.filter(session__service__in=self.keys)
        self.attended = list(_people(own))
        elsewhere = taking_part.filter(person__in=own.values("person"), day__in=around).exclude(
            session__service__state=Service.State.CANCELLED
        )
        self.elsewhere = list(_people(elsewhere))
        projects = dict(Service.objects.filter(pk__in=self.keys).values_list("pk", "project"))
        self.projects = projects
        limits = Project.objects.in_bulk(set(projects.values()))
        self.limits = {service: limits[project] for service, project in projects.items()}
        enrolled = Enrolment.objects.filter(project__in=projects.values())
        self.enrolled = {
            (project, entity): (joined, left)
            for project, entity, joined, left in enrolled.values_list(
                "project", "entity", "joined_on", "left_on"
            )
        }
        people = {row["person"] for row in self.attended}
        declared = Declaration.objects.filter(project__in=projects.values(), person__in=people)
        self.declared = {
            (project, person): day
            for project, person, day in declared.values_list("project", "person", "signed_on")
        }
        self.represents = defaultdict(list)
        for person, entity, since, until in Representation.objects.filter(
            person__in=people
        ).values_list("person", "entity", "since", "until"):
            self.represents[person, entity].append((since, until))

    def _months(self):
        """`{(adviser, first day of the month): minutes}` of the months of the services."""
        days = [row.day for row in self.sessions]
        if not days:
            return {}
        links = ServiceAdviser.objects.filter(service__in=self.keys).values("staff_member")
        first, last = Period.of_month(min(days)).start, Period.of_month(max(days)).end
        led = Session.objects.standing().since(first).until(last).order_by()
        sums = (
            led.filter(service__adviser_links__staff_member__in=links)
            .values(adviser=F("service__adviser_links__staff_member"), month=TruncMonth("day"))
            .annotate(total=Sum("minutes"))
        )
        return {(row["adviser"], row["month"]): row["total"] for row in sums}

    def own(self):
        """The sessions of the services asked about, each with each who leads it."""
        return [one for one in self.led if one.service in self.keys]


def _people(attendances):
    return attendances.order_by("session__starts_at", "pk").values(
        "person",
        "entity",
        "day",
        "session",
        service=F("session__service"),
        number=F("session__service__code"),
        starts_at=F("session__starts_at"),
        ends_at=F("session__ends_at"),
        first_name=F("person__first_name"),
        last_name=F("person__last_name"),
        entity_name=F("entity__name"),
    )


def adviser_in_two_places(facts):
    for one in overlaps_among(facts.led, facts.keys):
        yield Found(one.one.service, one.key, one.sentence, one.url)


def person_in_two_places(facts):
    by_person = defaultdict(list)
    for row in facts.elsewhere:
        by_person[row["person"]].append(row)
    for row in facts.attended:
        for other in by_person[row["person"]]:
            if (
                other["service"] != row["service"]
                and row["starts_at"] < other["ends_at"]
                and other["starts_at"] < row["ends_at"]
            ):
                yield (
                    row["service"],
                    f"{row['session']}-{other['session']}-{row['person']}",
                    f"{_name(row)} jest w tym czasie na usłudze {other['number']} "
                    f"({as_day(row['day'])}).",
                )


def too_long_a_day(facts):
    minutes = defaultdict(dict)
    for one in facts.led:
        minutes[one.adviser, one.day][one.session] = one.minutes
    for one in facts.own():
        total = sum(minutes[one.adviser, one.day].values())
        most = facts.limits[one.service].most_hours_a_day
        if total > most * 60:
            had = f"{one.name} ma {as_day(one.day)} razem {hours(total)}"
            yield one.service, f"{one.adviser}-{one.day}-{total}", f"{had}, więcej niż {most} h."


def too_long_a_month(facts):
    for one in facts.own():
        month = one.day.replace(day=1)
        total = facts.months[one.adviser, month]
        most = facts.limits[one.service].most_hours_a_month
        if total > most * 60:
            had = f"{one.name} ma w miesiącu {as_month(month)} razem {hours(total)}"
            key = f"{one.adviser}-{month:%Y-%m}-{total}"
            yield one.service, key, f"{had}, więcej niż {most} h."


def odd_time(facts):
    free = holidays.country_holidays("PL")
    for row in facts.sessions:
        told = []
        if row.day.weekday() == 6:
            told.append("niedziela")
        elif row.day in free:
            told.append(f"święto ({free.get(row.day)})")
        limits = facts.limits[row.service_id]
        if row.start < limits.earliest_hour:
            told.append(f"przed {_clock(limits.earliest_hour)}")
        if row.end > limits.latest_hour or row.end < row.start:
            told.append(f"po {_clock(limits.latest_hour)}")
        if told:
            sentence = f"Termin {as_day(row.day)}: {', '.join(told)}."
            yield row.service_id, f"{row.pk}-{row.starts_at}-{row.ends_at}", sentence


def before_joining(facts):
    for row in facts.sessions:
        project = facts.projects[row.service_id]
        for entity, (name, _) in facts.recipients[row.service_id].items():
            joined, _ = facts.enrolled.get((project, entity), (None, None))
            if joined and row.day < joined:
                sentence = f"{name}: usługa {as_day(row.day)}, a zgłoszenie {as_day(joined)}."
                yield row.service_id, f"{row.pk}-{row.day}-{entity}-{joined}", sentence


def person_before_declaring(facts):
    for row in facts.attended:
        signed = facts.declared.get((facts.projects[row["service"]], row["person"]))
        if signed and row["day"] < signed:
            sentence = (
                f"{_name(row)}: obecność {as_day(row['day'])}, a deklaracja {as_day(signed)}."
            )
            yield row["service"], f"{row['session']}-{row['person']}-{signed}", sentence


def after_the_end(facts):
    for row in facts.sessions:
        project = facts.projects[row.service_id]
        for entity, (name, struck_off_on) in facts.recipients[row.service_id].items():
            _, left = facts.enrolled.get((project, entity), (None, None))
            for end, words in ((left, "koniec udziału"), (struck_off_on, "wykreślenie")):
                if end and row.day > end:
                    sentence = f"{name}: usługa {as_day(row.day)}, a {words} {as_day(end)}."
                    yield row.service_id, f"{row.pk}-{row.day}-{entity}-{end}", sentence


def twin_service(facts):
    by_day = defaultdict(list)
    for one in facts.led:
        by_day[one.adviser, one.day].append(one)
    for one in facts.own():
        for other in by_day[one.adviser, one.day]:
            shared = facts.recipients[one.service].keys() & facts.recipients[other.service].keys()
            if other.service != one.service and shared:
                sentence = (
                    f"Usługa {other.number} ma ten sam dzień ({as_day(one.day)}), prowadzącego "
                    "i podmiot."
                )
                url = other.url if other.slug == one.slug else ""
                yield Found(one.service, f"{one.day}-{other.service}", sentence, url)


def without_representation(facts):
    for row in facts.attended:
        known = facts.represents[row["person"], row["entity"]]
        if not any(
            (since is None or since <= row["day"]) and (until is None or row["day"] <= until)
            for since, until in known
        ):
            sentence = f"{_name(row)} nie ma wpisu, że reprezentuje podmiot {row['entity_name']}."
            yield row["service"], f"{row['person']}-{row['entity']}", sentence


def _name(row):
    return f"{row['first_name']} {row['last_name']}"


def _clock(hour):
    """6:00, as people say it."""
    return f"{hour.hour}:{hour.minute:02}"


RULES = [
    Rule(CODE, "V03", adviser_in_two_places, blocks=True),
    Rule("person_in_two_places", "V04", person_in_two_places, names_people=True),
    Rule("too_long_a_day", "V05", too_long_a_day),
    Rule("too_long_a_month", "V05", too_long_a_month),
    Rule("odd_time", "V06", odd_time),
    Rule("before_joining", "V07", before_joining),
    Rule("person_before_declaring", "V07", person_before_declaring, names_people=True),
    Rule("after_the_end", "V08", after_the_end),
    Rule("twin_service", "V32", twin_service),
    Rule("without_representation", "V15", without_representation, names_people=True),
]
BY_CODE = {rule.code: rule for rule in RULES}


def warnings_of(keys):
    """`{key of the service: [Warning]}` of those that have any, accepted ones too."""
    keys = list(keys)
    if not keys:
        return {}
    facts = Facts(keys)
    accepted = {
        (one.service_id, one.code, one.key): one
        for one in AcceptedWarning.objects.filter(service__in=keys).select_related("by")
    }
    found = defaultdict(dict)
    for rule in RULES:
        for service, key, *told in rule.find(facts):
            known = accepted.get((service, rule.code, key))
            warning = Warning(rule, key, *told, accepted=known)
            found[service].setdefault((rule.code, key), warning)
    return {service: list(rows.values()) for service, rows in found.items()}


def seen_by(warnings, user):
    """Those the user may read: some name people."""
    if user.has_perm("entities.see_names"):
        return warnings
    return [one for one in warnings if not one.rule.names_people]
