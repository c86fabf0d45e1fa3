"""What looks wrong about services: one declaration for each warning.

A warning is asked of saved rows, of many services at once, with the same number of queries for
any number; a form asks it inside a rehearsed save. Numbers V.. are those of the field's list of
checks. A coordinator may accept a warning with a reason; `key` names the facts it was about, so
that it comes back when they change. One that blocks stops submitting and approving until then:
`Service` asks `support.models.overlap` itself. The limits are settings of the project.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse

from entities.models import Entity, Person, Representation
from owes.formatting import day as as_day
from owes.formatting import enumerated, hours
from owes.formatting import month as as_month
from owes.periods import Period
from owes.personal_data import names_read_once, personal_data_in, told_of
from support.calendar.month import holidays_on
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
from support.models.overlap import CODE, colliding, days_around, led_on, overlaps_among

State = Attendance.State
DAYS = "\0"  # where the days of a sentence stand until they are known


@dataclass(frozen=True)
class Rule:
    """`find` answers `WarningFound`, or the tuple of one, of what it finds among the facts."""

    code: str
    number: str
    find: Callable
    names_people: bool = False
    blocks: bool = False


class WarningFound(NamedTuple):
    """`url` leads where `link` says: to the other service the sentence names, to what to mend.

    `day` is the one the sentence is about.
    """

    service: int
    key: str
    sentence: str
    url: str = ""
    link: str = "Pokaż tamtą usługę"
    day: date | None = None


@dataclass(frozen=True)
class ServiceWarning:
    rule: Rule
    key: str
    sentence: str
    url: str = ""
    link: str = ""
    day: date | None = None
    accepted: AcceptedWarning | None = None
    alike: tuple = ()  # those told together, itself among them: see `told_together`

    @property
    def code(self):
        return self.rule.code

    @property
    def blocks(self):
        """Whether it stops the service from being submitted and approved."""
        return self.rule.blocks and self.accepted is None


class HeldSession(NamedTuple):
    """When a session is held, and of which service it is."""

    service: int
    number: str
    day: date
    starts_at: datetime
    ends_at: datetime


class Came(NamedTuple):
    """Somebody who was, or is to be, at a session."""

    person: int
    entity: int
    session: int
    service: int


class WarningFacts:
    """What the rules look at, of some services; read with a fixed number of queries.

    Of keys, or of a queryset for many of them: a long list of keys costs a database seconds.
    """

    def __init__(self, services):
        is_query = isinstance(services, QuerySet)
        self.asked = services.order_by().values("pk") if is_query else set(services)
        asked = Service.objects.filter(pk__in=self.asked).order_by()
        found = list(asked.values_list("pk", "project", "code", "state", "topic"))
        self.keys = {pk for pk, *_ in found}
        self.topics = {pk: topic for pk, *_, topic in found}
        self.cancelled = {pk for pk, _, _, state, _ in found if state == Service.State.CANCELLED}
        projects = {pk: project for pk, project, *_ in found}
        numbers = {pk: code for pk, _, code, *_ in found}
        rows = list(Session.objects.filter(service__in=self.asked).order_by("starts_at"))
        self.sessions = rows
        around = days_around(rows)
        self.led = led_on(around, self.asked)
        self.months = self._months()
        besides = {one.service for one in self.led} - self.keys
        recipients = Recipient.objects.filter(Q(service__in=self.asked) | Q(service__in=besides))
        self.recipients = defaultdict(dict)
        for service, entity, name, struck_off_on in recipients.values_list(
            "service", "entity", "entity__name", "entity__struck_off_on"
        ):
            self.recipients[service][entity] = (name, struck_off_on)
        self.terms = {
            row.pk: HeldSession(
                row.service_id, numbers[row.service_id], row.day, row.starts_at, row.ends_at
            )
            for row in rows
        }
        taking_part = Attendance.objects.filter(state__in=[State.PRESENT, State.EXPECTED])
        columns = ("person", "entity", "session", "session__service")
        own = taking_part.filter(session__service__in=self.asked).order_by("day", "pk")
        self.attended = [Came(*values) for values in own.values_list(*columns)]
        people = {row.person for row in self.attended}
        span = (min(around), max(around)) if around else (date.max, date.max)
        besides = Session.objects.standing().filter(day__range=span)
        besides = besides.exclude(service__in=self.asked).order_by().values("pk")
        others = taking_part.filter(person__in=people, session__in=besides)
        others = [Came(*values) for values in others.order_by("pk").values_list(*columns)]
        # Where they were: at the services asked about, and at others in those days.
        self.came = self.attended + others
        columns = ("service", "service__code", "day", "starts_at", "ends_at")
        besides = Session.objects.filter(pk__in={row.session for row in others}).order_by()
        for pk, *values in besides.values_list("pk", *columns):
            self.terms[pk] = HeldSession(*values)
        named = Person.objects.filter(pk__in=people).order_by()
        columns = ("pk", "first_name", "last_name")
        self.names = {pk: f"{first} {last}" for pk, first, last in named.values_list(*columns)}
        entities = Entity.objects.filter(pk__in={row.entity for row in self.attended})
        self.entity_names = dict(entities.order_by().values_list("pk", "name"))
        self.projects = projects
        limits = Project.objects.in_bulk(set(projects.values()))
        self.limits = {service: limits[project] for service, project in projects.items()}
        enrolled = Enrolment.objects.filter(project__in=limits)
        self.enrolled = {
            (project, entity): (joined, left)
            for project, entity, joined, left in enrolled.values_list(
                "project", "entity", "joined_on", "left_on"
            )
        }
        declared = Declaration.objects.filter(project__in=limits, person__in=people)
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
        links = ServiceAdviser.objects.filter(service__in=self.asked).values("staff_member")
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


def adviser_in_two_places(facts):
    for one in overlaps_among(facts.led, facts.keys):
        yield WarningFound(one.own.service, one.key, one.sentence, one.url)


def person_in_two_places(facts):
    by_person = defaultdict(list)
    for row in facts.came:
        by_person[row.person].append(row)
    for person, rows in by_person.items():
        for row, other in colliding(rows, lambda row: facts.terms[row.session]):
            if row.service in facts.keys and other.service not in facts.cancelled:
                day = facts.terms[row.session].day
                yield WarningFound(
                    row.service,
                    f"{row.session}-{other.session}-{person}",
                    f"{facts.names[person]} jest w tym czasie na usłudze "
                    f"{facts.terms[other.session].number} ({as_day(day)}).",
                    day=day,
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
    free = holidays_on({row.day for row in facts.sessions})
    for row in facts.sessions:
        told = []
        if row.day.weekday() == 6:
            told.append("niedziela")
        elif row.day in free:
            told.append(f"święto ({free[row.day]})")
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
                key = f"{row.pk}-{row.day}-{entity}-{joined}"
                yield WarningFound(row.service_id, key, sentence, day=row.day)


def person_before_declaring(facts):
    for row in facts.attended:
        signed = facts.declared.get((facts.projects[row.service], row.person))
        day = facts.terms[row.session].day
        if signed and day < signed:
            name = facts.names[row.person]
            sentence = f"{name}: obecność {as_day(day)}, a deklaracja {as_day(signed)}."
            key = f"{row.session}-{row.person}-{signed}"
            link = (_declaration(facts, row), "Popraw deklarację")
            yield WarningFound(row.service, key, sentence, *link, day=day)


def person_without_declaration(facts):
    for row in facts.attended:
        if (facts.projects[row.service], row.person) not in facts.declared:
            sentence = f"{facts.names[row.person]} nie ma daty oświadczenia RODO."
            key, url = f"{row.person}", _declaration(facts, row)
            yield WarningFound(row.service, key, sentence, url, "Zapisz deklarację")


def _declaration(facts, row):
    """The form of the declaration, which comes back to the service."""
    keys = [facts.limits[row.service].slug, row.person]
    return f"{reverse('support:declaration_edit', args=keys)}?service={row.service}"


def personal_topic(facts):
    with names_read_once():
        found = {service: personal_data_in(topic) for service, topic in facts.topics.items()}
    for service, kinds in found.items():
        if kinds:
            yield service, ", ".join(kinds), told_of("Temat", kinds)


def after_the_end(facts):
    for row in facts.sessions:
        project = facts.projects[row.service_id]
        for entity, (name, struck_off_on) in facts.recipients[row.service_id].items():
            _, left = facts.enrolled.get((project, entity), (None, None))
            for end, words in ((left, "koniec udziału"), (struck_off_on, "wykreślenie")):
                if end and row.day > end:
                    sentence = f"{name}: usługa {as_day(row.day)}, a {words} {as_day(end)}."
                    key = f"{row.pk}-{row.day}-{entity}-{end}"
                    yield WarningFound(row.service_id, key, sentence, day=row.day)


def twin_service(facts):
    by_day = defaultdict(list)
    for one in facts.led:
        by_day[one.adviser, one.day].append(one)
    for one in facts.own():
        for other in by_day[one.adviser, one.day]:
            shared = facts.recipients[one.service].keys() & facts.recipients[other.service].keys()
            if other.service != one.service and shared:
                sentence = (
                    f"Usługa {other.number} ma ten sam dzień ({as_day(one.day)}), tę samą kadrę "
                    "i podmiot."
                )
                url = other.url if other.slug == one.slug else ""
                yield WarningFound(one.service, f"{one.day}-{other.service}", sentence, url)


def without_representation(facts):
    for row in facts.attended:
        day = facts.terms[row.session].day
        known = facts.represents.get((row.person, row.entity), ())
        if not any(
            (since is None or since <= day) and (until is None or day <= until)
            for since, until in known
        ):
            name, entity = facts.names[row.person], facts.entity_names[row.entity]
            sentence = f"{name} nie ma wpisu, że reprezentuje podmiot {entity}."
            yield row.service, f"{row.person}-{row.entity}", sentence


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
    Rule("person_without_declaration", "V25", person_without_declaration, names_people=True),
    Rule("after_the_end", "V08", after_the_end),
    Rule("twin_service", "V32", twin_service),
    Rule("without_representation", "V15", without_representation, names_people=True),
    Rule("personal_topic", "V47", personal_topic),
]
BY_CODE = {rule.code: rule for rule in RULES}


def warnings_of(keys):
    """`{key of the service: [Warning]}` of those that have any, accepted ones too.

    Of keys, or of a queryset of services.
    """
    if not isinstance(keys, QuerySet) and not (keys := list(keys)):
        return {}
    facts = WarningFacts(keys)
    accepted = {
        (one.service_id, one.code, one.key): one
        for one in AcceptedWarning.objects.filter(service__in=facts.asked).select_related("by")
    }
    found = defaultdict(dict)
    for rule in RULES:
        for service, key, *told in rule.find(facts):
            known = accepted.get((service, rule.code, key))
            warning = ServiceWarning(rule, key, *told, accepted=known)
            found[service].setdefault((rule.code, key), warning)
    return {service: list(rows.values()) for service, rows in found.items()}


def told_together(warnings):
    """Those that differ by their day alone as one, with all the days."""
    groups = defaultdict(list)
    for one in warnings:
        words = one.sentence.replace(as_day(one.day), DAYS, 1) if one.day else one.sentence
        accepted = one.accepted and (one.accepted.reason, one.accepted.by)
        groups[one.code, words, one.url, accepted].append(one)
    told = []
    for (_, words, *_), alike in groups.items():
        days = [as_day(day) for day in sorted({one.day for one in alike if one.day})]
        sentence = words.replace(DAYS, enumerated(days))
        told.append(replace(alike[0], sentence=sentence, alike=tuple(alike)))
    return told


def seen_by(warnings, user):
    """Those the user may read: some name people."""
    if user.has_perm("entities.see_names"):
        return warnings
    return [one for one in warnings if not one.rule.names_people]
