"""The demonstration: what it loads, that it counts as it says, and that it meets no other data."""

import json
from datetime import date

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from entities.models import Entity
from indicators.counting.scope import Scope
from indicators.models import WORKED_OUT
from owes.models import User
from owes.periods import Period
from support.models import Attendance, Service, StaffMember
from support.workbook import demonstration
from support.workbook.files import read_csv_folder
from support.workbook.reader import read_book
from tests.factories import EntityFactory

EXPECTED = json.loads((demonstration.FOLDER / "expected.json").read_text(encoding="utf-8"))
ADDITIONS = json.loads((demonstration.FOLDER / "additions.json").read_text(encoding="utf-8"))


def row_counts():
    return {
        model: model._base_manager.count()
        for app in apps.get_app_configs()
        for model in app.get_models()
        if model not in WORKED_OUT
    }


@pytest.mark.usefixtures("db")
def test_load_demo_refuses_outside_a_demonstration():
    with pytest.raises(CommandError, match="OWES_DEMO=1"):
        call_command("load_demo")
    assert not User.objects.exists()


def test_load_demo_refuses_a_register_with_entities(project, settings):
    settings.DEMO = True
    EntityFactory()
    with pytest.raises(CommandError, match="są już podmioty"):
        call_command("load_demo")
    assert not User.objects.exists()


def test_load_demo_loads_once(demo, capsys):
    before = row_counts()
    assert before[Service] == 420 + len(ADDITIONS["returned"])
    call_command("load_demo")
    assert row_counts() == before
    assert capsys.readouterr().out.splitlines()[-1] == "Dane przykładowe już są."


def test_load_demo_counts_what_it_says(demo):
    scope = Scope.of(demo)
    for code, expected in EXPECTED["indicators"].items():
        indicator = scope.indicator(code)
        records = indicator.counted(scope, demo.period)
        actual = records.values_list(indicator.record_code, "counted_on")
        wanted = [
            (record["code"], date.fromisoformat(record["counted_on"]))
            for record in expected["counted"]
        ]
        assert sorted(actual) == sorted(wanted), code


@pytest.mark.parametrize("day", EXPECTED["cumulative"])
def test_load_demo_counts_what_it_says_on_a_day(demo, day):
    scope = Scope.of(demo)
    period = Period(demo.starts_on, date.fromisoformat(day))
    values = {
        code: indicator.counted(scope, period).count()
        for code, indicator in scope.ruleset.indicators.items()
    }
    assert values == EXPECTED["cumulative"][day]["values"]


def test_load_demo_makes_an_account_of_each_role(demo, client):
    roles = {
        email: list(User.objects.get(email=email).memberships.values_list("role", flat=True))
        for email, *_ in demonstration.ACCOUNTS
    }
    assert roles == {
        "doradca@demo.example.org": ["staff"],
        "koordynator@demo.example.org": ["coordinator"],
        "wglad@demo.example.org": ["auditor"],
        "admin@demo.example.org": [],
    }
    assert User.objects.get(is_administrator=True).email == "admin@demo.example.org"
    adviser = User.objects.get(email=demonstration.ADVISER)
    assert adviser.check_password(demonstration.PASSWORD)
    assert StaffMember.objects.get(user=adviser).services.exists()


def test_load_demo_sends_services_back_with_a_reason(demo):
    returned = Service.objects.filter(state="returned")
    reasons = sorted(returned.values_list("state_reason", flat=True))
    assert reasons == sorted(given["reason"] for given in ADDITIONS["returned"])
    assert {service.state_by.email for service in returned} == {demonstration.COORDINATOR}
    assert Attendance.objects.filter(session__service__in=returned).count() == returned.count()


def test_load_demo_completes_what_the_workbook_lacks(demo):
    predecessors = Entity.objects.exclude(predecessor=None)
    assert dict(predecessors.values_list("code", "predecessor__code")) == ADDITIONS["predecessors"]
    units = Entity.objects.exclude(local_government=None)
    assert (
        dict(units.values_list("code", "local_government__code"))
        == ADDITIONS["local_government_units"]
    )
    counted = Service.objects.exclude(head_count=None)
    assert dict(counted.values_list("code", "head_count")) == ADDITIONS["head_counts"]
    staff = StaffMember.objects.exclude(active_from=None)
    assert {member.name: member.active_from.isoformat() for member in staff} == ADDITIONS[
        "staff_active_from"
    ]
    left = demo.enrolments.exclude(left_on=None)
    assert {row.entity.code: row.left_on.isoformat() for row in left} == {
        given["entity"]: given["left_on"] for given in ADDITIONS["left"]
    }


@pytest.mark.usefixtures("db")
def test_demo_files_hold_no_error():
    assert read_book(read_csv_folder(demonstration.FOLDER)).errors == []
