"""Imports of files, and the remembered choices of their columns."""

import hashlib
import json

from django.conf import settings
from django.db import models
from django.utils import timezone

from owes.folding import search_words
from owes.free_text import FreeCharField, FreeTextField
from owes.history import LONGEST, History
from support.models.project import Project


def shorten(text, longest):
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


class ColumnMapping(models.Model):
    """Which columns of a file are which of a register, as somebody chose for these headers.

    `headers` is a fingerprint of the folded set of headers; `columns` leads from a header of the
    register to that of the file, and leaves out those the file does not have.
    """

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="column_mappings", verbose_name="projekt"
    )
    register = models.CharField("rejestr", max_length=30)
    headers = models.CharField("nagłówki", max_length=64)
    columns = models.JSONField("dopasowanie", default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kto"
    )
    at = models.DateTimeField("kiedy", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "dopasowanie kolumn"
        verbose_name_plural = "dopasowania kolumn"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "register", "headers"], name="column_mapping_once"
            )
        ]

    def __str__(self):
        return f"{self.register}, {len(self.columns)}"


class Import(models.Model):
    """A file sent to be imported: kept unchanged, checked first, then saved or not.

    `register` names the one sheet it holds, empty for a whole workbook. `reading` says which
    `sheet` of a spreadsheet was read out of its `sheets`, or in which `encoding` a text. `columns`
    is as in `ColumnMapping`, empty when the headers are those of the register; `knew_columns`
    says that they were remembered. `answers` say whom its rows mean: `{key of a row: code of a
    record}`, or "+" of a new one, "-" of a row to be left out. With `empties` an empty cell of a
    register takes away what is known. One that `is_partial` saves the good rows of a file with
    errors. `result` is the answer of the last check or saving. Rows of
    history written by the import carry its `reason`.
    """

    class State(models.TextChoices):
        MATCHING = "matching", "do dopasowania kolumn"
        RECEIVED = "received", "sprawdzany"
        ASKED = "asked", "do rozstrzygnięcia"
        REFUSED = "refused", "z błędami"
        CHECKED = "checked", "sprawdzony"
        SAVING = "saving", "zapisywany"
        SAVED = "saved", "zapisany"
        UNDONE = "undone", "cofnięty"

    # Parts of `result` that the user reads before saving: no other effect may be saved.
    EFFECT = ("fates", "total", "approved", "emptied", "touched", "effects")
    # In these states its columns may be matched again.
    OPEN = (State.MATCHING, State.ASKED, State.REFUSED, State.CHECKED)

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="imports", verbose_name="projekt"
    )
    register = models.CharField("rejestr", max_length=30, blank=True)
    columns = models.JSONField("dopasowanie kolumn", default=dict)
    reading = models.JSONField("odczyt pliku", default=dict)
    knew_columns = models.BooleanField("dopasowanie zapamiętane", default=False)
    answers = models.JSONField("odpowiedzi", default=dict)
    empties = models.BooleanField("puste komórki kasują", default=False)
    is_partial = models.BooleanField("tylko dobre wiersze", default=False)
    file = models.FileField("plik", upload_to="imports/%Y/%m/")
    file_name = FreeCharField("nazwa pliku", max_length=200)
    sha256 = models.CharField("suma kontrolna", max_length=64)
    state = models.CharField("stan", max_length=10, choices=State, default=State.RECEIVED)
    result = models.JSONField("wynik", default=dict)
    why = FreeCharField("powód", max_length=60, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="kto"
    )
    at = models.DateTimeField("kiedy", default=timezone.now, editable=False)
    saved_at = models.DateTimeField("zapisano", null=True, blank=True)

    history = History(excluded_fields=["answers", "result"])

    class Meta:
        verbose_name = "import"
        verbose_name_plural = "importy"
        ordering = ["-pk"]

    def __str__(self):
        return self.file_name

    @property
    def is_matching(self):
        return self.state == self.State.MATCHING

    @property
    def is_asked(self):
        return self.state == self.State.ASKED

    @property
    def is_refused(self):
        return self.state == self.State.REFUSED

    @property
    def is_checked(self):
        return self.state == self.State.CHECKED

    @property
    def is_saving(self):
        return self.state == self.State.SAVING

    @property
    def is_saved(self):
        return self.state == self.State.SAVED

    @property
    def is_undone(self):
        return self.state == self.State.UNDONE

    @property
    def keeps_filled(self):
        """Whether an empty cell leaves what is known; a whole workbook is taken at its word."""
        return bool(self.register) and not self.empties

    @property
    def effect_fingerprint(self):
        """A fingerprint of the effect; the form sends it back, to say which effect was read."""
        effect = [self.result.get(name) for name in self.EFFECT]
        return hashlib.sha256(json.dumps(effect, sort_keys=True).encode()).hexdigest()

    @property
    def needs_reason(self):
        """Whether saving or undoing it changes what was approved or reported."""
        return bool(self.result.get("approved") or self.result.get("touched"))

    @property
    def reason(self):
        """The reason in the history of every row it wrote: its number, its file, and why."""
        why = f"; {self.why}" if self.why else ""
        room = LONGEST - len(self._mark) - len(why) - 1
        return f"{self._mark} {shorten(self.file_name, room)}{why}"

    @property
    def _mark(self):
        return f"import nr {self.pk}:"

    @property
    def own_history(self):
        """The rows of history that it wrote; the rest of their reason may have changed since."""
        return models.Q(history_change_reason__startswith=self._mark)


