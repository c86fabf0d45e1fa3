import getpass
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from owes.models import User
from tests.factories import UserFactory

PASSWORD = "kasztan nad rzeka 41"
pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def types(monkeypatch):
    """Answers the questions with these lines, then runs the command; what it wrote comes back."""

    def run(answers, passwords, **options):
        answers, passwords = iter(answers), iter(passwords)
        asked = []

        def answer(question, lines):
            asked.append(question)
            return next(lines)

        monkeypatch.setattr("builtins.input", lambda question: answer(question, answers))
        monkeypatch.setattr(getpass, "getpass", lambda question: answer(question, passwords))
        out, complaints = StringIO(), StringIO()
        call_command("create_administrator", stdout=out, stderr=complaints, **options)
        return asked, out.getvalue(), complaints.getvalue()

    return run


def test_administrator_is_made_in_polish_and_signs_in(types, client):
    asked, told, complaints = types(["Ewa@Osrodek.pl", "Ewa  Ster"], [PASSWORD, PASSWORD])
    user = User.objects.get()
    assert (user.email, user.name, user.is_administrator, user.is_superuser) == (
        "ewa@osrodek.pl",
        "Ewa Ster",
        True,
        False,
    )
    assert asked == [
        "Adres e-mail: ",
        "Imię i nazwisko: ",
        "Hasło (nie widać go przy pisaniu): ",
        "Hasło jeszcze raz: ",
    ]
    assert told == "Założono konto administratora ewa@osrodek.pl. Zaloguj się nim.\n"
    assert complaints == ""
    sent = {"login": user.email, "password": PASSWORD}
    assert client.post(reverse("account_login"), sent).status_code == 302


def test_wrong_answers_are_asked_for_again(types):
    UserFactory(email="jest@osrodek.pl")
    _, _, complaints = types(
        ["zly adres", "JEST@osrodek.pl", "ewa@osrodek.pl", " ", "Ewa Ster"],
        ["krotkie", PASSWORD, "inne", PASSWORD, PASSWORD],
    )
    assert User.objects.get(email="ewa@osrodek.pl").check_password(PASSWORD)
    # Of the address twice, of the empty name, of the short password, of two that differ.
    wrong_address, taken, empty, short, differ = complaints.splitlines()
    assert (wrong_address, empty, differ) == (
        "Wprowadź poprawny adres email.",
        "Uzupełnij to pole.",
        "Hasła się różnią. Wpisz je od nowa.",
    )
    assert taken == "Istnieje już Konto z tą wartością pola Adres e-mail."
    assert "12 znaków" in short


def test_options_answer_two_questions_and_are_not_asked_again(types):
    asked, _, _ = types([], [PASSWORD, PASSWORD], email="ewa@osrodek.pl", name="Ewa Ster")
    assert (len(asked), User.objects.count()) == (2, 1)
    with pytest.raises(CommandError, match="Istnieje już Konto"):
        types([], [], email="ewa@osrodek.pl", name="Ewa Ster")


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (EOFError, "Hasło wpisuje się w terminalu"),
        (KeyboardInterrupt, "Przerwano. Konta nie założono."),
    ],
)
def test_without_a_terminal_nothing_is_made(types, monkeypatch, trouble, sentence):
    def refuse():
        raise trouble
        yield

    with pytest.raises(CommandError, match=sentence):
        types(refuse(), [])
    assert User.objects.count() == 0
