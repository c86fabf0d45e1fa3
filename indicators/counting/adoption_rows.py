"""Rows of adoptions: those that followed a service, and those that need none."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from entities.models import Entity
from indicators.counting.conditions import APPROVED, PRESENT, is_recipient, is_registered
from indicators.counting.sources import Condition, CountingSource, Remedy, Rows
from support.models import Adoption, Attendance

if TYPE_CHECKING:
    from indicators.counting.scope import Scope


def adoptions(kind: str) -> Callable[[Scope], QuerySet]:
    """Each adoption of the kind with each service linked to it and each session of that."""

    def rows(scope):
        service = "service_links__service"
        return Adoption.objects.filter(project=scope.project, kind=kind).annotate(
            service=F(service),
            service_code=F(f"{service}__code"),
            service_state=F(f"{service}__state"),
            service_type=F(f"{service}__type"),
            session=F(f"{service}__sessions"),
            start=F(f"{service}__sessions__starts_at"),
            served_on=F(f"{service}__sessions__day"),
        )

    return rows


def adoption_steps(scope: Scope) -> list[Condition]:
    mend = Remedy("Wskaż właściwą usługę", "adoption")
    someone_present = Exists(
        Attendance.objects.filter(
            session=OuterRef("session"), entity=OuterRef("entity"), state=PRESENT
        )
    )
    return [
        Condition(
            "no_adoption",
            Q(pk__isnull=False),
            "Brak wdrożenia.",
            Remedy("Dodaj wdrożenie", "new_adoption"),
        ),
        Condition(
            "outside_period",
            Q(day__range=scope.days),
            "Data wdrożenia jest poza okresem projektu.",
        ),
        Condition(
            "no_linked_service",
            Q(service__isnull=False),
            "Wdrożenie nie łączy się z żadną usługą.",
            Remedy("Połącz z usługą", "adoption"),
        ),
        Condition(
            "not_recipient",
            Q(is_recipient("service", "entity")),
            "Odbiorcą połączonej usługi jest inny podmiot.",
            mend,
        ),
        Condition(
            "not_approved",
            Q(service_state=APPROVED),
            "Połączona usługa nie jest zatwierdzona.",
            mend,
        ),
        Condition(
            "not_support_type",
            Q(service_type__in=scope.support_types),
            "Połączona usługa nie jest wsparciem (informacja, promocja).",
        ),
        Condition(
            "not_supported",
            Q(served_on__range=scope.days)
            & (Q(service_type__in=scope.unattended_types) | Q(someone_present))
            & is_registered("served_on", "entity__"),
            "Połączona usługa nie dała podmiotowi dnia wsparcia: nikt nie był obecny albo termin "
            "jest poza okresem projektu lub życia podmiotu.",
            Remedy("Uzupełnij obecność", "service"),
        ),
        Condition(
            "before_service",
            Q(served_on__lte=F("day")),
            "Wdrożenie jest wcześniejsze niż połączona usługa.",
        ),
    ]


def adoption_source(kind: str) -> CountingSource:
    return CountingSource(
        rows=(Rows(adoptions(kind), "entity"),),
        row_steps=adoption_steps,
        order=("day", "served_on", "start", "code", "service_code"),
        details={
            "adoption": "pk",
            "adoption_code": "code",
            "service": "service",
            "start": "start",
            "entity": "entity",
            "powiat": "entity__seat__powiat__name",
        },
    )


def dated_adoptions(kind: str) -> Callable[[Scope], QuerySet]:
    """Each adoption of the kind, whatever service is linked to it."""
    return lambda scope: Adoption.objects.filter(project=scope.project, kind=kind)


def dated_steps(scope: Scope) -> list[Condition]:
    return [
        Condition(
            "no_record_of_kind",
            Q(pk__isnull=False),
            "Nie zapisano tego dla podmiotu.",
            Remedy("Dodaj zapis", "new_adoption"),
        ),
        Condition(
            "recorded_outside_period",
            Q(day__range=scope.days),
            "Data zapisu jest poza okresem projektu.",
        ),
        Condition(
            "recorded_outside_life",
            is_registered("day", "entity__"),
            "W dniu zapisu podmiot jeszcze nie był zarejestrowany albo był już wykreślony.",
        ),
    ]


def dated_source(kind: str) -> CountingSource:
    return CountingSource(
        rows=(Rows(dated_adoptions(kind), "entity"),),
        row_steps=dated_steps,
        order=("day", "code"),
        details={
            "adoption": "pk",
            "adoption_code": "code",
            "entity": "entity",
            "powiat": "entity__seat__powiat__name",
        },
    )


def entities_with_adoption(kind: str) -> Callable[[Scope], QuerySet]:
    def candidates(scope):
        rows = Adoption.objects.filter(project=scope.project, kind=kind, entity=OuterRef("pk"))
        return Entity.objects.filter(Exists(rows))

    return candidates
