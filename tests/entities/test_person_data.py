import json
from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from entities.lookups import PersonLookup
from entities.models import Restriction
from owes.models import Look, LookedAt
from support.models import Declaration
from tests.factories import PersonFactory, sputnik

pytestmark = pytest.mark.usefixtures("db")


def page_of(person):
    return reverse("entities:person_data", args=[person.pk])


def file_of(person, kind):
    return reverse("entities:person_data_file", args=[person.pk, kind])


def test_the_file_holds_every_table_history_and_who_looked(client, coordinator):
    client.force_login(coordinator)
    person = PersonFactory(last_name="Dawna", email="a@example.com")
    person.last_name = "Obecna"
    person.save()
    day = date(2023, 1, 9)
    Declaration.objects.create(project=sputnik(), person=person, signed_on=day)
    client.get(person.get_absolute_url())
    answer = client.get(file_of(person, "json"), {"purpose": "person"})
    tables = {table["tabela"]: table["zapisy"] for table in json.loads(answer.content)["dane"]}
    assert [row["nazwisko"] for row in tables["osoby"]] == ["Obecna"]
    assert [row["nazwisko"] for row in tables["osoby: historia zmian"]] == ["Dawna", "Obecna"]
    assert tables["deklaracje uczestników"][0]["data oświadczenia RODO"] == "09.01.2023"
    assert tables["wglądy w dane"][0]["kto"] == str(coordinator)
    look = Look.objects.latest("pk")
    assert (look.kind, look.purpose) == ("file", "person")
    assert LookedAt.objects.filter(look=look, person=person.pk).exists()


@pytest.mark.pdf
def test_the_same_as_a_pdf(client, coordinator):
    client.force_login(coordinator)
    answer = client.get(file_of(PersonFactory(), "pdf"))
    assert answer.content.startswith(b"%PDF")
    assert client.get(file_of(PersonFactory(), "xml")).status_code == 404


def test_a_restricted_person_is_marked_and_no_longer_offered(client, coordinator):
    client.force_login(coordinator)
    person = PersonFactory(last_name="Ograniczona")
    listed = reverse("entities:person_list"), {"format": "csv", "purpose": "mending"}
    assert person in PersonLookup([]).suggested("Ograniczona")
    answer = client.post(page_of(person), {"reason": "kwestionuje dane"})
    assertRedirects(answer, page_of(person))
    assert person not in PersonLookup([]).suggested("Ograniczona")
    assertNotContains(client.get(*listed), "Ograniczona")
    assertContains(client.get(person.get_absolute_url()), "kwestionuje dane")
    seen = person.restrictions.get().pk
    client.post(page_of(person), {"reason": "dane poprawiono", "seen": seen})
    row = Restriction.objects.get()
    assert (row.lift_reason, row.lifted_by) == ("dane poprawiono", coordinator)
    assert person in PersonLookup([]).suggested("Ograniczona")
    assertContains(client.get(*listed), "Ograniczona")


def test_a_reason_is_asked_for(client, coordinator):
    client.force_login(coordinator)
    page = client.post(page_of(PersonFactory()), {"reason": ""})
    assertContains(page, "Uzupełnij to pole.")
    assert not Restriction.objects.exists()


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_others_do_not_open_it(client, request, role):
    client.force_login(request.getfixturevalue(role))
    person = PersonFactory()
    assert client.get(page_of(person)).status_code == 403
    assert client.get(file_of(person, "json")).status_code == 403


def test_a_restriction_that_somebody_lifted_meanwhile_is_not_placed_anew(client, coordinator):
    client.force_login(coordinator)
    person = PersonFactory()
    page = client.post(page_of(person), {"reason": "dane poprawiono", "seen": 7})
    assertContains(page, "Ktoś zmienił to, odkąd ta strona jest otwarta.")
    assert not person.restrictions.exists()
