"""Which records the rows of a file mean: codes that are promises, merged codes, doubts."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entities.merging import merge
from entities.models import Entity, NotDuplicate, Person, Representation
from owes.privacy.forgetting import forget
from support.workbook import contract
from support.workbook.identity import NEW, SKIP, identify
from support.workbook.importing import save_book
from support.workbook.reader import read_book
from tests.factories import EntityFactory, PersonFactory, UserFactory, jst
from tests.support.workbook.workbooks import Tables

NIP, OTHER_NIP = "5250001090", "5260250995"


def book_of(sheet, project, *rows, answers=None, code_header=""):
    """The book of one register, identified; rows are dicts by field."""
    headers = {column.field: column.header for column in sheet.columns}
    fields = list(dict.fromkeys(field for row in rows for field in row))
    width = [column.field for column in sheet.columns]
    cells = [[row.get(field, "") for field in width] for row in rows]
    missing = frozenset(headers) - set(fields)
    book = read_book({sheet.name: [sheet.headers, *cells]}, sheet, project, missing)
    assert book.errors == []
    identify(book, answers or {}, code_header)
    return book


def entity(**fields):
    return {"name": "Fundacja Próg", "legal_form": "fundacja", **fields}


def person(**fields):
    return {"first_name": "Anna", "last_name": "Próbna", "sex": "K", **fields}


@pytest.mark.parametrize(
    ("known", "row", "columns"),
    [
        ({}, {"nip": OTHER_NIP}, ["NIP"]),
        ({"krs": "0000123456"}, {"krs": "111222"}, ["KRS"]),
        ({}, {"name": "Koło Inne", "legal_form": "koło gospodyń wiejskich"}, ["Nazwa"]),
        (
            {"krs": "0000123456"},
            {"name": "Inna", "nip": OTHER_NIP, "krs": "111222"},
            ["Nazwa", "NIP", "KRS"],
        ),
        # What is corrected, filled in or written otherwise is no other record.
        ({}, {"nip": NIP}, []),
        ({"nip": ""}, {"nip": OTHER_NIP}, []),
        ({}, {"name": "Fundacja Nowy Próg"}, []),
        ({}, {"legal_form": "stowarzyszenie"}, []),
        ({}, {"phone": "24 000 00 01"}, []),
        (
            {"name": "KGW Łąck", "legal_form": "other_pes"},
            {"name": "Koło Gospodyń Wiejskich w Łąck", "legal_form": "koło gospodyń wiejskich"},
            [],
        ),
    ],
)
def test_a_known_code_may_not_become_another_entity(project, known, row, columns):
    fields = {"name": "Fundacja Próg", "legal_form": "foundation", "nip": NIP}
    EntityFactory(code="P1", **fields | known)
    book = book_of(contract.ENTITIES, project, entity(code="P1", **row))
    assert [error.column for error in book.errors] == columns
    assert {error.kind for error in book.errors} == ({"other_record"} if columns else set())


@pytest.mark.parametrize(
    ("known", "row", "is_refused"),
    [
        ({}, {"first_name": "Ola", "last_name": "Druga"}, True),
        ({"birth_date": date(1980, 1, 2)}, {"last_name": "Druga", "birth_date": "3.1.1980"}, True),
        ({"birth_year": 1980}, {"last_name": "Druga", "birth_date": "3.1.1981"}, True),
        ({}, {"last_name": "Druga"}, False),  # married
        ({}, {"first_name": "Hanna"}, False),
        ({}, {"first_name": "Próbna", "last_name": "Anna"}, False),  # turned round
        ({}, {"first_name": "Ana", "last_name": "Prubna"}, False),
        ({"birth_date": date(1980, 1, 2)}, {"birth_date": "3.1.1980"}, False),
    ],
)
def test_a_known_code_may_not_become_another_person(project, known, row, is_refused):
    PersonFactory(code="O1", first_name="Anna", last_name="Próbna", sex="K", **known)
    book = book_of(contract.PEOPLE, project, person(code="O1", **row))
    assert [(error.kind, error.column) for error in book.errors] == (
        [("other_record", "Nazwisko")] if is_refused else []
    )


def test_old_and_new_stand_beside_each_other_and_a_number_of_a_row_is_said_to_be_one(project):
    EntityFactory(code="1", name="Fundacja Próg", legal_form="foundation", nip=NIP)
    row = entity(code="1", nip=OTHER_NIP)
    [error] = book_of(contract.ENTITIES, project, row).errors
    assert error.message.startswith(f"NIP: w rejestrze {NIP}, w pliku {OTHER_NIP}. Jeżeli to inny")
    [error] = book_of(contract.ENTITIES, project, row, code_header="Lp.").errors
    assert "„Lp.”, a to numer wiersza" in error.message
    PersonFactory(code="2", first_name="Ola", last_name="Druga", birth_date=date(1980, 1, 2))
    [error] = book_of(contract.PEOPLE, project, person(code="2", birth_date="3.1.1990")).errors
    assert error.message.startswith(
        "Osoba: w rejestrze Ola Druga, ur. 02.01.1980, w pliku Anna Próbna, ur. 03.01.1990."
    )


# Merged codes


@pytest.fixture
def merged():
    """P2 was joined to P1."""
    keeper = EntityFactory(
        code="P1", name="Fundacja Próg", legal_form="foundation", nip=NIP, seat=jst("141908")
    )
    loser = EntityFactory(code="P2", name="Fundacja Próg", legal_form="foundation")
    merge(keeper, loser, by=UserFactory())
    return keeper


def test_a_merged_code_means_its_survivor(project, merged):
    row = entity(code="P2", phone="24 000 00 01")
    book = book_of(contract.ENTITIES, project, row)
    assert ([kept.code for kept in book[contract.ENTITIES]], book.doubts) == (["P1"], [])
    save_book(book, project, "import")
    assert list(Entity.objects.values_list("code", "phone")) == [("P1", "24 000 00 01")]


def test_a_merged_code_may_not_make_another_of_its_survivor(project, merged):
    [error] = book_of(contract.ENTITIES, project, entity(code="P2", nip=OTHER_NIP)).errors
    assert (error.kind, error.column) == ("other_record", "NIP")


def test_a_row_of_a_merged_code_gives_way_to_that_of_its_survivor(project, merged):
    rows = [entity(code="P1", phone="24 000 00 01"), entity(code="P2", phone="24 000 00 02")]
    book = book_of(contract.ENTITIES, project, *rows)
    assert [(row.code, row.phone) for row in book[contract.ENTITIES]] == [("P1", "24 000 00 01")]


def test_merged_codes_of_a_workbook_mean_their_survivors_everywhere(project):
    book = read_book(Tables())
    save_book(book, project, "import")
    by = UserFactory()
    merge(Entity.objects.get(code="P1"), Entity.objects.get(code="P3"), by=by)
    merge(Person.objects.get(code="O1"), Person.objects.get(code="O2"), by=by)
    counts = [model.history.count() for model in (Entity, Person, Representation)]
    again = read_book(Tables())
    identify(again, {})
    assert (again.errors, again.doubts) == ([], [])
    outcome = save_book(again, project, "import")
    assert (outcome.total, outcome.approved) == (0, [])
    assert [model.history.count() for model in (Entity, Person, Representation)] == counts


def test_what_the_file_does_not_know_of_a_survivor_stays(project):
    """The workbook names it by the former code alone, so it may lack some of its statuses."""
    keeper = EntityFactory(code="X1", name="KGW Próbne", legal_form="kgw")
    loser = EntityFactory(code="P3", name="KGW Próbne", legal_form="kgw")
    merge(keeper, loser, by=UserFactory())
    keeper.statuses.create(basis="owes", valid_from=date(2021, 1, 1), decision_number="7")
    tables = Tables().add("Statusy PS", "P3", "OWES", "1/2023", date(2023, 1, 1))
    book = read_book(tables)
    identify(book, {})
    assert (book.errors, book.doubts) == ([], [])
    save_book(book, project, "import")
    assert list(keeper.statuses.values_list("decision_number", flat=True)) == ["7"]
    assert {entity.code for entity in project.partnerships.get().entities.all()} == {"P1", "X1"}
    assert not Entity.objects.filter(code="P3").exists()


# Rows without a known code


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        ({"nip": NIP}, "same"),
        ({"name": "fundacja PRÓG", "nip": NIP}, "same"),
        ({"seat": "1419082"}, "same"),
        ({}, "ask"),
        ({"name": "Fundacja Inna Nazwa", "nip": NIP}, "ask"),
        ({"legal_form": "stowarzyszenie", "nip": NIP}, "ask"),
        ({"name": "Fundacja Progi"}, "ask"),
        ({"name": "Fundacja Daleka"}, "new"),
        ({"nip": OTHER_NIP}, "new"),
        # A code of its own says that it is a new record.
        ({"code": "P77", "nip": NIP}, "ask"),
    ],
)
def test_an_entity_without_a_known_code_is_known_by_what_it_says(project, row, answer):
    seat = jst("141908")
    EntityFactory(code="P1", name="Fundacja Próg", legal_form="foundation", nip=NIP, seat=seat)
    book = book_of(contract.ENTITIES, project, entity(**{"code": "", **row}))
    [kept] = book[contract.ENTITIES]
    answers = {("P1", 0): "same", (row.get("code", ""), 1): "ask", (row.get("code", ""), 0): "new"}
    assert answers[kept.code, len(book.doubts)] == answer


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        ({"email": "ANNA@example.org"}, "same"),
        ({"first_name": "Próbna", "last_name": "Anna", "email": "anna@example.org"}, "same"),
        ({"birth_date": "2.1.1980"}, "same"),
        ({}, "ask"),
        ({"last_name": "Probna", "email": "anna@example.org"}, "ask"),
        ({"last_name": "Próbna-Wzór"}, "ask"),
        ({"first_name": "Anna Maria"}, "ask"),
        ({"last_name": "Wzór", "email": "anna@example.org"}, "ask"),
        ({"birth_date": "3.1.1980"}, "new"),
        ({"first_name": "Ewa"}, "new"),
        ({"code": "O77", "email": "anna@example.org"}, "ask"),
    ],
)
def test_a_person_without_a_known_code_is_known_by_what_it_says(project, row, answer):
    fields = {"birth_date": date(1980, 1, 2), "email": "anna@example.org"}
    PersonFactory(code="O1", first_name="Anna", last_name="Próbna", sex="K", **fields)
    book = book_of(contract.PEOPLE, project, person(**{"code": "", **row}))
    [kept] = book[contract.PEOPLE]
    answers = {("O1", 0): "same", (row.get("code", ""), 1): "ask", (row.get("code", ""), 0): "new"}
    assert answers[kept.code, len(book.doubts)] == answer


def test_a_doubt_says_what_is_shared_and_what_differs(project):
    PersonFactory(code="O1", first_name="Anna", last_name="Próbna", sex="M", phone="600100200")
    row = person(code="", phone="600100201")
    [doubt] = book_of(contract.PEOPLE, project, row).doubts
    told = doubt.as_json()
    assert (told["sheet"], told["row"], told["name"]) == ("Osoby", 2, "Anna Próbna")
    [twin] = told["twins"]
    assert (twin["code"], twin["shared"], twin["differing"]) == (
        "O1",
        ["imię i nazwisko"],
        ["płeć", "telefon"],
    )


@pytest.mark.parametrize(
    ("answer", "codes", "names"),
    [
        ("O1", ["O1"], {"Anna Probna"}),
        (NEW, [""], {"Anna Próbna", "Anna Probna"}),
        (SKIP, [], {"Anna Próbna"}),
    ],
)
def test_an_answer_decides_a_doubt(project, answer, codes, names):
    PersonFactory(code="O1", first_name="Anna", last_name="Próbna", sex="K")
    row = person(code="", last_name="Probna")
    book = book_of(contract.PEOPLE, project, row, answers={"people-2": answer})
    assert ([kept.code for kept in book[contract.PEOPLE]], book.doubts) == (codes, [])
    save_book(book, project, "import")
    assert {str(one) for one in Person.objects.all()} == names


def test_a_row_without_a_code_gets_one_of_the_program(project):
    book = book_of(contract.ENTITIES, project, entity(), entity(name="Fundacja Daleka"))
    save_book(book, project, "import")
    codes = list(Entity.objects.order_by("code").values_list("code", flat=True))
    assert [code[:2] for code in codes] == ["NP", "NP"]
    assert len(set(codes)) == 2


@pytest.mark.parametrize(
    "rows",
    [
        [entity(nip=NIP), entity(nip=NIP, name="„Fundacja” PRÓG")],
        [entity(), entity(phone="1")],
    ],
    ids=["known", "new"],
)
def test_two_rows_of_one_record_are_refused(project, rows):
    if "nip" in rows[0]:
        EntityFactory(code="P1", name="Fundacja Próg", legal_form="foundation", nip=NIP)
    [error] = book_of(contract.ENTITIES, project, *rows).errors
    assert (error.row, error.column, error.kind) == (3, "Nazwa", "duplicate")


def test_namesakes_with_codes_of_their_own_are_two(project):
    rows = [person(code="O8"), person(code="O9")]
    book = book_of(contract.PEOPLE, project, *rows)
    assert (book.errors, book.doubts) == ([], [])
    save_book(book, project, "import")
    again = book_of(contract.PEOPLE, project, *rows, person(code="O10"))
    # The known ones stand in the file themselves, so the third is none of them.
    assert (again.errors, again.doubts) == ([], [])


@pytest.mark.parametrize("field", ["first_name", "last_name"])
@pytest.mark.parametrize("name", ["—", "12", "..."])
def test_a_row_of_no_letters_is_no_name(project, field, name):
    row = person(code="O1") | {field: name}
    cells = [row.get(column.field, "") for column in contract.PEOPLE.columns]
    book = read_book({"Osoby": [contract.PEOPLE.headers, cells]}, contract.PEOPLE, project)
    assert [(error.kind, error.message) for error in book.errors] == [
        ("no_letters", "Podaj nazwę z literami.")
    ]


def test_the_workbook_asks_of_new_codes_and_knows_whom_a_person_represents(project):
    save_book(read_book(Tables()), project, "import")
    tables = Tables().put("Osoby", 2, "Kod", "O7").put("Osoby", 2, "E-mail", None)
    for name, place in (("Reprezentacje", 0), ("Obecności", 2)):
        for row in tables[name][1:]:
            row[place] = "O7" if row[place] == "O1" else row[place]
    book = read_book(tables)
    identify(book, {})
    [doubt] = book.doubts
    assert [(twin.row.code, "podmiot" in twin.shared) for twin in doubt.twins] == [("O1", True)]
    # Said to be the known one, it is the known one wherever the file names it.
    book = read_book(tables)
    identify(book, {"people-2": "O1"})
    assert book.doubts == []
    assert save_book(book, project, "import").counts["Obecności"] == {"unchanged": 4}
    assert not Person.objects.filter(code="O7").exists()


def test_an_answer_that_it_is_another_is_kept_with_the_pair(project):
    PersonFactory(code="O1", first_name="Anna", last_name="Próbna", sex="K")
    book = book_of(contract.PEOPLE, project, person(code=""), answers={"people-2": NEW})
    assert [(sheet.name, number) for sheet, number, _ in book.others] == [("Osoby", 2)]
    assert not NotDuplicate.objects.exists()


def test_queries_do_not_grow_with_rows(project):
    for number in range(13):
        EntityFactory(code=f"P{number}", name=f"Fundacja Próg {number}", nip=NIP)

    def queries(count):
        rows = [entity(code=f"P{n}", name="Koło", nip=OTHER_NIP) for n in range(count)]
        rows += [entity(code="", name=f"Fundacja Progi {n}", nip=NIP) for n in range(count)]
        with CaptureQueriesContext(connection) as asked:
            book = book_of(contract.ENTITIES, project, *rows)
        assert len(book.errors) == 2 * count
        assert len(book.doubts) == count
        return len(asked)

    assert queries(2) == queries(12)


@pytest.mark.parametrize(
    "row",
    [
        person(code="O1"),
        person(code="O1", first_name="osoba", last_name="zanonimizowana", email="a@example.com"),
    ],
)
def test_a_file_does_not_fill_an_anonymised_person_again(project, row):
    forget(PersonFactory(code="O1"))
    book = book_of(contract.PEOPLE, project, row)
    [error] = book.errors
    assert error.message.endswith(
        "Dane tej osoby usunięto na zawsze; nie wpisuje się ich ponownie. Usuń ten wiersz z pliku "
        "albo, jeżeli to inna osoba, daj jej inny kod."
    )


def test_a_file_made_after_the_anonymisation_says_nothing_new(project):
    forget(PersonFactory(code="O1", sex="K"))
    row = person(code="O1", first_name="osoba", last_name="zanonimizowana")
    assert book_of(contract.PEOPLE, project, row).errors == []


def test_a_person_without_a_code_is_no_anonymised_one(project):
    forget(PersonFactory(code="O1", sex="K"))
    book = book_of(
        contract.PEOPLE, project, person(first_name="osoba", last_name="zanonimizowana")
    )
    assert book.doubts == []
