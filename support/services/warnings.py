"""Warnings about services: one rule for each.

Warnings are found in saved rows, of many services at once, with the same number of queries for
any number of services; a form finds them inside a rehearsed save. Numbers V.. come from the
field's list of checks. A coordinator may accept a warning with a reason; `key` names the facts it
is about, so that it comes back when they change. A warning that blocks stops submitting and
approving until it is accepted: `Service` asks `support.models.overlap` and `double_financing` of
the same folder itself. The limits are
settings of the project.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse

from owes.formatting import day as as_day
from owes.formatting import enumerated, hours
from owes.formatting import month as as_month
from owes.personal_data import names_read_once, personal_data_in, told_of
from support.calendar.month import holidays_on
from support.models import AcceptedWarning
from support.models.double_financing import CODE as FINANCED_TWICE
from support.models.double_financing import financed_twice
from support.models.overlap import CODE, colliding, overlaps_among
from support.services.warning_facts import WarningFacts

DAYS = "\0"  # a placeholder for the days in a sentence


@dataclass(frozen=True)
class Rule:
    """`find` yields a `WarningFound`, or its first values in a tuple, for each case found."""

    code: str
    number: str
    find: Callable
    names_people: bool = False
    blocks: bool = False


class WarningFound(NamedTuple):
    """A warning about the service with the key `service`.

    `url` with the words `link` leads to the other service in the sentence or to what to correct;
    `day` is the day in the sentence.
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
    merged_warnings: tuple = ()  # the warnings merged into this one, see `merge_days`

    @property
    def code(self):
        return self.rule.code

    @property
    def blocks(self):
        """Whether it stops the service from being submitted and approved."""
        return self.rule.blocks and self.accepted is None


def adviser_in_two_places(facts):
    for overlap in overlaps_among(facts.led, facts.keys):
        yield WarningFound(overlap.own.service, overlap.key, overlap.sentence, overlap.url)


def session_of_two_projects(facts):
    for twice in financed_twice(facts.services):
        yield WarningFound(twice.own.service, twice.key, twice.sentence)


def person_in_two_places(facts):
    by_person = defaultdict(list)
    for row in facts.attended_anywhere:
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
    for row in facts.led:
        minutes[row.adviser, row.day][row.session] = row.minutes
    for row in facts.own():
        total = sum(minutes[row.adviser, row.day].values())
        most = facts.settings[row.service].most_hours_a_day
        if total > most * 60:
            words = f"{row.name} ma {as_day(row.day)} razem {hours(total)}"
            yield row.service, f"{row.adviser}-{row.day}-{total}", f"{words}, więcej niż {most} h."


def too_long_a_month(facts):
    for row in facts.own():
        month = row.day.replace(day=1)
        total = facts.months[row.adviser, month]
        most = facts.settings[row.service].most_hours_a_month
        if total > most * 60:
            words = f"{row.name} ma w miesiącu {as_month(month)} razem {hours(total)}"
            key = f"{row.adviser}-{month:%Y-%m}-{total}"
            yield row.service, key, f"{words}, więcej niż {most} h."


def odd_time(facts):
    free = holidays_on({row.day for row in facts.sessions})
    for row in facts.sessions:
        words = []
        if row.day.weekday() == 6:
            words.append("niedziela")
        elif row.day in free:
            words.append(f"święto ({free[row.day]})")
        limits = facts.settings[row.service_id]
        if row.start < limits.earliest_hour:
            words.append(f"przed {_clock(limits.earliest_hour)}")
        if row.end > limits.latest_hour or row.end < row.start:
            words.append(f"po {_clock(limits.latest_hour)}")
        if words:
            sentence = f"Termin {as_day(row.day)}: {', '.join(words)}."
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
    """The address of the form of the declaration, which leads back to the service."""
    keys = [facts.settings[row.service].slug, row.person]
    return f"{reverse('support:declaration_edit', args=keys)}?service={row.service}"


def personal_topic(facts):
    with names_read_once():
        kinds_in = {service: personal_data_in(topic) for service, topic in facts.topics.items()}
    for service, kinds in kinds_in.items():
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
    for row in facts.led:
        by_day[row.adviser, row.day].append(row)
    for row in facts.own():
        for other in by_day[row.adviser, row.day]:
            shared = facts.recipients[row.service].keys() & facts.recipients[other.service].keys()
            if other.service != row.service and shared:
                sentence = (
                    f"Usługa {other.number} ma ten sam dzień ({as_day(row.day)}), tę samą kadrę "
                    "i podmiot."
                )
                url = other.url if other.slug == row.slug else ""
                yield WarningFound(row.service, f"{row.day}-{other.service}", sentence, url)


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
    Rule(FINANCED_TWICE, "V51", session_of_two_projects, blocks=True),
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


class ServiceWarnings:
    """The warnings about services, found rule by rule as they are asked for.

    `keys` are those of services, or a queryset of services.
    """

    def __init__(self, keys):
        self.facts = WarningFacts(keys)

    @cached_property
    def _accepted(self):
        rows = AcceptedWarning.objects.filter(service__in=self.facts.services)
        return {(row.service_id, row.code, row.key): row for row in rows.select_related("by")}

    def found_by(self, rule):
        """`[(key of the service, ServiceWarning)]`; accepted ones too."""
        warnings = {}
        for service, key, *values in rule.find(self.facts):
            accepted = self._accepted.get((service, rule.code, key))
            warning = ServiceWarning(rule, key, *values, accepted=accepted)
            warnings.setdefault((service, key), warning)
        return [(service, warning) for (service, _), warning in warnings.items()]


def warnings_of(keys):
    """`{key of the service: [ServiceWarning]}` of services that have any, by every rule."""
    if not isinstance(keys, QuerySet) and not (keys := list(keys)):
        return {}
    found, by_service = ServiceWarnings(keys), defaultdict(list)
    for rule in RULES:
        for service, warning in found.found_by(rule):
            by_service[service].append(warning)
    return dict(by_service)


def merge_days(warnings):
    """The warnings with those that differ only in their day merged into one with all the days."""
    groups = defaultdict(list)
    for row in warnings:
        words = row.sentence.replace(as_day(row.day), DAYS, 1) if row.day else row.sentence
        accepted = row.accepted and (row.accepted.reason, row.accepted.by)
        groups[row.code, words, row.url, accepted].append(row)
    merged = []
    for (_, words, *_), group in groups.items():
        days = [as_day(day) for day in sorted({row.day for row in group if row.day})]
        sentence = words.replace(DAYS, enumerated(days))
        merged.append(replace(group[0], sentence=sentence, merged_warnings=tuple(group)))
    return merged


def visible_to(user, warnings):
    """The warnings that the user may read: some name people."""
    if user.has_perm("entities.see_names"):
        return warnings
    return [row for row in warnings if not row.rule.names_people]
