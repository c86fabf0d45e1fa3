from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from indicators.models.report import Report
from owes.free_text import PrintedCharField, PrintedTextField
from owes.history import History
from support.models import Activity


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
    text = PrintedTextField("tekst", blank=True)

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
    name = PrintedCharField("rodzaj kosztu", max_length=200, blank=True)
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
