"""Scans on their way to records."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from owes.free_text import FreeCharField
from owes.history import History
from support.models.project import Project
from support.models.states import ScanState

READING = timedelta(minutes=2)


class ScanQuerySet(models.QuerySet):
    def for_list(self):
        return self.select_related("project", "added_by").annotate(records=Count("evidence"))

    def state_counts(self):
        counts = dict(self.order_by().values_list("state").annotate(n=Count("pk")))
        return {state: counts.get(state, 0) for state in Scan.State}

    def just_sent(self):
        """Scans sent a moment ago, whose codes the program is still reading."""
        since = timezone.now() - READING
        return self.filter(state=Scan.State.WAITING, added_at__gt=since)

    def open(self):
        """Those that wait for the program or for a person."""
        return self.filter(state__in=Scan.OPEN)


class Scan(models.Model):
    """A scanned paper on its way to the records its printed codes name.

    The program reads the codes in the background; a person may type them at any time, or discard
    the scan. The records get rows of `Evidence` with the same stored file.
    """

    State = ScanState
    OPEN = (State.WAITING, State.UNREAD)

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="scans", verbose_name="projekt"
    )
    file = models.FileField("plik", upload_to="scans/%Y/%m/")
    file_name = FreeCharField("nazwa pliku", max_length=200)
    sha256 = models.CharField("suma kontrolna", max_length=64)
    state = models.CharField("stan", max_length=10, choices=State, default=State.WAITING)
    codes = models.CharField("kody", max_length=500, blank=True)
    error = models.TextField("dlaczego nie", blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kto dodał"
    )
    added_at = models.DateTimeField("dodano", default=timezone.now, editable=False)

    objects = ScanQuerySet.as_manager()
    history = History()

    class Meta:
        verbose_name = "skan"
        verbose_name_plural = "skany"
        ordering = ["-added_at", "-pk"]
        indexes = [models.Index(fields=["project", "state"], name="scan_project_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "sha256"],
                condition=~Q(state=ScanState.DISCARDED),
                name="scan_once",
                violation_error_message="Ten plik jest już wśród skanów.",
            )
        ]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("support:scan_detail", args=[self.project.slug, self.pk])

    @property
    def is_waiting(self):
        return self.state == self.State.WAITING

    @property
    def is_attached(self):
        return self.state == self.State.ATTACHED

    @property
    def is_open(self):
        return self.state in self.OPEN

    @property
    def suffix(self):
        return self.file.name.rpartition(".")[2]

    @property
    def is_picture(self):
        return self.suffix != "pdf"

    @property
    def is_shown(self):
        """A browser shows every kind of scan."""
        return True

    @transaction.atomic
    def discard(self):
        """Discards a scan of no record; False when it was attached meanwhile."""
        current = Scan.objects.select_for_update().get(pk=self.pk)
        if not current.is_open:
            return False
        self.state = self.State.DISCARDED
        self.save(update_fields=["state"])
        return True
