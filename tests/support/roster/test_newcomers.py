"""A new person as one text in the row of a roster."""

import pytest

from entities.models import NotDuplicate, Person
from support.roster.newcomers import Newcomer
from tests.factories import PersonFactory


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jan Kowalski (nowa osoba, M)", ("Jan", "Kowalski", "M", "", "", "", False)),
        ("jan  kowalski (NOWA OSOBA, mężczyzna)", ("jan", "kowalski", "M", "", "", "", False)),
        ("Ewa Bór-Mak (nowa osoba)", ("Ewa", "Bór-Mak", "", "", "", "", False)),
        ("Ewa Bór (na pewno nowa osoba, K)", ("Ewa", "Bór", "K", "", "", "", True)),
        (
            "Ewa Bór (nowa osoba, ewa@example.org, 1980, K, +48 601 602 603)",
            ("Ewa", "Bór", "K", "+48 601 602 603", "ewa@example.org", "1980", False),
        ),
        ("Ewa (nowa osoba, X)", ("Ewa", "", "X", "", "", "", False)),
    ],
)
def test_a_newcomer_is_read_and_written_back(text, expected):
    person = Newcomer.read(text)
    names = ("first_name", "last_name", "sex", "phone", "email", "birth_year", "is_sure")
    assert tuple(getattr(person, name) for name in names) == expected
    again = Newcomer.read(person.written())
    assert tuple(getattr(again, name) for name in names) == expected


@pytest.mark.parametrize("text", ["", "Jan Kowalski", "Jan Kowalski (O0012)", "(nowa osoba, K)"])
def test_anything_else_is_no_newcomer(text):
    assert Newcomer.read(text) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Ewa (nowa osoba, K)", "Podaj imię i nazwisko."),
        ("Ewa Bór (nowa osoba)", "Podaj płeć: wybierz niżej albo dopisz w nawiasie K lub M."),
        ("Ewa Bór (nowa osoba, X)", "Podaj płeć: wybierz niżej albo dopisz w nawiasie K lub M."),
        (
            "Ewa Bór (nowa osoba, K, ewa@)",
            "E-mail: Wprowadź poprawny adres email.",
        ),
    ],
)
def test_what_is_wrong_is_said_as_the_register_says_it(db, text, sentence):
    assert Newcomer.read(text).errors == [sentence]


def test_a_newcomer_becomes_a_person_of_the_register(staff):
    twin = PersonFactory()
    newcomer = Newcomer.read("Ewa Bór (na pewno nowa osoba, K, 1980, ewa@example.org)")
    newcomer.twins = [type("Found", (), {"row": twin})]
    person = newcomer.create(staff)
    assert Person.objects.get(code="NO0001") == person
    assert (person.sex, person.birth_year, person.email) == ("K", 1980, "ewa@example.org")
    assert NotDuplicate.objects.get().second_key == person.pk


@pytest.mark.parametrize(
    ("text", "sexes"),
    [
        ("Jan Kowalski", ["M", "K"]),
        ("Ewa Bór-Mak", ["K", "M"]),
        ("Ewa", None),
        ("ewa bo1", None),
        ("Jan Kowalski (O1)", None),
        ("a\x00 b", ["K", "M"]),
    ],
)
def test_a_name_not_in_the_register_is_offered_as_new(text, sexes):
    found = Newcomer.from_name(text)
    assert (found and [pick[1][-2] for pick in found.suggestions()]) == sexes
