"""Monthly sheets of hours: computed rows, submitted rows, their differences."""

from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from owes.formatting import day, hours
from owes.free_text import FreeCharField
from owes.history import History
from owes.periods import Period
from support.models.project import Project
from support.models.session import Session
from support.models.staff import StaffMember
from support.models.states import MonthlySheetState

SHOWN_RECIPIENTS = 2


@dataclass(frozen=True)
class HoursRow:
    """A session on a monthly sheet, as plain values that are kept with what was accepted."""

    service: int
    number: str
    day: str
    start: str
    end: str
    break_minutes: int
    minutes: int
    teaches: bool
    type: str
    topic: str
    recipients: str

    @classmethod
    def of(cls, session):
        service = session.service
        return cls(
            service=service.pk,
            number=service.printed_number,
            day=session.day.isoformat(),
            start=f"{session.start:%H:%M}",
            end=f"{session.end:%H:%M}",
            break_minutes=session.break_minutes,
            minutes=session.minutes,
            teaches=service.type.teaches,
            type=str(service.type),
            topic=service.topic,
            recipients="; ".join(str(entity) for entity in service.recipients.all()),
        )

    @property
    def on(self):
        return date.fromisoformat(self.day)

    @property
    def recipients_in_short(self):
        names = self.recipients.split("; ")
        more = len(names) - SHOWN_RECIPIENTS
        if more < 2:
            return self.recipients
        return f"{'; '.join(names[:SHOWN_RECIPIENTS])} i {more} dalszych"

    @property
    def key(self):
        return self.service, self.day

    @property
    def content(self):
        """What is compared; a corrected name of a recipient is no difference."""
        return self.start, self.end, self.minutes, self.teaches, self.type, self.topic

    def __str__(self):
        return f"{day(self.on)} {self.start}–{self.end}, nr {self.number} ({hours(self.minutes)})"


def differences(before, after):
    """The differences of two lists of rows, a sentence each, by day."""
    old, new = ({row.key: row for row in rows} for rows in (before, after))
    changes = [(row.day, f"odpadło: {row}") for key, row in old.items() if key not in new]
    changes += [(row.day, f"doszło: {row}") for key, row in new.items() if key not in old]
    for key in old.keys() & new.keys():
        if old[key].content != new[key].content:
            words = f"{old[key]} → {new[key].start}–{new[key].end} ({hours(new[key].minutes)})"
            if (old[key].type, old[key].topic) != (new[key].type, new[key].topic):
                words += f", {new[key].type}: {new[key].topic}"
            changes.append((old[key].day, f"zmieniono: {words}"))
    return [words for _, words in sorted(changes)]


