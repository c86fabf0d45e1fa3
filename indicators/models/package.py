from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from indicators.models.report import Report
from owes.free_text import FreeCharField
from owes.history import History
from support.models import Evidence

EVIDENCE = "dowody/"  # the folder of evidence in the file


class PackageQuerySet(models.QuerySet):
    def released(self):
        """Finished packages whose evidence is all released to the auditor: two queries."""
        packages = self.exclude(sha256="").values_list("pk", "report__project", "contents")
        shown = Evidence.objects.released().values_list("project", "sha256")
        shown = set(shown.filter(project__in={project for _, project, _ in packages}))
        return self.filter(
            pk__in=[
                pk
                for pk, project, contents in packages
                if all(
                    (project, digest) in shown
                    for path, digest in contents
                    if path.startswith(EVIDENCE)
                )
            ]
        )


class Package(models.Model):
    """Files of a closed report put together for the funder: one row for each making, for good.

    `indicators` and `documents` (kinds) say which evidence was asked for, `contents` what went in:
    `[path, sha256]`. `people` is the key, number in the package to code of the person; it never
    leaves the program.
    """

    report = models.ForeignKey(
        Report, models.PROTECT, related_name="packages", verbose_name="sprawozdanie"
    )
    purpose = FreeCharField("cel", max_length=500)
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

    objects = PackageQuerySet.as_manager()
    history = History(excluded_fields=["people", "contents"])

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
