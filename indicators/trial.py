"""A trial control: the sample, the papers to look for, and the numbers without what is faulty."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from entities.models import Entity, Person, SocialEnterpriseStatus
from indicators.conditions import already_ps
from indicators.counting import Indicator, Scope
from indicators.definitions import INDICATORS
from indicators.models import ControlledDocument, ControlledRecord, Target, TrialControl
from indicators.proofs import NEAREST
from indicators.rows import Rows
from owes.formatting import plural, plural_form
from owes.periods import Period
from support.models import Subject

# Who counts was supported by the project, if only as the group it grew from.
OF_REGISTERS = (Subject.ENTITY, Subject.PERSON, Subject.STATUS)
SOURCE = "dokument źródłowy"
UNFINISHED = "Najpierw zapisz, co znaleziono przy każdym dokumencie."
TAKEN = "Tę kontrolę już zakończono."


def drawn(codes, seed, indicator, size):
    """At most `size` of the codes, the same for the same seed on every machine.

    Codes are ordered by a hash in which the seed has its part, so a larger sample begins with the
    smaller one, and a record counted since moves none of the others.
    """

    def place(code):
        return hashlib.sha256(f"{seed}|{indicator}|{code}".encode()).hexdigest()

    return sorted(codes, key=place)[:size]


@transaction.atomic
def begin(control):
    """Draws the sample of what counts on the day of the control and writes the papers to look for.

    A query or two for each indicator and each required document.
    """
    scope = Scope.of(control.project, control.on)
    period = Period(min(scope.period.start, control.on), control.on)
    targets = Target.objects.in_force(control.project, control.on)
    sample = []
    for indicator in INDICATORS.values():
        records = indicator.with_deciding(scope, indicator.counted(scope, period))
        by_code = {getattr(one, indicator.record_code): one for one in records}
        target = targets.get(indicator.code)
        control.counted[indicator.code] = {
            "target": target.value if target else None,
            "records": {code: _stands_on(indicator, code, one) for code, one in by_code.items()},
        }
        for code in drawn(by_code, control.seed, indicator.code, control.size):
            sample.append((indicator, code, by_code[code]))
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


def _itself(record):
    return f"{record._meta.model_name}:{record.pk}"


def _decided(row):
    """`(subject, key)` of each row that decided, the nearest to the count first."""
    return [(subject, row[name]) for name, subject in NEAREST if row.get(name)]


def _stands_on(indicator, code, record):
    decided = [f"{subject.value}:{key}" for subject, key in _decided(record.deciding)]
    return [f"{indicator.code}:{code}", _itself(record), *decided]


def _keep(control, sample, papers):
    records = [
        ControlledRecord(
            control=control,
            indicator=indicator.code,
            code=code,
            label=code if isinstance(one, Person) else str(one),
            counted_on=one.counted_on,
        )
        for indicator, code, one in sample
    ]
    by = {"default_user": control.created_by}
    if records:
        bulk_create_with_history(records, ControlledRecord, **by)
        documents = [
            ControlledDocument(record=kept, **paper)
            for kept, asked in zip(records, sample, strict=True)
            for paper in papers.of(*asked)
        ]
        bulk_create_with_history(documents, ControlledDocument, **by)


class _Papers:
    """What the project requires to be there for each record of a sample."""

    def __init__(self, scope, sample):
        self.rows = Rows.bare([one.deciding for _, _, one in sample])
        self.status_code = already_ps(scope).code
        self.scope = scope
        self.statuses = list(
            SocialEnterpriseStatus.objects.filter(
                entity__in=[one.pk for _, _, one in sample if isinstance(one, Entity)]
            ).order_by("valid_from", "pk")
        )
        keys = {subject: set() for subject in Subject}
        for asked in sample:
            for subject, key, _, _ in self._things(*asked):
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

    def of(self, indicator, code, record):
        """The fields of each paper, those of the deciding row first."""
        found = [
            {
                "name": str(requirement),
                "proves": proves,
                "about": words,
                "subject": subject.value,
                "subject_key": key,
            }
            for subject, key, proves, words in self._things(indicator, code, record)
            for requirement, keys in self.asked
            if requirement.subject == subject and key in keys
        ]
        return found or [{"name": SOURCE, "proves": f"{indicator.code}:{code}"}]

    def _things(self, indicator, code, record):
        """`(subject, key, what it stands on, words)` of all that may be asked papers."""
        row = record.deciding
        things = [
            (subject, key, f"{subject.value}:{key}", self._words(subject, row))
            for subject, key in _decided(row)
        ]
        if isinstance(record, Entity | Person):
            things.append((Subject.of(record), record.pk, _itself(record), ""))
        if self.status_code in [one.code for one in indicator.conditions(self.scope)]:
            # Without its status the entity would leave this indicator alone.
            things += [
                (Subject.STATUS, status.pk, f"{indicator.code}:{code}", str(status))
                for status in self.statuses
                if status.entity_id == record.pk
                and status.valid_from <= record.counted_on <= (status.valid_until or date.max)
            ]
        return things

    def _words(self, subject, row):
        match subject:
            case Subject.ADOPTION:
                return f"wdrożenie {self.rows.adoption(row).code}"
            case Subject.PARTNERSHIP:
                return f"akt współpracy {self.rows.partnership(row).code}"
            case Subject.STAFF_TRAINING:
                return f"szkolenie „{self.rows.training(row).topic}”"
        service = self.rows.service(row)
        return f"usługa {service.printed_number}"


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
    def faulty(self):
        return [record for record in self.records if record.is_faulty]

    @property
    def looked_at(self):
        return [record for record in self.records if record.is_looked_at]


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
    """What a control came to, in a sentence."""
    records = [record for line in lines for record in line.records]
    faulty = sum(record.is_faulty for record in records)
    waiting = sum(not record.is_looked_at for record in records)
    below = [line.indicator.label for line in lines if line.missing]
    said = [
        f"Wylosowano {plural(len(records), 'zapis,zapisy,zapisów')}, "
        f"z wadą {plural_form(faulty, 'jest,są,jest')} {faulty}."
    ]
    if waiting:
        said.append(f"Nie sprawdzono jeszcze {waiting}.")
    if below:
        said.append(f"Bez tego, co wadliwe, cel nie jest osiągnięty: {', '.join(below)}.")
    else:
        said.append("Bez tego, co wadliwe, każdy cel jest nadal osiągnięty.")
    return " ".join(said)