class MonthlySheet(models.Model):
    """The hours of one member of staff in a month (miesięczne zestawienie godzin).

    Its rows are computed of approved services until it is submitted. Then they are kept as they
    were, so that a later difference shows. A month not yet submitted has no row here.
    """

    State = MonthlySheetState

    KEPT = (State.SUBMITTED, State.APPROVED)

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="monthly_sheets", verbose_name="projekt"
    )
    staff_member = models.ForeignKey(
        StaffMember, models.PROTECT, related_name="monthly_sheets", verbose_name="kadra"
    )
    month = models.DateField("miesiąc", help_text="Pierwszy dzień miesiąca.")
    state = models.CharField("stan", max_length=10, choices=State, default=State.DRAFT)
    kept_rows = models.JSONField("złożone wiersze", default=list)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="kto złożył",
    )
    submitted_at = models.DateTimeField("złożono", null=True, blank=True)
    state_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="kto zmienił stan",
    )
    state_at = models.DateTimeField("kiedy zmieniono stan", null=True, blank=True)
    state_reason = FreeCharField("powód zwrotu", max_length=500, blank=True)

    history = History()

    class Meta:
        verbose_name = "miesięczne zestawienie godzin"
        verbose_name_plural = "miesięczne zestawienia godzin"
        ordering = ["-month", "staff_member"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "staff_member", "month"],
                name="monthly_sheet_once",
                violation_error_message="To zestawienie już jest.",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="monthly_sheet_of_a_whole_month",
                violation_error_message="Podaj pierwszy dzień miesiąca.",
            ),
            models.CheckConstraint(
                condition=~Q(state=MonthlySheetState.RETURNED) | ~Q(state_reason=""),
                name="monthly_sheet_returned_with_reason",
                violation_error_message="Podaj powód.",
            ),
        ]

    def __str__(self):
        return f"{self.staff_member}, {self.month:%m.%Y}"

    def get_absolute_url(self):
        keys = [self.project.slug, self.staff_member_id, self.days]
        return reverse("support:monthly_sheet_detail", args=keys)

    @classmethod
    def of(cls, project, staff_member, days):
        """The sheet of a month; not saved when nobody has submitted it."""
        known = {"project": project, "staff_member": staff_member, "month": days.start}
        sheets = cls.objects.select_related("submitted_by", "state_by")
        return sheets.filter(**known).first() or cls(**known)

    @property
    def days(self):
        return Period.of_month(self.month)

    def sessions(self):
        """Sessions of approved services the member leads, inside the month and the project."""
        sessions = Session.objects.counted_in(self.project, self.days).led_by(self.staff_member)
        return sessions.order_by("starts_at", "pk")

    def waiting(self):
        """Sessions that would be rows once their services are approved."""
        sessions = Session.objects.left_out(self.project, self.days).led_by(self.staff_member)
        return sessions.select_related("service__project").order_by("starts_at", "pk")

    def current_rows(self):
        sessions = self.sessions().select_related("service__type")
        return [HoursRow.of(row) for row in sessions.prefetch_related("service__recipients")]

    @property
    def is_submitted(self):
        return self.state == self.State.SUBMITTED

    @property
    def is_approved(self):
        return self.state == self.State.APPROVED

    @property
    def is_kept(self):
        return self.state in self.KEPT

    @property
    def approved_by(self):
        return self.state_by if self.is_approved else None

    @property
    def approved_at(self):
        return self.state_at if self.is_approved else None

    def rows(self):
        """The rows submitted or approved, else those of now."""
        if self.is_kept:
            return [HoursRow(**row) for row in self.kept_rows]
        return self.current_rows()

    def differences(self):
        """What has changed since it was submitted, a sentence each."""
        return differences(self.rows(), self.current_rows()) if self.is_kept else []

    def submit(self, by):
        """Submits the month; a submitted one again only when it has changed since."""
        with self._locked(self.State.DRAFT, self.State.RETURNED, self.State.SUBMITTED):
            if timezone.localdate() < self.days.end:
                raise ValidationError("Zestawienie składa się od ostatniego dnia miesiąca.")
            rows = self.current_rows()
            if not rows:
                raise ValidationError("W tym miesiącu nie ma zatwierdzonych godzin.")
            if self.is_submitted and not self.differences():
                raise ValidationError("Zestawienie jest już złożone.")
            self.kept_rows = [asdict(row) for row in rows]
            self.submitted_by, self.submitted_at = by, timezone.now()
            self._move(self.State.SUBMITTED, by)

    def withdraw(self, by):
        """Makes a submitted sheet that nobody has judged yet a draft again."""
        with self._locked(self.State.SUBMITTED):
            self._move(self.State.DRAFT, by)

    def approve(self, by):
        with self._locked(self.State.SUBMITTED):
            if self.differences():
                raise ValidationError(
                    "Od złożenia zmieniły się usługi tego miesiąca. Zwróć zestawienie albo "
                    "poproś o złożenie go jeszcze raz."
                )
            if self.project.needs_two_people and by.pk in (
                self.submitted_by_id,
                self.staff_member.user_id,
            ):
                raise ValidationError(
                    "To zestawienie zatwierdza inna osoba niż ta, która je złożyła."
                )
            self._move(self.State.APPROVED, by)

    def send_back(self, by, reason):
        """Also takes back an approval."""
        with self._locked(self.State.SUBMITTED, self.State.APPROVED):
            if not reason.strip():
                raise ValidationError("Podaj powód.", code="required")
            self._move(self.State.RETURNED, by, reason.strip())

    @contextmanager
    def _locked(self, *allowed):
        """Locks and reads the row, so that of two clicks the second sees what the first did."""
        known = {"project": self.project, "staff_member": self.staff_member, "month": self.month}
        with transaction.atomic():
            row, _ = type(self).objects.get_or_create(**known)
            row = type(self).objects.select_for_update().get(pk=row.pk)
            for field in self._meta.concrete_fields:
                setattr(self, field.attname, getattr(row, field.attname))
            self._check_state(allowed)
            yield

    def _check_state(self, allowed):
        if self.state not in allowed:
            raise ValidationError(
                f"Zestawienie jest teraz {self.get_state_display()}. Odśwież stronę.", code="moved"
            )

    def _move(self, state, by, reason=""):
        self.state, self.state_by, self.state_reason = state, by, reason
        self.state_at = timezone.now()
        self.save()

    def state_changes(self):
        """Rows of history, newest first: every saving after the first is a change of state."""
        if not self.pk:
            return []
        rows = self.history.select_related("state_by").exclude(state_at=None)
        return list(rows.order_by("-history_id"))
