import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import PersonFactory
from tests.indicators.given import DAY, FIRST, supported

pytestmark = pytest.mark.usefixtures("db")


def run(*args, project="sputnik-ii"):
    out = StringIO()
    call_command("indicators", f"--project={project}", *args, stdout=out)
    return out.getvalue()


def ask(*args):
    return json.loads(run("--format=json", *args))


def test_json_has_the_shape_of_the_contract():
    person = PersonFactory(sex="M")
    entity = supported(DAY, person=person)
    answer = ask("--on=2023-03-09", "--records")
    assert list(answer) == ["project", "on", "totals", "indicators"]
    assert (answer["project"], answer["on"]) == ("sputnik-ii", "2023-03-09")
    assert answer["totals"]["services"] == 1
    lines = {line["code"]: line for line in answer["indicators"]}
    assert lines["pes"]["records"] == [{"code": entity.code, "counted_on": "2023-03-09"}]
    assert (lines["pes"]["value"], lines["pes"]["target"]) == (1, 45)
    assert lines["representatives"]["splits"] == {"sex": {"M": 1}, "powiat": {"płocki": 1}}
    assert lines["ps"]["not_counted"] == [
        {
            "code": entity.code,
            "reasons": ["W dniu pierwszego wsparcia nie miał statusu PS."],
        }
    ]
    assert lines["staff"]["target"] is None


def test_a_period_counts_first_entries_inside_it():
    entity = supported(FIRST)
    supported(DAY, entity=entity)
    answer = ask("--from=01.01.2023", "--to=31.12.2023")
    assert (answer["from"], answer["to"]) == ("2023-01-01", "2023-12-31")
    assert answer["indicators"][0]["value"] == 0
    assert answer["totals"]["services"] == 1
    assert "records" not in answer["indicators"][0]


def test_default_day_is_at_most_the_end_of_the_project():
    assert ask()["on"] == "2024-12-31"


def test_table_speaks_polish():
    supported(DAY)
    lines = run("--records").splitlines()
    assert lines[0].startswith("sputnik-ii: 1\u00a0usługa, 2\u00a0h wsparcia")
    assert "    1 z 45      Liczba podmiotów ekonomii społecznej (PES) objętych wsparciem" in lines


@pytest.mark.parametrize(
    "args",
    [
        ["--on=2023-02-30"],
        ["--on=wczoraj"],
        ["--from=2023-01-01"],
        ["--from=2023-02-01", "--to=2023-01-01"],
        ["--on=2023-01-01", "--from=2023-01-01", "--to=2023-02-01"],
    ],
)
def test_wrong_dates_are_refused(args):
    with pytest.raises(CommandError):
        run(*args)


def test_unknown_project_is_refused():
    with pytest.raises(CommandError, match="Nie ma projektu"):
        run(project="nieznany")
