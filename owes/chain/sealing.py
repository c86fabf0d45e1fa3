"""Adds rows of history to the chain: every few minutes, and before what leans on it."""

from typing import Any

from django.db import connection, transaction

from owes.chain.models import NO_LINK, ChainLink, ChainShape, hash_after
from owes.chain.rows import columns_of, unsealed
from owes.chain.triggers import histories

BATCH = 5000
LOCK = 7345001  # a number of our own among advisory locks of PostgreSQL


def seal() -> int:
    """Adds every row that is not in the chain; answers how many.

    Each batch is a transaction of its own, so nobody waits for the whole, and what was written by
    a transaction that ended late is found by the next call. A saving pays nothing for it.
    """
    sealed = 0
    for history in histories():
        after = 0
        while unsealed(history, after, most=1) and (last := _seal_batch(history, after)):
            count, after = last
            sealed += count
    return sealed


def _seal_batch(history: Any, after: int) -> tuple[int, int] | None:
    """How many rows it added, and the key of the last of them; None when there was none."""
    with transaction.atomic(durable=True):
        _wait_for_others()
        rows = unsealed(history, after, BATCH)
        if not rows:
            return None
        shape, _ = ChainShape.objects.get_or_create(
            table=history._meta.db_table, columns=",".join(columns_of(history))
        )
        last = ChainLink.objects.order_by("-position").first()
        position, before = (last.position, last.hash) if last else (0, NO_LINK)
        links = []
        for row, digest in rows:
            position, before = position + 1, hash_after(before, shape, row, digest)
            link = {"position": position, "row": row, "digest": digest, "hash": before}
            links.append(ChainLink(shape=shape, **link))
        ChainLink.objects.bulk_create(links, BATCH)
    return len(links), rows[-1][0]


def _wait_for_others() -> None:
    """One at a time adds to the chain; on SQLite the transaction itself is that."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
