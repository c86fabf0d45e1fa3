"""The columns of a file matched with those of the register, and remembered."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects
from python_calamine import CalamineWorkbook

from entities.models import Entity, Person
from owes.looks.collecting import STRANGERS
from owes.models import Look, LookedAt
from support.models import ColumnMapping, Import
from support.workbook.columns import guessed, headers_of, samples
from support.workbook.contract import ENTITIES, MISTAKE, PEOPLE
from support.workbook.flat_contract import PRESENCES
from tests.factories import EntityFactory, PersonFactory, ProjectFactory, jst

LIST = reverse("support:import_list", args=["sputnik-ii"])
FILE = [
    "KOD;Imię;Nazwisko uczestnika;Płeć;Telefon kontaktowy;Uwagi",
    "O1;Łucja;Próbna;K;600 100 200;dzwonić rano",
    "O2;Jan;Próbny;M;;",
]
TOLD = {
    "code": "kod",
    "first_name": "imie",
    "last_name": "nazwisko uczestnika",
    "sex": "plec",
    "phone": "telefon kontaktowy",
}


@pytest.fixture
def send(post):
    def sending(lines, register="people", encoding="utf-8"):
        file = SimpleUploadedFile("osoby.csv", "\r\n".join(lines).encode(encoding))
        answer = post(LIST, {"register": register, "file": file})
        row = Import.objects.latest("pk")
        row.answer = answer
        return row

    return sending


@pytest.fixture
def tell(post):
    def telling(row, chosen=TOLD, **changes):
        row.answer = post(page(row, "columns"), chosen | changes)
        row.refresh_from_db()
        return row

    return telling


def page(row, act="detail"):
    return reverse(f"support:import_{act}", args=["sputnik-ii", row.pk])


def guess(lines, sheet=PEOPLE):
    headers = headers_of([lines[0].split(";")])
    return {name: headers[folded] for name, folded in guessed(headers, sheet).items()}


def test_import_columns_is_asked_when_a_header_is_not_known(send, signed_in):
    row = send(FILE)
    assert (row.state, row.result) == ("matching", {})
    assertRedirects(row.answer, page(row, "columns"))
    shown = signed_in.get(page(row, "columns"))
    form = shown.context["form"]
    assert {name: form[name].value() for name in TOLD} == TOLD
    assert form["email"].value() == ""
    assertContains(shown, "Telefon kontaktowy (600 100 200)")
    assertContains(shown, "Z pliku nie wczytamy: Uwagi.")
    assertContains(signed_in.get(page(row)), "Nie wszystkie nagłówki pliku są znane.")


def test_import_columns_are_guessed_each_once():
    assert guess(["Imię i nazwisko;Kod;E mail;Telefony"]) == {
        "Kod": "Kod",
        "E-mail": "E mail",
        "Telefon": "Telefony",
    }


@pytest.mark.parametrize(
    ("sheet", "headers", "guesses"),
    [
        (
            ENTITIES,
            "Lp.;Nazwa gminy;Nazwa organizacji;Kod pocztowy siedziby;Telefon do opiekuna;"
            "Zgoda na e-mail",
            {"Nazwa": "Nazwa organizacji", "Kod pocztowy": "Kod pocztowy siedziby"},
        ),
        (
            ENTITIES,
            "Kod TERYT gminy;Nr KRS;Nr tel.;Adres email",
            {
                "TERYT gminy": "Kod TERYT gminy",
                "KRS": "Nr KRS",
                "Telefon": "Nr tel.",
                "E-mail": "Adres email",
            },
        ),
        (ENTITIES, "Telefon kontaktowy;Telefon służbowy", {}),  # which of the two is asked
        (ENTITIES, "Telefon;Telefon służbowy", {"Telefon": "Telefon"}),
        (
            PEOPLE,
            "Kod uczestnika;Imię i nazwisko opiekuna;Imię uczestnika;Nazwisko uczestnika*;"
            "Zgoda na kontakt e-mail;Adres e-mail;Data podpisania umowy",
            {
                "Kod": "Kod uczestnika",
                "Imię": "Imię uczestnika",
                "Nazwisko": "Nazwisko uczestnika*",
                "E-mail": "Adres e-mail",
            },
        ),
        (PEOPLE, "Nazwisko panieńskie;Imię ojca;Kod pocztowy", {}),
    ],
)
def test_a_header_is_guessed_only_when_its_words_mean_the_column(sheet, headers, guesses):
    assert guess([headers], sheet) == guesses


def test_import_columns_show_the_first_values_shortened():
    rows = [["Kod", "Opis"], ["", "x" * 40], ["1", ""], ["2", ""], ["3", ""], ["4", "y"]]
    assert samples(rows) == {"kod": ["1", "2", "3"], "opis": ["x" * 29 + "…", "y"]}


def test_import_columns_told_are_checked_saved_and_remembered(send, tell, post):
    row = tell(send(FILE))
    assert (row.state, row.result["fates"]["Osoby"]["created"]) == ("checked", 2)
    assertRedirects(row.answer, page(row))
    assert not Person.objects.exists()
    post(page(row, "save"), {"shown": row.effect_fingerprint})
    assert list(Person.objects.order_by("code").values_list("last_name", "phone")) == [
        ("Próbna", "600 100 200"),
        ("Próbny", ""),
    ]
    again = send([FILE[0].upper(), "O3;Ewa;Nowa;K;1;"], encoding="cp1250")
    assert (again.state, again.knew_columns) == ("checked", True)
    assert again.columns["Nazwisko"] == "Nazwisko uczestnika"


def test_import_columns_remembered_are_said_and_may_be_changed(send, tell, signed_in):
    tell(send(FILE))
    row = send(FILE)
    shown = signed_in.get(page(row))
    assertContains(shown, "Kolumny dopasowano tak, jak zapamiętano dla tych nagłówków.")
    assertContains(shown, "Plik nie mówi o: Data urodzenia, E-mail, TERYT gminy, Data")
    assertContains(shown, f'<a href="{page(row, "columns")}">Zmień</a>')
    tell(row, phone="")
    assert (row.state, row.knew_columns, "Telefon" in row.columns) == ("checked", False, False)
    assert "Telefon" not in ColumnMapping.objects.get().columns
    assert "Telefon" not in send(FILE).columns


def test_import_columns_are_remembered_for_the_register_and_project_alone(send, tell):
    tell(send(FILE))
    assert send(FILE, register="entities").state == "matching"
    ColumnMapping.objects.update(project=ProjectFactory())
    assert send(FILE).state == "matching"


def test_import_columns_of_known_headers_may_be_changed_too(send, tell, signed_in):
    row = send([";".join(PEOPLE.headers), "O1;Łucja;Próbna;K;;;1;;"])
    assert row.state == "checked"
    assertContains(signed_in.get(page(row)), "Zmień dopasowanie kolumn")
    tell(row, {"code": "kod", "first_name": "imie", "last_name": "nazwisko", "sex": "plec"})
    assert row.state == "checked"
    assert row.columns == {name: name for name in ("Kod", "Imię", "Nazwisko", "Płeć")}


def test_what_the_file_does_not_have_stays_as_it_was(send, tell, post, project):
    person = PersonFactory(code="O1", email="a@example.org", gmina=jst("141908"))
    person.declarations.create(project=project, signed_on="2023-01-02")
    row = tell(send(FILE))
    post(page(row, "save"), {"shown": row.effect_fingerprint})
    person.refresh_from_db()
    assert (person.last_name, person.email, person.gmina) == (
        "Próbna",
        "a@example.org",
        jst("141908"),
    )
    assert f"{person.declarations.get().signed_on}" == "2023-01-02"


def test_relatives_and_joining_stay_when_the_file_says_nothing_of_them(send, tell, post, project):
    parent = EntityFactory(code="P1")
    unit = EntityFactory(code="P2", legal_form="wtz", parent=parent, nip="7740001454")
    project.enrolments.create(entity=unit, joined_on="2023-01-02")
    chosen = {"code": "kod", "name": "nazwa podmiotu", "legal_form": "forma prawna"}
    row = tell(send(["Kod;Nazwa podmiotu;Forma prawna", "P2;Nowa;WTZ"], "entities"), chosen)
    post(page(row, "save"), {"shown": row.effect_fingerprint})
    unit = Entity.objects.get(code="P2")
    assert (unit.name, unit.parent, unit.nip) == ("Nowa", parent, "7740001454")
    assert f"{unit.enrolments.get().joined_on}" == "2023-01-02"


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        (
            {"sex": ""},
            {"sex": ["Wskaż kolumnę pliku: bez niej nie da się wczytać rejestru."]},
        ),
        ({"phone": "brak takiej"}, {"phone": ["Wybierz kolumnę z listy."]}),
        ({"email": "kod"}, {"email": ["Tę kolumnę pliku wskazano już jako „Kod”."]}),
    ],
)
def test_import_columns_told_wrong_are_asked_again(send, tell, changes, errors):
    row = tell(send(FILE), **changes)
    assert row.answer.context["form"].errors == errors
    assert row.answer.context["form"]["first_name"].value() == "imie"
    assert (row.state, ColumnMapping.objects.count()) == ("matching", 0)


def test_import_columns_ask_for_both_days_that_are_to_be_in_order(send, tell):
    row = send(["Kod;Nazwa;Forma;Data wykreślenia"], "entities")
    chosen = {"code": "kod", "name": "nazwa", "legal_form": "forma"}
    tell(row, chosen, struck_off_on="data wykreslenia")
    assert row.answer.context["form"].errors == {
        "registered_on": ["Wskaż obie daty albo żadnej: druga to „Data wykreślenia”."]
    }


def test_the_file_comes_back_under_its_own_headers(send, tell, signed_in):
    row = tell(send([FILE[0], "O1;;Próbna;kobieta?;1;rano"]))
    assert [error["column"] for error in row.result["errors"]] == ["Imię", "Płeć"]
    back = signed_in.get(page(row, "mistakes"))
    header, cells = (
        CalamineWorkbook.from_filelike(io.BytesIO(back.content)).get_sheet_by_index(0).to_python()
    )
    assert header == [*FILE[0].split(";"), MISTAKE]
    assert cells[:-1] == ["O1", "", "Próbna", "kobieta?", "1", "rano"]
    assert cells[-1].startswith("Imię: Ta komórka musi być wypełniona.; Płeć: ")


def test_pages_that_show_the_file_are_looks_at_people_without_a_record(send, tell, signed_in):
    row = send([FILE[0], "O1;;Próbna;kobieta?;1;rano"])
    signed_in.get(page(row))  # says that columns are to be matched, and nothing of the file
    assert not Look.objects.exists()
    signed_in.get(page(row, "columns"))
    tell(row)
    signed_in.get(page(row))
    signed_in.get(page(row, "mistakes"))
    shown = [(look.path, look.kind, look.count) for look in Look.objects.order_by("pk")]
    acts = [("columns", "page"), ("detail", "card"), ("mistakes", "export")]
    assert shown == [(page(row, act), kind, 1) for act, kind in acts]
    assert set(LookedAt.objects.values_list("person", flat=True)) == {STRANGERS}


@pytest.mark.parametrize("state", ["saving", "saved", "undone"])
def test_import_columns_of_what_is_saved_are_matched_no_more(send, signed_in, state):
    row = send(FILE)
    Import.objects.update(state=state)
    assertRedirects(signed_in.get(page(row, "columns")), page(row))
    assertRedirects(signed_in.post(page(row, "columns"), TOLD), page(row))
    row.refresh_from_db()
    assert (row.state, row.columns) == (state, {})


def test_import_columns_are_for_the_coordinator(send, client, staff):
    row = send(FILE)
    client.force_login(staff)
    assert client.get(page(row, "columns")).status_code == 403


def test_every_field_the_contract_wants_is_asked_for(send, signed_in):
    form = signed_in.get(page(send(["Kod"], "entities"), "columns")).context["form"]
    assert [field.label for field in form] == ENTITIES.headers


def test_the_hour_of_an_end_is_no_length():
    headers = ["godz. od", "godz. do", "temat"]
    guesses = guessed(headers, PRESENCES)
    assert (guesses["Od"], guesses["Do"]) == ("godz. od", "godz. do")
    assert "Godziny" not in guesses
