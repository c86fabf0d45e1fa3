"""Whose data of a project may go, as the day until which documents are kept has passed.

A plan is a dry run: it writes nothing. Approving it decides about everybody in it at once.
"""

import hashlib
import json
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from entities.models import Person
from owes.formatting import day
from owes.models import Anonymisation, Tombstone, User
from owes.privacy.deciding import order_all, words_of
from owes.privacy.keeping import kept_of
from support.models import Project, StaffMember
from support.retention.keeping import parts

CHANGED = "Lista zmieniła się od jej otwarcia. Przejrzyj ją jeszcze raz."
NOBODY = "Nie ma nikogo, czyje dane można usunąć."
WAITING = "Anonimizacja czeka na drugą osobę albo jest w toku."


@dataclass(frozen=True)
class Candidate:
    """A record of the project in words without personal data, and why it stays; empty: it goes."""

    model: str
    key: int
    words: str
    reasons: list[str]


@dataclass(frozen=True)
class RetentionPlan:
    """`done` is the number of those anonymised before."""

    project: object
    on: object
    due: list[Candidate]
    kept: list[Candidate]
    done: int

    @property
    def fingerprint(self):
        """Says which list somebody approves."""
        told = json.dumps([(each.model, each.key) for each in self.due])
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def basis(self):
        until = self.project.documents_kept_until
        return f"{self.project}: dokumenty przechowywano do {day(until)}."


def people_of(candidates):
    """The keys of the participants among them."""
    return [each.key for each in candidates if each.model == Person._meta.label_lower]


def plan_of(project, on):
    """The plan for a day; the number of queries does not grow with the people."""
    found, done = [], 0
    for model in (Person, StaffMember, User):
        keys = {key for key, _ in parts(model, project=project)}
        if model is User:  # an account of somebody of the staff goes with them
            keys -= set(StaffMember.objects.filter(user__in=keys).values_list("user", flat=True))
        label = model._meta.label_lower
        graves = Tombstone.objects.filter(model=label, record__in=keys, is_anonymised=True)
        gone = set(graves.values_list("record", flat=True))
        found += _candidates(model, keys - gone, on)
        done += len(gone)
    due = [each for each in found if not each.reasons]
    return RetentionPlan(project, on, due, [each for each in found if each.reasons], done)


def _candidates(model, keys, on):
    label = model._meta.label_lower
    kept = kept_of(model, keys, on)
    open_ones = Anonymisation.objects.open().filter(model=label, record__in=keys)
    waiting = set(open_ones.values_list("record", flat=True))
    return [
        Candidate(
            label,
            key,
            words,
            [*(each.sentence for each in kept.get(key, [])), *[WAITING] * (key in waiting)],
        )
        for key, words in words_of(model, keys).items()
    ]


@transaction.atomic
def approve(project, on, fingerprint, by):
    """Orders one work that anonymises all of the plan; each is judged again when its turn comes.

    Raises `ValidationError` when the list is another than the one that was looked at.
    """
    Project.objects.select_for_update().get(pk=project.pk)  # of two who approve one finds nobody
    plan = plan_of(project, on)
    if fingerprint != plan.fingerprint:
        raise ValidationError(CHANGED)
    if not plan.due:
        raise ValidationError(NOBODY)
    rows = Anonymisation.objects.bulk_create(
        Anonymisation(
            model=each.model,
            record=each.key,
            words=each.words,
            basis=plan.basis,
            proposed_by=by,
        )
        for each in plan.due
    )
    return order_all(rows, by)
