"""Whose personal data an answer shows.

A model of people tells of each row that it reads (`saw`); whoever makes something to be seen
collects them: the middleware of the log for an answer, `owes/jobs.py` for a file made in the
background. What shows people without reading their rows, such as a stored file, tells by itself.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

STRANGERS = 0  # the key of no record: people of a file that the program does not know yet
_collected: ContextVar[set[int] | None] = ContextVar("people seen", default=None)


@contextmanager
def collecting() -> Iterator[set[int]]:
    """Yields the keys of people seen inside the block, as they come."""
    people: set[int] = set()
    token = _collected.set(people)
    try:
        yield people
    finally:
        _collected.reset(token)


def saw(people: Iterable[int | None]) -> None:
    """Adds keys of people; a queryset of keys is asked only where somebody collects them."""
    collected = _collected.get()
    if collected is not None:
        collected.update(key for key in people if key is not None)


def saw_strangers() -> None:
    """People without a record: those of a file that was sent, of a scan nobody recognised."""
    saw([STRANGERS])
