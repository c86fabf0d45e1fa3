"""Where entities stand in a project: what each counts in and since when, and why not elsewhere."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef
from django.utils import timezone

from entities.models import Entity, Person
from indicators.counting.decisions import decisions
from indicators.counting.definitions import INDICATORS
from indicators.counting.engine import Indicator
from indicators.records.explanations import RemedyLinks, explain
from indicators.scope import Scope
from owes.periods import Period
from support.models import Attendance, Project


def indicators_of(model, scope):
    """The indicators whose records are of the model, in the order of the contract."""
    return [one for one in INDICATORS.values() if one.candidates(scope).model is model]


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
        return {key for keys in self.counted.values() for key in keys}

    @cached_property
    def near(self):
        """Those that count nowhere and are one mendable reason away from it."""
        rest = Entity.objects.exclude(pk__in=self.counted_somewhere).order_by()
        keys = list(rest.values_list("pk", flat=True))
        return {
            one.pk
            for indicator in self.indicators
            for one in indicator.near(
                self.scope,
                indicator.judgements(indicator.judged(self.scope).filter(pk__in=keys)),
            )
        }

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
    """Somebody who came for the entity: counted since a day, maybe for another entity; or not."""

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
        lines = [_line(one, scope, entity, user) for one in indicators_of(Entity, scope)]
        lines = [line for line in lines if line]
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
        return [one for one in self.representatives if one.counted_on and not one.other_entity]


def _line(indicator, scope, entity, user):
    """The entity in the indicator; None when it is no candidate and nothing can make it one."""
    record = indicator.judged(scope).filter(pk=entity.pk).first()
    if record is None:
        return _not_a_candidate(indicator, scope, entity, user)
    if record.missing == 0 and record.counted_on:
        decision = decisions(indicator, scope, [entity.pk])[entity.pk]
        return EntityIndicator(indicator, record.counted_on, decision)
    explained = explain(indicator, scope, [entity.pk], scope.period, user)
    is_near = bool(indicator.near(scope, [record]))
    return EntityIndicator(indicator, explained=explained[entity.pk], is_near=is_near)


def _not_a_candidate(indicator, scope, entity, user):
    """Where the first row of evidence would make it one: an adoption, say."""
    step = indicator.evidence.steps(scope)[0]
    if not entity.is_pes or step.remedy is None or step.remedy.target != "new_adoption":
        return None
    offer = RemedyLinks.of(scope.project, user).offer(entity, step)
    return EntityIndicator(indicator, explained=offer, is_candidate=False)


def _representatives(indicator, scope, entity, user):
    came = Attendance.objects.present().filter(
        person=OuterRef("pk"), entity=entity, session__service__project=scope.project
    )
    order = "sort_key" if user.has_perm("entities.see_names") else "code"
    people = list(indicator.judged(scope).filter(Exists(came)).order_by(order))
    counted = [one for one in people if one.missing == 0 and one.counted_on]
    others = [one.pk for one in people if one not in counted]
    reasons = explain(indicator, scope, others, scope.period, user)
    decided = decisions(indicator, scope, [one.pk for one in counted])
    return [
        Representative(
            person=person,
            counted_on=person.counted_on if person.pk in decided else None,
            other_entity=_other(decided.get(person.pk), entity),
            explained=reasons.get(person.pk),
        )
        for person in people
    ]


def _other(decision, entity):
    return decision.entity if decision and decision.entity != entity else None
