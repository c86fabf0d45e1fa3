"""What is taken for a contact and for a name, and what only looks like one."""

import pytest

from owes.personal_data import contacts_in, names_in, personal_data_in

PEOPLE = [("Anna", "Kowalska"), ("Marek", "Wójcik"), ("Ewa", "Łoś")]


@pytest.mark.parametrize(
    ("text", "found"),
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
def test_contacts(text, found):
    assert contacts_in(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rozmowa z Anną Kowalską", [0]),
        ("kowalska anna", [0]),
        ("Spotkanie z Markiem Wójcikiem", [1]),
        ("u Marka Wójcika i Ewy Łoś", [1, 2]),
        ("Anna i Kowalska", []),
        ("kuchnia kowalska", []),
        ("Annapol Kowalskiego", []),
        ("", []),
    ],
)
def test_names_in_any_case(text, found):
    assert names_in(text, PEOPLE) == [PEOPLE[place] for place in found]


def test_a_name_is_told_before_contacts():
    assert personal_data_in("Anna Kowalska, 600 700 800", PEOPLE) == [
        "imię i nazwisko",
        "numer telefonu",
    ]
