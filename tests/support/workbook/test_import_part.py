"""The good rows of a file saved without the bad ones, and these sent back to be mended."""

import io

import pytest
from pytest_django.asserts import assertContains, assertNotContains
from python_calamine import CalamineWorkbook

from entities.models import Entity, Person
from support.models import Attendance, Service, Session, StaffMember
from tests.factories import EntityFactory
from tests.support.workbook.import_pages import page
from tests.support.workbook.workbooks import Tables

HEADER = ["Nr usługi", "Rodzaj usługi", "Temat", "Doradca", "Tryb", "Data", "Od", "Do"]
HEADER += ["Podmiot", "Imię", "Nazwisko", "Płeć", "Uwagi"]
SERVICE = ["doradztwo ogólne", "Wniosek", "Ewa", "online", "5.04.2022", "9:00", "11:00", "PX"]


def row_of(code, *person, **changes):
    told = dict(zip(HEADER[1:9], SERVICE, strict=True)) | changes
    return [code, *told.values(), *person, ""]


PRESENCES = [
    ["Lista obecności"],
    HEADER,
    row_of("U/1", "Łucja", "Próbna", "K"),
    row_of("U/1", "Jan", "Śliwa", "?"),
    row_of("U/2", "Zofia", "Wrona", "K"),
    row_of("U/3", "Adam", "Gęś", "M", Data="5.13.2022"),
    [*[""] * 8, "PX", "Ewa", "Kruk", "K", ""],
]


@pytest.fixture
def part(post):
    def parting(row, told="1"):
        post(page(row, "part"), {"part": told})
        row.refresh_from_db()
        return row

    return parting


@pytest.fixture(autouse=True)
def register(db):
    StaffMember.objects.create(name="Ewa")
    EntityFactory(code="PX", name="Koło Łąka")


def rows_of(answer):
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return book.get_sheet_by_index(0).to_python()


def outcomes(row):
    return list(row.rows.order_by("number", "pk").values_list("number", "outcome", "note"))


def test_a_file_with_errors_saves_nothing_until_told(send, signed_in, save):
    row = save(send(PRESENCES))
    assert (row.state, Service.objects.count(), row.is_partial) == ("refused", 0, False)
    assertContains(signed_in.get(page(row)), "Pokaż, co da się zapisać")


def test_a_service_is_whole_or_not_at_all(send, part, save, signed_in):
    row = part(send(PRESENCES))
    assert (row.state, row.result["good"], row.result["bad"]) == ("checked", 1, 4)
    answer = signed_in.get(page(row))
    assertContains(answer, "4\xa0wiersze zostaną w pliku.")
    assertContains(answer, "1\xa0dobry, 4 pobierz")
    row = save(row)
    assert row.state == "saved"
    assert list(Service.objects.values_list("code", flat=True)) == ["U/2"]
    assert [str(each.person) for each in Attendance.objects.all()] == ["Zofia Wrona"]
    assert Person.objects.count() == 1
    assertContains(signed_in.get(page(row)), "Zapisano 1\xa0dobry wiersz")


def test_each_row_is_told_of(send, part, save):
    row = save(part(send(PRESENCES)))
    waits = "Czeka na poprawę wiersza 4 (arkusz „Usługi i obecności”), bo to ten sam zapis."
    told = outcomes(row)
    assert (3, "left_out", waits) in told
    assert {number for number, outcome, _ in told if outcome == "refused"} == {4, 6, 7}
    assert {number for number, outcome, _ in told if outcome == "created"} >= {5}


def test_the_bad_rows_come_back_under_the_titles_and_go_in_when_mended(
    send, part, save, signed_in
):
    row = save(part(send(PRESENCES)))
    rows = rows_of(signed_in.get(page(row, "mistakes")))
    assert [row[:1] for row in rows] == [
        ["Lista obecności"],
        ["Nr usługi"],
        *[["U/1"]] * 2,
        ["U/3"],
        [""],
    ]
    assert rows[1] == [*HEADER, "Błąd"]
    assert rows[2][-1].startswith("Czeka na poprawę wiersza 4")
    assert rows[3][-1].startswith("Płeć: ")
    rows[3][11], rows[4][5] = "M", "5.12.2022"
    again = save(send(rows))
    assert again.state == "saved"
    codes = Service.objects.order_by("code").values_list("code", flat=True)
    assert list(codes) == ["U/1", "U/2", "U/3"]
    assert Attendance.objects.count() == 5


