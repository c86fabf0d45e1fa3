"""Trainings whose people may come again: to a training like them, held later."""

from django.db.models import Case, Exists, OuterRef, Q, When

from support.models import Attendance, Service, ServiceAdviser, ServiceTheme, ServiceType
from support.roster.lists import CAME


def trainings_before(service, *, day=None, adviser=None, activity=None, themes=()):
    """Trainings of the project with people, the likeliest first.

    Those the adviser led, then those of the activity, then those of a theme; of each the latest
    first. With a `day` only those begun before it.
    """
    led = ServiceAdviser.objects.filter(service=OuterRef("pk"), staff_member=adviser)
    about = ServiceTheme.objects.filter(service=OuterRef("pk"), theme__in=themes)
    alike = [Exists(led), Q(activity=activity) if activity else Q(pk=None), Exists(about)]
    likeness = Case(*[When(one, then=rank) for rank, one in enumerate(alike)])
    came = Attendance.objects.filter(session__service=OuterRef("pk"), state__in=CAME)
    found = (
        service.project.services.exclude(pk=service.pk)
        .exclude(state=Service.State.CANCELLED)
        .filter(Exists(came), type__hour_kind=ServiceType.HourKind.DIDACTIC)
        .with_dates()
        .annotate(likeness=likeness)
        .exclude(likeness=None)
    )
    if day:
        found = found.filter(first_day__lt=day)
    return found.order_by("likeness", "-last_day", "-pk")
