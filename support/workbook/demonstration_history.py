"""The history of the demonstration on the days of its records, not on that of the loading.

A closed report names what was changed since its closing, so what is older must be dated so.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import DateField, DateTimeField, F, Model, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from entities.models import (
    Entity,
    EntityActivity,
    Person,
    Representation,
    SocialEnterpriseStatus,
)
from support.models import (
    Adoption,
    AdoptionService,
    Attendance,
    Declaration,
    Enrolment,
    Partnership,
    PartnershipEntity,
    Project,
    Recipient,
    Service,
    ServiceAdviser,
    ServiceTheme,
    Session,
    StaffMember,
    StaffTraining,
)

AT = timedelta(hours=14)


def date_history(project: Project, since: datetime) -> None:
    """Dates what was written since: a query for each kind of record."""
    start = Value(project.starts_on, output_field=DateField())
    for model, day in _days().items():
        rows = model.history.filter(history_date__gte=since)  # type: ignore[attr-defined]
        rows.update(history_date=_moment(day, start))
        # What is planned ahead was entered before the loading.
        model.history.filter(history_date__gt=since).update(  # type: ignore[attr-defined]
            history_date=since
        )
    # The page of a service prints when it was entered and when its state changed.
    for services, key in ((Service.objects, "pk"), (Service.history, "id")):
        for name in ("created_at", "state_at"):
            rows = services.filter(**{f"{name}__gte": since})
            rows.update(**{name: _moment(_last_day(key), start)})
            services.filter(**{f"{name}__gt": since}).update(**{name: since})


def _moment(day: Any, start: Value) -> Any:
    return Cast(Coalesce(day, start), DateTimeField()) + Value(AT)


def _days() -> dict[type[Model], Any]:
    """The day each kind of record was entered; of registers, that of the project's beginning."""
    registers = [Entity, EntityActivity, Person, Representation, SocialEnterpriseStatus]
    registers += [StaffMember, Project, AdoptionService, PartnershipEntity]
    of_service = [Recipient, ServiceAdviser, ServiceTheme]
    return {
        **dict.fromkeys(registers, Value(None, output_field=DateField())),
        **dict.fromkeys([Session, Attendance, Partnership, Adoption], F("day")),
        **dict.fromkeys(of_service, _last_day("service_id")),
        Service: _last_day("id"),
        Declaration: F("signed_on"),
        Enrolment: F("joined_on"),
        StaffTraining: F("starts_on"),
    }


def _last_day(service: str) -> Subquery:
    sessions = Session.objects.filter(service=OuterRef(service)).order_by("-day")
    return Subquery(sessions.values("day")[:1])
