from django.conf import settings
from django.db import models
from django.utils import timezone

from support.models.project import Project


class Import(models.Model):
    """A file sent to be imported: kept as it came, checked first, then saved or not.

    `register` names the one sheet it holds, empty for a whole workbook. `result` is what the last
    check or saving answered. Rows of history written by the import carry its `reason`.
    """

    class State(models.TextChoices):
        RECEIVED = "received", "sprawdzany"
        REFUSED = "refused", "z błędami"
        CHECKED = "checked", "sprawdzony"
        SAVING = "saving", "zapisywany"
        SAVED = "saved", "zapisany"
        UNDONE = "undone", "cofnięty"

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="imports", verbose_name="projekt"
    )
    register = models.CharField("rejestr", max_length=30, blank=True)
    file = models.FileField("plik", upload_to="imports/%Y/%m/")
    file_name = models.CharField("nazwa pliku", max_length=200)
    sha256 = models.CharField("suma kontrolna", max_length=64)
    state = models.CharField("stan", max_length=10, choices=State, default=State.RECEIVED)
    result = models.JSONField("wynik", default=dict)
    why = models.CharField("powód", max_length=60, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kto"
    )
    at = models.DateTimeField("kiedy", default=timezone.now, editable=False)
    saved_at = models.DateTimeField("zapisano", null=True, blank=True)

    class Meta:
        verbose_name = "import"
        verbose_name_plural = "importy"
        ordering = ["-pk"]

    def __str__(self):
        return self.file_name

    @property
    def reason(self):
        """What the history of every row it wrote says; unique to this import."""
        words = f"import nr {self.pk}: {self.why or self.file_name}"
        return words[:100]
