"""Columns of texts that people type, and what a reader gets from whom such texts are withheld.

Somebody who writes what was agreed may write a name, a phone, an e-mail. Such a column is a
`FreeText...`: while texts are withheld (a middleware says so for each request), a row read from
the database has in its place only that there is something. Pages, lists, files, history, and
whatever is written later, get it so without asking.

`Printed...` is a text that the funder reads: it is withheld only where `owes.personal_data` finds
somebody's name or contact in it. `is_printed` marks what documents for the funder print, covered
likewise; forms and data control warn of the same.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models

from owes.personal_data import personal_data_in

_are_withheld = ContextVar("free texts are withheld", default=False)


@contextmanager
def withheld(is_so: bool = True) -> Iterator[None]:
    """Withholds free texts of rows read inside the block; with False it shows them."""
    token = _are_withheld.set(is_so)
    try:
        yield
    finally:
        _are_withheld.reset(token)


def withhold(is_so: bool) -> None:
    """Withholds or shows until the enclosing `withheld` block ends."""
    _are_withheld.set(is_so)


def are_withheld() -> bool:
    return _are_withheld.get()


class Withheld(str):
    """What stands in place of a text. It is never saved over the text."""


COVERED = "treść zasłonięta"


def is_there(text: str) -> str:
    return COVERED


def covered(text: str) -> str:
    """A text that is printed for the funder, unless it holds a name or a contact of somebody."""
    return f"{COVERED} ({', '.join(kinds)})" if (kinds := personal_data_in(text)) else text


class FreeText:
    """A column of text; `said_as` tells what is said of one withheld that is not empty.

    To migrations it is a plain column: the database does not know of readers.
    """

    said_as: Callable[[str], str] = staticmethod(is_there)
    is_printed = False

    def __init__(
        self,
        *args: Any,
        said_as: Callable[[str], str] | None = None,
        is_printed: bool | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.said_as = said_as or self.said_as
        self.is_printed = self.is_printed if is_printed is None else is_printed

    def deconstruct(self) -> tuple[Any, str, Sequence[Any], dict[str, Any]]:
        name, _, args, kwargs = super().deconstruct()
        plain = models.TextField if isinstance(self, models.TextField) else models.CharField
        return name, f"django.db.models.{plain.__name__}", args, kwargs

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        if value and are_withheld():
            words = self.said_as(value)
            return words if words == value else Withheld(words)
        return value

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Withheld):
            raise ValueError(f"{self.name}: a withheld text would be saved over the text itself")
        return super().get_prep_value(value)


class PrintedText(FreeText):
    said_as = staticmethod(covered)
    is_printed = True


class FreeCharField(FreeText, models.CharField):
    pass


class FreeTextField(FreeText, models.TextField):
    pass


class PrintedCharField(PrintedText, models.CharField):
    pass


class PrintedTextField(PrintedText, models.TextField):
    pass


def printed_columns(model: Any) -> list:
    """The columns of a model that documents for the funder print."""
    columns = model._meta.concrete_fields
    return [column for column in columns if getattr(column, "is_printed", False)]


def open_columns(model: Any, names: Iterable[str]) -> list[str]:
    """The named columns of a model whose texts are never fully withheld."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    return [
        name
        for name in names
        if name in fields
        and (isinstance(fields[name], PrintedText) or not isinstance(fields[name], FreeText))
    ]
