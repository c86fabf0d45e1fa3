"""Pages of imports: sending a file, its columns, errors, saving, undoing."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from owes.change_reasons import ChangeReason
from owes.exports import XLSX, attachment
from owes.lists.exporting import export
from owes.looks.collecting import saw, saw_strangers
from owes.requests import Request
from owes.tables import paged
from support.access import project_for
from support.models import Import
from support.workbook.blanks import blank_of
from support.workbook.contract import SHEETS
from support.workbook.error_groups import grouped
from support.workbook.forms import (
    AnswersForm,
    ColumnsForm,
    ImportForm,
    ReadingForm,
    UndoForm,
    begin,
    job_of,
)
from support.workbook.importing import ALONE
from support.workbook.imports import MOST_SHOWN, missing_headers
from support.workbook.layout import first_lines
from support.workbook.mistakes import with_errors
from support.workbook.packages import UnreadableFile
from support.workbook.row_tables import ImportRowFilter, ImportRowTable
from support.workbook.text_files import ENCODINGS

PERMISSION = "support.import_records"
MOST_LINKED = 12
State = Import.State


def import_list(request: Request, slug: str) -> HttpResponse:
    """The imports of a project, and where a new file is sent."""
    project = project_for(request.user, slug, PERMISSION)
    is_sent = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if is_sent else ImportForm()
    if form.is_valid():
        try:
            row = form.save(project, request.user)
            page = "support:import_columns" if row.is_matching else "support:import_detail"
            return redirect(page, slug, row.pk)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"project": project, "form": form, "registers": ALONE}
    context["imports"] = project.imports.select_related("by")[:50]
    return render(request, "support/workbook/import_list.html", context)


def _import(request: Request, slug: str, pk: int) -> Import:
    project = project_for(request.user, slug, PERMISSION)
    return get_object_or_404(project.imports.select_related("project", "by"), pk=pk)


def _is_working(row: Import) -> bool:
    job = job_of(row)
    return bool(job and job.is_unfinished)


def _checked(row: Import) -> dict[str, Any]:
    """What checking the file found, as the page shows it: a look at whom its rows name."""
    errors, doubts = (row.result.get(name, []) for name in ("errors", "doubts"))
    told = grouped(errors)
    if errors or doubts:
        saw_strangers()
    effects = row.result.get("effects", [])
    return {
        "errors": told[:MOST_SHOWN],
        "has_more_errors": len(told) > MOST_SHOWN,
        "error_count": len(errors),
        "doubts": doubts[:MOST_SHOWN],
        "effects": [each for each in effects if each[1] != each[2]],
    }


@require_GET
def import_detail(request: Request, slug: str, pk: int) -> HttpResponse:
    """The effect of saving the file, or its errors, or what was saved."""
    row = _import(request, slug, pk)
    saved = list(row.rows.written()[:MOST_LINKED]) if row.is_saved else []
    saw(each.person_key for each in saved)
    context = _checked(row) | {
        "project": row.project,
        "row": row,
        "job": job_of(row),
        "is_working": _is_working(row),
        "change_reason": ChangeReason({}),
        "missing_headers": missing_headers(row),
        "row_counts": row.rows.counts(),
        "saved_rows": saved,
        "encoding": ENCODINGS.get(row.reading.get("encoding", ""), ""),
        "may_match": bool(row.register and row.state in Import.OPEN),
    }
    page = (
        "support/workbook/_import_state.html"
        if request.htmx
        else "support/workbook/import_detail.html"
    )
    return render(request, page, context)


@require_GET
def import_row_list(request: Request, slug: str, pk: int) -> HttpResponse:
    """What the import does to each record, with old and new values; what it does not take."""
    row = _import(request, slug, pk)
    filters = ImportRowFilter(request.GET, of=row)
    table = paged(request, ImportRowTable(filters.qs))
    if file := export(request, table, "wiersze-importu", filters.in_words()):
        saw(filters.qs.values_list("person_key", flat=True))
        return file
    saw(line.record.person_key for line in table.paginated_rows)
    context = {"project": row.project, "row": row, "filters": filters, "table": table}
    return render(request, "support/workbook/import_row_list.html", context)


def import_columns(request: Request, slug: str, pk: int) -> HttpResponse:
    """Which column of the file is which of the register: guessed, for the user to correct."""
    row = _import(request, slug, pk)
    if not row.register or row.state not in Import.OPEN or _is_working(row):
        return redirect("support:import_detail", slug, pk)
    form = ColumnsForm(request.POST or None, row=row)
    if form.is_valid():
        form.save(request.user)
        return redirect("support:import_detail", slug, pk)
    saw_strangers()
    context = {
        "project": row.project,
        "row": row,
        "form": form,
        "reading_form": ReadingForm(row=row),
        "encoding": ENCODINGS.get(row.reading.get("encoding", ""), ""),
        "lines": first_lines(form.table),
    }
    return render(request, "support/workbook/import_columns.html", context)


@require_POST
def import_reading(request: Request, slug: str, pk: int) -> HttpResponse:
    """Reads another sheet of the file, or its text in another encoding; the columns come anew."""
    row = _import(request, slug, pk)
    form = ReadingForm(request.POST, row=row)
    may_read = row.register and row.state in Import.OPEN and not _is_working(row)
    if may_read and form.is_valid():
        form.save()
    elif may_read:
        messages.error(request, str(next(iter(form.errors.values()))[0]))
    return redirect("support:import_columns", slug, pk)


@require_POST
def import_answer(request: Request, slug: str, pk: int) -> HttpResponse:
    """Takes what the user said about the rows that may mean somebody of the register."""
    row = _import(request, slug, pk)
    form = AnswersForm(request.POST, row)
    if row.is_asked and not form.answers:
        messages.error(request, "Odpowiedz choć przy jednym wierszu.")
    elif not _is_working(row):
        form.save(request.user)
    return redirect("support:import_detail", slug, pk)


@require_POST
def import_empty(request: Request, slug: str, pk: int) -> HttpResponse:
    """Says whether empty cells of the file take values away, and checks the file again."""
    row = _import(request, slug, pk)
    waiting = Import.objects.filter(pk=pk, state=State.CHECKED).exclude(register="")
    anew = {"empties": bool(request.POST.get("empties")), "state": State.RECEIVED}
    if not _is_working(row) and waiting.update(**anew):
        begin(row, "check", request.user)
    return redirect("support:import_detail", slug, pk)


@require_POST
def import_part(request: Request, slug: str, pk: int) -> HttpResponse:
    """Says whether the good rows of a file with errors are saved without the bad ones.

    What this would do is shown first, as of any file.
    """
    row = _import(request, slug, pk)
    is_partial = bool(request.POST.get("part"))
    states = [State.REFUSED] if is_partial else [State.CHECKED, State.ASKED]
    waiting = Import.objects.filter(pk=pk, state__in=states)
    anew = {"is_partial": is_partial, "state": State.RECEIVED}
    if not _is_working(row) and waiting.exclude(is_partial=is_partial).update(**anew):
        begin(row, "check", request.user)
    return redirect("support:import_detail", slug, pk)


@require_POST
def import_save(request: Request, slug: str, pk: int) -> HttpResponse:
    row = _import(request, slug, pk)
    form = UndoForm(request.POST)
    if request.POST.get("shown") != row.effect_fingerprint:
        messages.error(
            request,
            "Skutek importu jest już inny, niż pokazywała strona. Przejrzyj go jeszcze raz.",
        )
        return redirect("support:import_detail", slug, pk)
    if not form.is_valid() or (row.needs_reason and not form.cleaned_data["why"].strip()):
        messages.error(
            request, "Podaj powód, najwyżej 60 znaków: plik zmienia zatwierdzone zapisy."
        )
        return redirect("support:import_detail", slug, pk)
    why = form.cleaned_data["why"].strip()
    waiting = Import.objects.filter(pk=pk, state__in=[State.CHECKED, State.SAVING])
    taken = not _is_working(row) and waiting.update(state=State.SAVING, why=why)
    if taken:
        begin(row, "save", request.user)
    return redirect("support:import_detail", slug, pk)


@require_POST
def import_undo(request: Request, slug: str, pk: int) -> HttpResponse:
    row = _import(request, slug, pk)
    change_reason = ChangeReason(request.POST)
    if change_reason.error:
        messages.error(request, change_reason.error)
    elif row.is_saved and not _is_working(row):
        begin(row, "undo", request.user, reason=change_reason.reason)
    return redirect("support:import_detail", slug, pk)


@require_GET
def import_mistakes(request: Request, slug: str, pk: int) -> HttpResponse:
    """The file with its errors in the last column; of an import in part its bad rows."""
    row = _import(request, slug, pk)
    if not row.result.get("errors"):
        raise Http404
    saw_strangers()
    name = f"{row.file_name.rpartition('.')[0] or row.file_name}-bledy.xlsx"
    try:
        return attachment(with_errors(row), name, XLSX)
    except UnreadableFile as error:  # what cannot be read cannot be sent back either
        messages.error(request, str(error))
        return redirect("support:import_detail", slug, pk)


@require_GET
def import_template(request: Request, slug: str, register: str, kind: str) -> HttpResponse:
    """A file to be filled in, of a register or of the whole workbook."""
    project_for(request.user, slug, PERMISSION)
    sheets = [sheet for sheet in ALONE if sheet.stem == register]
    sheets = list(SHEETS) if register == "workbook" and kind == "xlsx" else sheets
    if not sheets or kind not in ("xlsx", "csv"):
        raise Http404
    if kind == "xlsx":
        return attachment(blank_of(sheets), f"wzor-{register}.xlsx", XLSX)
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow(sheets[0].headers)
    content = text.getvalue().encode("utf-8-sig")
    return attachment(content, f"wzor-{register}.csv", "text/csv; charset=utf-8")
