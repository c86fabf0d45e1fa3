"""Triggers that keep the rows of the log, whatever hand is at the database.

No row is changed. A row is deleted only when its whole month is older than the log is kept, so
the nightly job needs no way around them.
"""

from typing import Any

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
CREATE = {
    "postgresql": [
        """CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF {condition} THEN
            RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';
          END IF;
          RETURN OLD;
        END $$""",
        """CREATE TRIGGER "{name}" BEFORE {event} ON "{table}"
        FOR EACH ROW EXECUTE FUNCTION "{name}"()""",
    ],
    "sqlite": [
        """CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH ROW WHEN {condition}
        BEGIN SELECT RAISE(ABORT, '{message}'); END"""
    ],
}
DROP = {
    "postgresql": 'DROP TRIGGER IF EXISTS "{name}" ON "{table}"',
    "sqlite": 'DROP TRIGGER IF EXISTS "{name}"',
}
# `(table, event, when it is refused)`
REFUSED = [
    (LOOK, "UPDATE", "TRUE"),
    (LOOKED_AT, "UPDATE", "TRUE"),
    (LOOK, "DELETE", "OLD.at >= {oldest}"),
    (
        LOOKED_AT,
        "DELETE",
        f"EXISTS (SELECT 1 FROM {LOOK} l WHERE l.id = OLD.look_id AND l.at >= {{oldest}})",
    ),
]


def install(connection: Any) -> None:
    uninstall(connection)
    with connection.cursor() as cursor:
        if LOOKED_AT not in connection.introspection.table_names(cursor):
            return
        for table, event, condition in REFUSED:
            values = {"name": _name(table, event), "table": table, "event": event}
            values["condition"] = condition.format(oldest=OLDEST[connection.vendor])
            for statement in CREATE[connection.vendor]:
                cursor.execute(statement.format(message=MESSAGE, **values))


def uninstall(connection: Any) -> None:
    """So that a migration may change the tables under them."""
    with connection.cursor() as cursor:
        for table, event, _ in REFUSED:
            statement = DROP[connection.vendor]
            cursor.execute(statement.format(name=_name(table, event), table=table))


def _name(table: str, event: str) -> str:
    return f"{table}_kept_on_{event.lower()}"
