"""What people send as evidence of a record, and how a coordinator judges it."""

import time
import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import QueryDict

from owes.choices import FreePickerInput
from owes.folding import fold
from owes.lookups import typed
from support.evidence.uploads import SCANS, TYPES, checked
from support.models import Document, Evidence, Scan, Subject
from support.papers.belonging import codes_in, is_strange, keep_here

PATIENCE = 10  # seconds of reading the codes of all files sent at once
ORIGINAL = (
    "Zachowujemy plik bez zmian, razem z miejscem i czasem, które telefon zapisał w zdjęciu."
)


class FilesInput(forms.FileInput):
    """Several files, of every field of this name: a page may have one more, for the camera."""

    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name)


class FilesField(forms.FileField):
    """Several files at once. Those that may be kept are the value; `refused` tells of the others.

    A good file is not lost because the one beside it is bad: only all bad make an error.
    """

    def __init__(self, *, suffixes=tuple(TYPES), **kwargs):
        accept = ",".join(f".{suffix}" for suffix in [*suffixes, "jpeg"])
        kwargs.setdefault("widget", FilesInput(attrs={"accept": accept, "multiple": True}))
        super().__init__(**kwargs)
        self.suffixes, self.refused = suffixes, []

    def clean(self, data, initial=None):
        if not data:
            raise ValidationError(self.error_messages["required"], code="required")
        found, self.refused = [], []
        for file in data:
            try:
                found.append((file, checked(file, self.suffixes)))
            except ValidationError as error:
                self.refused.append(f"{file.name[:60]}: {error.messages[0]}")
        if not found:
            raise ValidationError(self.refused)
        return found


def keep(row, file, mark):
    """Saves a row with its file under a name that nobody can guess; False when it is there.

    The unique constraint decides, so that of two equal uploads at once one is kept.
    """
    row.file_name, row.sha256 = mark.name, mark.sha256
    row.file.save(f"{uuid.uuid4().hex}.{mark.suffix}", file, save=False)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        row.file.delete(save=False)
        return False
    return True


class EvidenceForm(forms.Form):
    """Files of one kind of document for one record."""

    kind = forms.CharField(label="Dokument", max_length=100, widget=FreePickerInput)
    files = FilesField(
        label="Pliki",
        help_text=f"PDF, zdjęcie PNG albo JPG, docx albo xlsx, do 10 MB każdy. {ORIGINAL}",
        error_messages={"required": "Wybierz plik."},
    )
    use_required_attribute = False

    def __init__(self, *args, project, record, **kwargs):
        self.project, self.record = project, record
        self.subject = Subject.of(record)
        # Beside other forms, whose fields have such names too.
        super().__init__(*args, auto_id=f"{self.subject}-{record.pk}-%s", **kwargs)
        asked = project.evidence_requirements.about(record)
        named = [kind for requirement in asked for kind in requirement.kinds]
        self.kinds = list(dict.fromkeys([*named, *Document.values]))
        self.fields["kind"].widget.rows = self.kinds

    def clean_kind(self):
        """A kind known already is spelt as it is known, so that a requirement finds it."""
        kind = typed(self.cleaned_data["kind"])
        return next((known for known in self.kinds if fold(known) == fold(kind)), kind)

    def save(self, by):
        """`(added, files that were there already, scans that keep papers of other records)`."""
        added, known, strange = [], [], []
        until = time.monotonic() + PATIENCE
        for file, mark in self.cleaned_data["files"]:
            if self._is_there(mark):
                known.append(mark.name)
                continue
            codes = []
            if mark.suffix in SCANS:
                codes = codes_in(file, mark.suffix, until - time.monotonic())
            if is_strange(codes, self.record, self.project):
                strange.append(self._scan_of(file, mark, codes, by))
                continue
            row = Evidence(
                project=self.project,
                kind=self.cleaned_data["kind"],
                added_by=by,
                **{self.subject.value: self.record},
            )
            (added if keep(row, file, mark) else known).append(mark.name)
        return added, known, strange

    def _is_there(self, mark):
        """Whether the record has the file, so that nothing is asked of it again."""
        rows = self.project.evidence.of_record(self.record).filter(sha256=mark.sha256)
        return rows.exclude(state=Evidence.State.WITHDRAWN).exists()

    def _scan_of(self, file, mark, codes, by):
        """Keeps the file among scans, where it waits for a person; one that is there stays it."""
        texts = ", ".join(map(str, codes))[:500]
        scan = Scan(project=self.project, added_by=by, state=Scan.State.UNREAD, codes=texts)
        scan.error = f"Plik dodawano przy innym zapisie niż ten, do którego prowadzi kod {texts}."
        if keep(scan, file, mark):
            return scan
        scan = self.project.scans.exclude(state=Scan.State.DISCARDED).get(sha256=mark.sha256)
        if scan.is_open:
            scan.codes = texts
            scan.save(update_fields=["codes"])
        return scan


class StrangerForm(forms.Form):
    """A person says that a paper with the code of another record belongs here all the same."""

    scan = forms.ModelChoiceField(Scan.objects.none())
    kind = forms.CharField(max_length=100)

    def __init__(self, data, *, project, record):
        super().__init__(data)
        self.record = record
        self.fields["scan"].queryset = project.scans.select_related("project")

    def save(self, by):
        scan, kind = self.cleaned_data["scan"], self.cleaned_data["kind"]
        keep_here(scan, self.record, Subject.of(self.record), kind, by)


class MarkedForm(forms.Form):
    """Files marked on a list, of one project."""

    rows = forms.ModelMultipleChoiceField(
        Evidence.objects.none(), error_messages={"required": "Zaznacz dowody na liście."}
    )

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rows"].queryset = project.evidence.all()

    @property
    def back(self):
        """What the list was asked, to show it again as it was."""
        return QueryDict(self.data.get("back", "")).urlencode()


class ReleaseForm(MarkedForm):
    """Lets the funder's auditor open the files, or no longer."""

    released = forms.TypedChoiceField(choices=[("1", ""), ("", "")], coerce=bool, required=False)

    def save(self, by):
        """How many files; the sentence of the first that could not stops the others."""
        with transaction.atomic():
            for row in self.cleaned_data["rows"]:
                row.release(by) if self.cleaned_data["released"] else row.hold_back()
        return len(self.cleaned_data["rows"])


class JudgementForm(MarkedForm):
    """Verifies or refuses several files at once."""

    state = forms.ChoiceField(choices=[("verified", ""), ("refused", "")])
    reason = forms.CharField(max_length=300, required=False, label="Powód odrzucenia")

    def clean(self):
        data = super().clean()
        if data.get("state") == "refused" and not (data.get("reason") or "").strip():
            raise ValidationError("Aby odrzucić, podaj powód.")
        return data

    def save(self, by):
        """How many were judged; the sentence of the first that could not stops the others."""
        with transaction.atomic():
            for row in self.cleaned_data["rows"]:
                row.judge(by, self.cleaned_data["state"], self.cleaned_data["reason"])
        return len(self.cleaned_data["rows"])
