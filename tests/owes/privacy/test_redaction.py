import pytest

from owes.privacy.redaction import Redaction

OTHERS = [("Jan", "Nowak"), ("Janina", "Kowalska")]
REDACTION = Redaction({("Jan", "Kowalski")}, {"jk@example.com", "24 262 10 11"}, OTHERS, "X")


@pytest.mark.parametrize(
    ("text", "became"),
    [
        ("Jan Kowalski podpisał.", "X podpisał."),
        ("JAN KOWALSKI, KOWALSKI  JAN", "X, X"),
        ("Rozmowa z Janem Kowalskim o lokalu.", "Rozmowa z X o lokalu."),
        ("Pani Nowakowej i pana Nowaka", "Pani Nowakowej i pana Nowaka"),
        ("Umówiono pana Kowalskiego.", "Umówiono pana X."),
        ("lista-Jan_Kowalski.pdf", "lista-X.pdf"),
        ("Pismo do JK@Example.com i na 24 262-10-11.", "Pismo do X i na X."),
        ("tel. +48 24 262 10 11", "tel. X"),
        ("Jan Nowak i Janina Kowalska", "Jan Nowak i Janina Kowalska"),
        ("Dom przy ul. Kowalskiego 3", "Dom przy ul. Kowalskiego 3"),
        ("kowalskie narzędzia, jan", "kowalskie narzędzia, jan"),
    ],
)
def test_names_in_any_case_and_contacts_go_and_those_of_others_stay(text, became):
    assert REDACTION.text(text) == became


def test_all_texts_of_a_json_value_are_read():
    value = {"Jan Kowalski": ["Janowi Kowalskiemu", 7, None, {"a": "Jan Nowak"}]}
    assert REDACTION.value(value) == {"X": ["X", 7, None, {"a": "Jan Nowak"}]}


def test_the_name_of_a_namesake_stays():
    redaction = Redaction({("Jan", "Nowak")}, set(), OTHERS, "X")
    assert redaction.text("Jan Nowak") == "Jan Nowak"
    assert redaction.namesakes == [("Jan", "Nowak")]
