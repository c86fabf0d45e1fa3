"""The migrations lead to the tables and rows that the tests run on, which are made of models."""

import json
import os
import subprocess
import sys

import pytest
from django.apps import apps
from django.db import connection
from django.db.utils import ConnectionHandler

from tests.indicators.rules import Terms
from tests.test_house import APPS, HOUSE

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
@pytest.mark.django_db
def test_migrations_make_the_tables_of_the_models_and_the_reference_data(empty_database):
    url, migrated = empty_database
    done = manage("migrate", "--verbosity=0", database=url)
    assert (done.returncode, done.stderr) == (0, "")
    tables, searched = without_trigrams(tables_of(migrated))
    assert tables == tables_of(connection)
    assert searched == (SEARCHED if connection.vendor == "postgresql" else set())
    assert rows_of(migrated) == rows_of(connection)


READING = """
INSERT INTO indicators_reading
    (project_id, valid_from, ps_within_pes, least_services, least_minutes, founders_count, basis)
SELECT id, '2024-01-01', %s, 3, 600, %s, 'aneks nr 1' FROM support_project
"""
RULES = """
SELECT i.code, r.valid_from, r.blocks, r.text FROM indicators_indicatorrule r
JOIN indicators_projectindicator i ON i.id = r.indicator_id WHERE r.basis = 'aneks nr 1'
ORDER BY i.position
"""


@pytest.mark.long
@pytest.mark.django_db
def test_a_reading_of_a_contract_becomes_rules_of_the_indicators_it_was_about(empty_database):
    url, migrated = empty_database
    done = manage("migrate", "indicators", "0012", "--verbosity=0", database=url)
    assert (done.returncode, done.stderr) == (0, "")
    with migrated.cursor() as cursor:
        cursor.execute(READING, [True, True])
    migrated.close()
    done = manage("migrate", "--verbosity=0", database=url)
    assert (done.returncode, done.stderr) == (0, "")
    with migrated.cursor() as cursor:
        cursor.execute(RULES)
        rules = {
            code: (str(day), json.loads(blocks) if isinstance(blocks, str) else blocks, text)
            for code, day, blocks, text in cursor.fetchall()
        }
    terms = Terms(ps_within_pes=True, least_services=3, least_minutes=600, founders_count=True)
    assert {code: blocks for code, (_, blocks, _) in rules.items()} == {
        code: terms.blocks(code) for code in ("pes", "ps", "representatives")
    }
    assert {day for day, _, _ in rules.values()} == {"2024-01-01"}
    assert rules["pes"][2].endswith(
        "Cel PS odczytano jako część celu PES: podmiot ze statusem PS liczy się w obu. Podmiot "
        "jest objęty wsparciem, gdy dostał co najmniej 3\u00a0usługi i 10 h wsparcia; liczy się "
        "od dnia, w którym to osiągnął."
    )
    assert rules["representatives"][2].endswith("liczą się jako przedstawiciele.")


def test_no_migration_is_missing():
    done = manage("makemigrations", "--check", "--dry-run")
    assert (done.returncode, done.stdout) == (0, "No changes detected\n")
