"""Triggers that mark what changed, in the transaction of the change itself.

Whatever writes the rows, a form, an import, a merge, a bulk update or a hand at the database, the
mark is there when the change is, and goes when the change is rolled back. `WATCHED` says which
columns count and what a changed row marks; the SQL of both databases is made of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from entities.models import (
    Entity,
    EntityActivity,
    LocalGovernment,
    Person,
    SocialEnterpriseStatus,
)
from indicators.models import (
    ChangeMark,
    IndicatorRule,
    JudgedTerms,
    Milestone,
    ProjectIndicator,
    Report,
    Target,
)
from support.models import (
    Activity,
    Adoption,
    AdoptionService,
    Attendance,
    Enrolment,
    Evidence,
    EvidenceRequirement,
    Partnership,
    Project,
    Recipient,
    Service,
    ServiceTheme,
    ServiceType,
    Session,
    StaffMember,
    StaffTraining,
    Theme,
)

PREFIX = "counting_"
INSERT, UPDATE, DELETE = "insert", "update", "delete"

UNKNOWN = "CAST(NULL AS {date})"
ANY = "CAST(NULL AS bigint)"
# The day of what moves no count, only the proof of one.
NO_DAY = "{no_day}"
FIRST_DAY = "(SELECT MIN(day) FROM {session} WHERE service_id = {service_key})"


class MarkQuery(NamedTuple):
    """A query of `(project, kind, key, day)`, where `{row}` is the row before or after a change.

    `source` is what follows the columns; the row itself is not in it.
    """

    kind: str
    key: str
    day: str = UNKNOWN
    source: str = ""
    project: str = "{row}.project_id"

    def of_row(self) -> str:
        return f"SELECT {self.project}, '{self.kind}', {self.key}, {self.day} {self.source}"

    def of_rows(self, table: str) -> str:
        """Of all rows of a table, which is named by `{row}`."""
        source = self.source.removeprefix("FROM ")
        rest = f", {source}" if source else ""
        return self._replace(source=f"FROM {table} {{row}}{rest}").of_row()


@dataclass(frozen=True)
class Watched:
    """A table, the fields of it that count, and the marks of a changed row.

    `when_deleted` are those of a deleted row besides: what hangs on it may go later, when nothing
    leads to its project any more. To a large table many rows are added at once, so PostgreSQL
    marks them together; SQLite cannot.
    """

    model: Any
    fields: tuple[str, ...]
    marks: tuple[MarkQuery, ...]
    when_deleted: tuple[MarkQuery, ...] = ()
    events: tuple[str, ...] = (INSERT, UPDATE, DELETE)
    is_large: bool = False

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def columns(self) -> list[str]:
        return [self.model._meta.get_field(name).column for name in self.fields]


def in_every_project(kind: str, key: str) -> MarkQuery:
    return MarkQuery(kind, key, source="FROM {project}", project="id")


OF_SERVICE = "FROM {service} s WHERE s.id = {row}.service_id"
OF_SESSION = "FROM {session} t JOIN {service} s ON s.id = t.service_id"
OF_SESSION += " WHERE t.id = {row}.session_id"
OF_ADOPTION = "FROM {adoption} a WHERE a.id = {row}.adoption_id"
PRESENT_AT = "FROM {attendance} p JOIN {service} s ON s.id = {row}.service_id"
PRESENT_AT += " WHERE p.session_id = {row}.id"
PRESENT_OF = "FROM {attendance} p JOIN {session} t ON t.id = p.session_id"
PRESENT_OF += " WHERE t.service_id = {row}.id"
OF_TARGET = "FROM {target} t WHERE t.id = {row}.target_id"
OF_INDICATOR = "FROM {projectindicator} i WHERE i.id = {row}.indicator_id"
LINKED_TO = "FROM {adoption} a JOIN {adoptionservice} l ON l.adoption_id = a.id"
LINKED_TO += " WHERE l.service_id = {row}.id"
# How a database writes a day, and `NO_DAY`.
POSTGRESQL = {"date": "date", "no_day": "DATE '9999-12-31'"}
SQLITE = {"date": "text", "no_day": "'9999-12-31'"}
SERVICE_DAY = FIRST_DAY.replace("{service_key}", "s.id")

WATCHED = [
    Watched(
        Attendance,
        ("session", "person", "entity", "state", "day"),
        tuple(
            MarkQuery(kind, key, "{row}.day", OF_SESSION, "s.project_id")
            for kind, key in [
                ("person", "{row}.person_id"),
                ("entity", "{row}.entity_id"),
                ("service", "s.id"),
            ]
        ),
        is_large=True,
    ),
    Watched(
        Recipient,
        ("service", "entity"),
        (
            MarkQuery("entity", "{row}.entity_id", SERVICE_DAY, OF_SERVICE, "s.project_id"),
            MarkQuery("service", "s.id", SERVICE_DAY, OF_SERVICE, "s.project_id"),
        ),
        is_large=True,
    ),
    Watched(
        Session,
        ("service", "day", "starts_at", "minutes"),
        (MarkQuery("service", "s.id", "{row}.day", OF_SERVICE, "s.project_id"),),
        when_deleted=(
            MarkQuery("person", "p.person_id", "{row}.day", PRESENT_AT, "s.project_id"),
            MarkQuery("entity", "p.entity_id", "{row}.day", PRESENT_AT, "s.project_id"),
            MarkQuery("session", "{row}.id", "{row}.day", OF_SERVICE, "s.project_id"),
        ),
        is_large=True,
    ),
    Watched(
        Service,
        ("project", "state", "type", "code", "number", "activity", "head_count", "mode"),
        (MarkQuery("service", "{row}.id", FIRST_DAY.replace("{service_key}", "{row}.id")),),
        when_deleted=(
            MarkQuery(
                "entity", "r.entity_id", source="FROM {recipient} r WHERE r.service_id = {row}.id"
            ),
            MarkQuery("entity", "a.entity_id", source=LINKED_TO),
            MarkQuery("entity", "p.entity_id", source=PRESENT_OF),
            MarkQuery("person", "p.person_id", source=PRESENT_OF),
            MarkQuery("session", "t.id", source="FROM {session} t WHERE t.service_id = {row}.id"),
        ),
        events=(UPDATE, DELETE),  # a new one has nobody yet
    ),
    Watched(
        Adoption,
        ("project", "entity", "kind", "day", "code", "description"),
        (MarkQuery("entity", "{row}.entity_id", "{row}.day"),),
    ),
    Watched(
        AdoptionService,
        ("adoption", "service"),
        (MarkQuery("entity", "a.entity_id", "a.day", OF_ADOPTION, "a.project_id"),),
    ),
    Watched(
        Partnership,
        ("project", "local_government", "kind", "document_number", "day", "code"),
        (MarkQuery("local", "{row}.local_government_id", "{row}.day"),),
    ),
    Watched(
        StaffTraining,
        (
            "project",
            "staff_member",
            "topic",
            "organiser",
            "starts_on",
            "ends_on",
            "certificate_number",
        ),
        (MarkQuery("staff", "{row}.staff_member_id", "COALESCE({row}.ends_on, {row}.starts_on)"),),
    ),
    Watched(
        Evidence,
        ("project", "state", "kind", "service", "adoption", "partnership", "staff_training"),
        (
            MarkQuery("service", "s.id", NO_DAY, OF_SERVICE),
            MarkQuery("entity", "a.entity_id", NO_DAY, OF_ADOPTION),
            MarkQuery(
                "local",
                "c.local_government_id",
                NO_DAY,
                "FROM {partnership} c WHERE c.id = {row}.partnership_id",
            ),
            MarkQuery(
                "staff",
                "m.staff_member_id",
                NO_DAY,
                "FROM {stafftraining} m WHERE m.id = {row}.staff_training_id",
            ),
        ),
    ),
    Watched(Enrolment, ("project", "entity"), (MarkQuery("entity", "{row}.entity_id", NO_DAY),)),
    Watched(
        ServiceTheme,
        ("service", "theme"),
        (MarkQuery("service", "s.id", SERVICE_DAY, OF_SERVICE, "s.project_id"),),
        is_large=True,
    ),
    # The registers belong to every project.
    Watched(
        Entity,
        (
            "code",
            "name",
            "legal_form",
            "seat",
            "registered_on",
            "struck_off_on",
            "founding_group",
        ),
        (in_every_project("registered", "{row}.id"),),
    ),
    Watched(
        SocialEnterpriseStatus,
        ("entity", "valid_from", "valid_until"),
        (in_every_project("entity", "{row}.entity_id"),),
    ),
    Watched(
        EntityActivity,
        ("entity", "kind", "since"),
        (in_every_project("entity", "{row}.entity_id"),),
    ),
    Watched(Theme, ("goal",), (in_every_project("project", ANY),), events=(UPDATE,)),
    Watched(
        Person,
        ("code", "sex", "birth_date", "birth_year"),
        (in_every_project("person", "{row}.id"),),
        events=(UPDATE,),
    ),
    Watched(StaffMember, ("name",), (in_every_project("staff", "{row}.id"),), events=(UPDATE,)),
    Watched(
        LocalGovernment,
        ("code", "name", "level", "kind", "powiat"),
        (in_every_project("project", ANY),),
        events=(UPDATE,),
    ),
    Watched(
        ServiceType,
        ("counts_as_support", "needs_attendance", "is_open_event"),
        (in_every_project("project", ANY),),
        events=(UPDATE,),
    ),
    # What the contract says moves all of a project.
    Watched(
        Project,
        ("starts_on", "ends_on"),
        (MarkQuery("project", ANY, project="{row}.id"),),
        events=(UPDATE,),
    ),
    Watched(Project.area.through, ("project", "localgovernment"), (MarkQuery("project", ANY),)),
    Watched(
        ProjectIndicator,
        ("project", "code", "position", "label", "retired_on"),
        (MarkQuery("project", ANY),),
    ),
    Watched(
        IndicatorRule,
        ("indicator", "valid_from", "blocks"),
        (MarkQuery("project", ANY, source=OF_INDICATOR, project="i.project_id"),),
    ),
    Watched(Activity, ("name",), (MarkQuery("project", ANY),), events=(UPDATE,)),
    Watched(
        EvidenceRequirement,
        ("project", "subject", "service_type", "documents", "is_required"),
        (MarkQuery("project", ANY, NO_DAY),),
    ),
    Watched(
        Target,
        ("project", "indicator", "value", "valid_from"),
        (MarkQuery("target", ANY, "{row}.valid_from"),),
    ),
    Watched(
        Milestone,
        ("target", "day", "value"),
        (MarkQuery("target", ANY, "t.valid_from", OF_TARGET, "t.project_id"),),
    ),
    # A report just closed has its work kept; it moves nobody.
    Watched(Report, ("state",), (MarkQuery("report", "{row}.id", NO_DAY),)),
]


class Trigger(NamedTuple):
    """`name` ends with a digest of the SQL: a trigger of an equal name does the same."""

    name: str
    table: str
    statements: tuple[str, ...]


def triggers(vendor: str) -> list[Trigger]:
    """Those that `WATCHED` asks for, on a database."""
    make = _of_postgresql if vendor == "postgresql" else _of_sqlite
    return [make(watched, event) for watched in WATCHED for event in watched.events]


def names(vendor: str) -> list[str]:
    return [trigger.name for trigger in triggers(vendor)]


def install(connection: Any) -> None:
    """Makes the triggers of a database those of `WATCHED`, and has all judged anew."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        if ChangeMark._meta.db_table not in tables:
            return
        wanted = {trigger.name: trigger for trigger in triggers(connection.vendor)}
        installed = _installed(connection, cursor)
        for name in installed.keys() - wanted.keys():
            _drop(connection, cursor, name, installed[name])
        for name in wanted.keys() - installed.keys():
            for statement in wanted[name].statements:
                cursor.execute(statement)
    JudgedTerms.objects.using(connection.alias).all().delete()


