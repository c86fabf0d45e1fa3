"""The command: its exit codes, its counts, its list of errors, its trial run."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from entities.models import Entity, Person
from indicators.closing import closing
from indicators.models import Report
from support.models import Attendance, Service, Session
from tests.factories import PersonFactory, UserFactory
from tests.support.workbook.workbooks import Tables

CREATED = [
    "Podmioty: nowe 4, zmienione 0, bez zmian 0",
    "Statusy PS: nowe 1, zmienione 0, bez zmian 0",
    "Osoby: nowe 2, zmienione 0, bez zmian 0",
    "Reprezentacje: nowe 2, zmienione 0, bez zmian 0",
    "Usługi: nowe 3, zmienione 0, bez zmian 0",
    "Terminy: nowe 3, zmienione 0, bez zmian 0",
    "Obecności: nowe 4, zmienione 0, bez zmian 0",
    "Współpraca JST: nowe 1, zmienione 0, bez zmian 0",
    "Wdrożenia: nowe 1, zmienione 0, bez zmian 0",
    "Kadra: nowe 1, zmienione 0, bez zmian 0",
]


@pytest.fixture
def run(project, tmp_path, capsys):
    """`(exit code, lines of output, sentence of refusal)` of an import of the tables."""

    def run(tables, *options):
        path = tables.xlsx(tmp_path / "skoroszyt.xlsx")
        code, refusal = 0, ""
        try:
            call_command("import_workbook", str(path), "--project", project.slug, *options)
        except CommandError as error:
            code, refusal = error.returncode, str(error)
        return code, capsys.readouterr().out.splitlines(), refusal

    return run


def test_import_workbook_saves_and_counts(run):
    assert run(Tables()) == (0, [*CREATED, "Zapisano."], "")
    assert Attendance.objects.count() == 4
    code, lines, _ = run(Tables())
    assert (code, lines[6]) == (0, "Obecności: nowe 0, zmienione 0, bez zmian 4")


def test_import_workbook_gives_the_reason_to_history(run):
    run(Tables())
    assert Entity.history.first().history_change_reason == "import skoroszyt.xlsx"
    run(Tables().put("Osoby", 2, "Telefon", "1"), "--reason", " nowy numer ")
    assert Person.history.first().history_change_reason == "nowy numer"


def test_import_workbook_of_a_wrong_file_saves_nothing_and_lists_every_error(run, tmp_path):
    errors = tmp_path / "bledy.json"
    tables = Tables().put("Podmioty", 2, "NIP", "1234563219").put("Osoby", 2, "Imię", None)
    code, lines, refusal = run(tables, "--errors", str(errors))
    assert (code, lines) == (1, [])
    assert refusal.splitlines()[-1] == "Błędy: 2. Niczego nie zapisano."
    assert json.loads(errors.read_text(encoding="utf-8")) == {
        "errors": [
            {
                "sheet": "Podmioty",
                "row": 2,
                "column": "NIP",
                "kind": "bad_nip",
                "message": (
                    "Ostatnia cyfra numeru NIP się nie zgadza. Sprawdź numer z dokumentem."
                ),
                "value": "1234563219",
            },
            {
                "sheet": "Osoby",
                "row": 2,
                "column": "Imię",
                "kind": "required",
                "message": "Ta komórka musi być wypełniona.",
                "value": "",
            },
        ]
    }
    assert not Entity.objects.exists()


@pytest.mark.parametrize(
    ("row", "kind"), [(2, "unknown_value"), (1, "wrong_header")], ids=["cell", "header"]
)
def test_import_workbook_refuses_a_character_that_not_every_database_keeps(
    run, tmp_path, row, kind
):
    errors = tmp_path / "bledy.json"
    tables = Tables().put("Podmioty", row, "Nazwa", "Na\x00zwa")
    assert run(tables, "--errors", str(errors))[0] == 1
    [error] = json.loads(errors.read_text(encoding="utf-8"))["errors"]
    assert (error["sheet"], error["row"], error["column"]) == ("Podmioty", row, "Nazwa")
    assert (error["kind"], error["value"]) == (kind, "Na\ufffdzwa")
    assert not Entity.objects.exists()


def test_import_workbook_reports_a_missing_sheet(run, tmp_path):
    errors = tmp_path / "bledy.json"
    tables = Tables()
    del tables["Kadra"]
    assert run(tables, "--errors", str(errors))[0] == 1
    written = json.loads(errors.read_text(encoding="utf-8"))["errors"]
    assert [(error["sheet"], error["row"], error["column"]) for error in written] == [
        ("Kadra", None, None)
    ]


def test_import_workbook_writes_an_empty_list_when_nothing_is_wrong(run, tmp_path):
    errors = tmp_path / "bledy.json"
    assert run(Tables(), "--errors", str(errors))[0] == 0
    assert json.loads(errors.read_text()) == {"errors": []}


def test_import_workbook_refuses_a_file_that_is_no_workbook(project, tmp_path):
    path, errors = tmp_path / "plik.xlsx", tmp_path / "bledy.json"
    path.write_text("Kod;Nazwa")
    with pytest.raises(CommandError, match="To nie jest skoroszyt xlsx") as caught:
        call_command(
            "import_workbook", str(path), "--project", project.slug, "--errors", str(errors)
        )
    assert caught.value.returncode == 1
    assert [error["kind"] for error in json.loads(errors.read_text())["errors"]] == [
        "unreadable_file"
    ]


def test_import_workbook_refuses_a_missing_file_an_unknown_project_and_a_long_reason(
    run, project, tmp_path
):
    with pytest.raises(CommandError, match="Nie można odczytać pliku"):
        call_command("import_workbook", str(tmp_path / "nie.xlsx"), "--project", project.slug)
    with pytest.raises(CommandError, match="Nie ma takiego projektu"):
        call_command("import_workbook", str(tmp_path / "nie.xlsx"), "--project", "nie-ma")
    assert run(Tables(), "--reason", "x" * 101)[2] == "Powód może mieć najwyżej 100 znaków."


def test_import_workbook_tries_without_saving(run):
    code, lines, _ = run(Tables(), "--dry-run")
    assert (code, lines[:10], lines[-1]) == (0, CREATED, "Próba: niczego nie zapisano.")
    assert lines[10:19] == [
        "Wskaźniki na koniec projektu:",
        "  PES: 0 → 0",
        "  PS: 0 → 1",
        "  przedstawiciele: 0 → 1",
        "  nowe: 0 → 0",
        "  JST: 0 → 1",
        "  cyfrowe: 0 → 1",
        "  ekologiczne: 0 → 0",
        "  kadra: 0 → 1",
    ]
    assert [Entity.objects.count(), Entity.history.count(), Session.objects.count()] == [0, 0, 0]


def test_import_workbook_changes_an_approved_service_only_with_a_reason(run):
    run(Tables())
    tables = Tables().drop("Obecności", 2).put("Osoby", 2, "Telefon", "1")
    code, lines, refusal = run(tables)
    assert (code, lines[2]) == (2, "Osoby: nowe 0, zmienione 1, bez zmian 1")
    assert refusal == (
        "Zmieniłaby się zatwierdzona usługa U/1.\nPodaj powód (--reason). Niczego nie zapisano."
    )
    assert (Attendance.objects.count(), Person.objects.get(code="O1").phone) == (4, "")
    assert run(tables, "--dry-run")[0] == 2
    assert run(tables, "--reason", "wpisano pomyłkowo")[0] == 0
    assert Attendance.objects.count() == 3
    assert Attendance.history.first().history_change_reason == "wpisano pomyłkowo"


def close_report(project):
    draft = Report.objects.create(
        project=project,
        kind="partial",
        starts_on=date(2022, 4, 5),
        ends_on=date(2022, 12, 31),
        created_by=UserFactory(),
    )
    return closing.close(draft, UserFactory(), "próba")


def test_import_workbook_changes_a_record_of_a_closed_report_only_with_a_reason(run, project):
    run(Tables())
    report = close_report(project)
    tables = Tables().put("Statusy PS", 2, "Do", "1.4.2022")
    code, _, refusal = run(tables)
    assert code == 2
    assert refusal.splitlines()[0] == (
        "Zmieni to, co podaje raport częściowy nr 1 (05.04.2022–31.12.2022):"
    )
    assert "PS: 1 → 0" in refusal.splitlines()
    assert run(tables, "--reason", "decyzja uchylona")[0] == 0
    change = report.changes.get()
    assert (change.reason, change.by, change.records) == (
        "decyzja uchylona",
        None,
        [["pes", "P1"], ["ps", "P1"]],
    )
    assert run(tables.put("Podmioty", 2, "Telefon", "1"))[0] == 0


def test_import_workbook_of_new_approved_services_needs_no_reason(run):
    run(Tables())
    service = ["U/9", "asysta", "Asysta", "Ewa Piórkowska", "", "", "", "zatwierdzona"]
    assert run(Tables().add("Usługi", *service))[0] == 0
    assert Service.objects.get(code="U/9").state == "approved"


def test_import_workbook_makes_no_twin_of_a_known_person_unless_told_that_it_is_another(
    run, tmp_path
):
    twin = PersonFactory(code="O900", first_name="Łucja", last_name="Próbna", sex="K")
    errors = tmp_path / "bledy.json"
    assert run(Tables(), "--errors", str(errors))[0] == 1
    [error] = json.loads(errors.read_text(encoding="utf-8"))["errors"]
    assert (error["sheet"], error["row"], error["column"], error["kind"]) == (
        "Osoby",
        2,
        "Nazwisko",
        "likely_twin",
    )
    assert error["message"].startswith("To może być Łucja Próbna (O900) (wspólne: imię i nazwisko")
    assert list(Person.objects.all()) == [twin]
    assert run(Tables(), "--others", "O1")[0] == 0
    assert set(Person.objects.values_list("code", flat=True)) == {"O1", "O2", "O900"}


def test_import_workbook_changes_no_known_code_to_another_record(run):
    run(Tables())
    code, _, refusal = run(Tables().put("Podmioty", 2, "NIP", "5260250995"))
    assert code == 1
    assert "NIP: w rejestrze 1234563218, w pliku 5260250995." in refusal
    assert Entity.objects.get(code="P1").nip == "1234563218"


def test_import_workbook_says_what_forbids_it(run):
    run(Tables())
    entity = Entity.objects.get(code="P1")
    entity.enrolments.update(left_on=date(2022, 4, 20))
    code, _, refusal = run(Tables().put("Podmioty", 2, "Data zgłoszenia", "21.4.2022"))
    assert (code, refusal.splitlines()[-1]) == (1, "Niczego nie zapisano.")
    assert "P1" in refusal
