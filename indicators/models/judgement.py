"""What is kept of counting: judgements, what they rest on, and what has changed since.

Nothing here is typed or decided by anybody: all of it can be deleted and is worked out again
(`indicators/counting/store.py`).
"""

from django.db import models
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from support.models import Project


class JudgementQuerySet(models.QuerySet):
    def counted(self):
        return self.filter(failed=0, counted_on__isnull=False)

    def counted_in(self, period):
        return self.filter(failed=0, counted_on__range=(period.start, period.end))

    def not_counted_in(self, period):
        """Those that fail, and those that count from a day outside the period."""
        inside = models.Q(counted_on__range=(period.start, period.end))
        return self.exclude(inside & models.Q(counted_on__isnull=False, failed=0))

    def bare(self):
        """Without what is needed of a few only."""
        return self.defer("row", "facts", "labels")

    def naming(self, detail, keys):
        """Those whose row names one of the keys (a queryset) as its detail."""
        named = self.annotate(named=Cast(KT(f"row__{detail}"), models.BigIntegerField()))
        return named.filter(named__in=keys)


class Judgement(models.Model):
    """How a candidate meets the rule of an indicator, by the rules of `terms`.

    `failed`, `passed`, `counted_on`, `row` and `amount` are as of
    `indicators.counting.judging.Verdict`.
    `facts` are what reports print of a counted record, `labels` its part in each split.
    """

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="judgements", verbose_name="projekt"
    )
    terms = models.CharField("zasady", max_length=40)
    indicator = models.CharField("kod wskaźnika", max_length=30)
    candidate = models.BigIntegerField("zapis")
    code = models.CharField("kod zapisu", max_length=150)
    failed = models.PositiveIntegerField("niespełnione warunki")
    passed = models.PositiveSmallIntegerField("spełnione kroki")
    counted_on = models.DateField("liczy się od", null=True)
    row = models.JSONField("co zdecydowało", null=True)
    amount = models.PositiveIntegerField("ile dodaje", default=1)
    lacks_proof = models.BooleanField("bez dowodu", default=False)
    facts = models.JSONField("co drukują raporty", null=True)
    labels = models.JSONField("podziały", default=dict)

    objects = JudgementQuerySet.as_manager()

    class Meta:
        verbose_name = "ocena zapisu"
        verbose_name_plural = "oceny zapisów"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "terms", "indicator", "candidate"], name="judgement_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["project", "terms", "indicator", "counted_on"], name="judgement_day"
            )
        ]

    def __str__(self):
        return f"{self.indicator}: {self.code}"

    @property
    def is_counted(self):
        return self.failed == 0 and self.counted_on is not None


class JudgedTerms(models.Model):
    """Terms of a project by which its candidates are judged; `version` is of what was judged by.

    A row that is missing, or of another version, has all judged anew.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="+", verbose_name="projekt")
    terms = models.CharField("zasady", max_length=40)
    version = models.CharField("wersja", max_length=64)

    class Meta:
        verbose_name = "zasady, według których oceniono"
        verbose_name_plural = "zasady, według których oceniono"
        constraints = [
            models.UniqueConstraint(fields=["project", "terms"], name="judged_terms_once")
        ]

    def __str__(self):
        return self.terms


class ReportNumbers(models.Model):
    """The numbers that a closed report prints, as the records say them now.

    So that a change is compared with what was, not with a count of all before it.
    """

    report = models.OneToOneField(
        "indicators.Report", models.CASCADE, related_name="numbers_now", verbose_name="raport"
    )
    version = models.CharField("wersja", max_length=64)
    numbers = models.JSONField("liczby")

    class Meta:
        verbose_name = "liczby raportu na dziś"
        verbose_name_plural = "liczby raportów na dziś"

    def __str__(self):
        return str(self.report)


class ServiceWork(models.Model):
    """What an approved service did, as `indicators.counting.service_work.Work`.

    Without a foreign key: it is what was counted, until the mark of the service is read.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="+", verbose_name="projekt")
    service = models.BigIntegerField("usługa")
    work = models.JSONField("praca")

    class Meta:
        verbose_name = "praca usługi"
        verbose_name_plural = "praca usług"
        constraints = [
            models.UniqueConstraint(fields=["project", "service"], name="service_work_once")
        ]

    def __str__(self):
        return f"{self.project}, {self.service}"


class DayWork(models.Model):
    """The totals and goals of a project on a day, as somebody asked; gone with the next change."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="+", verbose_name="projekt")
    on = models.DateField("dzień")
    version = models.CharField("wersja", max_length=64)
    numbers = models.JSONField("liczby")

    class Meta:
        verbose_name = "praca do dnia"
        verbose_name_plural = "praca do dni"
        constraints = [models.UniqueConstraint(fields=["project", "on"], name="day_work_once")]

    def __str__(self):
        return f"{self.project}, {self.on}"


class ChangeMark(models.Model):
    """Something that counting rests on changed, and is not judged again yet.

    Written by triggers in the transaction of the change (`indicators/counting/triggers.py`), never
    updated: one reader deletes exactly what it read. So it has no foreign key and no unique key.
    `key` is of the kind; `day` is the earliest day that the change can move, None if unknown;
    `writer` is the transaction, where the database knows it.
    """

    class Kind(models.TextChoices):
        PERSON = "person", "osoba"
        ENTITY = "entity", "zapis o podmiocie"
        REGISTERED = "registered", "dane podmiotu"
        SERVICE = "service", "usługa"
        SESSION = "session", "termin"
        LOCAL_GOVERNMENT = "local", "samorząd"
        STAFF = "staff", "kadra"
        TARGET = "target", "wartość docelowa"
        REPORT = "report", "raport"
        PROJECT = "project", "projekt"

    project_id = models.BigIntegerField("projekt", db_index=True)
    kind = models.CharField("rodzaj", max_length=10, choices=Kind)
    key = models.BigIntegerField("klucz", null=True)
    day = models.DateField("od dnia", null=True)
    writer = models.BigIntegerField("transakcja")

    class Meta:
        verbose_name = "znak zmiany"
        verbose_name_plural = "znaki zmian"

    def __str__(self):
        return f"{self.kind} {self.key or ''}".strip()


# Not business data: all of it is worked out again from the records.
WORKED_OUT = (Judgement, JudgedTerms, ServiceWork, ReportNumbers, DayWork, ChangeMark)
