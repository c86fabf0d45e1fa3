"""The conditions of candidates, and the conditions that several kinds of rows share.

The order of conditions and steps is that of the agreed rules: the first step at which nothing is
left is the reason shown for a record that is not counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q

from entities.models import LegalForm, LocalGovernment, SocialEnterpriseStatus
from indicators.counting.sources import Condition, Remedy
from support.models import Attendance, Recipient, Service

if TYPE_CHECKING:
    from indicators.counting.scope import Scope

APPROVED = Service.State.APPROVED
PRESENT = Attendance.State.PRESENT


# Conditions shared by several indicators


def pes_in_area(scope: Scope, entity: str = "") -> list[Condition]:
    """Of a PES form, with a seat, in the area. `entity` is the way to the entity, `"entity__"`."""
    in_area = Q(**{f"{entity}seat__powiat__in": scope.area})
    return [
        Condition(
            "not_pes_form",
            Q(**{f"{entity}legal_form__in": LegalForm.pes()}),
            "Forma prawna nie jest formą PES.",
        ),
        Condition(
            "no_gmina",
            Q(**{f"{entity}seat__isnull": False}),
            "Nie podano gminy siedziby.",
            Remedy("Uzupełnij gminę", "candidate"),
        ),
        Condition(
            "out_of_area",
            Q(**{f"{entity}seat": None}) | in_area,
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


def status_on_first_day() -> Q:
    statuses = SocialEnterpriseStatus.objects.valid(OuterRef("counted_on"))
    return Q(Exists(statuses.filter(entity=OuterRef("pk"))))


def not_yet_ps(scope: Scope) -> list[Condition]:
    """Nothing where the PS are read as a part of the PES."""
    if scope.reading.ps_within_pes:
        return []
    return [
        Condition(
            "counted_as_ps",
            ~status_on_first_day(),
            f"W {scope.reading.support_day} miał status PS, więc należy do wskaźnika PS.",
        )
    ]


def already_ps(scope: Scope) -> Condition:
    return Condition(
        "counted_as_pes",
        Q(counted_on=None) | status_on_first_day(),
        f"W {scope.reading.support_day} nie miał statusu PS.",
    )


def new_entity_conditions(scope: Scope) -> list[Condition]:
    return [
        *pes_in_area(scope),
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


def local_government_conditions(scope: Scope) -> list[Condition]:
    voivodeship = Q(level=LocalGovernment.Level.VOIVODESHIP)
    return [
        Condition("voivodeship", ~voivodeship, "Województwo nie liczy się we wskaźniku."),
        Condition(
            "out_of_area",
            voivodeship | Q(powiat__in=scope.area),
            "Samorząd jest poza obszarem projektu.",
        ),
    ]
