from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from owes.free_text import FreeCharField
from owes.history import History
from owes.periods import Period
from support.models import Project, Subject

LARGEST_SAMPLE = 200
OR = " albo "


class TrialControl(models.Model):
    """A sample of counted records, drawn to look for their papers as the funder's control would.

    `counted` keeps what was counted on the day: `{indicator: {"target": number or None,
    "records": {code: dependencies}}}`. A record depends on itself in the indicator ("pes:P-1"),
    on itself in the register ("entity:7") and on the objects that decided ("service:155"): when
    any of these has a faulty paper, the record is in doubt. `lost` keeps those in doubt that
    nothing else proves, `{indicator: [code]}`, as counted without the faulty evidence at
    `recounted_at`; a control from before that count has none.
    """

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="controls", verbose_name="projekt"
    )
    on = models.DateField("stan na dzień")
    size = models.PositiveSmallIntegerField(
        "zapisów z każdego wskaźnika",
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(LARGEST_SAMPLE)],
    )
    seed = models.CharField("ziarno losowania", max_length=40)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kto wylosował"
    )
    created_at = models.DateTimeField("wylosowano", default=timezone.now, editable=False)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="kto zakończył",
    )
    finished_at = models.DateTimeField("zakończono", null=True, blank=True, editable=False)
    counted = models.JSONField("zaliczone", default=dict, editable=False)
    lost = models.JSONField("wypada po odjęciu dowodu", default=dict, editable=False)
    recounted_at = models.DateTimeField("przeliczono", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "kontrola próbna"
        verbose_name_plural = "kontrole próbne"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gte=1, size__lte=LARGEST_SAMPLE), name="control_of_some_records"
            ),
            models.CheckConstraint(
                condition=Q(finished_by=None, finished_at=None)
                | Q(finished_by__isnull=False, finished_at__isnull=False),
                name="control_finished_by_somebody",
            ),
        ]

    def __str__(self):
        return f"Kontrola próbna nr {self.pk}"

    def get_absolute_url(self):
        return reverse("indicators:control_detail", args=[self.project.slug, self.pk])

    @property
    def is_finished(self):
        return self.finished_at is not None

    @property
    def period(self):
        """The days whose count is controlled."""
        return Period(min(self.project.starts_on, self.on), self.on)

    def in_doubt(self, faults):
        """`{indicator: {code: key}}` of the counted that depend on something faulty."""
        return {
            indicator: {
                code: int(in_register.partition(":")[2])
                for code, (in_indicator, in_register, *others) in counted["records"].items()
                if not faults.isdisjoint([in_indicator, in_register, *others])
            }
            for indicator, counted in self.counted.items()
        }


class ControlledRecord(models.Model):
    """A counted record of the sample, as it was on the day; a person is a code only."""

    control = models.ForeignKey(TrialControl, models.CASCADE, related_name="records")
    indicator = models.CharField("wskaźnik", max_length=30)
    code = models.CharField("kod", max_length=200)
    label = models.CharField("zapis", max_length=300)
    counted_on = models.DateField("zaliczony od")

    history = History()

    class Meta:
        verbose_name = "zapis w kontroli"
        verbose_name_plural = "zapisy w kontroli"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["control", "indicator", "code"], name="controlled_record_once"
            )
        ]

    def __str__(self):
        return self.label

    def get_absolute_url(self):
        return reverse("indicators:control_record_edit", args=[self.control.project.slug, self.pk])

    @property
    def is_faulty(self):
        return any(document.is_faulty for document in self.documents.all())

    @property
    def is_checked(self):
        return all(document.verdict for document in self.documents.all())

    @property
    def is_partly_checked(self):
        return not self.is_checked and any(document.verdict for document in self.documents.all())


class ControlVerdict(models.TextChoices):
    FOUND = "found", "jest i się zgadza"
    MISSING = "missing", "brak"
    WRONG = "wrong", "jest, ale wadliwy"


class ControlledDocumentQuerySet(models.QuerySet):
    def faulty(self):
        return self.filter(verdict__in=ControlledDocument.FAULTY)


class ControlledDocument(models.Model):
    """A paper that a record of the sample must have, and what was found.

    `proves` is one of the things the record depends on (see `TrialControl`), `about` the same in
    words; `subject` and `subject_key` name the record whose evidence it is, or nothing. A paper on
    which several records rest has a row at each of them, with one outcome.
    """

    Verdict = ControlVerdict
    FAULTY = [Verdict.MISSING, Verdict.WRONG]

    record = models.ForeignKey(ControlledRecord, models.CASCADE, related_name="documents")
    name = models.TextField("dokument")
    proves = models.CharField("dowodzi", max_length=250)
    about = models.CharField("czego dotyczy", max_length=400, blank=True)
    subject = models.CharField("dowód zapisu", max_length=20, choices=Subject, blank=True)
    subject_key = models.BigIntegerField("klucz zapisu", null=True, blank=True)
    verdict = models.CharField("wynik", max_length=10, choices=Verdict, blank=True)
    note = FreeCharField("uwagi", max_length=300, blank=True, is_printed=True)

    objects = ControlledDocumentQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "dokument w kontroli"
        verbose_name_plural = "dokumenty w kontroli"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(verdict=ControlVerdict.WRONG, note=""),
                name="controlled_document_wrong_says_why",
                violation_error_message="Napisz, na czym polega wada.",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_found(self):
        return self.verdict == self.Verdict.FOUND

    @property
    def is_missing(self):
        return self.verdict == self.Verdict.MISSING

    @property
    def is_wrong(self):
        return self.verdict == self.Verdict.WRONG

    @property
    def is_faulty(self):
        return self.verdict in self.FAULTY

    @property
    def paper(self):
        """What tells one paper from another within a control; None of one that may be anything."""
        return (self.name, self.subject, self.subject_key) if self.subject else None

    def is_met_by(self, evidence):
        """Whether a file of the program is this paper; its name may list several kinds."""
        is_of_record = getattr(evidence, f"{self.subject}_id", None) == self.subject_key
        return is_of_record and f"{OR}{evidence.kind}{OR}" in f"{OR}{self.name}{OR}"
