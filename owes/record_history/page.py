"""The page of the history of one record, which the apps to the right draw of their records."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from owes.free_text import withheld
from owes.lists.exporting import export
from owes.record_history.forms import HistoryFilter
from owes.record_history.lines import Saving, savings_of
from owes.record_history.tables import HistoryTable
from owes.tables import paged


def history_page(
    request: HttpRequest,
    template: str,
    record: Any,
    *parts: str,
    edit_url: str = "",
    shows_values: bool = True,
    **context: Any,
) -> HttpResponse:
    """The page, or the file that `?format=` asks for; who may see it the caller has decided.

    `edit_url` is the form of the record for whoever may restore an earlier state of it. Without
    `shows_values` the page tells which columns changed, who did it and when.
    """
    names = HistoryFilter.base_fields.keys()
    asked = {name: value for name, value in request.GET.items() if name in names}
    form = HistoryFilter(asked, _savings(record, parts, shows_values))
    newest = next((saving.version for saving in form.savings if saving.version), None)
    table = paged(request, HistoryTable(form.narrowed, edit_url, newest))
    if file := export(request, table, "historia", form.in_words()):
        return file
    first = form.savings[-1].at if form.savings else None
    page = {"form": form, "table": table, "first": first, "count": len(form.savings)}
    return render(request, template, page | context)


def _savings(record: Any, parts: Sequence[str], shows_values: bool) -> list[Saving]:
    if shows_values:
        return savings_of(record, *parts)
    with withheld(False):  # withheld texts would all look the same, changed or not
        return [saving.without_values() for saving in savings_of(record, *parts)]
