"""The conditions of candidates, and the conditions that several kinds of rows share.

The order of conditions and steps is that of the agreed rules: the first step at which nothing is
left is the reason shown for a record that is not counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q

from entities.models import LegalForm, LocalGovernment, SocialEnterpriseStatus
from entities.models.local_government import within
from indicators.counting.sources import Condition, Remedy
from support.models import Attendance, Recipient, Service

if TYPE_CHECKING:
    from indicators.counting.scope import Scope

APPROVED = Service.State.APPROVED
PRESENT = Attendance.State.PRESENT
WITHOUT_STATUS = "counted_as_pes"  # the reason of an entity that had to be a PS


# Conditions shared by several indicators


def of_pes_form() -> Condition:
    return Condition(
        "not_pes_form", Q(legal_form__in=LegalForm.pes()), "Forma prawna nie jest formą PES."
    )


NO_GMINA = Condition(
    "no_gmina",
    Q(seat__isnull=False),
    "Nie podano gminy siedziby.",
    Remedy("Uzupełnij gminę", "candidate"),
)


def seated_in_area(scope: Scope) -> list[Condition]:
    return [
        NO_GMINA,
        Condition(
            "out_of_area",
            Q(seat=None) | within(scope.area, "seat"),
            "Siedziba jest poza obszarem projektu.",
        ),
    ]


def counted_service(scope: Scope, service: str) -> list[Condition]:
    """Approved, of a type that is support, on a day of the project."""
    return [
        Condition(
            "not_approved",
            Q(**{f"{service}__state": APPROVED}),
            "Żadna usługa nie jest zatwierdzona.",
            Remedy("Otwórz usługę", "service"),
        ),
        Condition(
            "not_support_type",
            Q(**{f"{service}__type__in": scope.support_types}),
            "Zatwierdzone usługi nie są wsparciem (informacja, promocja).",
        ),
        Condition(
            "outside_period",
            Q(day__range=scope.days),
            "Terminy usług są poza okresem projektu.",
        ),
    ]


def is_recipient(service: str, entity: str) -> Exists:
    return Exists(Recipient.objects.filter(service=OuterRef(service), entity=OuterRef(entity)))


def is_registered(day: str, entity: str = "") -> Q:
    """The day is not before the registration nor after the strike-off; both days are good."""
    registered, struck_off = f"{entity}registered_on", f"{entity}struck_off_on"
    return (Q(**{registered: None}) | Q(**{f"{registered}__lte": F(day)})) & (
        Q(**{struck_off: None}) | Q(**{f"{struck_off}__gte": F(day)})
    )


# Conditions of candidates


def status_on_counted_day() -> Q:
    statuses = SocialEnterpriseStatus.objects.valid(OuterRef("counted_on"))
    return Q(Exists(statuses.filter(entity=OuterRef("pk"))))


def without_status(counted_day: str) -> Condition:
    """Of an entity without PS status on the day it counts from, as `counted_day` calls it."""
    return Condition(
        "counted_as_ps",
        ~status_on_counted_day(),
        f"W {counted_day} miał status PS, więc nie liczy się jako PES.",
    )


def with_status(counted_day: str) -> Condition:
    return Condition(
        WITHOUT_STATUS,
        Q(counted_on=None) | status_on_counted_day(),
        f"W {counted_day} nie miał statusu PS.",
    )


def registered_in_period(scope: Scope) -> list[Condition]:
    return [
        Condition(
            "not_registered",
            Q(registered_on__isnull=False),
            "Nie podano daty rejestracji.",
            Remedy("Uzupełnij datę rejestracji", "candidate"),
        ),
        Condition(
            "registered_outside_period",
            Q(registered_on=None) | Q(registered_on__range=scope.days),
            "Rejestracja jest poza okresem projektu.",
        ),
    ]


def local_government_in_area(scope: Scope) -> list[Condition]:
    voivodeship = Q(level=LocalGovernment.Level.VOIVODESHIP)
    return [
        Condition("voivodeship", ~voivodeship, "Województwo nie liczy się we wskaźniku."),
        Condition(
            "out_of_area",
            voivodeship | within(scope.area),
            "Samorząd jest poza obszarem projektu.",
        ),
    ]