def test_an_import_in_part_is_taken_back_as_any(send, part, save, post):
    row = save(part(send(PRESENCES)))
    post(page(row, "undo"), {})
    row.refresh_from_db()
    assert (row.state, Service.objects.count(), Person.objects.count()) == ("undone", 0, 0)


def test_history_of_what_was_saved_in_part_names_the_import(send, part, save):
    row = save(part(send(PRESENCES)))
    reasons = Service.history.values_list("history_change_reason", flat=True)
    assert list(reasons) == [f"import nr {row.pk}: arkusz.xls; Uzgodnione"]


def test_the_whole_file_may_be_chosen_again(send, part):
    row = part(part(send(PRESENCES)), told="")
    assert (row.state, row.is_partial) == ("refused", False)
    assert "bad" not in row.result


def test_a_file_of_bad_rows_alone_has_no_good_part(send, part, signed_in):
    row = part(send(PRESENCES[:2] + PRESENCES[3:4]))
    assert (row.state, row.is_partial, len(row.result["errors"])) == ("refused", False, 1)
    answer = signed_in.get(page(row))
    assertContains(answer, "Bez poprawy błędnych wierszy nie da się zapisać żadnego")
    assertNotContains(answer, "Pokaż, co da się zapisać")


def test_a_row_that_points_at_a_bad_one_waits_for_it(send, part, save, signed_in):
    header = ["Kod", "Nazwa", "Forma prawna", "Podmiot prowadzący"]
    rows = [header, ["P1", "Fundacja Bez", "?", ""], ["P2", "Warsztat", "fundacja", "P1"]]
    rows += [["P3", "Stowarzyszenie Trzy", "stowarzyszenie", ""]]
    row = save(part(send(rows, "entities")))
    assert set(Entity.objects.values_list("code", flat=True)) == {"PX", "P3"}
    _, *bad = rows_of(signed_in.get(page(row, "mistakes")))
    assert [cells[0] for cells in bad] == ["P1", "P2"]
    assert bad[1][-1] == (
        "Podmiot prowadzący: Czeka na poprawę innego wiersza. W arkuszu „Podmioty” nie ma kodu P1."
    )


def test_a_workbook_keeps_a_service_whole_with_its_terms_and_people(
    send, part, save, signed_in, tmp_path
):
    tables = Tables()
    bad = tables["Terminy"][1]
    code, bad[2] = bad[0], "25:00"
    path = tables.xlsx(tmp_path / "skoroszyt.xlsx")
    row = save(part(send(path.read_bytes(), "", "skoroszyt.xlsx")))
    assert row.state == "saved"
    assert not Service.objects.filter(code=code).exists()
    kept = {cells[0] for cells in tables["Usługi"][1:]} - {code}
    assert set(Service.objects.values_list("code", flat=True)) == kept
    assert set(Session.objects.values_list("service__code", flat=True)) <= kept
    content = signed_in.get(page(row, "mistakes")).content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in ("Usługi", "Terminy", "Obecności"):
        cells = book.get_sheet_by_name(name).to_python()[1:]
        assert {row[0] for row in cells} <= {code}


def test_import_part_is_for_the_coordinator(send, client, staff):
    row = send(PRESENCES)
    client.force_login(staff)
    assert client.post(page(row, "part"), {"part": "1"}).status_code == 403
    row.refresh_from_db()
    assert row.is_partial is False


def test_a_file_that_is_good_is_not_parted(send, part, signed_in):
    row = send(PRESENCES[:3])
    assert part(row).is_partial is False
    assertNotContains(signed_in.get(page(row)), "Pokaż, co da się zapisać")


def test_all_errors_of_all_rows_are_told_at_once(send):
    """Of cells, of hours, of whom a row means, of new records, and of a code broken."""
    person = ["Łucja", "Próbna", "K"]
    rows = [
        *PRESENCES[:2],
        row_of("U/1", *person, Do="8:00"),
        row_of("U/2", "Jan", "Śliwa", "?"),
        row_of("U/3", "Ewa", "Kruk", "", Podmiot="PX"),
        row_of("U/4", "Adam", "Gęś", "M", Podmiot="Nieznane Koło"),
        row_of("U/5", "Zofia", "Wrona", "K"),
        row_of("U/5", "Olga", "Sowa", "K", Temat="Inny"),
    ]
    row = send(rows)
    found = {(error["row"], error["column"]) for error in row.result["errors"]}
    assert found == {
        (3, "Do"),
        (4, "Płeć"),
        (5, "Nazwisko"),
        (6, "Podmiot"),
        (8, "Temat"),
    }
