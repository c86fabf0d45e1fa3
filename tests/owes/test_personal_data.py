"""What is taken for a contact and for a name, and what only looks like one."""

import pytest

from owes.personal_data import PERSON, Names, contacts_in, names_read_once, personal_data_in
from tests.factories import PersonFactory

PEOPLE = [
    ("Anna", "Kowalska"),
    ("Marek", "Wójcik"),
    ("Ewa", "Łoś"),
    ("Paulina", "Fijałkowska"),
    ("Jan", "Nowak-Płocki"),
    ("Olga", "Kozioł"),
    ("Maja", "Nowak"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tel. 600 700 800", ["numer telefonu"]),
        ("+48600700800", ["numer telefonu"]),
        ("0048 600-700-800", ["numer telefonu"]),
        ("(24) 262 10 20", ["numer telefonu"]),
        ("jan.nowak@poczta.example", ["adres e-mail"]),
        ("PESEL 80010112345", ["ciąg 11 cyfr"]),
        ("600700800, a@b.pl", ["adres e-mail", "numer telefonu"]),
        ("umowa 12/2023/345 z 05.04.2022", []),
        ("NIP 7740001454", []),
        ("25 000,00 zł, 60 osób, ul. Nowa 12", []),
        ("", []),
    ],
)
def test_contacts(text, expected):
    assert contacts_in(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rozmowa z Anną Kowalską", [0]),
        ("kowalska anna", [0]),
        ("Spotkanie z Markiem Wójcikiem", [1]),
        ("u Marka Wójcika i Ewy Łoś", [1, 2]),
        ("Anna i kowalska", []),
        ("kuchnia kowalska", []),
        ("Annapol kowalskiego", []),
        ("Rozmowa z Pauliną Fijałkowską o sporze", [3]),
        ("FIJAŁKOWSKIEJ PAULINIE", [3]),
        ("z Anną Marią Kowalską i Ewą", [0]),
        ("umowa Jana Nowaka, a nie Płockiego", [4]),
        ("Janem Płockim", [4]),
        ("dla Oldze Kozłowi", [5]),
        ("Sprawa Kowalskiej", [0]),
        ("list do Kowalskich", [0]),
        ("p. Łoś i pani Wójcik", [2, 1]),
        ("A. Kowalską, M.Wójcika", [0, 1]),
        ("ul. Kowalskiej 5, gmina Kowalska", []),
        ("Rolnicy mają nowe maszyny", []),
        ("łoś w lesie, Wójcik", []),
        ("w Płocku i Kowalu, a nowak", []),
        ("B. Łoś", []),
        ("", []),
    ],
)
def test_names_in_any_case(text, expected):
    assert Names(PEOPLE).in_text(text) == [PEOPLE[place] for place in expected]


@pytest.mark.usefixtures("db")
def test_a_name_of_the_register_is_told_before_contacts():
    PersonFactory(first_name="Anna", last_name="Kowalska")
    text = "Anna Kowalska, 600 700 800"
    assert personal_data_in(text) == ["imię i nazwisko", "numer telefonu"]


@pytest.mark.usefixtures("db")
def test_a_former_name_is_a_name_too():
    person = PersonFactory(first_name="Anna", last_name="Kowalska")
    person.last_name = "Sowa"
    person.save()
    assert personal_data_in("z Anną Kowalską") == personal_data_in("z Anną Sową") == [PERSON]


@pytest.mark.usefixtures("db")
def test_the_register_tells_its_names_once_for_many_texts(django_assert_num_queries):
    with names_read_once(), django_assert_num_queries(1):
        assert [personal_data_in(text) for text in ("", "Jan", "Ewa Łoś")] == [[], [], []]
    with django_assert_num_queries(2):
        assert personal_data_in("Jan") + personal_data_in("Ewa") == []
