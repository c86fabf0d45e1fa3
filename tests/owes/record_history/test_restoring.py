"""An earlier state is restored by the form of the record, as any change is made."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from entities.models import Entity
from tests.factories import AdoptionFactory, EntityFactory
from tests.owes.form_page import sent

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def entity(client, staff):
    """It had another phone and e-mail before."""
    entity = EntityFactory(name="Koło", phone="24 262 00 00", email="kolo@example.org", nip="")
    entity.phone, entity.email = "602 000 344", ""
    entity.save()
    client.force_login(staff)
    return entity


def form_with(entity, version):
    return f"{reverse('entities:entity_edit', args=[entity.pk])}?restore={version}"


def test_the_form_opens_with_the_state_of_then_and_saves_it_as_a_change(client, entity, staff):
    first = entity.history.earliest()
    page = client.get(form_with(entity, first.pk))
    assertContains(page, "W formularzu jest stan z")
    entity.refresh_from_db()
    assert entity.phone == "602 000 344"
    client.post(form_with(entity, first.pk), sent(page))
    entity.refresh_from_db()
    assert (entity.phone, entity.email) == ("24 262 00 00", "kolo@example.org")
    newest = entity.history.latest()
    assert newest.history_user == staff
    assert newest.history_change_reason.startswith("przywrócono stan z ")
    assert entity.history.count() == 3


def test_a_number_that_another_record_has_now_is_refused_with_a_sentence(client, entity):
    entity.nip = "5260250995"
    entity.save()
    version = entity.history.latest().pk
    entity.nip = ""
    entity.save()
    other = EntityFactory(nip="5260250995")
    answer = client.post(form_with(entity, version), sent(client.get(form_with(entity, version))))
    assert other.code in str(answer.context["form"].errors["shared_identifier_reason"])
    assert Entity.objects.get(pk=entity.pk).nip == ""


def test_what_a_field_led_to_and_is_no_more_is_left_as_it_is(client, entity):
    gone, entity.parent = None, EntityFactory()
    entity.save()
    version = entity.history.latest().pk
    gone, entity.parent = entity.parent, None
    entity.save()
    gone.delete()
    page = client.get(form_with(entity, version))
    assert page.context["form"]["parent"].value() in ("", None)


@pytest.mark.parametrize("version", ["0", "999999999", "x", "1" * 40, "²"])
def test_a_version_that_is_none_opens_the_form_as_it_stands(client, entity, version):
    page = client.get(form_with(entity, version))
    assertNotContains(page, "W formularzu jest stan z")
    assert page.context["form"]["phone"].value() == "602 000 344"


def test_a_version_of_another_record_is_none(client, entity):
    other = EntityFactory(phone="1").history.get()
    assertNotContains(client.get(form_with(entity, other.pk)), "W formularzu jest stan z")


def test_the_history_leads_to_the_form_with_each_earlier_state(client, entity):
    page = client.get(reverse("entities:entity_history", args=[entity.pk]))
    first, newest = entity.history.earliest(), entity.history.latest()
    assertContains(page, form_with(entity, first.pk))
    assertNotContains(page, form_with(entity, newest.pk))
    assertContains(page, "stan obecny")


def test_an_adoption_is_restored_from_its_history(client, entity):
    adoption = AdoptionFactory(description="dawny opis")
    adoption.description = "nowy opis"
    adoption.save()
    version = adoption.history.earliest().pk
    url = f"{adoption.get_absolute_url()}?restore={version}"
    history = reverse("support:record_history", args=["sputnik-ii", "adoption", adoption.pk])
    assertContains(client.get(history), url)
    client.post(url, sent(client.get(url)))
    adoption.refresh_from_db()
    assert adoption.description == "dawny opis"
