"""One search over everything: each app answers for its own records.

`settings.SEARCHES` names functions `(user, text) -> [Group]`; a finder returns only what the user
may open and leaves out a group with nothing found.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.expressions import OrderBy
from django.utils.module_loading import import_string

from owes.folding import fold, search_words

SHOWN = 8
SHORTEST = 2
EXACT, NUMBERED, LIKE = range(3)


@dataclass(frozen=True)
class SearchResult:
    """A record found: what it is called, a second line that tells it from others, its page."""

    label: str
    line: str
    url: str


@dataclass(frozen=True)
class Group:
    """The first results of one kind; `more` is the address of the list with all, if there are."""

    title: str
    icon: str
    results: list
    more: str = ""
    is_exact: bool = False


class SearchForm(forms.Form):
    """What is looked for; too short a text finds half of everything, so it finds nothing."""

    q = forms.CharField(label="Szukaj", max_length=200, required=False)

    @property
    def text(self) -> str:
        return self.cleaned_data["q"].strip() if self.is_valid() else ""

    @property
    def is_long_enough(self) -> bool:
        return sum(map(len, search_words(self.text))) >= SHORTEST


def find(user: Any, text: str) -> list[Group]:
    """`Group`s of all that holds every word of the text.

    Those with the exact number first, then in the order of `settings.SEARCHES`.
    """
    finders = [import_string(name) for name in settings.SEARCHES]
    groups = [group for finder in finders for group in finder(user, text)]
    is_number = any(sign.isdigit() for sign in text)
    return sorted(groups, key=lambda group: not (is_number and group.is_exact))


def exact_first(queryset: QuerySet, text: str, *order: str | OrderBy) -> QuerySet:
    """Ordered, with those on top of which a whole column is the text: a number, a code, a name.

    Then those whose number ends with it after its prefix: "Z/1/2024" is the first "1/2024".
    """
    whole = " ".join(search_words(text))
    is_whole = Q(search_text=whole) | Q(search_text__startswith=f"{whole} | ")
    exactness = Case(
        When(is_whole | _ends_column(f" | {whole}"), then=Value(EXACT)),
        When(_ends_column(f"/{whole}"), then=Value(NUMBERED)),
        default=Value(LIKE),
    )
    return queryset.annotate(exactness=exactness).order_by("exactness", *order)


def _ends_column(text: str) -> Q:
    return Q(search_text__endswith=text) | Q(search_text__contains=f"{text} | ")


def by_name(queryset: Any, text: str) -> QuerySet:
    """Searched, with those whose name begins with the text on top; in the Polish order."""
    begins = When(search_text__startswith=fold(text), then=Value(0))
    rows = queryset.search(text).annotate(place=Case(begins, default=Value(1)))
    return exact_first(rows, text, "place", "sort_key", "pk")


def group(
    title: str, icon: str, rows: Any, result_of: Callable[[Any], SearchResult], more: str
) -> list[Group]:
    """A list of one group from ordered rows, or none; reads one row more than it shows."""
    rows = list(rows[: SHOWN + 1])
    if not rows:
        return []
    results = [result_of(row) for row in rows[:SHOWN]]
    is_exact = getattr(rows[0], "exactness", LIKE) != LIKE
    return [Group(title, icon, results, more if rows[SHOWN:] else "", is_exact)]
