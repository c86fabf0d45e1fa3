"""How data control works: a check finds records, each finding may be accepted with a reason.

What is checked is declared in `indicators/checks/declarations.py`; the page, the command, the
nightly mail and what blocks a report all come from here.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Min, TextChoices
from django.utils import timezone

from entities.models import Entity, Person
from indicators.counting.definitions import INDICATORS
from indicators.models import AcceptedFinding
from indicators.scope import Scope
from owes.personal_data import names_read_once
from support.models import (
    Adoption,
    Attendance,
    Declaration,
    Enrolment,
    PartnershipEntity,
    Recipient,
    Service,
)
from support.services.warnings import warnings_of

LONGEST_FACTS = 200


class Severity(TextChoices):
    """How much a finding matters, the gravest first; the values are those of the field's list."""

    ERROR = "B", "błąd"
    REPORT = "R", "blokuje sprawozdanie"
    WARNING = "W", "ostrzeżenie"
    NOTE = "info", "do wiadomości"

    @property
    def blocks_report(self):
        return self in (Severity.ERROR, Severity.REPORT)


class Responsible(TextChoices):
    """Who is to mend a record."""

    ADVISER = "adviser", "kadra usługi"
    COORDINATOR = "coordinator", "koordynator"
    REGISTER = "register", "kto prowadzi rejestr"


class FindingKind(TextChoices):
    """What a finding is about; the page turns kind, key and field into an address."""

    SERVICE = "service", "usługa"
    ENTITY = "entity", "podmiot"
    PERSON = "person", "osoba"
    PARTNERSHIP = "partnership", "współpraca z JST"
    ADOPTION = "adoption", "wdrożenie"
    STAFF_TRAINING = "staff_training", "szkolenie kadry"
    REPORT = "report", "sprawozdanie"
    INDICATOR = "indicator", "wskaźnik"
    PROJECT = "project", "projekt"
    CONTROL = "control", "kontrola próbna"


class Offender(NamedTuple):
    """A record that a check found.

    `pk` is 0 of what has no key. `facts` are what it was found by, as short text: an acceptance
    holds while they are the same.
    `sentence` says it in Polish. `day` is the first day it matters to a report, None for always.
    `services` are keys of those whose advisers are concerned. `reports` are keys of the reports
    whose closing it concerns, None for all.
    """

    kind: FindingKind
    pk: int
    code: str
    name: str
    facts: str
    sentence: str
    day: date | None = None
    services: tuple = ()
    field: str = ""
    warning: Any = None
    reports: tuple | None = None

    @property
    def record(self):
        return f"{self.kind}:{self.pk or self.code}"

    @property
    def fingerprint(self):
        if len(self.facts) <= LONGEST_FACTS:
            return self.facts
        return hashlib.sha256(self.facts.encode()).hexdigest()


@dataclass(frozen=True)
class Check:
    """One rule of data control. `noun` counts what is found (1, 2-4, 5).

    `field` names the place where it is mended; `find` answers `Offender` of the records that break
    the rule, by a fixed number of queries. `names_people` where the sentence may hold a name.
    """

    code: str
    severity: Severity
    sentence: str
    noun: str
    mender: Responsible
    find: Callable
    field: str = ""
    names_people: bool = False


@dataclass(frozen=True)
class Finding:
    """A record a check found, with the acceptance of it if there is one."""

    check: Check
    found: Offender
    acceptance: Any = None

    @property
    def identity(self):
        return (self.check.code, self.found.record, self.found.fingerprint)

    @property
    def field(self):
        return self.found.field or self.check.field

    @property
    def nameless(self):
        """What is wrong without a name of anybody: where a sentence may hold one, the rule's."""
        return self.check.sentence if self.check.names_people else self.found.sentence


