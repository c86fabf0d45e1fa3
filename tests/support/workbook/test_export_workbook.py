"""What the command writes is what an import reads: unchanged where it is, the same elsewhere."""

import json
import os
import random
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate

from entities.models import Entity, Person
from support.models import Attendance, Service
from support.workbook.contract import SHEETS
from support.workbook.exporting import EVIDENCE, EVIDENCE_HEADERS
from support.workbook.files import BookFile
from tests.factories import (
    AttendanceFactory,
    EntityFactory,
    EvidenceFactory,
    PersonFactory,
    ProjectFactory,
)
from tests.loaded import put_back
from tests.support.workbook.workbooks import Tables

# First days of months on which the numbers are compared; EXPORT_MONTHS=33 is all of them.
MONTHS = int(os.environ.get("EXPORT_MONTHS", "2"))
COUNTED = ("code", "value", "splits", "records", "not_counted")
UNCHANGED = "{}: nowe 0, zmienione 0, bez zmian {}"


def exported(tmp_path, project="sputnik-ii"):
    path = tmp_path / "projekt.xlsx"
    call_command("export_workbook", str(path), "--project", project)
    return path


def codes(path, sheet, column=0):
    _, *rows = BookFile(path)[sheet]
    return [row[column] for row in rows]


@pytest.mark.long
def test_the_demonstration_comes_back_unchanged(demo, tmp_path, capsys):
    path = exported(tmp_path)
    capsys.readouterr()
    call_command("import_workbook", str(path), "--project", demo.slug, "--dry-run")
    lines = capsys.readouterr().out.splitlines()
    counts = {"Podmioty": Entity.objects.count(), "Osoby": Person.objects.count()}
    counts["Usługi"] = demo.services.count()
    present = Attendance.objects.present().filter(session__service__project=demo)
    counts["Obecności"] = present.count()
    assert [line for line in lines if line.partition(":")[0] in counts] == [
        UNCHANGED.format(name, count) for name, count in counts.items()
    ]
    assert [line for line in lines[: len(SHEETS)] if "nowe 0, zmienione 0" not in line] == []


def numbers(day, capsys):
    """What the command tells of the day, with records and reasons; a workbook holds no targets."""
    capsys.readouterr()
    call_command("indicators", project="sputnik-ii", on=day, format="json", records=True)
    told = json.loads(capsys.readouterr().out)
    told["indicators"] = [{name: line[name] for name in COUNTED} for line in told["indicators"]]
    return told


@pytest.mark.long
def test_the_demonstration_gives_the_same_numbers_in_an_empty_database(
    demo, loaded, tmp_path, capsys
):
    firsts = [date(year, month, 1) for year in (2022, 2023, 2024) for month in range(1, 13)]
    firsts = [day for day in firsts if demo.starts_on <= day <= demo.ends_on]
    days = [*random.Random(17).sample(firsts, min(MONTHS, len(firsts))), demo.ends_on]
    path, before = exported(tmp_path), [numbers(day, capsys) for day in days]
    put_back(loaded.rows["reference"])
    assert not Entity.objects.exists()
    call_command("import_workbook", str(path), "--project", "sputnik-ii")
    assert [numbers(day, capsys) for day in days] == before


def test_every_row_of_a_workbook_is_written_again(project, tmp_path):
    tables = Tables()
    call_command(
        "import_workbook", str(tables.xlsx(tmp_path / "a.xlsx")), "--project", project.slug
    )
    book = BookFile(exported(tmp_path))
    rows = {sheet.name: list(book[sheet.name]) for sheet in SHEETS}
    counts = {name: len(written) for name, written in rows.items()}
    assert counts == {name: len(given) for name, given in tables.items()}
    assert rows["Usługi"][2][:9] == [
        *("U/2", "szkolenie", "Szkolenie", "Kinga Łącka", "online", "", "", "złożona"),
        "G1; P1; P2",
    ]
    assert rows["Terminy"][3] == ["U/2", date(2022, 6, 14), "23:00", "01:00", 0]


def test_a_returned_service_is_a_draft_of_the_file_and_stays_returned(project, tmp_path, capsys):
    call_command(
        "import_workbook", str(Tables().xlsx(tmp_path / "a.xlsx")), "--project", project.slug
    )
    Service.objects.filter(code="U/2").update(state=Service.State.RETURNED)
    path = exported(tmp_path)
    assert codes(path, "Usługi", 7) == ["zatwierdzona", "szkic", "szkic"]
    call_command("import_workbook", str(path), "--project", project.slug)
    assert Service.objects.get(code="U/2").state == Service.State.RETURNED


def test_what_only_another_project_knows_is_left_out_but_not_a_parent(project, tmp_path):
    other = ProjectFactory(slug="inny")
    parent = EntityFactory(code="P1")
    other.enrolments.create(entity=parent)
    project.enrolments.create(entity=EntityFactory(code="P2", parent=parent))
    other.enrolments.create(entity=EntityFactory(code="P3"))
    EntityFactory(code="P4")
    known = AttendanceFactory(person__code="O1", session__service__project=other)
    Entity.objects.filter(pk=known.entity_id).update(code="P5")
    PersonFactory(code="O2")
    path = exported(tmp_path)
    assert codes(path, "Podmioty") == ["P1", "P2", "P4"]
    assert codes(path, "Osoby") == ["O2"]


def test_evidence_is_listed_with_what_it_is_known_by(project, tmp_path):
    evidence = EvidenceFactory(project=project, kind="karta podpisana", file_name="=karta.pdf")
    header, *rows = BookFile(exported(tmp_path))[EVIDENCE]
    assert (header, rows) == (
        EVIDENCE_HEADERS,
        [
            [
                f"usługa: {evidence.service}",
                "karta podpisana",
                "=karta.pdf",
                localdate(evidence.added_at),
                "do sprawdzenia",
                evidence.sha256,
            ]
        ],
    )


def test_nothing_is_written_over_and_nothing_for_nobody(project, tmp_path):
    exported(tmp_path)
    with pytest.raises(CommandError, match="już jest"):
        exported(tmp_path)
    with pytest.raises(CommandError, match="Nie ma takiego projektu"):
        call_command("export_workbook", str(tmp_path / "b.xlsx"), "--project", "brak")
    with pytest.raises(CommandError, match="Nie można zapisać"):
        call_command("export_workbook", str(tmp_path / "x" / "b.xlsx"), "--project", project.slug)
