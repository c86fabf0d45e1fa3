"""Earlier trainings whose people may come again to a similar one."""

from django.db.models import Case, Exists, OuterRef, Q, When

from support.models import Attendance, Service, ServiceAdviser, ServiceTheme, ServiceType
from support.roster.lists import TAKING_PART


def trainings_before(service, *, day=None, adviser=None, activity=None, themes=()):
    """Trainings of the project with people, the likeliest first.

    Those that the adviser led come first, then those of the activity, then those of a theme; of
    each the latest first. With a `day` only those that began before it.
    """
    led = ServiceAdviser.objects.filter(service=OuterRef("pk"), staff_member=adviser)
    about = ServiceTheme.objects.filter(service=OuterRef("pk"), theme__in=themes)
    similar = [Exists(led), Q(activity=activity) if activity else Q(pk=None), Exists(about)]
    likeness = Case(*[When(condition, then=rank) for rank, condition in enumerate(similar)])
    attended = Attendance.objects.filter(session__service=OuterRef("pk"), state__in=TAKING_PART)
    trainings = (
        service.project.services.exclude(pk=service.pk)
        .exclude(state=Service.State.CANCELLED)
        .filter(Exists(attended), type__hour_kind=ServiceType.HourKind.DIDACTIC)
        .with_dates()
        .annotate(likeness=likeness)
        .exclude(likeness=None)
    )
    if day:
        trainings = trainings.filter(first_day__lt=day)
    return trainings.order_by("likeness", "-last_day", "-pk")
