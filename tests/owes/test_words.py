"""Words that went out of the interface stay out (docs/slownictwo.md)."""

import ast
import re

import pytest
from django import forms
from django.conf import settings
from django.urls import reverse

from owes.models import User
from support.models import StaffMember
from tests.browser.test_pages import addresses
from tests.owes.form_page import every_form

HOUSE = settings.BASE_DIR
APPS = ("owes", "entities", "support", "indicators")

# Each with what is said instead.
GONE = {
    r"\bnada się\b": "powstanie",
    r"\b\w+(?:łem|łam|łeś|łaś)\b(?<!hasłem)(?<!ogółem)(?<!potencjałem)": (
        "Zapisano, zapisane przez Ciebie"
    ),
    r"\bnie on\b": "to nie duplikat",
    r"To pole jest wymagane|To pole nie może być puste": "Uzupełnij to pole.",
    r"(?<!podmiot )\b(?:współ)?prowadząc(?:y|ego|emu|ych|ym)\b": "kadra",
    r"\bpracownik\w*\b": "kadra, osoba z kadry",
    r"\bdoradc(?:a|y|ę|ą|ów|om)\b": "kadra, osoba z kadry",
    r"\b(?:nieobecna|usprawiedliwiona)\b": "nieobecność, usprawiedliwienie",
    r"\d days?, \d+:\d\d": "30:00",
    r"[Kk]arta wróciła": "karta podpisana",
    r"\b(?:rekord(?:u|y|ów)?|uczestnika szkolenia|upload|walidacja)\b": "zapis",
}
ENGLISH = re.compile(r"\b(?:This field|Please|Enter a|Sign in|Password|Confirm|required)\b")
GONE = {re.compile(words, re.IGNORECASE): instead for words, instead in GONE.items()}

# Words of others: headers of the exchange format, columns of reports closed before, the text of a
# contract, names of accounts.
QUOTED = {
    "support/workbook/contract.py": {"Doradca", "Pracownik"},
    # Headers and marks that centres write in sheets of their own.
    "support/workbook/flat_contract.py": {"Doradca", "doradca", "doradcy", "nieobecna"},
    "indicators/reports/comparison.py": {"Pracownik"},
    "support/wording.py": {"pracowników"},
    "support/workbook/demonstration.py": {"doradca"},
    "templates/account/login.html": {"doradca"},
}

# Texts of people and of the contract that pages of the demonstration show.
WRITTEN = {
    "entities:entity_detail": {"pracownik"},
    "support:import_list": {"Doradca", "Pracownik"},  # columns of the exchange workbook
    "support:wording_settings": {"pracowników"},
}


def found_in(text, quoted=()):
    for pattern in GONE:
        for match in pattern.finditer(text):
            if match[0] not in quoted:
                yield match[0]


def strings(path):
    """The strings a page may show: all of a module but docstrings, comments and patterns."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings:
            yield node.value


def test_no_string_of_the_program_says_a_word_that_went_out():
    uses = set()
    for app in APPS:
        for path in (HOUSE / app).rglob("*.py"):
            name = str(path.relative_to(HOUSE))
            if "/migrations/" not in name:
                quoted = QUOTED.get(name, ())
                uses |= {(name, word) for text in strings(path) for word in found_in(text, quoted)}
    assert uses == set()


def test_no_template_says_a_word_that_went_out():
    uses = set()
    for path in [*(HOUSE / "templates").rglob("*.*"), *(HOUSE / "static/js").glob("*.js")]:
        name = str(path.relative_to(HOUSE))
        text = re.sub(
            r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|^\s*//.*$",
            "",
            path.read_text(encoding="utf-8"),
            flags=re.DOTALL | re.MULTILINE,
        )
        uses |= {(name, word) for word in found_in(text, QUOTED.get(name, ()))}
    assert uses == set()


def test_a_worker_has_one_name_in_every_form():
    """A field that chooses a member of staff is labelled so, whatever page it is on."""
    labels = {
        (form.__name__, name): str(field.label)
        for form in every_form()
        for name, field in getattr(form, "base_fields", {}).items()
        if getattr(getattr(field, "queryset", None), "model", None) is StaffMember
    }
    assert len(labels) > 5
    wrong = {place: label for place, label in labels.items() if "kadra" not in label.lower()}
    assert set(wrong) <= {("CalendarFeedForm", "staff_member")}


class Empty(forms.Form):
    name = forms.CharField()
    day = forms.DateField()
    kind = forms.ChoiceField(choices=[("a", "a")])
    files = forms.FileField()


def test_an_empty_field_is_told_of_in_one_way():
    errors = Empty({}).errors
    assert {name: list(sentences) for name, sentences in errors.items()} == {
        name: ["Uzupełnij to pole."] for name in ("name", "day", "kind", "files")
    }


@pytest.mark.once
@pytest.mark.usefixtures("db")
def test_no_page_of_the_demonstration_says_a_word_that_went_out(client, demo):
    """As every role; what people wrote is theirs."""
    pages = addresses()
    uses, opened = set(), 0
    for account in ("doradca", "koordynator", "wglad", "admin"):
        client.force_login(User.objects.get(email=f"{account}@demo.example.org"))
        for name, path in pages.items():
            page = client.get(path)
            if page.status_code != 200 or "html" not in page["Content-Type"]:
                continue
            opened += 1
            text = re.sub(r"<[^>]*>", " ", page.content.decode())
            text = re.sub(r"\S+@\S+", "", text)
            words = [*found_in(text, WRITTEN.get(name, ())), *ENGLISH.findall(text)]
            uses |= {(name, word) for word in words}
    assert uses == set()
    assert opened > 150


def test_the_sign_in_page_is_in_polish(client, db):
    text = re.sub(r"<[^>]*>", " ", client.get(reverse("account_login")).content.decode())
    assert [*found_in(text, {"doradca"}), *ENGLISH.findall(text)] == []
