"""Rows of acts of cooperation, for local governments, and of trainings, for staff."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from entities.models import LocalGovernment
from indicators.counting.sources import Condition
from support.models import Partnership, StaffMember, StaffTraining

if TYPE_CHECKING:
    from indicators.counting.scope import Scope


def partnerships(scope: Scope) -> QuerySet:
    return Partnership.objects.filter(project=scope.project)


def with_partnership(scope: Scope) -> QuerySet:
    rows = partnerships(scope).filter(local_government=OuterRef("pk"))
    return LocalGovernment.objects.filter(Exists(rows))


def trainings(scope: Scope) -> QuerySet:
    rows = StaffTraining.objects.filter(project=scope.project)
    return rows.annotate(day=Coalesce("ends_on", "starts_on"))


def with_training(scope: Scope) -> QuerySet:
    rows = StaffTraining.objects.filter(project=scope.project, staff_member=OuterRef("pk"))
    return StaffMember.objects.filter(Exists(rows))


def inside_period(sentence: str) -> Callable[[Scope], list[Condition]]:
    return lambda scope: [Condition("outside_period", Q(day__range=scope.days), sentence)]
