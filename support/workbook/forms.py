"""Forms of an import: the file, its columns, the reason for undoing."""

import hashlib
import uuid
from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from owes.folding import fold
from owes.form_layout import laid_out, section
from owes.jobs import order
from owes.models import Job, User
from support.models import ColumnMapping, Import, Project
from support.workbook.blanks import constants_of
from support.workbook.columns import (
    CONSTANT,
    are_recognised,
    fingerprint,
    guessed,
    headers_of,
    samples,
)
from support.workbook.contract import Sheet
from support.workbook.files import BookFile
from support.workbook.flat_contract import ENTITY_COLUMNS, FLAT_SHEETS, PERSON_COLUMNS
from support.workbook.identity import NEW, SKIP
from support.workbook.importing import ALONE
from support.workbook.imports import reading_of, sheet_of
from support.workbook.layout import table_in
from support.workbook.packages import UnreadableFile
from support.workbook.text_files import ENCODINGS

LARGEST = 10 * 2**20
SPREADSHEETS = ("xlsx", "xls", "ods")


class ImportForm(forms.Form):
    """A file to be imported. A file that would harm the reader is refused and not kept."""

    register = forms.ChoiceField(
        label="Co jest w pliku",
        required=False,
        choices=[
            ("", "cały skoroszyt"),
            *((sheet.stem, f"sam rejestr: {sheet.name}") for sheet in ALONE if not sheet.is_flat),
            *((sheet.stem, f"arkusz ośrodka: {sheet.name}") for sheet in FLAT_SHEETS),
        ],
    )
    file = forms.FileField(
        label="Plik",
        help_text="Skoroszyt xlsx, xls albo ods; dla jednego rejestru także csv. Do 10 MB.",
        error_messages={
            "required": "Wybierz plik.",
            "empty": "Ten plik jest pusty.",
            "invalid": "Wybierz plik.",
        },
    )
    use_required_attribute = False

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError("Plik jest większy niż 10 MB. Podziel go albo zapisz jako xlsx.")
        return file

    def clean(self) -> None:
        file = self.cleaned_data.get("file")
        if file and file.name.lower().endswith(".csv") and not self.cleaned_data.get("register"):
            raise ValidationError({"register": "Plik csv ma jeden rejestr: wskaż, co w nim jest."})

    def save(self, project: Project, by: User) -> Import:
        """The import, waiting to be checked or for its columns to be matched.

        Raises `ValidationError` when the file is not a workbook.
        """
        file, register = self.cleaned_data["file"], self.cleaned_data["register"]
        digest = hashlib.sha256()
        for piece in file.chunks():
            digest.update(piece)
        row = Import(project=project, register=register, by=by, sha256=digest.hexdigest())
        row.file_name = file.name[-200:]
        is_text = register and not file.name.lower().endswith(SPREADSHEETS)
        suffix = "csv" if is_text else file.name.lower().rpartition(".")[2]
        suffix = suffix if is_text or suffix in SPREADSHEETS else "xlsx"
        row.file.save(f"{uuid.uuid4().hex}.{suffix}", file, save=False)
        try:
            self._match_columns(row)
        except UnreadableFile as error:
            row.file.delete(save=False)
            raise ValidationError({"file": str(error)}) from None
        row.answers = answers_of(row)
        row.save()
        if not row.is_matching:
            begin(row, "check", by)
        return row

    def _match_columns(self, row: Import) -> None:
        """Opens the file and sets the columns as remembered; else asks for them by the state."""
        sheet = sheet_of(row)
        if not sheet:
            BookFile(row.file.path)
            return
        reading = reading_of(row)
        row.reading = reading.as_json()
        headers = headers_of(table_in(reading.rows, sheet).rows)
        known = remembered(row.project, sheet, headers)
        if known:
            row.columns, row.knew_columns = known, True
        elif headers and not are_recognised(headers, sheet):
            row.state = Import.State.MATCHING


def remembered(project: Project, sheet: Sheet, headers: Iterable[str]) -> dict[str, str] | None:
    """The columns chosen before for these headers, if the register still has them all."""
    known = ColumnMapping.objects.filter(
        project=project, register=sheet.stem, headers=fingerprint(headers)
    ).first()
    if known and set(sheet.required_alone) <= known.columns.keys() <= set(sheet.headers):
        return known.columns
    return None