def uninstall(connection: Any) -> None:
    """Removes the triggers, so that a migration may change the tables under them."""
    with connection.cursor() as cursor:
        for name, table in _installed(connection, cursor).items():
            _drop(connection, cursor, name, table)


def _installed(connection, cursor) -> dict[str, str]:
    """`{name: table}` of the triggers of this program in the database."""
    if connection.vendor == "postgresql":
        cursor.execute(
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
        )
    else:
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    return {name: table for name, table in cursor.fetchall() if name.startswith(PREFIX)}


def _drop(connection, cursor, name, table):
    if connection.vendor == "postgresql":
        cursor.execute(f'DROP TRIGGER "{name}" ON "{table}"; DROP FUNCTION "{name}"()')
    else:
        cursor.execute(f'DROP TRIGGER "{name}"')


def _named(watched, event, statements):
    digest = hashlib.sha256("".join(statements).encode()).hexdigest()[:8]
    name = f"{PREFIX}{watched.table}_{event}_{digest}"
    return Trigger(name, watched.table, tuple(each.replace("{name}", name) for each in statements))


def _when(watched, event, differs):
    """When a trigger fires: an update only of what counts, as `differs` compares two values."""
    moment = "BEFORE" if event == DELETE else "AFTER"
    if event != UPDATE:
        return f'{moment} {event.upper()} ON "{watched.table}" FOR EACH ROW'
    changed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in watched.columns)
    columns = ", ".join(watched.columns)
    return f'{moment} UPDATE OF {columns} ON "{watched.table}" FOR EACH ROW WHEN ({changed})'


