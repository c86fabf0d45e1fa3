"""The workbook of the whole project with its expected numbers, where a copy lies beside us."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from entities.models import Entity
from indicators.counting.scope import Scope
from tests.indicators.rules import indicator
from tests.support.workbook.test_workbook_saving import history_rows

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="nie ma skoroszytu projektu")


def run(name, project, *options):
    call_command("import_workbook", str(FOLDER / name), "--project", project.slug, *options)


def test_import_workbook_of_the_whole_project_counts_what_is_expected(project):
    run("sputnik2.xlsx", project)
    before = history_rows()
    run("sputnik2.xlsx", project)
    assert history_rows() == before
    scope = Scope.of(project)
    expected = json.loads((FOLDER / "sputnik2_expected.json").read_text(encoding="utf-8"))
    for code, answer in expected["indicators"].items():
        counted = indicator(code).counted(scope, project.period)
        actual = counted.values_list(indicator(code).record_code, "counted_on")
        assert sorted(actual) == sorted(
            (record["code"], date.fromisoformat(record["counted_on"]))
            for record in answer["counted"]
        )


@pytest.mark.parametrize("name", ["broken_rows", "broken_structure"])
def test_import_workbook_reports_exactly_the_planted_errors(project, tmp_path, name):
    errors = tmp_path / "errors.json"
    with pytest.raises(CommandError) as caught:
        run(f"{name}.xlsx", project, "--errors", str(errors))
    assert caught.value.returncode == 1
    planted = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["must_report"]
    actual = json.loads(errors.read_text(encoding="utf-8"))["errors"]
    keys = ["sheet", "row", "column", "kind"]
    assert {tuple(error[key] for key in keys) for error in actual} == {
        tuple(error[key] for key in keys) for error in planted
    }
    assert not Entity.objects.exists()
