"""How data control works: a check finds records, each finding may be accepted with a reason.

What is checked is declared in `indicators/checks/declarations.py`; the page, the command, the
nightly mail and what blocks a report all come from here.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import TextChoices

from indicators.models import AcceptedFinding
from owes.personal_data import names_read_once

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
    TRIAL_CONTROL = "control", "kontrola próbna"


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
    offender: Offender
    acceptance: Any = None

    @property
    def identity(self):
        return (self.check.code, self.offender.record, self.offender.fingerprint)

    @property
    def field(self):
        return self.offender.field or self.check.field

    @property
    def nameless(self):
        """The sentence without personal data; the rule's own where it may name a person."""
        return self.check.sentence if self.check.names_people else self.offender.sentence


@names_read_once()
def run_checks(checks, data, progress=lambda done, total: None):
    """Every `Finding` of the checks, accepted ones too, in the order of the checks."""
    accepted = {
        (acceptance.check_code, acceptance.record, acceptance.facts): acceptance
        for acceptance in AcceptedFinding.objects.filter(project=data.project).select_related("by")
    }
    findings = []
    for number, check in enumerate(checks):
        progress(number, len(checks))
        for offender in check.find(data):
            if offender.warning:
                acceptance = offender.warning.accepted
            else:
                identity = (check.code, offender.record, offender.fingerprint)
                acceptance = accepted and accepted.get(identity)
            findings.append(Finding(check, offender, acceptance or None))
    return findings


def grouped(rows):
    """`{key: [values]}` of `(key, value)` rows, in the order of the rows."""
    groups = defaultdict(list)
    for key, value in rows:
        groups[key].append(value)
    return groups
