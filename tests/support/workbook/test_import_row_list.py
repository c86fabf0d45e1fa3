"""What an import does, record by record: from what to what, with filters and files."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains
from python_calamine import CalamineWorkbook

from entities.models import Entity, LegalForm
from owes.models import LookedAt
from support.models import Import, StaffMember
from support.workbook.importing import save_book
from support.workbook.imports import check
from support.workbook.outcomes import outcomes_of
from support.workbook.reader import read_book
from tests.factories import EntityFactory, PersonFactory, ProjectFactory
from tests.support.workbook.workbooks import Tables

HEADER = "Kod;Nazwa;Forma prawna;NIP;Miejscowość;Data zgłoszenia"


@pytest.fixture
def send(signed_in, django_capture_on_commit_callbacks):
    """Sends a file; the columns are taken as guessed, the background work runs at once."""

    def sending(content, register="entities", name="plik.csv"):
        def post(page, data):
            with django_capture_on_commit_callbacks(execute=True):
                signed_in.post(page, data)

        data = {"register": register, "file": SimpleUploadedFile(name, content)}
        post(reverse("support:import_list", args=["sputnik-ii"]), data)
        row = Import.objects.latest("pk")
        if row.is_matching:
            url = reverse("support:import_columns", args=["sputnik-ii", row.pk])
            form = signed_in.get(url).context["form"]
            post(url, {name: form[name].value() for name in form.fields})
        row.refresh_from_db()
        return row

    return sending


def address(row):
    return reverse("support:import_row_list", args=[row.project.slug, row.pk])


def told(row):
    return [
        (line.sheet, line.number, line.outcome, line.code, line.changes)
        for line in row.rows.order_by("pk")
    ]


def test_a_register_is_told_row_by_row_with_old_and_new_values(send, project):
    changed = EntityFactory(code="P1", name="KGW Łąka", legal_form=LegalForm.KGW, locality="Łąck")
    project.enrolments.create(entity=changed, joined_on=date(2022, 4, 5))
    same = EntityFactory(code="P2", name="Fundacja", legal_form=LegalForm.FOUNDATION)
    lines = [
        HEADER,
        "P3;OSP Nowa;ochotnicza straż pożarna;;;",
        "P1;KGW Łąka;koło gospodyń wiejskich;;Płock;6.04.2022",
        "P2;Fundacja;fundacja;;;",
    ]
    row = send("\n".join(lines).replace("6.04", "06.04").encode())
    assert row.state == "checked", row.result
    assert told(row) == [
        (
            "Podmioty",
            2,
            "created",
            "P3",
            [["nazwa", "", "OSP Nowa"], ["forma prawna", "", "ochotnicza straż pożarna"]],
        ),
        (
            "Podmioty",
            3,
            "changed",
            "P1",
            [
                ["miejscowość", "Łąck", "Płock"],
                ["data zgłoszenia", "05.04.2022", "06.04.2022"],
            ],
        ),
        ("Podmioty", 4, "unchanged", "P2", []),
    ]
    urls = list(row.rows.order_by("pk").values_list("url", flat=True))
    assert urls == ["", changed.get_absolute_url(), same.get_absolute_url()]


def test_the_list_is_filtered_searched_and_exported(send, signed_in):
    EntityFactory(code="P1", name="KGW Łąka", legal_form=LegalForm.KGW)
    lines = [HEADER, "P1;KGW Łąka;koło gospodyń wiejskich;;Płock;", "P3;Nowa;fundacja;;;"]
    row = send("\n".join(lines).encode())
    page = signed_in.get(address(row))
    assertContains(page, "<strong>Płock</strong>")
    assertContains(page, "nowe (1)")
    page = signed_in.get(address(row), {"outcome": "created"})
    assertContains(page, "Nowa")
    assertNotContains(page, "KGW Łąka")
    assert [
        line.code for line in signed_in.get(address(row), {"q": "łąka"}).context["table"].data
    ] == ["P1"]
    file = signed_in.get(address(row), {"outcome": "changed", "format": "xlsx"}).content
    book = CalamineWorkbook.from_filelike(io.BytesIO(file))
    header, *rows = book.get_sheet_by_name("Wiersze importu").to_python()
    assert rows == [["KGW Łąka", "Podmioty", 2, "zmienione", "miejscowość: brak → Płock"]]


def test_a_whole_workbook_is_told_sheet_by_sheet_and_anew_without_changes(send, tmp_path):
    path = Tables().xlsx(tmp_path / "a.xlsx")
    row = send(path.read_bytes(), "", "a.xlsx")
    counted = {sheet: counts.get("created", 0) for sheet, counts in row.result["fates"].items()}
    listed = {sheet: row.rows.filter(sheet=sheet, outcome="created").count() for sheet in counted}
    assert listed == counted
    assert not row.rows.filter(number=None).exists()
    attendance = row.rows.filter(sheet="Obecności").first()
    assert (attendance.number, attendance.label) == (
        2,
        "U/1, 10.05.2022, Łucja Próbna (O1), Stowarzyszenie „Próba” (P1)",
    )


def test_what_a_file_takes_away_is_told(
    send, signed_in, tmp_path, django_capture_on_commit_callbacks
):
    row = send(Tables().xlsx(tmp_path / "a.xlsx").read_bytes(), "", "a.xlsx")
    with django_capture_on_commit_callbacks(execute=True):
        signed_in.post(
            reverse("support:import_save", args=["sputnik-ii", row.pk]),
            {"shown": row.effect_fingerprint},
        )
    tables = Tables().drop("Obecności", 4).put("Usługi", 2, "Podmioty", "P1; P2")
    again = send(tables.xlsx(tmp_path / "b.xlsx").read_bytes(), "", "b.xlsx")
    changed = again.rows.exclude(outcome="unchanged")
    assert [(line.sheet, line.number, line.outcome, line.changes) for line in changed] == [
        ("Usługi", 2, "changed", [["podmiot", "", "WTZ Próba (P2)"]]),
        ("Obecności", None, "deleted", []),
    ]


def test_a_training_whose_last_day_moves_is_told_as_changed(project, tmp_path):
    save_book(read_book(Tables(), project=project), project, "pierwszy")
    book = read_book(Tables().put("Kadra", 2, "Do", None), project=project)
    outcome = save_book(book, project, "drugi")
    [row] = [row for row in outcomes_of(book, outcome.written) if row.outcome != "unchanged"]
    assert (row.sheet, row.number, row.outcome) == ("Kadra", 2, "changed")
    assert row.changes == [["do", "10.03.2023", ""]]


def test_rows_refused_asked_about_and_left_out_are_told_too(send):
    PersonFactory(code="O1", first_name="Łucja", last_name="Próbna", sex="K")
    header = "Imię;Nazwisko;Płeć"
    refused = send(f"{header}\nJan;;M\nRAZEM;;".encode(), "people")
    assert [(line.number, line.outcome, line.note) for line in refused.rows.all()] == [
        (2, "refused", "Nazwisko: Ta komórka musi być wypełniona.")
    ]
    asked = send(f"{header}\nŁucja;Probna;K\nRazem: 1;;".encode(), "people")
    assert [(line.number, line.outcome, line.label) for line in asked.rows.all()] == [
        (2, "asked", "Łucja Probna"),
        (3, "left_out", "Razem: 1"),
    ]


def test_a_flat_sheet_tells_the_rows_that_speak_of_each_record(send, signed_in):
    lucja = PersonFactory(code="O1", first_name="Łucja", last_name="Próbna", sex="K")
    EntityFactory(code="P1", name="KGW Łąka")
    StaffMember.objects.create(name="Ewa")
    lines = [
        "Data;Godziny;Rodzaj;Temat;Doradca;Podmiot;Osoba",
        "5.4.2022;9-12;szkolenie;Dotacje;Ewa;P1;",
        "5.4.2022;9-12;szkolenie;Dotacje;Ewa;P1;O1",
    ]
    row = send("\n".join(lines).encode(), "presences")
    assert [(line.sheet, line.number, line.outcome) for line in row.rows.all()] == [
        ("Usługi", 2, "created"),
        ("Terminy", 2, "created"),
        ("Obecności", 3, "created"),
    ]
    assert row.rows.last().label.endswith("Łucja Próbna (O1), KGW Łąka (P1)")
    enrolled = send("Podmiot;Data zgłoszenia\nP1;5.4.2022".encode(), "enrolments")
    assert told(enrolled) == [("Zgłoszenia do projektu", 2, "created", "", [])]
    assert lucja.pk


def test_a_row_of_somebody_who_did_not_come_is_told(send):
    PersonFactory(code="O1")
    EntityFactory(code="P1")
    StaffMember.objects.create(name="Ewa")
    lines = [
        "Data;Godziny;Rodzaj;Temat;Doradca;Podmiot;Osoba;Obecność",
        "5.4.2022;9-12;szkolenie;Dotacje;Ewa;P1;O1;nie",
    ]
    row = send("\n".join(lines).encode(), "presences")
    left_out = row.rows.filter(outcome="left_out").values_list("number", "label")
    assert list(left_out) == [(2, "Obecności nie wpisze: w tej kolumnie nie ma „tak”.")]


def test_people_of_the_page_are_looked_at(send, signed_in):
    lucja = PersonFactory(code="O1", first_name="Łucja", last_name="Próbna", sex="K")
    row = send("Kod;Imię;Nazwisko;Płeć;Telefon\nO1;Łucja;Próbna;K;600".encode(), "people")
    assert row.state == "checked", row.result
    before = set(LookedAt.objects.values_list("pk", flat=True))
    signed_in.get(address(row))
    seen = LookedAt.objects.exclude(pk__in=before)
    assert set(seen.values_list("person", flat=True)) == {lucja.pk}


def test_a_new_check_takes_the_place_of_the_rows_before(send, project):
    EntityFactory(code="P1", name="KGW Łąka", legal_form=LegalForm.KGW)
    row = send(f"{HEADER}\nP1;KGW Łąka;koło gospodyń wiejskich;;Płock;".encode())
    assert row.rows.get().outcome == "changed"
    Entity.objects.update(locality="Płock")
    check(row)
    assert row.rows.get().outcome == "unchanged"


def test_only_a_coordinator_of_the_project_reads_the_rows(client, staff, auditor, coordinator):
    row = Import.objects.create(project=ProjectFactory(slug="inny"), by=coordinator, sha256="x")
    for user, status in ((staff, 404), (auditor, 404), (coordinator, 404)):
        client.force_login(user)
        assert client.get(address(row)).status_code in (403, status)
