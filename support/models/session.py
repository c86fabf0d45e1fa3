"""Sessions of services, their terms and the sums of hours."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CharField, Exists, F, OuterRef, Q, Sum, Value
from django.db.models.functions import Cast, Concat

from owes.history import History
from support.models.dictionaries import ServiceType
from support.models.service_links import Recipient, ServiceAdviser
from support.models.states import ServiceState

WARSAW = ZoneInfo("Europe/Warsaw")
LONGEST_NIGHT = timedelta(hours=12)
ON_LISTS = Q(service__type__hour_kind=ServiceType.HourKind.DIDACTIC) | Q(
    service__type__is_open_event=True
)


def _length(delta):
    hours, minutes = divmod(round(delta.total_seconds() / 60), 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes))


def local_moment(day, clock):
    """The instant of a clock time in Warsaw; the first one where the hour comes twice."""
    moment = datetime.combine(day, clock, tzinfo=WARSAW).astimezone(UTC)
    if moment.astimezone(WARSAW).replace(tzinfo=None) != datetime.combine(day, clock):
        raise ValidationError(
            f"Dnia {day:%d.%m.%Y} nie było godziny {clock:%H:%M}: przesunięto zegary.",
            code="bad_time",
        )
    return moment


def term_between(day, start, end, break_minutes=0):
    """`(starts_at, ends_at, minutes)` of a term that begins on the day; minutes are net.

    An end earlier than the start is on the next day, at most twelve hours later. The length is
    the difference of the two instants: a night of the clock change is an hour shorter or longer.
    Raises `ValidationError` with a dict keyed by `start`, `end`, `break_minutes`.
    """
    instants = {}
    for key, clock, on in (
        ("start", start, day),
        ("end", end, day if end > start else day + timedelta(days=1)),
    ):
        try:
            instants[key] = local_moment(on, clock)
        except ValidationError as error:
            raise ValidationError({key: error}) from None
    length = instants["end"] - instants["start"]
    if end == start:
        message = "Koniec jest taki sam jak początek."
        raise ValidationError({"end": ValidationError(message, code="end_before_start")})
    if end < start and length > LONGEST_NIGHT:
        message = f"Koniec o {end:%H:%M} dałby {_length(length)}. Najdłuższy termin to 12 h."
        raise ValidationError({"end": ValidationError(message, code="end_before_start")})
    minutes = int(length.total_seconds()) // 60
    if not 0 <= break_minutes < minutes:
        message = "Przerwa musi być krótsza niż termin i nie może być ujemna."
        raise ValidationError({"break_minutes": ValidationError(message, code="bad_number")})
    return instants["start"], instants["end"], minutes - break_minutes


class SessionQuerySet(models.QuerySet):
    """The sets of sessions that hours are summed over: on screens, on paper, in indicators."""

    def since(self, day):
        """On the day or later; None is no bound."""
        return self.filter(day__gte=day) if day else self

    def until(self, day):
        return self.filter(day__lte=day) if day else self

    def between(self, period):
        return self.since(period.start).until(period.end)

    def inside(self, project, period):
        """Of the project, on days that are both in the period and in the project's."""
        return self.filter(service__project=project).between(project.period).between(period)

    def counted_in(self, project, period):
        """Sessions that make up the hours of a project, each once: of approved services."""
        return self.inside(project, period).filter(service__state=ServiceState.APPROVED)

    def left_out(self, project, period):
        """Sessions that would be in the hours if their services were approved."""
        return (
            self.inside(project, period).standing().exclude(service__state=ServiceState.APPROVED)
        )

    def standing(self):
        """Of services that are not cancelled."""
        return self.exclude(service__state=ServiceState.CANCELLED)

    def held_by(self, now):
        return self.filter(ends_at__lte=now)

    def led_by(self, staff_member):
        links = ServiceAdviser.objects.filter(service=OuterRef("service"))
        return self.filter(Exists(links.filter(staff_member=staff_member)))

    def received_by(self, entity):
        links = Recipient.objects.filter(service=OuterRef("service"), entity=entity)
        return self.filter(Exists(links))

    def on_lists(self):
        """Sessions proved by an attendance list: trainings and open events. Others have cards."""
        return self.filter(ON_LISTS)

    def on_cards(self):
        return self.exclude(ON_LISTS)

    def search(self, text):
        """Of services that the text finds."""
        services = self.model._meta.get_field("service").related_model.objects
        return self.filter(service__in=services.search(text))

    def coded(self):
        """With `code`, the service's and the day, and with the service's `sort_key`."""
        day = Cast("day", CharField(max_length=10))
        return self.select_related("service__project").annotate(
            code=Concat("service__code", Value(" "), day), sort_key=F("service__sort_key")
        )

    def minutes(self):
        return self.aggregate(total=Sum("minutes"))["total"] or 0


class Session(models.Model):
    """One meeting (termin) of a service; the whole of it belongs to its local start date.

    `day` is that date, stored because every date rule asks for it; `minutes` are net of the break.
    A service has one session on a date, as in the workbook.
    """

    KEY, VALUES = ("service_id", "day"), ("starts_at", "ends_at", "break_minutes", "minutes")

    service = models.ForeignKey(
        "support.Service", models.CASCADE, related_name="sessions", verbose_name="usługa"
    )
    day = models.DateField("dzień", db_index=True)
    starts_at = models.DateTimeField("od")
    ends_at = models.DateTimeField("do")
    break_minutes = models.PositiveSmallIntegerField("przerwa (min)", default=0)
    minutes = models.PositiveIntegerField("czas netto (min)")

    objects = SessionQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "termin"
        verbose_name_plural = "terminy"
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "day"],
                name="session_once_a_day",
                violation_error_message="Usługa ma już termin tego dnia.",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_ends_after_start",
                violation_error_message="Koniec terminu musi być późniejszy niż początek.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gt=0),
                name="session_has_minutes",
                violation_error_message="Termin po odjęciu przerwy musi trwać choć minutę.",
            ),
        ]

    def __str__(self):
        return f"{self.day:%d.%m.%Y} {self.start:%H:%M}–{self.end:%H:%M}"

    def save(self, *args, **kwargs):
        """Attendances have a copy of the day, which is changed in the same transaction."""
        super().save(*args, **kwargs)
        for attendance in self.attendances.exclude(day=self.day):
            attendance.day = self.day
            attendance.save(update_fields=["day"])

    def get_absolute_url(self):
        """It stands on the page of its service."""
        return self.service.get_absolute_url()

    @property
    def start(self):
        return self.starts_at.astimezone(WARSAW).time()

    @property
    def end(self):
        return self.ends_at.astimezone(WARSAW).time()

    def set_term(self, day, start, end, break_minutes=0):
        """Sets every column from what people type; raises as `term_between` does."""
        self.starts_at, self.ends_at, self.minutes = term_between(day, start, end, break_minutes)
        self.day, self.break_minutes = day, break_minutes
