"""How a file is read: which sheet of a spreadsheet, in which encoding, and another choice."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from entities.models import Person
from support.models import Import
from tests.support.workbook.spreadsheets import FAILED, ods, xls

LIST = reverse("support:import_list", args=["sputnik-ii"])
HEADER = ["Kod", "Imię", "Nazwisko", "Płeć", "Data urodzenia", "Uwagi"]
SHEETS = {
    "Opis": [["Lista uczestników"], ["stan na maj"]],
    "Uczestnicy": [["Lista uczestników"], [], HEADER, ["O1", "Łucja", "Próbna", "K", "", ""]],
    "Dawni": [HEADER, ["O2", "Jan", "Próbny", "M", date(1980, 2, 3), "x"]],
}
LETTERS = ["Kod;Imię;Nazwisko;Płeć;Uwagi", "O1;Łucja;Śćibor;K;x"]


def page(row, act="detail"):
    return reverse(f"support:import_{act}", args=["sputnik-ii", row.pk])


@pytest.fixture
def send(post):
    def sending(name, content, register="people"):
        answer = post(LIST, {"register": register, "file": SimpleUploadedFile(name, content)})
        row = Import.objects.latest("pk")
        row.answer = answer
        return row

    return sending


@pytest.fixture
def match(post, signed_in):
    """Takes the columns as they are guessed."""

    def matching(row):
        form = signed_in.get(page(row, "columns")).context["form"]
        post(page(row, "columns"), {name: form[name].value() for name in form.fields})
        row.refresh_from_db()
        return row

    return matching


@pytest.mark.parametrize(("name", "write"), [("osoby.xls", xls), ("osoby.ods", ods)])
def test_the_sheet_with_the_columns_is_read_and_said(send, match, signed_in, name, write):
    row = send(name, write(SHEETS))
    answer = signed_in.get(page(row, "columns"))
    assertContains(answer, "Odczytano arkusz „Uczestnicy”.")
    assertContains(answer, "Nagłówki kolumn są w wierszu 3.")
    assert [line.cells[:2] for line in answer.context["lines"]] == [
        ["Kod", "Imię"],
        ["O1", "Łucja"],
    ]
    row = match(row)
    assert (row.state, row.result["fates"]["Osoby"]["created"]) == ("checked", 1)
    assertContains(signed_in.get(page(row)), "Odczytano arkusz „Uczestnicy”.")


def test_another_sheet_is_read_and_its_columns_matched_anew(send, match, post, signed_in):
    row = match(send("osoby.xls", xls(SHEETS)))
    assertRedirects(post(page(row, "reading"), {"sheet": "Dawni"}), page(row, "columns"))
    row.refresh_from_db()
    assert (row.state, row.columns, row.result) == ("matching", {}, {})
    row = match(row)
    post(page(row, "save"), {"shown": row.effect_fingerprint})
    saved = Person.objects.values_list("code", "first_name", "birth_date")
    assert list(saved) == [("O2", "Jan", date(1980, 2, 3))]


def test_answers_about_rows_are_of_one_sheet(send, post):
    row = send("osoby.xls", xls(SHEETS))
    Import.objects.filter(pk=row.pk).update(answers={"people-4": "+"})
    again = send("osoby.xls", xls(SHEETS))
    assert again.answers == {"people-4": "+"}
    post(page(again, "reading"), {"sheet": "Dawni"})
    again.refresh_from_db()
    assert again.answers == {}


def test_a_sheet_that_is_not_in_the_file_is_refused(send, post, signed_in):
    row = send("osoby.xls", xls(SHEETS))
    answer = post(page(row, "reading"), {"sheet": "Inny"})
    assertContains(signed_in.get(answer.url), "Wybierz arkusz z listy.")
    row.refresh_from_db()
    assert row.reading["sheet"] == "Uczestnicy"


def test_a_failed_formula_of_an_xls_is_an_error_of_its_cell(send, match):
    rows = [HEADER, ["O1", "Łucja", "Próbna", "K", FAILED, ""]]
    row = match(send("osoby.xls", xls({"Osoby": rows})))
    assert [(error["row"], error["column"], error["value"]) for error in row.result["errors"]] == [
        (2, "Data urodzenia", "#N/A")
    ]


def test_the_encoding_is_said_and_may_be_told(send, match, post, signed_in):
    row = send("osoby.csv", "\r\n".join(LETTERS).encode("cp1250"))
    assertContains(signed_in.get(page(row, "columns")), "Odczytano jako Windows-1250.")
    post(page(row, "reading"), {"encoding": "iso8859-2"})
    row.refresh_from_db()
    [_, cells] = [line.cells for line in signed_in.get(page(row, "columns")).context["lines"]]
    assert row.reading["encoding"] == "iso8859-2"
    assert cells[2] != "Śćibor"
    post(page(row, "reading"), {"encoding": "cp1250"})
    row = match(row)
    post(page(row, "save"), {"shown": row.effect_fingerprint})
    assert Person.objects.get().last_name == "Śćibor"


def test_an_encoding_in_which_the_file_is_no_text_is_refused(send, post, signed_in):
    row = send("osoby.csv", "\r\n".join(LETTERS).encode("cp1250"))
    answer = post(page(row, "reading"), {"encoding": "utf-8-sig"})
    told = "W pliku są znaki, których nie ma w kodowaniu UTF-8. Wybierz inne."
    assertContains(signed_in.get(answer.url), told)
    row.refresh_from_db()
    assert row.reading["encoding"] == "cp1250"


def test_a_file_of_one_sheet_has_nothing_to_choose(send, signed_in):
    row = send("osoby.xls", xls({"Osoby": [HEADER]}))
    assertNotContains(signed_in.get(page(row, "columns")), "Odczytaj plik jeszcze raz")


@pytest.mark.parametrize("state", ["saving", "saved", "undone"])
def test_what_is_saved_is_read_as_it_was(send, post, state):
    row = send("osoby.xls", xls(SHEETS))
    Import.objects.update(state=state)
    post(page(row, "reading"), {"sheet": "Dawni"})
    row.refresh_from_db()
    assert (row.state, row.reading["sheet"]) == (state, "Uczestnicy")


def test_import_reading_is_for_the_coordinator(send, client, staff):
    row = send("osoby.xls", xls(SHEETS))
    client.force_login(staff)
    assert client.post(page(row, "reading"), {"sheet": "Dawni"}).status_code == 403
