import hashlib
import uuid

from django import forms
from django.core.exceptions import ValidationError

from owes.jobs import order
from owes.models import Job
from support.models import Import
from support.workbook.files import UnreadableFile, XlsxFile, read_register
from support.workbook.importing import ALONE

LARGEST = 10 * 2**20


class ImportForm(forms.Form):
    """A file to be imported. What would harm the reader is refused before it is kept."""

    register = forms.ChoiceField(
        label="Co jest w pliku",
        required=False,
        choices=[
            ("", "cały skoroszyt (xlsx)"),
            *((sheet.stem, f"sam rejestr: {sheet.name}") for sheet in ALONE),
        ],
    )
    file = forms.FileField(
        label="Plik",
        help_text="Skoroszyt xlsx albo, dla jednego rejestru, także csv; do 10 MB.",
        error_messages={
            "required": "Wybierz plik.",
            "empty": "Ten plik jest pusty.",
            "invalid": "Wybierz plik.",
        },
    )
    use_required_attribute = False

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError("Plik jest większy niż 10 MB. Podziel go albo zapisz jako xlsx.")
        if file.name.lower().endswith(".xls"):
            raise ValidationError(
                "To stary plik xls. Zapisz go jako „Skoroszyt programu Excel (.xlsx)”."
            )
        return file

    def save(self, project, by):
        """The import, waiting to be checked; raises `ValidationError` of a file that is none."""
        file, register = self.cleaned_data["file"], self.cleaned_data["register"]
        digest = hashlib.sha256()
        for piece in file.chunks():
            digest.update(piece)
        row = Import(project=project, register=register, by=by, sha256=digest.hexdigest())
        row.file_name = file.name[-200:]
        suffix = "csv" if register and not file.name.lower().endswith("xlsx") else "xlsx"
        row.file.save(f"{uuid.uuid4().hex}.{suffix}", file, save=False)
        try:
            self._look(row)
        except UnreadableFile as error:
            row.file.delete(save=False)
            raise ValidationError({"file": str(error)}) from None
        row.save()
        begin(row, "check", by)
        return row

    def _look(self, row):
        sheet = next((one for one in ALONE if one.stem == row.register), None)
        if sheet:
            read_register(row.file.path, sheet)
        else:
            XlsxFile(row.file.path)


class ReasonForm(forms.Form):
    why = forms.CharField(label="Powód", max_length=60, required=False)


def begin(row, act, by, **params):
    """The work in the background; each click anew, for the row's state says what may be done."""
    return order("import", params={"import": row.pk, "act": act} | params, owner=by)


def work_of(row):
    """The newest piece of work on an import."""
    jobs = Job.objects.filter(kind="import", params__import=row.pk)
    return jobs.order_by("-pk").first()
