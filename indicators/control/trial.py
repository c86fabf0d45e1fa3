"""A trial control: the sample, the papers to look for, and what was found."""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import chain
from operator import or_
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from entities.models import Entity, Person, SocialEnterpriseStatus
from indicators.control.recount import recount
from indicators.counting.engine import Indicator
from indicators.counting.row_objects import KIND_OF_SUBJECT, SERVICE, SourceRows, proving_subjects
from indicators.counting.scope import Scope
from indicators.models import ControlledDocument, ControlledRecord, Target, TrialControl
from support.models import Session, Subject

# Who counts was supported by the project, if only as the group it grew from.
OF_REGISTERS = (Subject.ENTITY, Subject.PERSON, Subject.STATUS)
SOURCE = "dokument źródłowy"
UNFINISHED = "Najpierw zapisz, co znaleziono przy każdym dokumencie."
ALREADY_FINISHED = "Tę kontrolę już zakończono."
NOTHING_COUNTED = "Do tego dnia nie zaliczono jeszcze żadnego zapisu."


def draw_sample(codes, seed, indicator, size):
    """At most `size` of the codes, the same for the same seed on every machine.

    Codes are ordered by a hash that includes the seed, so a larger sample begins with the smaller
    one, and a record counted since moves none of the others.
    """

    def order(code):
        return hashlib.sha256(f"{seed}|{indicator}|{code}".encode()).hexdigest()

    return sorted(codes, key=order)[:size]


@dataclass(frozen=True)
class SampledRecord:
    """A counted record, and `(subject, key)` of each object that it counts by, nearest first."""

    indicator: Indicator
    code: str
    record: Any
    subjects: list

    @property
    def in_indicator(self):
        return f"{self.indicator.code}:{self.code}"

    @property
    def label(self):
        """A person is a code only, and the day of a session says not of which service."""
        is_coded = isinstance(self.record, Person | Session)
        return self.code if is_coded else str(self.record)

    @property
    def in_register(self):
        return f"{self.record._meta.model_name}:{self.record.pk}"

    @property
    def dependencies(self):
        """What the record depends on, as `TrialControl.counted` keeps it."""
        subjects = [f"{subject.value}:{key}" for subject, key in self.subjects]
        return [self.in_indicator, self.in_register, *subjects]


@transaction.atomic
def begin(control):
    """Draws the sample of what counts on the day of the control and writes the papers to look for.

    A query or two for each indicator and each required document. Raises `ValidationError` when
    nothing counts on that day.
    """
    scope = Scope.of(control.project, control.on)
    targets = Target.objects.in_force(control.project, control.on)
    sample = []
    for indicator in scope.indicators:
        counted = {sampled.code: sampled for sampled in _counted(indicator, scope, control.period)}
        target = targets.get(indicator.code)
        control.counted[indicator.code] = {
            "target": target.value if target else None,
            "records": {code: sampled.dependencies for code, sampled in counted.items()},
        }
        if indicator.is_sum:
            adds = {code: sampled.record.amount for code, sampled in counted.items()}
            control.counted[indicator.code] |= {"adds": adds, "unit": indicator.unit}
        codes = draw_sample(counted, control.seed, indicator.code, control.size)
        sample += [counted[code] for code in codes]
    if not sample:
        raise ValidationError(NOTHING_COUNTED)
    control.recounted_at = control.created_at
    control.save()
    _save_sample(control, sample, _RequiredPapers(scope, sample))


def save_outcomes(record, rows):
    """Saves what was found of the papers of a record, also where other records rest on them."""
    found = {document.paper: document for document in rows.save() if document.paper}
    twins = [twin for twin in chain(*twins_of(record).values()) if twin.paper in found]
    for twin in twins:
        twin.verdict, twin.note = found[twin.paper].verdict, found[twin.paper].note
    if twins:
        bulk_update_with_history(twins, ControlledDocument, ["verdict", "note"])
    recount(record.control)


def twins_of(record):
    """`{key of a paper: rows of the same paper at other records of the control}`: two queries."""
    others = ControlledDocument.objects.filter(record__control=record.control_id)
    rows = {}
    for other in others.exclude(record=record).select_related("record"):
        rows.setdefault(other.paper, []).append(other)
    return {
        document.pk: rows.get(document.paper, []) if document.paper else []
        for document in record.documents.all()
    }


def finish(control, by):
    """Closes the control for good; refused while a paper of the sample has no outcome."""
    with transaction.atomic():
        locked = TrialControl.objects.select_for_update().get(pk=control.pk)
        if locked.is_finished:
            raise ValidationError(ALREADY_FINISHED)
        if ControlledDocument.objects.filter(record__control=locked, verdict="").exists():
            raise ValidationError(UNFINISHED)
        recount(locked)
        locked.finished_by, locked.finished_at = by, timezone.now()
        locked.save()


