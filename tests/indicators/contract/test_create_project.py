"""The command that makes a project from a file."""

import json
import re
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from owes.models import User
from support.models import Project
from tests.test_house import HOUSE

pytestmark = pytest.mark.usefixtures("db")
PAGE = (HOUSE / "docs" / "nowy_projekt.md").read_text(encoding="utf-8")
DOCUMENTED = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)[1]


@pytest.fixture
def create(tmp_path, capsys):
    def run(text):
        file = tmp_path / "projekt.json"
        file.write_text(text, encoding="utf-8")
        call_command("create_project", str(file))
        return capsys.readouterr().out

    return run


def documented(**changes):
    content = json.loads(DOCUMENTED)
    content["contract"] |= changes.pop("contract", {})
    return json.dumps(content | changes)


def test_the_documented_file_makes_a_whole_project(create):
    told = create(DOCUMENTED)
    assert "Założono projekt kuznia-2025." in told
    project = Project.objects.get(slug="kuznia-2025")
    assert (project.name, project.contract_date, project.ends_on) == (
        "Kuźnia",
        date(2024, 12, 20),
        date(2027, 12, 31),
    )
    assert project.office.startswith("Rynek 1, 09-402 Płock")
    assert sorted(project.area.values_list("code", flat=True)) == ["1419", "1462"]
    assert sorted(project.activities.values_list("name", flat=True)) == ["Doradztwo", "Szkolenia"]
    assert sorted(
        (row.subject, str(row.service_type), row.documents, row.is_required)
        for row in project.evidence_requirements.all()
    ) == [
        ("entity", "None", "odpis KRS\nwpis do ewidencji", True),
        ("service", "szkolenie", "program szkolenia", False),
    ]
    assert [
        (row.code, row.rules.get().valid_from, row.rules.get().blocks[0])
        for row in project.indicators.all()
    ] == [
        ("pes", date(2025, 1, 1), {"block": "supported"}),
        ("pes_po_szkoleniu_i_5_h", date(2025, 1, 1), {"block": "supported"}),
    ]
    targets = project.targets.in_force(project, project.starts_on)
    assert {code: target.value for code, target in targets.items()} == {
        "pes": 60,
        "pes_po_szkoleniu_i_5_h": 20,
    }
    assert targets["pes"].steps == [(date(2025, 12, 31), 15), (date(2026, 12, 31), 40)]
    assert targets["pes"].means_of_verification.startswith("formularze zgłoszeniowe")
    ends = [(f"{term.period.end}", f"{term.due_on}") for term in project.report_terms()]
    assert (len(ends), ends[0], ends[-1]) == (
        12,
        ("2025-03-31", "2025-04-14"),
        ("2027-12-31", "2028-01-30"),
    )
    assert list(project.memberships.values_list("user__email", "role")) == [
        ("koordynator@example.org", "coordinator")
    ]


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ({"reporting": "rok"}, ["reporting: tu ma być obiekt z polami."]),
        (
            {"reporting": {"reporting_cycle": "own", "own_period_ends": ["2028-01-01"]}},
            [
                "reporting.own_period_ends: Podaj dni projektu przed jego ostatnim dniem, "
                "31.12.2027; 01.01.2028 do nich nie należy."
            ],
        ),
        ({"reporting": {"cycle": "year"}}, ["reporting.cycle: nie ma takiego pola."]),
        (
            {"contract": {"slug": "sputnik-ii"}},
            ["contract.slug: Projekt o tym skrócie już jest. Podaj inny."],
        ),
        (
            {"contract": {"ends_on": "2024-12-31", "x": 1}},
            [
                "contract.x: nie ma takiego pola.",
                "contract.ends_on: Koniec projektu jest wcześniejszy niż początek.",
            ],
        ),
        (
            {"contract": {"starts_on": "31.02.2025"}},
            ["contract.starts_on: Nie ma takiego dnia: 31.02.2025."],
        ),
        ({"area": "1462"}, ["area: tu ma być lista kodów albo nazw gmin, powiatów i województw."]),
        ({"area": []}, ["area: Wskaż obszar: bez niego żaden podmiot się nie liczy."]),
        (
            {"activities": ["x" * 201]},
            ["activities.activities: Nazwa działania: najwyżej 200 znaków."],
        ),
        (
            {"evidence": [{"subject": "entity", "documents": []}]},
            ["evidence[1].documents: Uzupełnij to pole."],
        ),
        (
            {"evidence": [{"subject": "service", "service_type": "x", "documents": ["y"]}]},
            ["evidence[1].service_type: nie ma rodzaju usługi „x”."],
        ),
        (
            {"team": [{"email": "x@example.org", "name": "X", "role": "boss"}], "area": ["x"]},
            [
                "area: Nie ma samorządu „x”. Wybierz z listy albo podaj kod TERYT.",
                "team[1].role: podaj jedną z ról: staff, coordinator, auditor.",
            ],
        ),
        (
            {"team": [{"email": "x@example.org", "role": "coordinator"}]},
            ["team[1].name: Podaj imię i nazwisko: to nowe konto."],
        ),
        ({"team": []}, ["team: podaj koordynatora (role: coordinator)."]),
        ({"x": 1}, ["x: nie ma takiej części pliku."]),
    ],
)
def test_a_wrong_file_saves_nothing_and_names_the_field(create, project, changes, sentences):
    with pytest.raises(CommandError) as refused:
        create(documented(**changes))
    assert str(refused.value).splitlines() == [*sentences, "Niczego nie zapisano."]
    assert refused.value.returncode == 1
    assert (Project.objects.get(), User.objects.count()) == (project, 0)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "To nie jest JSON: wiersz 1, znak 2."),
        ("[]", "plik: tu ma być obiekt JSON.\nNiczego nie zapisano."),
    ],
)
def test_what_is_no_file_of_a_project_is_refused(create, text, sentence):
    with pytest.raises(CommandError) as refused:
        create(text)
    assert str(refused.value) == sentence


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CommandError, match="Nie można odczytać pliku"):
        call_command("create_project", str(tmp_path / "x.json"))


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"code": "nic"}, "indicators[1].code: nie ma w katalogu wskaźnika „nic”."),
        ({"code": "pes", "cel": 4}, "indicators[1].cel: nie ma takiego pola."),
        (
            {"code": "pes", "target": 0},
            "indicators[1].target: Wartość docelowa musi być większa od zera.",
        ),
        ({"blocks": []}, "indicators[1].blocks: Wybierz, co się liczy."),
        (
            {"blocks": [{"block": "adopted", "kind": "nie-ma"}]},
            "indicators[1].blocks: podmioty i grupy z wdrożeniem: nie ma w słowniku: nie-ma.",
        ),
        ({"blocks": [{"block": "trained"}]}, "indicators[1].name: Uzupełnij to pole."),
        (
            {"code": "pes", "target": 4, "milestones": [{"day": "kiedyś", "value": 1}]},
            "indicators[1].milestones: ",
        ),
        (
            {"code": "pes", "target": 4, "milestones": [{"day": "2025-12-31", "value": 5}]},
            "indicators[1].milestones[1].value: Najwięcej tyle, ile wynosi wartość docelowa: 4.",
        ),
    ],
)
def test_an_indicator_of_the_file_that_is_wrong_is_named(create, row, sentence):
    with pytest.raises(CommandError) as refused:
        create(documented(indicators=[row]))
    assert sentence in str(refused.value)
    assert not Project.objects.filter(slug="kuznia-2025").exists()