class ImportRowQuerySet(models.QuerySet):
    def search(self, text):
        """Every word of it stands in the number, the code, the name or the changes of a row."""
        for word in search_words(text):
            self = self.filter(search_text__contains=word)
        return self

    def written(self):
        """Rows of records that were made or changed and have a page."""
        return self.filter(outcome__in=["created", "changed"]).exclude(url="")

    def counts(self):
        """`{outcome: number of rows}` of those that there are."""
        counted = self.order_by().values_list("outcome").annotate(models.Count("pk"))
        return dict(counted)


class ImportRow(models.Model):
    """What an import does to one record, or why a row of its file is not taken.

    `number` is that of the row in its sheet, empty of what the file does not have. `changes` are
    `[label, old value, new value]`. `url` leads to a record that is there without the import too,
    `person_key` says whose data the row shows.
    """

    class Outcome(models.TextChoices):
        CREATED = "created", "nowe"
        CHANGED = "changed", "zmienione"
        UNCHANGED = "unchanged", "bez zmian"
        DELETED = "deleted", "usunięte"
        ASKED = "asked", "do rozstrzygnięcia"
        REFUSED = "refused", "błędne"
        LEFT_OUT = "left_out", "pominięte"

    of = models.ForeignKey(
        Import, models.CASCADE, related_name="rows", verbose_name="import", db_index=False
    )
    sheet = models.CharField("arkusz", max_length=30, blank=True)
    number = models.PositiveIntegerField("wiersz", null=True, blank=True)
    outcome = models.CharField("wynik", max_length=10, choices=Outcome)
    code = models.CharField("kod", max_length=30, blank=True)
    label = FreeCharField("zapis", max_length=300, blank=True)
    changes = models.JSONField("zmiany", default=list)
    note = FreeTextField("uwagi", blank=True)
    url = models.CharField("adres", max_length=100, blank=True)
    person_key = models.IntegerField("osoba", null=True, blank=True)
    search_text = models.TextField("do szukania", blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = "wiersz importu"
        verbose_name_plural = "wiersze importów"
        ordering = ["pk"]
        indexes = [models.Index(fields=["of", "outcome"], name="import_row_outcome")]

    def __str__(self):
        return self.label

    def get_absolute_url(self):
        return self.url
