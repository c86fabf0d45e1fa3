"""Compares the history with its chain."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from owes.chain.models import NO_LINK, ChainLink, ChainShape, hash_after
from owes.chain.rows import changed, missing, shapes_of, whole
from owes.chain.triggers import histories

CHUNK = 10_000
CHAIN = ChainLink._meta.db_table


class Difference(NamedTuple):
    """What is wrong with a row of a table."""

    table: str
    row: int
    what: str

    def __str__(self) -> str:
        return f"{self.table}, wiersz {self.row}: {self.what}"


def differences(head: str = "") -> Iterator[Difference]:
    """Of every row that was sealed; `head` is a link written down earlier (`position:hash`)."""
    yield from _of_chain()
    if head and not _is_link(head):
        position = int(head.partition(":")[0])
        yield Difference(CHAIN, position, "nie ma go takim, jakim go zapisano poza programem")
    for history in histories():
        yield from _of_rows(history)


def last_link() -> str:
    """`position:hash` of the last link, which proves all before it."""
    return str(ChainLink.objects.order_by("-position").first() or f"0:{NO_LINK}")


def _is_link(head: str) -> bool:
    position, _, value = head.partition(":")
    return head == f"0:{NO_LINK}" or ChainLink.objects.filter(pk=position, hash=value).exists()


def _of_chain() -> Iterator[Difference]:
    shapes = ChainShape.objects.in_bulk()
    links = ChainLink.objects.order_by("position")
    values = links.values_list("position", "shape_id", "row", "digest", "hash")
    before, expected = NO_LINK, 1
    for position, shape, row, digest, kept in values.iterator(chunk_size=CHUNK):
        if position != expected:
            yield Difference(CHAIN, expected, "usunięto ogniwo łańcucha")
        elif hash_after(before, shapes[shape], row, digest) != kept:
            yield Difference(CHAIN, position, "ogniwo nie pasuje do poprzedniego")
        before, expected = kept, position + 1


def _of_rows(history: Any) -> Iterator[Difference]:
    shapes = shapes_of(history)
    proving = whole(history, shapes)
    table = history._meta.db_table
    gone = sorted({row for shape in shapes for row in missing(history, shape)})
    for row in gone:
        yield Difference(table, row, "usunięto go z historii")
    for row in sorted({row for shape in proving for row in changed(history, shape)}):
        yield Difference(table, row, "zmieniono jego treść")
