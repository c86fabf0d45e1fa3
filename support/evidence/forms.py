"""Forms of evidence: files sent for a record, their release, their judgement."""

import time
import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import QueryDict

from owes.choices import FreePickerInput
from owes.folding import fold
from owes.lookups import typed
from support.evidence.uploads import SCANS, TYPES, check_file
from support.models import Document, Evidence, Scan, Subject
from support.papers.belonging import attach_anyway, codes_in, is_of_other_record

PATIENCE = 10  # seconds of reading the codes of all files sent at once
ORIGINAL = (
    "Plik zachowujemy bez zmian; ze zdjęcia usuwamy tylko miejsce, czas i urządzenie, które "
    "zapisał w nim telefon."
)


class FilesInput(forms.FileInput):
    """Several files, of all fields with this name: a page may have one more, for the camera."""

    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name)


class FilesField(forms.FileField):
    """Several files at once: the good ones are the value, `refused` has a sentence for each other.

    It is an error only when all files are refused.
    """

    def __init__(self, *, suffixes=tuple(TYPES), **kwargs):
        accept = ",".join(f".{suffix}" for suffix in [*suffixes, "jpeg"])
        kwargs.setdefault("widget", FilesInput(attrs={"accept": accept, "multiple": True}))
        super().__init__(**kwargs)
        self.suffixes, self.refused = suffixes, []

    def clean(self, data, initial=None):
        if not data:
            raise ValidationError(self.error_messages["required"], code="required")
        accepted, self.refused = [], []
        for file in data:
            try:
                checked = check_file(file, self.suffixes)
                accepted.append((checked.file, checked))
            except ValidationError as error:
                self.refused.append(f"{file.name[:60]}: {error.messages[0]}")
        if not accepted:
            raise ValidationError(self.refused)
        return accepted


def save_with_file(row, file, checked):
    """Saves a row with its file under a random name; False when the file is there already.

    The unique constraint decides, so that of two equal uploads at once one is saved.
    """
    row.file_name, row.sha256 = checked.name, checked.sha256
    row.file.save(f"{uuid.uuid4().hex}.{checked.suffix}", file, save=False)
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
        help_text=f"PDF, zdjęcie PNG albo JPG, docx, xlsx albo csv, do 10 MB każdy. {ORIGINAL}",
        error_messages={"required": "Wybierz plik."},
    )
    use_required_attribute = False

    def __init__(self, *args, project, record, **kwargs):
        self.project, self.record = project, record
        self.subject = Subject.of(record)
        # A page may have other forms with fields of the same names.
        super().__init__(*args, auto_id=f"{self.subject}-{record.pk}-%s", **kwargs)
        requirements = project.evidence_requirements.about(record)
        required = [kind for requirement in requirements for kind in requirement.kinds]
        self.kinds = list(dict.fromkeys([*required, *Document.values]))
        self.fields["kind"].widget.rows = self.kinds

    def clean_kind(self):
        """A known kind gets its known spelling, so that it meets a requirement."""
        kind = typed(self.cleaned_data["kind"])
        return next((known for known in self.kinds if fold(known) == fold(kind)), kind)

    def save(self, by):
        """`(added, known, misplaced)`: names of new and of known files, scans kept instead."""
        added, known, misplaced = [], [], []
        until = time.monotonic() + PATIENCE
        for file, checked in self.cleaned_data["files"]:
            if self._is_there(checked):
                known.append(checked.name)
                continue
            codes = []
            if checked.suffix in SCANS:
                codes = codes_in(file, checked.suffix, until - time.monotonic())
            if is_of_other_record(codes, self.record, self.project):
                misplaced.append(self._scan_of(file, checked, codes, by))
                continue
            row = Evidence(
                project=self.project,
                kind=self.cleaned_data["kind"],
                added_by=by,
                **{self.subject.value: self.record},
            )
            (added if save_with_file(row, file, checked) else known).append(checked.name)
        return added, known, misplaced

    def _is_there(self, checked):
        """Whether the record has the file already."""
        rows = self.project.evidence.of_record(self.record).filter(sha256=checked.sha256)
        return rows.exclude(state=Evidence.State.WITHDRAWN).exists()

    def _scan_of(self, file, checked, codes, by):
        """The scan that keeps the file until a person decides; one with this file may exist."""
        texts = ", ".join(map(str, codes))[:500]
        scan = Scan(project=self.project, added_by=by, state=Scan.State.UNREAD, codes=texts)
        scan.error = f"Plik dodawano przy innym zapisie niż ten, do którego prowadzi kod {texts}."
        if save_with_file(scan, file, checked):
            return scan
        scan = self.project.scans.exclude(state=Scan.State.DISCARDED).get(sha256=checked.sha256)
        if scan.is_open:
            scan.codes = texts
            scan.save(update_fields=["codes"])
        return scan


class MisplacedFileForm(forms.Form):
    """Confirms that a file with the code of another record belongs to this one."""

    scan = forms.ModelChoiceField(Scan.objects.none())
    kind = forms.CharField(max_length=100)

    def __init__(self, data, *, project, record):
        super().__init__(data)
        self.record = record
        self.fields["scan"].queryset = project.scans.select_related("project")

    def save(self, by):
        scan, kind = self.cleaned_data["scan"], self.cleaned_data["kind"]
        attach_anyway(scan, self.record, Subject.of(self.record), kind, by)


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
        """The filters of the list, to return to it."""
        return QueryDict(self.data.get("back", "")).urlencode()


class ReleaseForm(MarkedForm):
    """Lets the funder's auditor open the files, or takes that back."""

    released = forms.TypedChoiceField(choices=[("1", ""), ("", "")], coerce=bool, required=False)

    def save(self, by):
        """How many files; one that cannot be released stops all by its error."""
        with transaction.atomic():
            for row in self.cleaned_data["rows"]:
                row.release(by) if self.cleaned_data["released"] else row.hold_back()
        return len(self.cleaned_data["rows"])


class JudgementForm(MarkedForm):
    """Verifies or refuses several files at once."""

    state = forms.ChoiceField(
        choices=[(Evidence.State.VERIFIED, ""), (Evidence.State.REFUSED, "")]
    )
    reason = forms.CharField(max_length=300, required=False, label="Powód odrzucenia")

    def clean(self):
        data = super().clean()
        if data.get("state") == Evidence.State.REFUSED and not (data.get("reason") or "").strip():
            raise ValidationError("Aby odrzucić, podaj powód.")
        return data

    def save(self, by):
        """How many files; one that cannot be judged stops all by its error."""
        with transaction.atomic():
            for row in self.cleaned_data["rows"]:
                row.judge(by, self.cleaned_data["state"], self.cleaned_data["reason"])
        return len(self.cleaned_data["rows"])
