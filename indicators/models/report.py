from itertools import groupby
from operator import attrgetter

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from entities.models import Person
from owes.free_text import FreeCharField, PrintedCharField
from owes.history import History
from owes.periods import Period
from support.models import Project


class ReportQuerySet(models.QuerySet):
    def closed(self):
        return self.exclude(state=Report.State.DRAFT)

    def visible_to(self, user):
        """All reports of projects the user works in; of projects they may read, closed ones."""
        worked_on = Q(project__in=Project.objects.worked_on_by(user))
        rows = self.filter(project__in=Project.objects.of_member(user))
        return rows.filter(worked_on | ~Q(state=Report.State.DRAFT))

    def in_force(self):
        """Closed, and not corrected since: those that the funder relies on."""
        later = Report.objects.closed().filter(
            Q(corrects=OuterRef("pk"))
            | Q(corrects=OuterRef("corrects"), closed_at__gt=OuterRef("closed_at"))
        )
        return self.closed().filter(~Exists(later))

    def for_list(self):
        """Without what they tell; with `change_count`, changes of their records since closing."""
        reports = self.defer("document", "corrects__document")
        reports = reports.select_related("project", "corrects", "closed_by")
        return reports.annotate(change_count=Count("changes"))

    def last_by(self, on):
        """The last closed report that ends by the day; a correction before what it corrects."""
        reports = self.closed().filter(ends_on__lte=on).order_by("-ends_on", "-closed_at")
        reports = reports.defer("document", "corrects__document")
        return reports.select_related("project", "corrects").prefetch_related("lines").first()


class ReportState(models.TextChoices):
    DRAFT = "draft", "wersja robocza"
    CLOSED = "closed", "zamknięty"
    SENT = "sent", "wysłany"


class Report(models.Model):
    """A report to the funder. Closing freezes its lines, records, texts and file for good."""

    class Kind(models.TextChoices):
        PARTIAL = "partial", "częściowy"
        FINAL = "final", "końcowy"

    State = ReportState

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="reports", verbose_name="projekt"
    )
    kind = models.CharField("rodzaj", max_length=10, choices=Kind)
    number = models.CharField("numer", max_length=30, blank=True)
    starts_on = models.DateField("okres od")
    ends_on = models.DateField("okres do")
    corrects = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name="korekta raportu",
    )
    state = models.CharField("stan", max_length=10, choices=State, default=State.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kto utworzył"
    )
    created_at = models.DateTimeField("utworzono", default=timezone.now, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="kto zamknął",
    )
    closed_at = models.DateTimeField("zamknięto", null=True, blank=True)
    closing_reason = FreeCharField(
        "powód zamknięcia mimo braków", max_length=300, blank=True, editable=False
    )
    sent_on = models.DateField("wysłano", null=True, blank=True)
    document = models.JSONField("treść", default=dict, editable=False)
    file = models.FileField("plik", upload_to="reports/%Y/", blank=True)
    sha256 = models.CharField("suma kontrolna", max_length=64, blank=True)
    official_file = models.FileField("plik sprawozdania", upload_to="reports/%Y/", blank=True)
    official_sha256 = models.CharField("suma kontrolna sprawozdania", max_length=64, blank=True)
    leaves_costs_to_accounting = models.BooleanField(
        "Część II wypełnia księgowość",
        default=False,
        help_text="Sprawozdanie drukuje puste pola kwot do wpisania poza programem.",
    )
    other_public_body = PrintedCharField(
        "organ, który przekazał inne środki publiczne", max_length=300, blank=True
    )

    objects = ReportQuerySet.as_manager()
    history = History(excluded_fields=["document"])

    FROZEN = ("project_id", "kind", "number", "starts_on", "ends_on", "corrects_id", "closed_at")
    FROZEN += ("closed_by_id", "closing_reason", "document")

    class Meta:
        verbose_name = "raport"
        verbose_name_plural = "raporty"
        ordering = ["-ends_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="report_dates_in_order",
                violation_error_message="Koniec okresu jest wcześniejszy niż początek.",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.DRAFT) | Q(closed_at__isnull=False),
                name="report_closed_with_moment",
                violation_error_message="Zamknięty raport musi mieć chwilę zamknięcia.",
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        """Refuses to change a closed report; only its file is added later, once."""
        names = (*self.FROZEN, "sha256", "official_sha256")
        closed = Report.objects.closed().filter(pk=self.pk).values(*names).first()
        if closed and (self.is_draft or self._differs(closed)):
            raise ValidationError("Zamkniętego raportu nie zmienia się. Przygotuj korektę.")
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("indicators:report_detail", args=[self.project.slug, self.pk])

    def clean(self):
        """One report of a kind tells of a period; what it told wrongly a correction tells."""
        if self.corrects_id or not (self.starts_on and self.ends_on):
            return
        told = Report.objects.closed().filter(
            project=self.project, kind=self.kind, corrects=None, starts_on=self.starts_on
        )
        if other := told.filter(ends_on=self.ends_on).exclude(pk=self.pk).first():
            raise ValidationError(f"Za ten okres jest już {other}. Przygotuj jego korektę.")

    def delete(self, *args, **kwargs):
        if self.is_closed:
            raise ValidationError("Zamkniętego raportu nie usuwa się. Przygotuj korektę.")
        return super().delete(*args, **kwargs)

    def people(self):
        """Keys of the people whose codes a closed report holds."""
        records = ReportRecord.objects.filter(line__report=self)
        return Person.objects.keys_of(records.order_by().values("code"))

    @property
    def period(self):
        return Period(self.starts_on, self.ends_on)

    @property
    def title(self):
        """ "Raport częściowy nr 2", "Korekta nr 1 raportu częściowego nr 2"."""
        kind = self.get_kind_display()
        if self.corrects_id:
            number = self.number.rpartition("/")[2]
            numbered = f"Korekta nr {number}" if number else "Korekta"
            return f"{numbered} raportu {kind[:-1]}ego nr {self.corrects.number}"
        return f"Raport {kind} nr {self.number}" if self.number else f"Raport {kind}"

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def is_closed(self):
        return not self.is_draft

    @property
    def is_sent(self):
        return self.state == self.State.SENT

    def days_of_sending(self):
        """Rows of history in which the day of sending was set or corrected, the latest first."""
        rows = self.history.filter(sent_on__isnull=False).select_related("history_user")
        days = [
            next(same) for _, same in groupby(rows.order_by("history_id"), attrgetter("sent_on"))
        ]
        return days[::-1]

    def _differs(self, closed):
        names = [name for name, value in closed.items() if value or name in self.FROZEN]
        return any(getattr(self, name) != closed[name] for name in names)


