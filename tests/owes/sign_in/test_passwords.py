"""Passwords by kind: what is guessed first is refused, with a sentence; what is not, is taken."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from owes.models import Centre
from owes.sign_in.passwords import common_words
from tests.owes.sign_in.doors import PASSWORD, make_account, sign_in, text_of

pytestmark = pytest.mark.usefixtures("db")

EASY = [
    "haslo1234567",
    "Hasło1234567!",
    "sputnik12345",
    "Sputnik-II-2024",
    "OWESPlock2024",
    "owes2024plock2025",
    "aaaaaaaaaaaa",
    "abababababab",
    "kotkotkotkot",
    "123456789012",
    "098765432109",
    "20240405202405",
    "qwertyuiop12",
    "1qaz2wsx3edc",
    "zaq12wsxzaq1",
    "1q2w3e4r5t6y",
    "qwe123qwe123",
    "asd-fgh-jkl-1",
    "poiuytrewq12",
    "abcdefghijkl",
    "olsah7654321",
    "P4ssw0rd2024!",
    "H@slo-H@slo-1",
    "Zima2024Zima!",
    "KasiaTomek1985",
    "Warszawa2024!!",
    "Kowalska-Ewa-1",
    "ewakowalska123",
    "LipowyRynek2024",
]
GOOD = [
    "korytarz pełen starych map",
    "moj rower ma zielone blotniki",
    "Xk7#qLw92!mT",
    "8#4!92Kq7$15",
    "zupelnie-inne-zdanie-7",
    "pstrag nad rzeka 1985",
    "plony z pola pod lasem",
    "ptasie mleczko z grzybami",
]


@pytest.fixture
def account():
    Centre.objects.create(name="Ośrodek Lipowy", address="ul. Rynek 1, 09-400 Płock")
    return make_account("ewa.k@example.org", "Ewa Kowalska")


@pytest.mark.parametrize("password", EASY)
def test_password_that_is_guessed_first_is_refused(account, password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, account)
    assert "guessed_first" in {error.code for error in refused.value.error_list}


@pytest.mark.parametrize("password", GOOD)
def test_password_that_is_not_is_taken(account, password):
    validate_password(password, account)


@pytest.mark.parametrize(
    ("password", "kinds"),
    [
        ("haslo1234567", "cyfry i częste słowa"),
        ("OWESPlock2024", "cyfry, słowa z nazw ośrodka i projektów i częste słowa"),
        ("aaaaaaaaaaaa", "znaki kolejne albo powtórzone"),
        ("LipowyRynek!", "słowa z nazw ośrodka i projektów"),
        ("Kowalska--Ewa", "Twoje imię, nazwisko lub adres"),
    ],
)
def test_sentence_tells_what_it_is_made_of(account, password, kinds):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, account)
    assert (
        f"Tego hasła łatwo się domyślić. To prawie same {kinds}. "
        "Wybierz kilka słów, które nic nie mówią o Tobie ani o ośrodku, albo losowe znaki."
    ) in refused.value.messages


def test_password_of_nobody_yet_is_judged_too(account):
    with pytest.raises(ValidationError):
        validate_password("haslo1234567")


def test_long_password_is_judged_at_once(account):
    validate_password("korytarz pełen starych map " * 40, account)


def test_list_is_folded_words_without_twins():
    words = common_words()
    assert {word for word in words if not word.isalpha() or word != word.lower()} == set()


def test_page_refuses_at_the_field(client):
    account = make_account()
    sign_in(client)
    form = {"oldpassword": PASSWORD, "password1": "OWESPlock2024", "password2": "OWESPlock2024"}
    page = text_of(client.post(reverse("account_change_password"), form))
    assert "Tego hasła łatwo się domyślić." in page
    account.refresh_from_db()
    assert account.check_password(PASSWORD)
