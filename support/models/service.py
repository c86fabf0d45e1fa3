"""Services: their states and numbers."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Min, Q
from django.urls import reverse
from django.utils import timezone

from entities.models import Entity
from owes.free_text import FreeCharField, FreeTextField, PrintedCharField
from owes.history import History
from owes.models import Searchable, Sequence
from support.models.attendance import Attendance
from support.models.dictionaries import Activity, ServiceType, Theme
from support.models.double_financing import CODE as FINANCED_TWICE
from support.models.double_financing import financed_twice
from support.models.overlap import CODE as OVERLAP
from support.models.overlap import overlaps_of
from support.models.project import Project
from support.models.returns import Return
from support.models.service_links import Recipient
from support.models.service_queryset import ServiceQuerySet
from support.models.session import Session
from support.models.staff import StaffMember
from support.models.states import ServiceState
from support.models.submitting import submitting_facts


class Service(Searchable):
    """One service (usługa): advice, training, meeting, given to recipients at its sessions.

    `code` is its permanent name: the Nr of the workbook, or `N/<year>/<n>` of a service made in
    the program. `number` is given on the first approval in the program, gapless per project and
    year of the first session, and stays whatever happens later; an imported service has none.
    """

    State = ServiceState

    class Mode(models.TextChoices):
        ON_SITE = "on_site", "stacjonarnie"
        ONLINE = "online", "online"
        PHONE = "phone", "telefonicznie"
        EMAIL = "email", "e-mail"
        HYBRID = "hybrid", "hybrydowo"

    EDITABLE = (State.DRAFT, State.RETURNED)
    # What is edited together with a service, as `owes.versions` names it.
    PARTS = ("sessions", "sessions__attendances", "recipient_links", "adviser_links")
    PARTS += ("theme_links",)
    EXPLAINED = (State.RETURNED, State.CANCELLED)

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
    topic = PrintedCharField("temat", max_length=300)
    activity = models.ForeignKey(
        Activity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="services",
        verbose_name="działanie",
    )
    mode = models.CharField("tryb", max_length=10, choices=Mode, blank=True)
    place = FreeCharField("miejsce", max_length=200, blank=True, is_printed=True)
    description = FreeTextField("przebieg", blank=True)
    outcome = FreeTextField("ustalenia i efekt", blank=True)
    next_steps = FreeTextField("dalsze kroki", blank=True)
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
    state_reason = FreeCharField("powód zmiany stanu", max_length=500, blank=True)
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
        StaffMember, through="ServiceAdviser", related_name="services", verbose_name="kadra"
    )
    themes = models.ManyToManyField(
        Theme, through="ServiceTheme", related_name="services", verbose_name="zagadnienia"
    )

    objects = ServiceQuerySet.as_manager()
    history = History(excluded_fields=["search_text", "sort_key"])

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

    @staticmethod
    def check_signing(day, first_day):
        """Refuses a day of signing in the future or before the service."""
        if day and day > timezone.localdate():
            message = "Dzień podpisania karty jeszcze nie nadszedł."
            raise ValidationError(message, code="signed_on")
        if day and first_day and day < first_day:
            message = f"Karta nie mogła być podpisana przed usługą ({first_day:%d.%m.%Y})."
            raise ValidationError(message, code="signed_on")

    def check_signed(self, day):
        """As `check_signing`, with the sessions as they are saved."""
        if day:
            self.check_signing(day, self.sessions.aggregate(first=Min("day"))["first"])

    @property
    def printed_number(self):
        """What documents call it: the number of the program, else the Nr of the workbook."""
        return self.number or self.code

    @property
    def picked_as(self):
        """The text in a field that picks a service: topic, then the number."""
        return f"{self.topic} ({self.printed_number})"

    @property
    def heading(self):
        """Kind and topic: "Szkolenie: Media społecznościowe"."""
        kind = str(self.type)
        return f"{kind[:1].upper()}{kind[1:]}: {self.topic}"

    @property
    def is_editable(self):
        return self.state in self.EDITABLE

    @property
    def is_submitted(self):
        return self.state == self.State.SUBMITTED

    @property
    def is_approved(self):
        return self.state == self.State.APPROVED

    @property
    def is_cancelled(self):
        return self.state == self.State.CANCELLED

    @classmethod
    def new_code(cls, project, year):
        return cls.new_codes(project, year, 1)[0]

    @classmethod
    def new_codes(cls, project, year, count):
        numbers = Sequence.take(f"service-code {project.slug} {year}", count)
        return [f"N/{year}/{number}" for number in numbers]

    def obstacles(self, now=None):
        """Errors that keep the service from being submitted; empty when it may be.

        The code of each error names the part of the service it is about. A reopened service does
        not need what it was approved without: an import may hold less than the form asks for, and
        nobody is to invent what the papers do not say.
        """
        facts = submitting_facts(type(self).objects.filter(pk=self.pk))[self.pk]
        own = {name: getattr(self, name) for name in ("type", "mode", "place", "head_count")}
        has_left_rows = self.paste_batches.exclude(left="").exists()
        facts = facts._replace(**own, has_left_rows=has_left_rows)
        lacking = facts.obstacles(now or timezone.now())
        errors = [each.error for each in lacking if not self.was_approved_without(each.lacks)]
        return errors + self.overlaps()

    def was_approved_without(self, lacks):
        """Whether it was once approved and lacked the same then."""
        sessions = Session.history.filter(service=self).values("id")
        match lacks:
            case "where":
                return self._was_approved(mode="", place="")
            case "head_count":
                return self._was_approved(head_count=None)
            case "recipient":
                links = Recipient.history.filter(service=self)
            case "present":
                links = Attendance.history.filter(session__in=sessions)
            case _:
                return False
        return self._was_approved() and not links.exists()

    def _was_approved(self, **values):
        """Whether it was once approved with these values of its own columns."""
        return self.history.filter(state=self.State.APPROVED, **values).exists()

    def overlaps(self):
        """Errors that nobody has accepted.

        Sessions of its advisers at the same time (V03), or kept in another project too (V51).
        """
        accepted = set(self.accepted_warnings.values_list("code", "key"))
        found = [(OVERLAP, each) for each in overlaps_of([self.pk])]
        found += [(FINANCED_TWICE, each) for each in financed_twice([self.pk])]
        return [
            ValidationError(each.refusal, code="overlap")
            for code, each in found
            if (code, each.key) not in accepted
        ]

    def _move(self, state, by, reason="", *, allowed, is_unchanged=False):
        """Changes the state under a lock of the row, so that of two clicks one wins."""
        if state in self.EXPLAINED and not reason.strip():
            raise ValidationError("Podaj powód.", code="required")
        with transaction.atomic():
            current = type(self).objects.select_for_update().get(pk=self.pk)
            current.check_state(allowed)
            if state == self.State.SUBMITTED:
                returned = None if is_unchanged else current.last_return()
                if errors := current.obstacles() or (returned and returned.unanswered):
                    raise ValidationError(errors)
            if state == self.State.APPROVED and (errors := current.overlaps()):
                raise ValidationError(errors)
            self.state, self.state_by, self.state_reason = state, by, reason.strip()
            self.number = current.number
            self.state_at = timezone.now()
            if state == self.State.APPROVED and not self.number and self.code.startswith("N/"):
                first = self.sessions.aggregate(first=Min("day"))["first"]
                self.number = self.new_number(self.project, first.year)
            self.save(update_fields=["state", "state_by", "state_at", "state_reason", "number"])

    def check_state(self, allowed):
        """Raises when the state is another by now: somebody else acted, or the page is old."""
        if self.state not in allowed:
            raise ValidationError(
                f"Usługa {self.printed_number} jest teraz w stanie "
                f"„{self.get_state_display()}”. Odśwież stronę.",
                code="moved",
            )

    @staticmethod
    def new_number(project, year):
        """The next number of the services that were approved in the program."""
        return f"{Sequence.next(f'service {project.slug} {year}')}/{year}"

    def submit(self, by, *, is_unchanged=False):
        """Submits; one as it came back only with `is_unchanged`, the answer to being asked."""
        self._move(self.State.SUBMITTED, by, allowed=self.EDITABLE, is_unchanged=is_unchanged)

    def withdraw(self, by):
        """Makes a submitted service that nobody has judged yet a draft again."""
        self._move(self.State.DRAFT, by, allowed=[self.State.SUBMITTED])

    def approve(self, by):
        if self.project.needs_two_people and self.is_own(by):
            raise ValidationError("Tę usługę zatwierdza inna osoba niż ta, która ją zapisała.")
        self._move(self.State.APPROVED, by, allowed=[self.State.SUBMITTED])

    def rehearse_approval(self):
        """Makes the service count at once, in a transaction that will be rolled back."""
        type(self).objects.filter(pk=self.pk).update(state=self.State.APPROVED)

    def sign(self, day):
        """Writes the day its card came back signed, under a lock; a day there already stays."""
        with transaction.atomic():
            current = type(self).objects.select_for_update().get(pk=self.pk)
            current.check_state([state for state in self.State if state != self.State.CANCELLED])
            if current.signed_on:
                written = f"Karta ma już dzień podpisania: {current.signed_on:%d.%m.%Y}."
                raise ValidationError(written, code="moved")
            current.check_signed(day)
            self.signed_on = day
            self.save(update_fields=["signed_on"])

    def send_back(self, by, reason):
        self._move(self.State.RETURNED, by, reason, allowed=[self.State.SUBMITTED])

    def reopen(self, by, reason):
        """Takes back an approval or a cancelling; from then on the service counts nowhere."""
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

    def last_return(self):
        """The last `Return`; None when it never came back, or was approved since."""
        return Return.last_of(self)

    def state_changes(self):
        """Rows of history at which the state changed, newest first."""
        rows = self.history.select_related("state_by", "history_user").order_by("history_id")
        changes, state = [], None
        for row in rows:
            if row.state != state:
                changes.insert(0, row)
            state = row.state
        return changes

    def is_own(self, user):
        """Whether the user created it or is one of its advisers."""
        return self.created_by_id == user.pk or any(
            member.user_id == user.pk for member in self.advisers.all()
        )
