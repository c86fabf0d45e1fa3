"""The indicators that an entity counts in and since when, and why it does not in the others."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef
from django.utils import timezone

from entities.models import Entity, Person
from indicators.counting.decisions import decisions
from indicators.counting.engine import Indicator
from indicators.counting.scope import Scope
from indicators.counting.store import kept
from indicators.records.explanations import RemedyLinks, explain
from owes.periods import Period
from support.models import Attendance, Project


def indicators_of(model, scope):
    """The indicators whose records are of the model, in the order of the contract."""
    return [indicator for indicator in scope.indicators if indicator.model is model]


class CountedEntities:
    """Every entity of the register on a day; one query for each indicator of entities."""

    def __init__(self, scope, on):
        self.scope, self.on = scope, on
        self.period = Period(min(scope.period.start, on), on)
        self.indicators = indicators_of(Entity, scope)

    @cached_property
    def counted(self):
        """`{code: {key of the entity: day it counts from}}`."""
        return {
            indicator.code: dict(
                indicator.counted(self.scope, self.period)
                .order_by()
                .values_list("pk", "counted_on")
            )
            for indicator in self.indicators
        }

    @cached_property
    def counted_somewhere(self):
        return {key for days in self.counted.values() for key in days}

    @cached_property
    def near(self):
        """Keys of those that count nowhere and are one mendable reason away from counting."""
        nearest = set()
        for indicator in self.indicators:
            near = indicator.nearest(self.scope, kept(self.scope, indicator).bare())
            nearest |= {judgement.candidate for judgement in near}
        return nearest - self.counted_somewhere

    def of(self, entity):
        """`(indicator, day)` of each the entity counts in."""
        return [
            (indicator, self.counted[indicator.code][entity.pk])
            for indicator in self.indicators
            if entity.pk in self.counted[indicator.code]
        ]


@dataclass(frozen=True)
class EntityIndicator:
    """The entity in one indicator: the day it counts from and what decided, or why it does not."""

    indicator: Indicator
    counted_on: date | None = None
    decision: object = None
    explained: object = None
    is_candidate: bool = True
    is_near: bool = False  # one reason, which can be mended


@dataclass(frozen=True)
class Representative:
    """Somebody who came for the entity.

    Counted since a day, maybe for another entity (else None); or not counted, and why.
    """

    person: Person
    counted_on: date | None
    other_entity: object
    explained: object


@dataclass(frozen=True)
class EntityInProject:
    """An entity in one project."""

    project: Project
    counted: list
    others: list
    representatives: list

    @classmethod
    def of(cls, entity, project, user):
        """A fixed number of queries for each indicator that the entity is a candidate of."""
        scope = Scope.of(project, timezone.localdate())
        lines = [
            line
            for indicator in indicators_of(Entity, scope)
            if (line := _line(indicator, scope, entity, user))
        ]
        return cls(
            project=project,
            counted=[line for line in lines if line.counted_on],
            others=[line for line in lines if line.explained],
            representatives=[
                representative
                for indicator in indicators_of(Person, scope)
                for representative in _representatives(indicator, scope, entity, user)
            ],
        )

    @property
    def counted_people(self):
        """Those counted for this entity; each person counts for one."""
        return [
            representative
            for representative in self.representatives
            if representative.counted_on and not representative.other_entity
        ]


def _line(indicator, scope, entity, user):
    """The entity in the indicator; None when it is no candidate and nothing can make it one."""
    record = indicator.assessed(scope).filter(pk=entity.pk).first()
    if record is None:
        return _not_a_candidate(indicator, scope, entity, user)
    if record.failed == 0 and record.counted_on:
        decision = decisions(indicator, scope, [entity.pk])[entity.pk]
        return EntityIndicator(indicator, record.counted_on, decision)
    explanation = explain(indicator, scope, [entity.pk], scope.period, user)[entity.pk]
    is_near = bool(indicator.nearest(scope, [record]))
    return EntityIndicator(indicator, explained=explanation, is_near=is_near)


def _not_a_candidate(indicator, scope, entity, user):
    """What would make it a candidate, where its first row would: an adoption, for example."""
    step = indicator.counting_source.steps(scope)[0]
    if step.remedy is None or step.remedy.target != "new_adoption":
        return None
    if not indicator.composition.may_count(entity):
        return None
    explanation = RemedyLinks.of(scope.project, user).first_step(entity, step)
    return EntityIndicator(indicator, explained=explanation, is_candidate=False)


def _representatives(indicator, scope, entity, user):
    came = Attendance.objects.present().filter(
        person=OuterRef("pk"), entity=entity, session__service__project=scope.project
    )
    order = "sort_key" if user.has_perm("entities.see_names") else "code"
    people = list(indicator.assessed(scope).filter(Exists(came)).order_by(order))
    counted = [person.pk for person in people if person.failed == 0 and person.counted_on]
    others = [person.pk for person in people if person.pk not in counted]
    explanations = explain(indicator, scope, others, scope.period, user)
    decided = decisions(indicator, scope, counted)
    return [
        Representative(
            person=person,
            counted_on=person.counted_on if person.pk in decided else None,
            other_entity=_other_entity(decided.get(person.pk), entity),
            explained=explanations.get(person.pk),
        )
        for person in people
    ]


def _other_entity(decision, entity):
    return decision.entity if decision and decision.entity != entity else None