def answers_of(row: Import) -> dict[str, str]:
    """What was answered about the rows of the same sheet of the same file before."""
    same = Import.objects.filter(project=row.project, register=row.register, sha256=row.sha256)
    sheet = row.reading.get("sheet", "")
    told = same.values_list("answers", "reading")
    return next((answers for answers, its in told if its.get("sheet", sheet) == sheet), {})


class ReadingForm(forms.Form):
    """Which sheet of a spreadsheet is read, or in which encoding a text."""

    sheet = forms.ChoiceField(
        label="Arkusz pliku", error_messages={"invalid_choice": "Wybierz arkusz z listy."}
    )
    encoding = forms.ChoiceField(
        label="Kodowanie znaków",
        choices=list(ENCODINGS.items()),
        error_messages={"invalid_choice": "Wybierz kodowanie z listy."},
    )
    use_required_attribute = False

    def __init__(self, data: QueryDict | None = None, *, row: Import) -> None:
        super().__init__(data, initial=row.reading)
        self.row = row
        sheets = row.reading.get("sheets", [])
        if len(sheets) > 1:
            self.fields["sheet"].choices = [(name, name) for name in sheets]  # type: ignore[attr-defined]
        else:
            del self.fields["sheet"]
        if not row.reading.get("encoding"):
            del self.fields["encoding"]

    def clean(self) -> None:
        row = self.row
        row.reading = row.reading | self.cleaned_data
        try:
            reading_of(row)
        except UnreadableFile as error:
            raise ValidationError(str(error)) from None

    def save(self) -> None:
        """The columns are matched anew; answers about rows of another sheet are not of this."""
        row = self.row
        is_same_sheet = "sheet" not in self.changed_data
        waiting = Import.objects.filter(pk=row.pk, state__in=Import.OPEN)
        waiting.update(
            reading=row.reading,
            answers=row.answers if is_same_sheet else answers_of(row),
            columns={},
            knew_columns=False,
            result={},
            state=Import.State.MATCHING,
        )


