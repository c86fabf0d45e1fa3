"""The migrations lead to the tables and rows that the tests run on, which are made of models."""

import os
import subprocess
import sys
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.db.utils import ConnectionHandler

from indicators.catalogue import CATALOGUE
from indicators.counting.blocks import blocks_of
from tests.indicators.rules import Terms
from tests.test_house import APPS, HOUSE

# All that an installation holds before anybody made a project.
DICTIONARIES = {
    "entities_localgovernment",
    "entities_terytcode",
    "support_servicetype",
    "support_adoptionkind",
    "support_theme",
}
SEARCHED = {"entities_entity", "entities_person", "support_service", "support_staffmember"}


def manage(*arguments, database=""):
    """The command run by itself: here the migrations are switched off."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments, "--settings=tests.settings"],
        cwd=HOUSE,
        env=os.environ | {"TEST_DATABASE_URL": database},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def empty_database(tmp_path, django_db_blocker):
    """`(its URL, a connection to it)`, on the server that the tests use."""
    with django_db_blocker.unblock():
        of_tests = connection.settings_dict
        if connection.vendor == "sqlite":
            name = str(tmp_path / "migrated.sqlite3")
            url = f"sqlite:///{name}"
        else:
            name = f"{of_tests['NAME']}_migrated"
            url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/".format(**of_tests) + name
            server = ConnectionHandler({"default": of_tests | {"NAME": "postgres"}})["default"]
            with server.cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
                cursor.execute(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
        migrated = ConnectionHandler({"default": of_tests | {"NAME": name}})["default"]
        yield url, migrated
        migrated.close()
        if connection.vendor != "sqlite":
            with server.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}"')
            server.close()


def own_tables():
    models = apps.get_models(include_auto_created=True)
    return sorted({row._meta.db_table for row in models if row._meta.app_label in APPS})


def tables_of(connection):
    """`{table: (columns, constraints and indexes)}`, without the names that hold a digest."""
    tables = {}
    with connection.cursor() as cursor:
        for table in own_tables():
            columns = connection.introspection.get_table_description(cursor, table)
            bounds = connection.introspection.get_constraints(cursor, table)
            tables[table] = (
                sorted(
                    (one.name, one.type_code, one.null_ok, one.display_size) for one in columns
                ),
                sorted(
                    sorted((key, str(of)) for key, of in one.items()) for one in bounds.values()
                ),
            )
    return tables


def without_trigrams(tables):
    """The tables without what PostgreSQL alone has, and the names of those that had it."""
    plain, indexed = {}, set()
    for table, (columns, bounds) in tables.items():
        rest = [bound for bound in bounds if ("type", "gin") not in bound]
        plain[table] = (columns, rest)
        if rest != bounds:
            indexed.add(table)
    return plain, indexed


def rows_of(connection):
    """`{table: how many rows}`."""
    counts = {}
    with connection.cursor() as cursor:
        for table in own_tables():
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


@pytest.mark.long
@pytest.mark.usefixtures("db")
def test_migrations_make_the_tables_of_the_models_and_the_dictionaries(empty_database):
    url, migrated = empty_database
    done = manage("migrate", "--verbosity=0", database=url)
    assert (done.returncode, done.stderr) == (0, "")
    tables, searched = without_trigrams(tables_of(migrated))
    assert tables == tables_of(connection)
    assert searched == (SEARCHED if connection.vendor == "postgresql" else set())
    assert {table for table, count in rows_of(migrated).items() if count} == DICTIONARIES
    done = manage("load_project", "sputnik-ii", database=url)
    assert (done.returncode, done.stderr) == (0, "")
    assert without_traces(rows_of(migrated)) == without_traces(rows_of(connection))


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="for SQLite alone")
@pytest.mark.usefixtures("db")
def test_a_new_database_is_what_the_migrations_make(empty_database):
    url, made = empty_database
    done = manage("new_database", database=url)
    assert (done.returncode, done.stderr) == (0, "")
    assert tables_of(made) == tables_of(connection)
    assert {table for table, count in rows_of(made).items() if count} == DICTIONARIES
    assert manage("migrate", "--check", database=url).returncode == 0
    assert triggers_of(made) == triggers_of(connection)
    again = manage("new_database", database=url)
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == (
        "CommandError: To polecenie jest dla pustej bazy SQLite. Użyj manage.py migrate.\n"
    )


def triggers_of(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        return cursor.fetchall()


def without_traces(rows):
    """Without history and marks of what to judge anew, which the other tests begin without."""
    return {
        table: count
        for table, count in rows.items()
        if "_historical" not in table and table != "indicators_changemark"
    }


@pytest.mark.parametrize("code", ["pes", "ps", "representatives"])
@pytest.mark.parametrize(
    "terms",
    [
        Terms(),
        Terms(ps_within_pes=True, founders_count=True),
        Terms(ps_within_pes=True, least_services=3, least_minutes=600),
        Terms(least_minutes=90),
    ],
)
def test_a_reading_of_a_contract_becomes_blocks_of_rules(code, terms):
    """Readings were rows with these columns until rules of indicators said it."""
    migration = import_module("indicators.migrations.0014_rules_of_contracts")
    kept = migration._blocks(code, CATALOGUE[code]["blocks"], terms)
    assert blocks_of(kept) == blocks_of(terms.blocks(code))


def test_a_reading_of_a_contract_changes_the_words_of_the_rules():
    migration = import_module("indicators.migrations.0014_rules_of_contracts")
    terms = Terms(ps_within_pes=True, least_services=3, least_minutes=630, founders_count=True)
    texts = [
        migration._text(CATALOGUE[code]["text"], terms) for code in ("pes", "representatives")
    ]
    assert texts[0].endswith(
        "Cel PS odczytano jako część celu PES: podmiot ze statusem PS liczy się w obu. Podmiot "
        "jest objęty wsparciem, gdy dostał co najmniej 3\u00a0usługi i 10 h 30 min wsparcia; "
        "liczy się od dnia, w którym to osiągnął."
    )
    assert texts[1].endswith("Osoby z grup inicjatywnych liczą się jako przedstawiciele.")


def test_no_migration_is_missing():
    done = manage("makemigrations", "--check", "--dry-run")
    assert (done.returncode, done.stdout) == (0, "No changes detected\n")
