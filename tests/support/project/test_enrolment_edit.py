from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from support.models import Enrolment
from tests.factories import EntityFactory, sputnik


def url(entity):
    return reverse("support:enrolment_edit", args=["sputnik-ii", entity.pk])


@pytest.fixture
def entity(client, staff):
    client.force_login(staff)
    return EntityFactory()


def test_enrolment_edit_saves_the_day_and_the_card_shows_it(client, entity):
    card = reverse("support:entity_support", args=[entity.pk])
    assertContains(client.get(card), "bez daty zgłoszenia")
    assertRedirects(client.post(url(entity), {"joined_on": "12.03.2023"}), card)
    assert Enrolment.objects.get().joined_on == date(2023, 3, 12)
    assertContains(client.get(card), "zgłoszony 12.03.2023")


def test_enrolment_edit_ends_with_a_reason(client, entity):
    enrolment = Enrolment.objects.create(
        project=sputnik(), entity=entity, joined_on=date(2023, 3, 12)
    )
    form = {"joined_on": "12.03.2023", "left_on": "01.04.2024"}
    assertContains(client.post(url(entity), form), "Podaj powód zakończenia.")
    assertRedirects(
        client.post(url(entity), form | {"reason": "likwidacja"}),
        reverse("support:entity_support", args=[entity.pk]),
    )
    enrolment.refresh_from_db()
    assert (enrolment.left_on, enrolment.reason) == (date(2024, 4, 1), "likwidacja")


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"joined_on": "31.12.2099"}, "Ten dzień jeszcze nie nadszedł."),
        ({"joined_on": "30.02.2023"}, "Nie ma takiego dnia: 30.02.2023."),
        (
            {"joined_on": "12.03.2023", "left_on": "11.03.2023", "reason": "x"},
            "Koniec udziału jest wcześniejszy niż zgłoszenie.",
        ),
    ],
)
def test_enrolment_edit_explains_what_is_wrong(client, entity, form, sentence):
    assertContains(client.post(url(entity), form), sentence)
    assert not Enrolment.objects.exists()


def test_enrolment_edit_is_not_for_the_auditor(client, entity, auditor):
    client.force_login(auditor)
    assert client.get(url(entity)).status_code == 403
