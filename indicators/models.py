import hashlib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from owes.history import History
from owes.periods import Period
from support.models import Activity, Project


def indicator_choices():
    """The codes of the definitions; a callable, so that a new indicator makes no migration."""
    from indicators.definitions import INDICATORS

    return [(indicator.code, indicator.name) for indicator in INDICATORS.values()]


class TargetQuerySet(models.QuerySet):
    def in_force(self, project, on):
        """The target of each indicator on the day, by code: the last one that has begun."""
        rows = self.filter(project=project, valid_from__lte=on).order_by("valid_from")
        return {target.indicator: target for target in rows}

    def words_of(self, project, indicator):
        """Where a form of the next row begins: the words of the last one stay as they were."""
        rows = self.filter(project=project, indicator=indicator).order_by("valid_from")
        last = rows.values("indicator", "means_of_verification").last()
        return last or {"indicator": indicator}


class Target(models.Model):
    """What the contract asks of an indicator since a day; an annex adds a row, never edits one.

    An empty value means the contract names no number.
    """

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="targets", verbose_name="projekt"
    )
    indicator = models.CharField("wskaźnik", max_length=30, choices=indicator_choices)
    value = models.PositiveIntegerField("wartość docelowa", null=True, blank=True)
    valid_from = models.DateField("obowiązuje od")
    means_of_verification = models.CharField("źródło weryfikacji", max_length=500, blank=True)

    objects = TargetQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "wartość docelowa"
        verbose_name_plural = "wartości docelowe"
        ordering = ["indicator", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "indicator", "valid_from"],
                name="target_once_a_day",
                violation_error_message="Ten wskaźnik ma już wartość docelową od tego dnia.",
            ),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__gt=0),
                name="target_above_zero",
                violation_error_message="Wartość docelowa musi być większa od zera.",
            ),
        ]

    def __str__(self):
        return f"{self.get_indicator_display()}: {self.value}"


class ReportQuerySet(models.QuerySet):
    def closed(self):
        return self.exclude(state=Report.State.DRAFT)

    def in_force(self):
        """Closed, and not corrected since: what the funder goes by."""
        later = Report.objects.closed().filter(
            Q(corrects=OuterRef("pk"))
            | Q(corrects=OuterRef("corrects"), closed_at__gt=OuterRef("closed_at"))
        )
        return self.closed().filter(~Exists(later))

    def of_file(self, content):
        """The closed report one of whose two files these very bytes are, or None."""
        digest = hashlib.sha256(content).hexdigest()
        return self.closed().filter(Q(sha256=digest) | Q(official_sha256=digest)).first()


class Report(models.Model):
    """A report to the funder. Closing freezes its lines, records, texts and file for good."""

    class Kind(models.TextChoices):
        PARTIAL = "partial", "częściowy"
        FINAL = "final", "końcowy"

    class State(models.TextChoices):
        DRAFT = "draft", "wersja robocza"
        CLOSED = "closed", "zamknięty"
        SENT = "sent", "wysłany"

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
    other_public_body = models.CharField(
        "organ, który przekazał inne środki publiczne", max_length=300, blank=True
    )

    objects = ReportQuerySet.as_manager()
    history = History(excluded_fields=["document"])

    FROZEN = ("project_id", "kind", "number", "starts_on", "ends_on", "corrects_id", "closed_at")
    FROZEN += ("closed_by_id", "document")

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
                condition=Q(state="draft") | Q(closed_at__isnull=False),
                name="report_closed_with_moment",
                violation_error_message="Zamknięty raport musi mieć chwilę zamknięcia.",
            ),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        """Refuses to change what was closed; only its file comes later, and once."""
        names = (*self.FROZEN, "sha256", "official_sha256")
        kept = Report.objects.closed().filter(pk=self.pk).values(*names).first()
        if kept and (self.state == self.State.DRAFT or self._differs(kept)):
            raise ValidationError("Zamkniętego raportu nie zmienia się. Przygotuj korektę.")
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("indicators:report_detail", args=[self.project.slug, self.pk])

    def delete(self, *args, **kwargs):
        if self.is_closed:
            raise ValidationError("Zamkniętego raportu nie usuwa się. Przygotuj korektę.")
        return super().delete(*args, **kwargs)

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
    def is_closed(self):
        return self.state != self.State.DRAFT

    def _differs(self, kept):
        names = [name for name, value in kept.items() if value or name in self.FROZEN]
        return any(getattr(self, name) != kept[name] for name in names)


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


