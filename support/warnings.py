"""What looks wrong about services and does not stop them: one declaration for each warning.

A warning is asked of saved rows, of many services at once, with the same number of queries for
any number; a form asks it inside a rehearsed save. Numbers V.. are those of the field's list of
checks. A coordinator may accept a warning with a reason; `key` names the facts it was about, so
that it comes back when they change.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta

import holidays
from django.db.models import F

from entities.models import Representation
from owes.formatting import day as as_day
from owes.formatting import hours
from support.models import (
    AcceptedWarning,
    Attendance,
    Declaration,
    Enrolment,
    Recipient,
    Service,
    ServiceAdviser,
    Session,
)

MOST_A_DAY = 10 * 60  # minutes of one adviser
MORNING, NIGHT = time(6), time(22)
State = Attendance.State


@dataclass(frozen=True)
class Rule:
    """`find` answers `(service, key, sentence)` of what it finds among the facts."""

    code: str
    number: str
    find: Callable
    names_people: bool = False


@dataclass(frozen=True)
class Warning:
    rule: Rule
    key: str
    sentence: str
    accepted: AcceptedWarning | None = None

    @property
    def code(self):
        return self.rule.code


@dataclass(frozen=True)
class Held:
    """A session with one who leads it, or without anybody."""

    session: int
    service: int
    number: str
    day: date
    starts_at: object
    ends_at: object
    minutes: int
    adviser: int | None = None
    name: str = ""

    def overlaps(self, other):
        """Sessions that touch do not overlap."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


class Facts:
    """What the rules look at, of some services; read with a fixed number of queries."""

    def __init__(self, keys):
        self.keys = set(keys)
        rows = list(Session.objects.filter(service__in=self.keys).order_by("starts_at"))
        self.sessions = rows
        around = {row.day + timedelta(days=n) for row in rows for n in (-1, 0, 1)}
        links = ServiceAdviser.objects.filter(service__in=self.keys).values("staff_member")
        led = ServiceAdviser.objects.filter(
            staff_member__in=links, service__sessions__day__in=around
        ).exclude(service__state=Service.State.CANCELLED)
        self.led = [
            Held(*values)
            for values in led.order_by("service__sessions__starts_at").values_list(
                "service__sessions",
                "service",
                "service__code",
                "service__sessions__day",
                "service__sessions__starts_at",
                "service__sessions__ends_at",
                "service__sessions__minutes",
                "staff_member",
                "staff_member__name",
            )
            if values[3] in around
        ]
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
    by_adviser = defaultdict(list)
    for one in facts.led:
        by_adviser[one.adviser].append(one)
    for one in facts.own():
        for other in by_adviser[one.adviser]:
            if other.service != one.service and one.overlaps(other):
                yield (
                    one.service,
                    f"{one.session}-{other.session}-{one.adviser}",
                    f"{one.name} prowadzi w tym czasie usługę {other.number} ({as_day(one.day)}).",
                )


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
        if total > MOST_A_DAY:
            sentence = f"{one.name} ma {as_day(one.day)} razem {hours(total)}, więcej niż 10 h."
            yield one.service, f"{one.adviser}-{one.day}-{total}", sentence


def odd_time(facts):
    free = holidays.country_holidays("PL")
    for row in facts.sessions:
        told = []
        if row.day.weekday() == 6:
            told.append("niedziela")
        elif row.day in free:
            told.append(f"święto ({free.get(row.day)})")
        if row.start < MORNING:
            told.append("przed 6:00")
        if row.end > NIGHT or row.end < row.start:
            told.append("po 22:00")
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
                yield one.service, f"{one.day}-{other.service}", sentence


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


RULES = [
    Rule("adviser_in_two_places", "V03", adviser_in_two_places),
    Rule("person_in_two_places", "V04", person_in_two_places, names_people=True),
    Rule("too_long_a_day", "V05", too_long_a_day),
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
        for service, key, sentence in rule.find(facts):
            found[service].setdefault(
                (rule.code, key),
                Warning(rule, key, sentence, accepted.get((service, rule.code, key))),
            )
    return {service: list(rows.values()) for service, rows in found.items()}


def seen_by(warnings, user):
    """Those the user may read: some name people."""
    if user.has_perm("entities.see_names"):
        return warnings
    return [one for one in warnings if not one.rule.names_people]