class Material:
    """What checks look at in a project, each part read once, when first asked for."""

    def __init__(self, project, now=None):
        self.project = project
        self.now = now or timezone.now()
        self.today = timezone.localdate(self.now)

    @cached_property
    def scope(self):
        return Scope.of(self.project, self.today)

    @cached_property
    def services(self):
        """`{key: (code, topic, first day or None)}` of the services that are not cancelled."""
        rows = self.project.services.exclude(state=Service.State.CANCELLED).order_by()
        rows = rows.annotate(first=Min("sessions__day"))
        return {pk: tuple(row) for pk, *row in rows.values_list("pk", "code", "topic", "first")}

    @cached_property
    def entities(self):
        """`{key: (code, name)}` of the whole register."""
        return {pk: tuple(row) for pk, *row in Entity.objects.values_list("pk", "code", "name")}

    @cached_property
    def people(self):
        """`{key: (code, name)}` of the whole register."""
        rows = Person.objects.values_list("pk", "code", "first_name", "last_name")
        return {pk: (code, f"{first} {last}") for pk, code, first, last in rows}

    @cached_property
    def own_entities(self):
        """Keys of the entities that take part in the project in any way."""
        recipients = Recipient.objects.filter(service__project=self.project)
        recipients = recipients.exclude(service__state=Service.State.CANCELLED)
        others = [
            Enrolment.objects.filter(project=self.project),
            Adoption.objects.filter(project=self.project),
            PartnershipEntity.objects.filter(partnership__project=self.project),
        ]
        found = recipients.order_by().values_list("entity")
        others = [rows.order_by().values_list("entity") for rows in others]
        return {pk for (pk,) in found.union(*others)}

    @cached_property
    def own_people(self):
        """Keys of the people who came to something of the project or signed its declaration."""
        came = Attendance.objects.filter(session__service__project=self.project).order_by()
        signed = Declaration.objects.filter(project=self.project).order_by()
        return {pk for (pk,) in came.values_list("person").union(signed.values_list("person"))}

    def counted(self, code):
        """`{key: day it counts from}` of an indicator over the whole project."""
        return self._counted[code]

    @cached_property
    def _counted(self):
        return CountedRecords(self.scope)

    @cached_property
    def warnings(self):
        """`{number of the rule: [(key of the service, warning)]}` of the project."""
        found = {}
        services = self.project.services.exclude(state=Service.State.CANCELLED)
        for service, warnings in warnings_of(services).items():
            for warning in warnings:
                found.setdefault(warning.rule.number, []).append((service, warning))
        return found

    # Found of one kind, named by what was read

    def service(self, pk, facts, sentence, **more):
        code, topic, first = self.services[pk]
        more = {"day": first, "services": (pk,)} | more
        return Offender(FindingKind.SERVICE, pk, code, topic, str(facts), sentence, **more)

    def entity(self, pk, facts, sentence, **more):
        return Offender(FindingKind.ENTITY, pk, *self.entities[pk], str(facts), sentence, **more)

    def person(self, pk, facts, sentence, **more):
        return Offender(FindingKind.PERSON, pk, *self.people[pk], str(facts), sentence, **more)


class CountedRecords(dict):
    """The counted of each indicator, read when first asked for."""

    def __init__(self, scope):
        super().__init__()
        self.scope = scope

    def __missing__(self, code):
        rows = INDICATORS[code].counted(self.scope, self.scope.period).order_by()
        self[code] = dict(rows.values_list("pk", "counted_on"))
        return self[code]


@names_read_once()
def examined(checks, material):
    """Every `Finding` of the checks, accepted ones too, in the order of the checks."""
    accepted = {
        (one.check_code, one.record, one.facts): one
        for one in AcceptedFinding.objects.filter(project=material.project).select_related("by")
    }
    findings = []
    for check in checks:
        for found in check.find(material):
            if found.warning:
                acceptance = found.warning.accepted
            else:
                acceptance = accepted and accepted.get(
                    (check.code, found.record, found.fingerprint)
                )
            findings.append(Finding(check, found, acceptance or None))
    return findings


def grouped(rows):
    """`{key: [values]}` of `(key, value)` rows, in the order of the rows."""
    found = defaultdict(list)
    for key, value in rows:
        found[key].append(value)
    return found
