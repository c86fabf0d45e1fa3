import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from indicators.checks.declarations import CHECKS
from indicators.checks.findings import accept, findings
from indicators.models import CheckRun
from tests.factories import AdoptionFactory, PersonFactory, sputnik
from tests.indicators.given import DAY, attend, supported

pytestmark = pytest.mark.usefixtures("db")


def run(*args, project="sputnik-ii"):
    out = StringIO()
    call_command("check_data", f"--project={project}", *args, stdout=out)
    return out.getvalue()


def test_json_has_every_check_with_its_records():
    adoption = AdoptionFactory(description="Sklep")
    answer = json.loads(run("--format=json"))
    assert list(answer) == ["project", "at", "checks"]
    assert [line["code"] for line in answer["checks"]] == list(CHECKS)
    lines = {line["code"]: line for line in answer["checks"]}
    assert lines["V22"] == {
        "code": "V22",
        "severity": "R",
        "sentence": "Wdrożenie bez połączonej usługi albo bez opisu",
        "count": 1,
        "accepted": 0,
        "records": [{"code": adoption.code, "text": "Nie ma połączonej usługi."}],
    }
    assert lines["V02"]["records"] == []


def test_a_look_is_kept_when_asked():
    AdoptionFactory()
    run()
    assert not CheckRun.objects.exists()
    run("--keep")
    assert CheckRun.objects.get().counts["V22"] == 1


def test_accepted_findings_are_counted_apart(coordinator):
    AdoptionFactory()
    (finding,) = [finding for finding in findings(sputnik()) if finding.check.code == "V22"]
    accept(sputnik(), [finding], "Tak ma być", coordinator)
    lines = {line["code"]: line for line in json.loads(run("--format=json"))["checks"]}
    assert (lines["V22"]["count"], lines["V22"]["accepted"]) == (0, 1)
    assert "Wdrożenie bez połączonej usługi albo bez opisu (przyjęte z powodem: 1)" in run()


def test_no_name_of_a_person_is_told():
    person = PersonFactory(first_name="Łucja", last_name="Skryta")
    entity = supported(DAY, person=person)
    attend(entity.services.get(), entity, PersonFactory(last_name="Ukryta"))
    supported(DAY, person=person)
    answer = run("--format=json")
    assert '"V04"' in answer
    assert json.loads(answer)["checks"][list(CHECKS).index("V04")]["count"] == 2
    assert "Skryta" not in answer
    assert "Ukryta" not in answer


def test_table_speaks_polish():
    AdoptionFactory(description="Sklep")
    lines = run().splitlines()
    assert lines[0].startswith("sputnik-ii: ")
    assert "V22 R         1  Wdrożenie bez połączonej usługi albo bez opisu" in lines


def test_unknown_project_is_refused():
    with pytest.raises(CommandError, match="Nie ma projektu"):
        run(project="nieznany")
