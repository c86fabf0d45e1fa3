"""Triggers that keep the rows of a table, whatever hand is at the database.

A row may be added. What may not be done to it besides, and when, a `Refusal` says; what is refused
fails with an `IntegrityError`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

UPDATE, DELETE = "UPDATE", "DELETE"
CREATE = {
    "postgresql": [
        """CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF {condition} THEN
            RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';
          END IF;
          RETURN {row};
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


@dataclass(frozen=True)
class Refusal:
    """An act on a row of a table, and the SQL of `OLD` and `NEW` that says when it is refused."""

    table: str
    event: str
    message: str
    condition: str = "TRUE"

    @property
    def name(self) -> str:
        return f"{self.table}_kept_on_{self.event.lower()}"


def install(connection: Any, refusals: Iterable[Refusal]) -> None:
    for refusal in refusals:
        row = "NEW" if refusal.event == UPDATE else "OLD"
        _run(connection, [DROP[connection.vendor], *CREATE[connection.vendor]], refusal, row=row)


def uninstall(connection: Any, refusals: Iterable[Refusal]) -> None:
    """So that a migration may change the tables under them."""
    for refusal in refusals:
        _run(connection, [DROP[connection.vendor]], refusal)


def _run(connection: Any, statements: list[str], refusal: Refusal, **values: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.format(name=refusal.name, **vars(refusal), **values))
