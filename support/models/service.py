from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Subquery, Sum
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from entities.models import Entity
from owes.models import Searchable, SearchableQuerySet, Sequence
from support.models.attendance import Attendance
from support.models.project import Activity, Project, ServiceType, Theme
from support.models.session import Session
from support.models.staff import StaffMember


class ServiceQuerySet(SearchableQuerySet):
    def with_dates(self):
        """Adds `first_day`, `last_day`, `session_count`, `total_minutes` of all its sessions."""
        sessions = Session.objects.filter(service=OuterRef("pk")).order_by().values("service")

        def one(aggregate):
            return Subquery(sessions.annotate(value=aggregate).values("value"))

        return self.annotate(
            first_day=one(Min("day")),
            last_day=one(Max("day")),
            session_count=one(Count("pk")),
            total_minutes=one(Sum("minutes")),
        )

    def led_or_made_by(self, user):
        """What is a user's own: entered by them, or with them as an adviser."""
        advised = ServiceAdviser.objects.filter(
            service=OuterRef("pk"), staff_member__user=user
        )
        return self.filter(Q(created_by=user) | Exists(advised))

    def waiting(self):
        return self.filter(state=Service.State.SUBMITTED)


class Service(Searchable):
    """One service (usługa): advice, training, meeting, given to recipients at its sessions.

    `code` is its permanent name: the Nr of the workbook, or `N/<year>/<n>` of a service made in
    the program. `number` is given on the first approval in the program, gapless per project and
    year of the first session, and stays whatever happens later; an imported service has none.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "szkic"
        SUBMITTED = "submitted", "złożona"
        RETURNED = "returned", "zwrócona"
        APPROVED = "approved", "zatwierdzona"
        CANCELLED = "cancelled", "anulowana"

    class Mode(models.TextChoices):
        ON_SITE = "on_site", "stacjonarnie"
        ONLINE = "online", "online"
        PHONE = "phone", "telefonicznie"
        EMAIL = "email", "e-mail"
        HYBRID = "hybrid", "hybrydowo"

    EDITABLE = (State.DRAFT, State.RETURNED)

    search_fields = ("code", "topic", "place", "number")
    sort_field = "topic"

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="services", verbose_name="projekt"
    )
    code = models.CharField("nr", max_length=30)
    number = models.CharField("numer", max_length=30, blank=True, editable=False)
    type = models.ForeignKey(
        ServiceType, models.PROTECT, related_name="services", verbose_name="rodzaj"
    )
    topic = models.CharField("temat", max_length=300)
    activity = models.ForeignKey(
        Activity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
        verbose_name="działanie",
    )
    mode = models.CharField("tryb", max_length=10, choices=Mode, blank=True)
    place = models.CharField("miejsce", max_length=200, blank=True)
    description = models.TextField("przebieg", blank=True)
    outcome = models.TextField("ustalenia i efekt", blank=True)
    next_steps = models.TextField("dalsze kroki", blank=True)
    head_count = models.PositiveIntegerField(
        "liczba osób",
        null=True,
        blank=True,
        help_text="Ilu mieszkańców przyszło na wydarzenie otwarte.",
    )
    signed_on = models.DateField(
        "karta podpisana", null=True, blank=True, help_text="Dzień, w którym wróciła podpisana."
    )
    state = models.CharField("stan", max_length=10, choices=State, default=State.DRAFT)
    state_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="kto zmienił stan",
    )
    state_at = models.DateTimeField("kiedy zmieniono stan", null=True, blank=True)
    state_reason = models.CharField("powód zmiany stanu", max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="created_services",
        verbose_name="kto zapisał",
    )
    created_at = models.DateTimeField("zapisano", default=timezone.now, editable=False)
    recipients = models.ManyToManyField(
        Entity, through="Recipient", related_name="services", verbose_name="odbiorcy"
    )
    advisers = models.ManyToManyField(
        StaffMember, through="ServiceAdviser", related_name="services", verbose_name="prowadzący"
    )
    themes = models.ManyToManyField(
        Theme, through="ServiceTheme", related_name="services", verbose_name="zagadnienia"
    )

    objects = ServiceQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_text", "sort_key"])

    class Meta:
        verbose_name = "usługa"
        verbose_name_plural = "usługi"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["project", "state"], name="service_project_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "code"],
                name="service_code_once",
                violation_error_message="Usługa o tym numerze już jest w projekcie.",
            ),
            models.UniqueConstraint(
                fields=["project", "number"],
                condition=~Q(number=""),
                name="service_number_once",
                violation_error_message="Ten numer ma już inna usługa.",
            ),
        ]

    def __str__(self):
        return f"{self.printed_number} {self.topic}"

    def get_absolute_url(self):
        return reverse("support:service_detail", args=[self.project.slug, self.pk])

    @property
    def printed_number(self):
        """What documents call it: the number of the program, else the Nr of the workbook."""
        return self.number or self.code

    @property
    def is_editable(self):
        return self.state in self.EDITABLE

    @classmethod
    def new_code(cls, project, year):
        number = Sequence.next(f"service-code {project.slug} {year}")
        return f"N/{year}/{number}"

    def obstacles(self, now=None):
        """What stands in the way of submitting, as sentences; empty when it may be submitted."""
        now = now or timezone.now()
        sessions = list(self.sessions.all())
        found = []
        if not sessions:
            found.append("Dodaj termin usługi.")
        elif max(session.ends_at for session in sessions) > now:
            found.append("Złożyć można po zakończeniu ostatniego terminu.")
        if not self.advisers.exists():
            found.append("Wskaż prowadzącego.")
        if self.type.is_open_event:
            return found
        if not self.recipients.exists():
            found.append("Wskaż odbiorcę usługi.")
        attendances = Attendance.objects.filter(session__service=self)
        if attendances.filter(state=Attendance.State.EXPECTED).exists():
            found.append("Zaznacz, kto był obecny: są jeszcze osoby tylko zapisane.")
        if self.type.needs_attendance and not attendances.present().exists():
            found.append("Dopisz osobę, która była obecna.")
        return found

    def _move(self, state, by, reason="", *, allowed):
        """Changes the state under a lock of the row, so that of two clicks one wins."""
        with transaction.atomic():
            current = type(self).objects.select_for_update().get(pk=self.pk)
            if current.state not in allowed:
                raise ValidationError(
                    f"Usługa {current.printed_number} jest teraz w stanie "
                    f"„{current.get_state_display()}”. Odśwież stronę."
                )
            self.state, self.state_by, self.state_reason = state, by, reason
            self.number = current.number
            self.state_at = timezone.now()
            if state == self.State.APPROVED and not self.number and self.code.startswith("N/"):
                self.number = self._next_number()
            self.save(
                update_fields=["state", "state_by", "state_at", "state_reason", "number"]
            )

    def _next_number(self):
        year = self.sessions.aggregate(first=Min("day"))["first"].year
        return f"{Sequence.next(f'service {self.project.slug} {year}')}/{year}"

    def submit(self, by):
        if found := self.obstacles():
            raise ValidationError(found)
        self._move(self.State.SUBMITTED, by, allowed=self.EDITABLE)

    def approve(self, by):
        if self.project.needs_two_people and self.is_own(by):
            raise ValidationError("Tę usługę zatwierdza inna osoba niż ta, która ją zapisała.")
        self._move(self.State.APPROVED, by, allowed=[self.State.SUBMITTED])

    def send_back(self, by, reason):
        self._move(self.State.RETURNED, by, reason, allowed=[self.State.SUBMITTED])

    def reopen(self, by, reason):
        """Takes an approval back: the service leaves every count at once."""
        self._move(
            self.State.RETURNED, by, reason, allowed=[self.State.APPROVED, self.State.CANCELLED]
        )

    def cancel(self, by, reason):
        self._move(
            self.State.CANCELLED,
            by,
            reason,
            allowed=[state for state in self.State if state != self.State.CANCELLED],
        )

    def is_own(self, user):
        """Made by the user, or with them as an adviser."""
        return self.created_by_id == user.pk or any(
            member.user_id == user.pk for member in self.advisers.all()
        )


class Recipient(models.Model):
    """An entity a service is for. Being listed is not being present: see `Attendance`."""

    service = models.ForeignKey(
        Service, models.CASCADE, related_name="recipient_links", verbose_name="usługa"
    )
    entity = models.ForeignKey(
        Entity, models.PROTECT, related_name="recipient_links", verbose_name="podmiot"
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "odbiorca usługi"
        verbose_name_plural = "odbiorcy usług"
        indexes = [models.Index(fields=["entity", "service"], name="recipient_entity_service")]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "entity"],
                name="recipient_once",
                violation_error_message="Ten podmiot jest już odbiorcą usługi.",
            )
        ]

    def __str__(self):
        return f"{self.service}, {self.entity}"


class ServiceAdviser(models.Model):
    """Who leads a service; the first by `position` is the one splits by adviser take."""

    service = models.ForeignKey(
        Service, models.CASCADE, related_name="adviser_links", verbose_name="usługa"
    )
    staff_member = models.ForeignKey(
        StaffMember, models.PROTECT, related_name="service_links", verbose_name="prowadzący"
    )
    position = models.PositiveSmallIntegerField("kolejność", default=0)

    history = HistoricalRecords()

    class Meta:
        verbose_name = "prowadzący usługę"
        verbose_name_plural = "prowadzący usługi"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "staff_member"],
                name="service_adviser_once",
                violation_error_message="Ta osoba już prowadzi tę usługę.",
            )
        ]

    def __str__(self):
        return f"{self.service}, {self.staff_member}"


class ServiceTheme(models.Model):
    """A theme a service is about."""

    service = models.ForeignKey(
        Service, models.CASCADE, related_name="theme_links", verbose_name="usługa"
    )
    theme = models.ForeignKey(
        Theme, models.PROTECT, related_name="service_links", verbose_name="zagadnienie"
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = "zagadnienie usługi"
        verbose_name_plural = "zagadnienia usług"
        constraints = [
            models.UniqueConstraint(
                fields=["service", "theme"],
                name="service_theme_once",
                violation_error_message="To zagadnienie jest już przypisane.",
            )
        ]

    def __str__(self):
        return f"{self.service}, {self.theme}"
