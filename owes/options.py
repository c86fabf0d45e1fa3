"""What a picker offers while one types; what the text means without a doubt is on top."""

from dataclasses import dataclass, field

from django.shortcuts import render

from owes.lookups import label_of, typed
from owes.ranking import SUGGESTED


@dataclass
class Option:
    """One option: `text` is what the field then holds, `line` tells two of one name apart.

    `data` goes with the event `picker:chosen`; an exact option is taken by Enter without a
    highlight, for the text means it and nothing else.
    """

    text: str
    name: str
    line: str = ""
    code: str = ""
    data: dict = field(default_factory=dict)
    is_exact: bool = False

    @classmethod
    def of(cls, row, line="", **data):
        data = {"code": row.code, "name": str(row), **data}
        return cls(label_of(row), str(row), line, row.code, data)


def typed_in(request):
    """What is typed in the picker that asks."""
    return typed(request.GET.get("q"))


def offer(request, known, rows, draw, more=()):
    """The list of a picker: `rows` as ranked, each drawn by `draw(row)`, then the options `more`.

    `known` is the lookup of the form's field for the text: the one row it means comes first, and
    Enter takes what the form would take.
    """
    text = typed_in(request)
    ranked = {row.pk: row for row in rows}
    meant = [ranked.pop(row.pk, row) for row in known.meant(text)]
    rows = [*meant, *ranked.values()]
    options = [draw(row) for row in rows]
    if len(meant) == 1:
        options[0].is_exact = True
    context = {"options": [*options, *more], "text": text, "is_cut": len(rows) >= SUGGESTED}
    return render(request, "components/_options.html", context)
