"""A list as a file: at once while it is short, by a worker when it is long."""

import io
import json
from collections.abc import Callable, Iterable
from functools import partial
from typing import IO, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.crypto import salted_hmac

from owes.exports import CSV, XLSX, Workbook, attachment, write_csv
from owes.formatting import moment
from owes.free_text import are_withheld
from owes.jobs import order
from owes.lists.opening import LIST_FILE, ListReached
from owes.models import Job

MOST_AT_ONCE = 2000  # rows; the file of a longer list is made by a worker
KINDS = {"xlsx": XLSX, "csv": CSV}
Progress = Callable[[int, int], object]


def export(
    request: HttpRequest, table: Any, name: str, filters: Iterable = ()
) -> HttpResponse | None:
    """The whole table (all pages) as xlsx or csv, when the address asks `?format=`; else None.

    `filters` are pairs of what was asked and the answer, for the sheet "Parametry".
    """
    wanted = request.GET.get("format", "")
    if wanted not in KINDS:
        return None
    title = table.caption or name
    write = partial(write_csv_of, table)
    if wanted == "xlsx":
        write = partial(write_xlsx_of, table, title, str(request.user), filters)
    file_name = f"{name}-{timezone.localdate():%Y-%m-%d}.{wanted}"
    return deliver(request, title, file_name, len(table.rows), write)


def deliver(
    request: HttpRequest,
    title: str,
    file_name: str,
    count: int,
    write: Callable[[IO[bytes], Progress], object],
) -> HttpResponse:
    """The file that `write` writes of so many rows; of many, the page where it is waited for."""
    wanted = file_name.rpartition(".")[2]
    if hasattr(request, "list_file"):
        making = request.list_file
        if making is None:
            raise ListReached
        making.name = file_name
        write(making.file, making.progress)
        return HttpResponse()
    if count > MOST_AT_ONCE:
        return redirect("owes:list_file", order_file(request, title, wanted).pk)
    buffer = io.BytesIO()
    write(buffer, lambda done, total: None)
    return attachment(buffer.getvalue(), file_name, KINDS[wanted])


def write_csv_of(table: Any, file: IO[bytes], progress: Progress) -> None:
    rows = table.file_rows(progress)
    write_csv(file, next(rows), rows)


def write_xlsx_of(
    table: Any, title: str, who: str, filters: Iterable, file: IO[bytes], progress: Progress
) -> None:
    book = Workbook(to=file)
    rows = table.file_rows(progress)
    count = book.sheet(title, next(rows), rows)
    made = moment(timezone.now())
    told = [("Lista", title), ("Sporządzono", made), ("Kto", who), ("Liczba wierszy", count)]
    book.parameters([*told, *filters])
    book.close()


def order_file(request: HttpRequest, title: str, wanted: str) -> Job:
    """The file of the list as it was asked for; asked again while it waits, it is the same one."""
    query = request.GET.copy()
    query.pop("page", None)
    params = {
        "path": request.path,
        "query": query.urlencode(),
        "title": title,
        "format": wanted,
        "withheld": are_withheld(),
    }
    asked = f"{request.user.pk} {json.dumps(params, sort_keys=True)}"
    key = salted_hmac(LIST_FILE, asked, algorithm="sha256").hexdigest()
    made = Job.objects.filter(key__startswith=f"{LIST_FILE}:{key}:", finished_at__isnull=False)
    return order(LIST_FILE, params=params, owner=request.user, key=f"{key}:{made.count()}")
