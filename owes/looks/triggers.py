"""Triggers that keep the rows of the log of looks (owes/kept.py).

No row is changed. A row is deleted only when its whole month is older than the log is kept, so
the nightly job needs no way around them.
"""

from typing import Any

from owes import kept
from owes.kept import DELETE, UPDATE, Refusal
from owes.looks.log import KEPT_MONTHS
from owes.models import Look, LookedAt

MESSAGE = "A row of the log of looks is never changed, and deleted only when it is old."
LOOK, LOOKED_AT = Look._meta.db_table, LookedAt._meta.db_table
# The first moment of the oldest month that is kept; months are those of UTC.
OLDEST = {
    "postgresql": "(date_trunc('month', now() AT TIME ZONE 'UTC') "
    f"- interval '{KEPT_MONTHS} months') AT TIME ZONE 'UTC'",
    "sqlite": f"strftime('%Y-%m-%d', 'now', 'start of month', '-{KEPT_MONTHS} months')",
}
OLD_LOOK = f"SELECT 1 FROM {LOOK} l WHERE l.id = OLD.look_id AND l.at"


def refusals(vendor: str) -> list[Refusal]:
    return [
        Refusal(LOOK, UPDATE, MESSAGE),
        Refusal(LOOKED_AT, UPDATE, MESSAGE),
        Refusal(LOOK, DELETE, MESSAGE, f"OLD.at >= {OLDEST[vendor]}"),
        Refusal(LOOKED_AT, DELETE, MESSAGE, f"EXISTS ({OLD_LOOK} >= {OLDEST[vendor]})"),
    ]


def names(vendor: str) -> list[str]:
    return [refusal.name for refusal in refusals(vendor)]


def install(connection: Any) -> None:
    with connection.cursor() as cursor:
        if LOOKED_AT not in connection.introspection.table_names(cursor):
            return
    kept.install(connection, refusals(connection.vendor))


def uninstall(connection: Any) -> None:
    kept.uninstall(connection, refusals(connection.vendor))