class ColumnsForm(forms.Form):
    """Which column of the file is which of the register; guesses are filled in."""

    use_required_attribute = False
    # The order of the two can be checked only when both are there.
    TOGETHER = [("registered_on", "struck_off_on")]

    def __init__(self, data: QueryDict | None, *, row: Import) -> None:
        super().__init__(data)
        self.row = row
        # Only an import of one register has columns to match.
        self.sheet: Sheet = sheet_of(row)  # type: ignore[assignment]
        self.table = table_in(reading_of(row).rows, self.sheet)
        rows = self.table.rows
        self.headers, values_by_header = headers_of(rows), samples(rows)
        choices = []
        for folded, text in self.headers.items():
            values = ", ".join(values_by_header[folded]) or "pusta"
            choices.append((folded, f"{text} ({values})"))
        chosen = row.columns or {
            name: self.headers[folded]
            for name, folded in guessed(self.headers, self.sheet).items()
        }
        constants = constants_of(self.sheet)
        for column in self.sheet.columns:
            header = chosen.get(column.header, "")
            self.fields[column.field] = forms.ChoiceField(
                label=column.header,
                choices=_offered(choices, constants.get(column.field, [])),
                required=column.header in self.sheet.required_alone,
                initial=header if header.startswith(CONSTANT) else fold(header),
                error_messages={
                    "required": "Wskaż kolumnę pliku: bez niej nie da się wczytać rejestru.",
                    "invalid_choice": "Wybierz kolumnę z listy.",
                },
            )

    def clean(self) -> None:
        taken: dict[str, str] = {}
        for column in self.sheet.columns:
            chosen = self.cleaned_data.get(column.field)
            if not chosen or chosen.startswith(CONSTANT):
                continue
            if taken.setdefault(chosen, column.header) != column.header:
                self.add_error(
                    column.field, f"Tę kolumnę pliku wskazano już jako „{taken[chosen]}”."
                )
        for pair in self.TOGETHER:
            if pair[0] not in self.fields:
                continue
            lacking = [name for name in pair if not self.cleaned_data.get(name)]
            if len(lacking) == 1:
                (other,) = set(pair) - set(lacking)
                self.add_error(
                    lacking[0],
                    f"Wskaż obie daty albo żadnej: druga to „{self.sheet.header(other)}”.",
                )

        for group in self.sheet.needs_one_of:
            if not any(self.cleaned_data.get(name) for name in group):
                headers = " albo ".join(f"„{self.sheet.header(name)}”" for name in group)
                self.add_error(group[-1], f"Wskaż kolumnę pliku: {headers}.")

    @property
    def unused(self) -> list[str]:
        """Headers of the file that belong to no column of the register."""
        used = {self[column.field].value() for column in self.sheet.columns}
        return [text for folded, text in self.headers.items() if folded not in used]

    @property
    def helper(self) -> FormHelper:
        names = [column.field for column in self.sheet.columns]
        if not self.sheet.is_flat:
            title = f"Kolumny rejestru {self.sheet.name}"
            return laid_out(section(title, **dict.fromkeys(names, 6)))
        parts = {"Podmiot": ENTITY_COLUMNS, "Osoba": PERSON_COLUMNS}
        of_whom = {column.field for columns in parts.values() for column in columns}
        own = [name for name in names if name not in of_whom]
        others = {
            title: fields
            for title, columns in parts.items()
            if (fields := [column.field for column in columns if column.field in names])
        }
        sections = {self.sheet.name: own} | others
        return laid_out(
            *(section(title, **dict.fromkeys(fields, 6)) for title, fields in sections.items())
        )

    def save(self, by: User) -> None:
        """Remembers the choice for files with these headers, and orders a check of this file."""
        columns = {
            column.header: self.headers.get(chosen, chosen)
            for column in self.sheet.columns
            if (chosen := self.cleaned_data[column.field])
        }
        with transaction.atomic():
            waiting = Import.objects.filter(pk=self.row.pk, state__in=Import.OPEN)
            anew = {"state": Import.State.RECEIVED, "result": {}}
            if not waiting.update(columns=columns, knew_columns=False, **anew):
                return
            ColumnMapping.objects.update_or_create(
                project=self.row.project,
                register=self.row.register,
                headers=fingerprint(self.headers),
                defaults={"columns": columns, "by": by, "at": timezone.now()},
            )
            begin(self.row, "check", by)


def _offered(headers: list[tuple[str, str]], values: list[str]) -> list:
    """Choices of a column: none, those of the file, then one value for every row."""
    offered: list = [("", "nie ma w pliku"), *headers]
    if values:
        offered.append(("w każdym wierszu", [(f"{CONSTANT}{value}", value) for value in values]))
    return offered


class AnswersForm:
    """What the user said about the rows that may mean somebody of the register."""

    def __init__(self, data: QueryDict, row: Import) -> None:
        self.row = row
        allowed = {
            doubt["key"]: {NEW, *([SKIP] if row.register else []), *_codes(doubt)}
            for doubt in row.result.get("doubts", [])
        }
        self.answers = {
            key: answer
            for key, answers in allowed.items()
            if (answer := data.get(key, "")) in answers
        }

    def save(self, by: User) -> None:
        """Keeps the answers and orders a check of the file."""
        with transaction.atomic():
            waiting = Import.objects.filter(pk=self.row.pk, state=Import.State.ASKED)
            answers = self.row.answers | self.answers
            if waiting.update(answers=answers, state=Import.State.RECEIVED):
                begin(self.row, "check", by)


def _codes(doubt: dict[str, Any]) -> list[str]:
    return [twin["code"] for twin in doubt["twins"]]


class UndoForm(forms.Form):
    why = forms.CharField(label="Powód", max_length=60, required=False)


def begin(row: Import, act: str, by: User, **params: Any) -> Job:
    """Orders a job. Each click orders one: the state of the row says what may be done."""
    return order("import", params={"import": row.pk, "act": act} | params, owner=by)


def job_of(row: Import) -> Job | None:
    """The newest job of an import."""
    jobs = Job.objects.filter(kind="import", params__import=row.pk)
    return jobs.order_by("-pk").first()