class ReportLine(models.Model):
    """An indicator as a report said it: name, rule, target and values are copies."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="lines", verbose_name="raport")
    indicator = models.CharField("kod wskaźnika", max_length=30)
    name = models.CharField("nazwa", max_length=300)
    rule = models.TextField("reguła")
    means_of_verification = models.CharField("źródło weryfikacji", max_length=500, blank=True)
    target = models.PositiveIntegerField("wartość docelowa", null=True)
    in_period = models.PositiveIntegerField("osiągnięto w okresie")
    cumulative = models.PositiveIntegerField("narastająco")
    position = models.PositiveSmallIntegerField("kolejność")

    class Meta:
        verbose_name = "wiersz raportu"
        verbose_name_plural = "wiersze raportu"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["report", "indicator"], name="report_line_once")
        ]

    def __str__(self):
        return self.name


class ReportRecord(models.Model):
    """A record a report counted, as it was: no key to the live row, which may change."""

    line = models.ForeignKey(
        ReportLine, models.CASCADE, related_name="records", verbose_name="wiersz raportu"
    )
    code = models.CharField("kod zapisu", max_length=150)
    label = models.CharField("nazwa zapisu", max_length=300)
    counted_on = models.DateField("zaliczono dnia")
    details = models.JSONField("zapis, jakim był", default=dict)

    class Meta:
        verbose_name = "zapis raportu"
        verbose_name_plural = "zapisy raportu"
        ordering = ["counted_on", "code"]
        constraints = [models.UniqueConstraint(fields=["line", "code"], name="report_record_once")]

    def __str__(self):
        return self.code


class ReportChange(models.Model):
    """Why what a closed report said was changed, by whom (None: by a command) and when.

    `records` are `[code of the indicator, code of the record]` of those that moved away from the
    report, `numbers` the labels of its numbers that did.
    """

    report = models.ForeignKey(
        Report, models.CASCADE, related_name="changes", verbose_name="raport"
    )
    at = models.DateTimeField("kiedy", default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="kto",
    )
    reason = FreeCharField("powód", max_length=500)
    records = models.JSONField("zapisy", default=list)
    numbers = models.JSONField("liczby", default=list)

    class Meta:
        verbose_name = "zmiana po zamknięciu raportu"
        verbose_name_plural = "zmiany po zamknięciu raportów"
        ordering = ["at", "pk"]

    def __str__(self):
        return self.reason
