import pytest
from hypothesis import given
from hypothesis import strategies as st

from owes.folding import ALPHABET, fold, search_words, sort_key

ORDER = f" 0123456789{ALPHABET}"
names = st.text(ORDER).map(str.split).map(" ".join)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ŁÓDŹ", "lodz"),
        ("Koło „Łąka” – Żabia-Wola", "kolo laka zabia wola"),
        (",,Zgoda”  w  Gąbinie", "zgoda w gabinie"),
        ("", ""),
    ],
)
def test_fold_drops_case_diacritics_quotes_dashes_and_doubled_spaces(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize("text", ["776-290-99-59", "PL 776 290 99 59", "7762909959"])
def test_a_number_typed_with_dashes_is_one_word(text):
    assert search_words(text) == ["7762909959"]


def test_words_are_folded():
    assert search_words(" Łąka  żabia") == ["laka", "zabia"]


def test_sort_key_follows_the_polish_alphabet():
    words = ["żaba", "źrebię", "zebra", "ósemka", "ola", "Łódź", "lama", "ćma", "Ala"]
    assert sorted(words, key=sort_key) == words[::-1]


def test_sort_key_puts_a_shorter_name_and_a_space_first():
    assert sorted(["ab", "a b", "a", "1"], key=sort_key) == ["1", "a", "a b", "ab"]


@given(st.text())
def test_sort_key_is_made_of_letters_and_digits_that_sort_alike_everywhere(text):
    assert set(sort_key(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789")


@given(names, names)
def test_sort_key_orders_as_the_alphabet_does(one, other):
    as_letters = [[ORDER.index(letter) for letter in name] for name in (one, other)]
    assert (sort_key(one) < sort_key(other)) == (as_letters[0] < as_letters[1])


@given(names)
def test_sort_key_is_blind_to_case_quotes_and_kinds_of_dash(name):
    assert sort_key(f"„{name.upper()}”".replace(" ", "–")) == sort_key(name)


@given(st.text())
def test_fold_twice_is_fold_once(text):
    assert fold(fold(text)) == fold(text)