class ReportPart(models.Model):
    """What a person adds to a draft. Closing copies it into the document and locks it."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self._refuse_closed()
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        self._refuse_closed()
        return super().delete(*args, **kwargs)

    def _refuse_closed(self):
        if Report.objects.closed().filter(pk=self.report_id).exists():
            raise ValidationError("Zamkniętego raportu nie zmienia się. Przygotuj korektę.")


class ReportText(ReportPart):
    """A field of the official report as the coordinator wrote it.

    A field left as the program drafted it has no row, so that its numbers stay those of today.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="texts", verbose_name="raport")
    part = models.CharField("część", max_length=50)
    text = models.TextField("tekst", blank=True)

    history = History()

    class Meta:
        verbose_name = "tekst raportu"
        verbose_name_plural = "teksty raportów"
        constraints = [models.UniqueConstraint(fields=["report", "part"], name="report_text_once")]

    def __str__(self):
        return self.part


def amount(words):
    """A sum of money in złoty; an empty one was not given, which is not zero."""
    return models.DecimalField(words, max_digits=12, decimal_places=2, null=True, blank=True)


class ReportCost(ReportPart):
    """A cost of a year, of an action (działanie) or, without one, of administration."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="costs", verbose_name="raport")
    year = models.PositiveSmallIntegerField("rok")
    activity = models.ForeignKey(
        Activity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="report_costs",
        verbose_name="działanie",
    )
    name = models.CharField("rodzaj kosztu", max_length=200, blank=True)
    planned = amount("zgodnie z umową")
    actual = amount("faktycznie poniesione")

    history = History()

    class Meta:
        verbose_name = "koszt w sprawozdaniu"
        verbose_name_plural = "koszty w sprawozdaniu"
        ordering = ["year", F("activity__folded_name").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(planned=None) | Q(planned__gte=0))
                & (Q(actual=None) | Q(actual__gte=0)),
                name="report_cost_not_negative",
                violation_error_message="Kwota nie może być ujemna.",
            )
        ]

    def __str__(self):
        return f"{self.year}, {self.activity or 'koszty administracyjne'}: {self.name}"


class ReportSource(ReportPart):
    """What a source paid: the names are those of annex 5, table 2 of part II."""

    class Source(models.TextChoices):
        GRANT = "grant", "Kwota dotacji"
        INTEREST = "interest", "Odsetki bankowe od dotacji"
        OTHER_INCOME = "other_income", "Inne przychody"
        OWN = "own", "Środki finansowe własne"
        RECIPIENTS = "recipients", "Świadczenia pieniężne od odbiorców zadania publicznego"
        OTHER_PUBLIC = "other_public", "Środki finansowe z innych źródeł publicznych"
        REMAINING = "remaining", "Pozostałe"
        PERSONAL = "personal", "Wkład osobowy"
        MATERIAL = "material", "Wkład rzeczowy"

    report = models.ForeignKey(
        Report, models.CASCADE, related_name="sources", verbose_name="raport"
    )
    source = models.CharField("źródło", max_length=15, choices=Source)
    planned = amount("zgodnie z umową")
    actual = amount("faktycznie poniesione")

    history = History()

    class Meta:
        verbose_name = "źródło finansowania w sprawozdaniu"
        verbose_name_plural = "źródła finansowania w sprawozdaniu"
        constraints = [
            models.UniqueConstraint(fields=["report", "source"], name="report_source_once"),
            models.CheckConstraint(
                condition=(Q(planned=None) | Q(planned__gte=0))
                & (Q(actual=None) | Q(actual__gte=0)),
                name="report_source_not_negative",
                violation_error_message="Kwota nie może być ujemna.",
            ),
        ]

    def __str__(self):
        return self.get_source_display()


class AcceptedFinding(models.Model):
    """A finding of data control that a coordinator accepts; see `indicators.checking`.

    It holds for one record and the facts it was about: when those change, the finding is back.
    Warnings about services are kept by `support.AcceptedWarning`, where the service shows them.
    """

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="accepted_findings", verbose_name="projekt"
    )
    check_code = models.CharField("sprawdzenie", max_length=10)
    record = models.CharField("zapis", max_length=40)
    facts = models.CharField("czego dotyczy", max_length=200, blank=True)
    sentence = models.CharField("treść", max_length=500)
    reason = models.CharField("powód", max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kto przyjął"
    )
    at = models.DateTimeField("kiedy", default=timezone.now, editable=False)

    history = History()

    class Meta:
        verbose_name = "przyjęta niezgodność"
        verbose_name_plural = "przyjęte niezgodności"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "check_code", "record", "facts"],
                name="finding_accepted_once",
                violation_error_message="Ta niezgodność jest już przyjęta.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="finding_accepted_with_reason",
                violation_error_message="Podaj powód.",
            ),
        ]

    def __str__(self):
        return self.sentence


class CheckRun(models.Model):
    """What data control found on a day: the last look of that day, to compare the next one with.

    `counts` has `{code of a check: how many not accepted}`; `digest` changes with any finding.
    """

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="check_runs", verbose_name="projekt"
    )
    on = models.DateField("dzień")
    at = models.DateTimeField("kiedy")
    counts = models.JSONField("liczby", default=dict)
    accepted = models.PositiveIntegerField("przyjęte z powodem", default=0)
    digest = models.CharField("odcisk", max_length=64)

    class Meta:
        verbose_name = "sprawdzenie danych"
        verbose_name_plural = "sprawdzenia danych"
        ordering = ["-on"]
        constraints = [
            models.UniqueConstraint(fields=["project", "on"], name="check_run_once_a_day")
        ]

    def __str__(self):
        return f"{self.project}, {self.on:%d.%m.%Y}"

    @property
    def total(self):
        return sum(self.counts.values())


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
    reason = models.CharField("powód", max_length=500)
    records = models.JSONField("zapisy", default=list)
    numbers = models.JSONField("liczby", default=list)

    class Meta:
        verbose_name = "zmiana po zamknięciu raportu"
        verbose_name_plural = "zmiany po zamknięciu raportów"
        ordering = ["at", "pk"]

    def __str__(self):
        return self.reason


class Package(models.Model):
    """Files of a closed report put together for the funder: one row for each making, for good.

    `indicators` and `documents` (kinds) say which evidence was asked for, `contents` what went in:
    `[path, sha256]`. `people` is the key, number in the package to code of the person; it never
    leaves the program.
    """

    report = models.ForeignKey(
        Report, models.PROTECT, related_name="packages", verbose_name="sprawozdanie"
    )
    purpose = models.CharField("cel", max_length=500)
    indicators = models.JSONField("wskaźniki", default=list, blank=True)
    documents = models.JSONField("rodzaje dokumentów", default=list, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kto"
    )
    at = models.DateTimeField("zlecono", default=timezone.now, editable=False)
    file = models.FileField("plik", upload_to="packages/%Y/", blank=True)
    sha256 = models.CharField("suma kontrolna", max_length=64, blank=True)
    contents = models.JSONField("zawartość", default=list)
    people = models.JSONField("klucz", default=dict)

    class Meta:
        verbose_name = "pakiet dla zleceniodawcy"
        verbose_name_plural = "pakiety dla zleceniodawcy"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(purpose=""),
                name="package_with_purpose",
                violation_error_message="Podaj cel.",
            )
        ]

    def __str__(self):
        return f"Pakiet nr {self.pk}"

    def get_absolute_url(self):
        return reverse("indicators:package_detail", args=[self.report.project.slug, self.pk])

    @property
    def file_name(self):
        return f"{self.report.project.slug}-pakiet-{self.pk}.zip"
