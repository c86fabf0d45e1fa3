"""A trial control: the sample, the papers to look for, and the numbers without what is faulty."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from entities.models import Entity, Person, SocialEnterpriseStatus
from indicators.counting.conditions import SUPPORT, already_ps, supporting
from indicators.counting.definitions import INDICATORS
from indicators.counting.engine import Indicator
from indicators.counting.proofs import PROVING
from indicators.counting.rows import SourceRows
from indicators.models import ControlledDocument, ControlledRecord, Target, TrialControl
from indicators.scope import Scope
from owes.formatting import plural, plural_form
from owes.periods import Period
from support.models import Subject

# Who counts was supported by the project, if only as the group it grew from.
OF_REGISTERS = (Subject.ENTITY, Subject.PERSON, Subject.STATUS)
SOURCE = "dokument źródłowy"
UNFINISHED = "Najpierw zapisz, co znaleziono przy każdym dokumencie."
TAKEN = "Tę kontrolę już zakończono."
NOTHING = "Do tego dnia nie zaliczono jeszcze żadnego zapisu."


def drawn(codes, seed, indicator, size):
    """At most `size` of the codes, the same for the same seed on every machine.

    Codes are ordered by a hash in which the seed has its part, so a larger sample begins with the
    smaller one, and a record counted since moves none of the others.
    """

    def place(code):
        return hashlib.sha256(f"{seed}|{indicator}|{code}".encode()).hexdigest()

    return sorted(codes, key=place)[:size]


@dataclass(frozen=True)
class SampledRecord:
    """A counted record, and `(subject, key)` of each row its counting rests on, nearest first."""

    indicator: Indicator
    code: str
    record: Any
    rests_on: list

    @property
    def here(self):
        return f"{self.indicator.code}:{self.code}"

    @property
    def itself(self):
        return f"{self.record._meta.model_name}:{self.record.pk}"

    @property
    def stands_on(self):
        return [self.here, self.itself, *(f"{one.value}:{key}" for one, key in self.rests_on)]


@transaction.atomic
def begin(control):
    """Draws the sample of what counts on the day of the control and writes the papers to look for.

    A query or two for each indicator and each required document. Raises `ValidationError` when
    nothing counts on that day.
    """
    scope = Scope.of(control.project, control.on)
    period = Period(min(scope.period.start, control.on), control.on)
    targets = Target.objects.in_force(control.project, control.on)
    sample = []
    for indicator in INDICATORS.values():
        counted = {one.code: one for one in _counted(indicator, scope, period)}
        target = targets.get(indicator.code)
        control.counted[indicator.code] = {
            "target": target.value if target else None,
            "records": {code: one.stands_on for code, one in counted.items()},
        }
        codes = drawn(counted, control.seed, indicator.code, control.size)
        sample += [counted[code] for code in codes]
    if not sample:
        raise ValidationError(NOTHING)
    control.save()
    _keep(control, sample, _Papers(scope, sample))


def finish(control, by):
    """Closes the control for good; refused while a paper of the sample was not looked for."""
    with transaction.atomic():
        locked = TrialControl.objects.select_for_update().get(pk=control.pk)
        if locked.is_finished:
            raise ValidationError(TAKEN)
        if ControlledDocument.objects.filter(record__control=locked, verdict="").exists():
            raise ValidationError(UNFINISHED)
        locked.finished_by, locked.finished_at = by, timezone.now()
        locked.save()


def _counted(indicator, scope, period):
    records = list(indicator.with_deciding(scope, indicator.counted(scope, period)))
    needed = {}
    if indicator.evidence is SUPPORT and scope.reading.asks_for_more:
        # Where one service is too little, the entity counts by all it got until that day.
        rows = supporting(scope).filter(candidate__in=[one.pk for one in records])
        for entity, service, day in rows.values_list("candidate", "service", "day"):
            needed.setdefault(entity, set()).add((day, service))
    for one in records:
        found = [(kind, one.deciding[name]) for name, kind in PROVING if one.deciding.get(name)]
        until = sorted(row for row in needed.get(one.pk, ()) if row[0] <= one.counted_on)
        found += [(Subject.SERVICE, service) for _, service in until]
        yield SampledRecord(
            indicator, getattr(one, indicator.record_code), one, list(dict.fromkeys(found))
        )


def _keep(control, sample, papers):
    records = [
        ControlledRecord(
            control=control,
            indicator=one.indicator.code,
            code=one.code,
            label=one.code if isinstance(one.record, Person) else str(one.record),
            counted_on=one.record.counted_on,
        )
        for one in sample
    ]
    by = {"default_user": control.created_by}
    bulk_create_with_history(records, ControlledRecord, **by)
    documents = [
        ControlledDocument(record=kept, **paper)
        for kept, one in zip(records, sample, strict=True)
        for paper in papers.of(one)
    ]
    bulk_create_with_history(documents, ControlledDocument, **by)


class _Papers:
    """What the project requires to be there for each record of a sample."""

    def __init__(self, scope, sample):
        self.scope, self.status_code = scope, already_ps(scope).code
        names = {kind: name for name, kind in PROVING}
        self.rows = SourceRows.bare(
            {names[kind]: key} for one in sample for kind, key in one.rests_on
        )
        entities = [one.record.pk for one in sample if isinstance(one.record, Entity)]
        self.statuses = list(
            SocialEnterpriseStatus.objects.filter(entity__in=entities).order_by("valid_from", "pk")
        )
        keys = {subject: set() for subject in Subject}
        for one in sample:
            for subject, key, _, _ in self._things(one):
                keys[subject].add(key)
        required = scope.project.evidence_requirements.filter(is_required=True).order_by("pk")
        self.asked = [
            (one, self._asked(one, keys[one.subject]))
            for one in required.select_related("project")
        ]

    @staticmethod
    def _asked(requirement, keys):
        """Those of the records that the requirement asks about."""
        if requirement.subject in OF_REGISTERS:
            return keys
        return set(requirement.asked_of().filter(pk__in=keys).values_list("pk", flat=True))

    def of(self, one):
        """The fields of each paper of a record, those of the deciding row first."""
        found = [
            {
                "name": str(requirement),
                "proves": proves,
                "about": words,
                "subject": subject.value,
                "subject_key": key,
            }
            for subject, key, proves, words in self._things(one)
            for requirement, keys in self.asked
            if requirement.subject == subject and key in keys
        ]
        return found or [{"name": SOURCE, "proves": one.here}]

    def _things(self, one):
        """`(subject, key, what it stands on, words)` of all that may be asked papers."""
        things = [
            (subject, key, f"{subject.value}:{key}", self._words(subject, key))
            for subject, key in one.rests_on
        ]
        record = one.record
        if isinstance(record, Entity | Person):
            things.append((Subject.of(record), record.pk, one.itself, ""))
        if status := self._status(one):
            # Without it the entity would leave this indicator alone.
            things.append((Subject.STATUS, status.pk, one.here, str(status)))
        return things

    def _status(self, one):
        """The PS status an indicator of PS rests on: of those in force that day the latest."""
        if self.status_code not in [rule.code for rule in one.indicator.conditions(self.scope)]:
            return None
        held = [
            status
            for status in self.statuses
            if status.entity_id == one.record.pk
            and status.valid_from <= one.record.counted_on <= (status.valid_until or date.max)
        ]
        return held[-1] if held else None

    def _words(self, subject, key):
        match subject:
            case Subject.ADOPTION:
                return f"wdrożenie {self.rows.adoptions[key].code}"
            case Subject.PARTNERSHIP:
                return f"akt współpracy {self.rows.partnerships[key].code}"
            case Subject.STAFF_TRAINING:
                return f"szkolenie „{self.rows.trainings[key].topic}”"
        return f"usługa {self.rows.services[key].printed_number}"


def evidence_of(record):
    """`{key of a paper: files of it that the program holds}`: two queries."""
    documents = list(record.documents.all())
    asked = [Q(**{one.subject: one.subject_key}) for one in documents if one.subject]
    held = record.control.project.evidence.holding().select_related("project")
    files = list(held.filter(reduce(or_, asked)).order_by("pk")) if asked else []
    return {
        document.pk: [file for file in files if document.is_met_by(file)] for document in documents
    }


@dataclass(frozen=True)
class Standing:
    """An indicator in a control: what was counted, what was drawn, and what falls out.

    `fallen` counts all records that stand on something faulty, also those not drawn: a service
    whose card is missing takes with it everything that it decided.
    """

    indicator: Indicator
    target: int | None
    counted: int
    records: list
    fallen: int

    @property
    def left(self):
        return self.counted - self.fallen

    @property
    def margin(self):
        """How far above the target what is left is; negative below, None without a target."""
        return None if self.target is None else self.left - self.target

    @property
    def missing(self):
        return max(0, -(self.margin or 0))

    @property
    def was_missing(self):
        """Whether the target was not reached with the faulty ones either."""
        return self.target is not None and self.counted < self.target

    @property
    def faulty(self):
        return [record for record in self.records if record.is_faulty]

    @property
    def looked_at(self):
        """Those of which every paper has an outcome."""
        return [record for record in self.records if record.is_looked_at]

    @property
    def begun(self):
        """Those of which some papers have an outcome and some wait."""
        return [record for record in self.records if record.is_begun]


def standings(control):
    """`Standing` of each indicator that was counted, in the order of the contract: two queries."""
    records = list(control.records.prefetch_related("documents"))
    faults = {
        document.proves
        for record in records
        for document in record.documents.all()
        if document.is_faulty
    }
    return [
        Standing(
            indicator=indicator,
            target=kept["target"],
            counted=len(kept["records"]),
            records=[one for one in records if one.indicator == code],
            fallen=sum(not faults.isdisjoint(things) for things in kept["records"].values()),
        )
        for code, indicator in INDICATORS.items()
        if (kept := control.counted.get(code))
    ]


def verdict(lines):
    """What a control came to, in a few sentences."""
    records = [record for line in lines for record in line.records]
    faulty = sum(record.is_faulty for record in records)
    waiting = sum(not record.is_looked_at for record in records)
    said = [
        f"Wylosowano {plural(len(records), 'zapis,zapisy,zapisów')}, "
        f"z wadą {plural_form(faulty, 'jest,są,jest')} {faulty}."
    ]
    if waiting:
        begun = sum(record.is_begun for record in records)
        beside = f", w tym {begun} zaczęto" if begun else ""
        words = plural(waiting, "zapis czeka,zapisy czekają,zapisów czeka")
        said.append(f"{words} na wynik choć jednego dokumentu{beside}.")
    before = [line.indicator.label for line in lines if line.was_missing]
    lost = [line.indicator.label for line in lines if line.missing and not line.was_missing]
    if lost:
        said.append(f"Bez tego, co wadliwe, cel nie jest osiągnięty: {', '.join(lost)}.")
    elif faulty:
        said.append("To, co wadliwe, nie odbiera żadnego osiągniętego celu.")
    if before:
        said.append(f"Celu nie osiągnięto i z tymi zapisami: {', '.join(before)}.")
    return " ".join(said)
