"""What a picker offers while one types; what the text means without a doubt is on top."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from owes.lookups import Lookup, Option, typed
from owes.ranking import SUGGESTED


def typed_in(request: HttpRequest) -> str:
    """What is typed in the picker that asks."""
    return typed(request.GET.get("q"))


def offer(
    request: HttpRequest, known: Lookup, rows: Iterable[Any], more: Iterable[Option] = ()
) -> HttpResponse:
    """The list of a picker: `rows` as ranked, then the options `more`.

    `known` is the lookup of the form's field for the text: the one row it means comes first, and
    Enter takes what the form would take.
    """
    text = typed_in(request)
    ranked = {row.pk: row for row in rows}
    meant = [ranked.pop(row.pk, row) for row in known.meant(text)]
    options = [known.option(row, text) for row in [*meant, *ranked.values()]]
    if len(meant) == 1:
        options[0].is_exact = True
    context = {
        "options": [*options, *more],
        "text": text,
        "is_cut": len(options) >= SUGGESTED,
    }
    return render(request, "components/_options.html", context)
