import pytest
from django.db import DatabaseError, connection
from django.urls import reverse


@pytest.mark.usefixtures("db")
def test_healthz_answers_a_stranger(client):
    response = client.get(reverse("owes:healthz"))
    assert (response.status_code, response.json()) == (200, {"database": "odpowiada"})


def test_healthz_says_when_the_database_is_gone(client, monkeypatch):
    def refuse():
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", refuse)
    response = client.get(reverse("owes:healthz"))
    assert (response.status_code, response.json()) == (503, {"database": "nie odpowiada"})
