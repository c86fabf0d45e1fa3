from django.apps import apps
from simple_history.models import HistoricalChanges

from owes.privacy.inventory import NOT_PERSONAL, OF_HISTORY, columns_of, purposes, register

MODELS = apps.get_models(include_auto_created=True)
TABLES = [model for model in MODELS if not issubclass(model, HistoricalChanges)]
HISTORIES = [model for model in MODELS if issubclass(model, HistoricalChanges)]


def columns(model):
    return {field.name for field in model._meta.concrete_fields}


def test_every_column_of_every_table_is_in_the_register():
    missing = {model._meta.label: columns(model) ^ set(columns_of(model)) for model in TABLES}
    assert {label: names for label, names in missing.items() if names} == {}


def test_a_column_stands_in_the_register_once():
    told = [
        (app, table, [name for names in groups.values() for name in names])
        for app, tables in register()["tabele"].items()
        for table, groups in tables.items()
    ]
    assert [(app, table) for app, table, names in told if len(names) != len(set(names))] == []


def test_history_adds_who_and_why_alone():
    """What else a row of history holds, its table holds too."""
    added = {"history_id", "history_date", "history_type", *OF_HISTORY}
    for model in HISTORIES:
        if hasattr(model, "history_user"):  # rows of a many-to-many hold keys alone
            assert columns(model) - columns(model.instance_type) == added


def test_every_purpose_says_why_on_what_basis_and_how_long():
    told = {key for tables in register()["tabele"].values() for t in tables.values() for key in t}
    assert told - {NOT_PERSONAL} == {purpose.key for purpose in purposes()}
    for purpose in purposes():
        assert all([purpose.name, purpose.whose, purpose.purpose, purpose.basis])
        assert purpose.retention
        assert purpose.tables


def test_names_and_contacts_of_people_are_personal():
    told = columns_of(apps.get_model("entities", "Person"))
    assert {told[name] for name in ("last_name", "email", "birth_date")} == {"uczestnik"}
    assert columns_of(apps.get_model("owes", "User"))["name"] == "konto"
