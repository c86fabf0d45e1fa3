import pytest
import time_machine
from django.urls import reverse

from owes import environment

pytestmark = pytest.mark.usefixtures("db")


@time_machine.travel("2026-03-02T11:05:00Z")
def test_a_stranger_reads_whom_to_tell(client, settings):
    settings.SECURITY_CONTACT = "mailto:dziury@example.org"
    settings.SITE_ADDRESS = "https://owes.example.org"
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text.splitlines() == [
        "Contact: mailto:dziury@example.org",
        "Expires: 2026-08-29T00:00:00Z",
        "Preferred-Languages: pl, en",
        "Canonical: https://owes.example.org/.well-known/security.txt",
    ]


def test_without_a_contact_there_is_none(client):
    assert client.get(reverse("owes:security_txt")).status_code == 404


@pytest.mark.parametrize(
    ("value", "contact"),
    [
        ("", ""),
        ("dziury@example.org", "mailto:dziury@example.org"),
        ("mailto:dziury@example.org", "mailto:dziury@example.org"),
        ("https://example.org/dziury", "https://example.org/dziury"),
    ],
)
def test_an_address_of_letters_may_be_bare(monkeypatch, value, contact):
    monkeypatch.setenv("SECURITY_CONTACT", value)
    assert environment.contact("SECURITY_CONTACT") == contact


@pytest.mark.parametrize("value", ["telefon", "http://example.org", "a@b.pl\nX: y"])
def test_another_contact_stops_the_start(monkeypatch, value):
    monkeypatch.setenv("SECURITY_CONTACT", value)
    with pytest.raises(SystemExit, match="SECURITY_CONTACT: podaj"):
        environment.contact("SECURITY_CONTACT")