def _of_postgresql(watched, event):
    if watched.is_large and event == INSERT:
        return _of_many_rows(watched)
    returned = "OLD" if event == DELETE else "NEW"
    marks = _insert(_selects(watched, event), "txid_current()", POSTGRESQL)
    return _named(
        watched,
        event,
        [
            f'CREATE OR REPLACE FUNCTION "{{name}}"() RETURNS trigger LANGUAGE plpgsql AS $$ '
            f"BEGIN {marks}; RETURN {returned}; END $$",
            f'CREATE TRIGGER "{{name}}" {_when(watched, event, "IS DISTINCT FROM")} '
            f'EXECUTE FUNCTION "{{name}}"()',
        ],
    )


def _of_many_rows(watched):
    """The planner takes the added rows for a thousand, however few: they lead by the keys."""
    selects = [query.of_rows("added").replace("{row}", "r") for query in watched.marks]
    marks = _insert(selects, "txid_current()", POSTGRESQL)
    return _named(
        watched,
        INSERT,
        [
            'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql '
            "SET enable_hashjoin = off SET enable_mergejoin = off AS $$ "
            f"BEGIN {marks}; RETURN NULL; END $$",
            f'CREATE TRIGGER "{{name}}" AFTER INSERT ON "{watched.table}" '
            'REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION "{name}"()',
        ],
    )


def _of_sqlite(watched, event):
    marks = _insert(_selects(watched, event), "0", SQLITE)
    return _named(
        watched,
        event,
        [f'CREATE TRIGGER "{{name}}" {_when(watched, event, "IS NOT")} BEGIN {marks}; END'],
    )


def _selects(watched, event):
    """The queries of marks of a changed row, as it was and as it is."""
    queries = watched.marks + (watched.when_deleted if event == DELETE else ())
    rows = {INSERT: ["NEW"], UPDATE: ["OLD", "NEW"], DELETE: ["OLD"]}[event]
    return [query.of_row().replace("{row}", row) for row in rows for query in queries]


def _insert(selects, writer, types):
    queries = " UNION ".join(select.format(**types, **_tables()) for select in selects)
    return (
        f"INSERT INTO {ChangeMark._meta.db_table} (project_id, kind, key, day, writer) "
        f"SELECT m.*, {writer} FROM ({queries}) m"
    )


def _tables() -> dict[str, str]:
    watched: Iterator[Any] = (each.model for each in WATCHED)
    return {model._meta.model_name: model._meta.db_table for model in watched}
