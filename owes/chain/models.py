"""The chain of history: each link proves a row of history and the link before it."""

import hashlib

from django.db import models

from owes.kept import Kept

NO_LINK = "0" * 64  # the hash before the first link


class ChainShape(Kept):
    """A table of history, and those of its columns that a digest is made of, sorted.

    A migration may add a column: what was sealed before is proved by the columns of then.
    """

    table = models.CharField(max_length=63)
    columns = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "columns"], name="chain_shape_once"),
        ]

    def __str__(self) -> str:
        return f"{self.table}: {self.columns}"

    @property
    def names(self) -> list[str]:
        return self.columns.split(",")


class ChainLink(Kept):
    """A row of history as it was when it was sealed; `row` is its key in the table of the shape.

    `digest` is the SHA-256 of its content, `hash` that of the digest and of the hash before.
    """

    position = models.BigIntegerField(primary_key=True)
    shape = models.ForeignKey(ChainShape, models.PROTECT, related_name="+", db_index=False)
    row = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shape", "row"], name="chain_link_of_a_row"),
        ]

    def __str__(self) -> str:
        return f"{self.position}:{self.hash}"


def hash_after(before: str, shape: ChainShape, row: int, digest: str) -> str:
    """The hash of the link that stands after the one whose hash is `before`."""
    content = "\n".join([before, shape.table, shape.columns, str(row), digest])
    return hashlib.sha256(content.encode()).hexdigest()