def _counted(indicator, scope, period):
    records = list(indicator.counted(scope, period))
    services = {}  # of each entity, `(day, key)`
    if indicator.composition.asks_for_more:
        # Where one service is too little, the entity counts by all its services until that day.
        rows = indicator.counting_source.passing(scope)
        rows = rows.filter(entity__in=[record.pk for record in records])
        for entity, service, day in rows.values_list("entity", "service", "day"):
            services.setdefault(entity, set()).add((day, service))
    for record in records:
        subjects = proving_subjects(record.row)
        until = sorted(
            (day, service)
            for day, service in services.get(record.pk, ())
            if day <= record.counted_on
        )
        subjects += [(Subject.SERVICE, service) for _, service in until]
        code = getattr(record, indicator.record_code)
        yield SampledRecord(indicator, code, record, list(dict.fromkeys(subjects)))


def _save_sample(control, sample, papers):
    records = [
        ControlledRecord(
            control=control,
            indicator=sampled.indicator.code,
            code=sampled.code,
            label=sampled.label,
            counted_on=sampled.record.counted_on,
        )
        for sampled in sample
    ]
    by = {"default_user": control.created_by}
    bulk_create_with_history(records, ControlledRecord, **by)
    documents = [
        ControlledDocument(record=record, **paper)
        for record, sampled in zip(records, sample, strict=True)
        for paper in papers.of(sampled)
    ]
    bulk_create_with_history(documents, ControlledDocument, **by)


class _RequiredPapers:
    """The papers that the project requires for each record of a sample."""

    def __init__(self, scope, sample):
        self.scope = scope
        self.rows = SourceRows.bare(
            {KIND_OF_SUBJECT[subject].name: key}
            for sampled in sample
            for subject, key in sampled.subjects
        )
        entities = [sampled.record.pk for sampled in sample if isinstance(sampled.record, Entity)]
        self.statuses = list(
            SocialEnterpriseStatus.objects.filter(entity__in=entities).order_by("valid_from", "pk")
        )
        keys = {subject: set() for subject in Subject}
        for sampled in sample:
            for subject, key, _, _ in self._subjects(sampled):
                keys[subject].add(key)
        required = scope.project.evidence_requirements.filter(is_required=True).order_by("pk")
        self.requirements = [
            (requirement, self._keys_asked(requirement, keys[requirement.subject]))
            for requirement in required.select_related("project")
        ]

    @staticmethod
    def _keys_asked(requirement, keys):
        """Keys of those of the records that the requirement asks about."""
        if requirement.subject in OF_REGISTERS:
            return keys
        return set(requirement.asked_of().filter(pk__in=keys).values_list("pk", flat=True))

    def of(self, sampled):
        """The fields of each paper of a record, those of the deciding row first."""
        papers = [
            {
                "name": str(requirement),
                "proves": proves,
                "about": words,
                "subject": subject.value,
                "subject_key": key,
            }
            for subject, key, proves, words in self._subjects(sampled)
            for requirement, keys in self.requirements
            if requirement.subject == subject and key in keys
        ]
        return papers or [{"name": SOURCE, "proves": sampled.in_indicator}]

    def _subjects(self, sampled):
        """`(subject, key, dependency it proves, words)` of all that papers may be required of."""
        subjects = [
            (subject, key, f"{subject.value}:{key}", self._words(subject, key))
            for subject, key in sampled.subjects
        ]
        record = sampled.record
        if isinstance(record, Entity | Person):
            subjects.append((Subject.of(record), record.pk, sampled.in_register, ""))
        if status := self._status(sampled):
            # Without it the entity would fall out of this indicator only.
            subjects.append((Subject.STATUS, status.pk, sampled.in_indicator, str(status)))
        return subjects

    def _status(self, sampled):
        """The PS status that an indicator of PS counts by: the latest one in force that day."""
        if not sampled.indicator.composition.asks_for_status:
            return None
        record = sampled.record
        in_force = [
            status
            for status in self.statuses
            if status.entity_id == record.pk
            and status.valid_from <= record.counted_on <= (status.valid_until or date.max)
        ]
        return in_force[-1] if in_force else None

    def _words(self, subject, key):
        kind = KIND_OF_SUBJECT[subject]
        instance = self.rows.get(kind, key)
        code = instance.printed_number if kind is SERVICE else kind.code_of(instance)
        return kind.words.format(code)


def evidence_of(record):
    """`{key of a paper: files of it that the program holds}`: two queries."""
    documents = list(record.documents.all())
    subjects = [
        Q(**{document.subject: document.subject_key}) for document in documents if document.subject
    ]
    held = record.control.project.evidence.holding().select_related("project")
    files = list(held.filter(reduce(or_, subjects)).order_by("pk")) if subjects else []
    return {
        document.pk: [file for file in files if document.is_met_by(file)] for document in documents
    }
