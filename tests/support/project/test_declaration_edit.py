from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from support.models import Declaration
from tests.factories import PersonFactory, ServiceFactory


def url(person):
    return reverse("support:declaration_edit", args=["sputnik-ii", person.pk])


@pytest.fixture
def person(client, staff):
    client.force_login(staff)
    return PersonFactory()


def test_declaration_edit_saves_the_day_with_the_version_of_the_clause(client, person, project):
    card = reverse("support:person_support", args=[person.pk])
    assertContains(client.get(card), "bez oświadczenia RODO")
    assertRedirects(client.post(url(person), {"signed_on": "12.03.2023"}), card)
    declaration = Declaration.objects.get()
    assert declaration.signed_on == date(2023, 3, 12)
    assert declaration.clause_version == project.clause_version
    assertContains(client.get(card), "oświadczenie RODO 12.03.2023, klauzula w wersji 1")


def test_declaration_edit_comes_back_to_the_service_that_asked(client, person, project):
    service = ServiceFactory()
    answer = client.post(f"{url(person)}?service={service.pk}", {"signed_on": "12.03.2023"})
    assertRedirects(answer, service.get_absolute_url())


@pytest.mark.parametrize("asked", ["0", "x", "9" * 30])
def test_declaration_edit_of_no_service_comes_back_to_the_card(client, person, asked):
    answer = client.post(f"{url(person)}?service={asked}", {"signed_on": "12.03.2023"})
    assertRedirects(answer, reverse("support:person_support", args=[person.pk]))


def test_declaration_edit_says_what_an_empty_version_means(client, person, project):
    assertContains(client.get(url(person)), "teraz jest wersja 1.")


@pytest.mark.parametrize("page", ["entities:person_detail", "support:person_support"])
def test_each_page_of_the_card_leads_to_a_declaration_not_written_yet(client, person, page):
    card = reverse(page, args=[person.pk])
    assertContains(client.get(card), f'href="{url(person)}"')
    client.post(url(person), {"signed_on": "12.03.2023"})
    assertNotContains(client.get(card), "Zapisz deklarację")


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("", "Uzupełnij to pole."),
        ("31.12.2099", "Ten dzień jeszcze nie nadszedł."),
        ("31.11.2023", "Nie ma takiego dnia: 31.11.2023."),
    ],
)
def test_declaration_edit_explains_what_is_wrong(client, person, day, sentence):
    assertContains(client.post(url(person), {"signed_on": day}), sentence)
    assert not Declaration.objects.exists()


def test_declaration_edit_is_not_for_the_auditor(client, person, auditor):
    client.force_login(auditor)
    assert client.get(url(person)).status_code == 403
