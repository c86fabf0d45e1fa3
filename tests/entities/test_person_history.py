import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from owes.models import Look, LookedAt
from owes.record_history.lines import Line
from tests.factories import EntityFactory, PersonFactory

pytestmark = pytest.mark.usefixtures("db")


def url(person):
    return reverse("entities:person_history", args=[person.pk])


def test_person_history_tells_from_what_to_what_and_is_a_look(client, staff):
    person = PersonFactory(last_name="Zielińska")
    person.last_name = "Nowak"
    person.save()
    person.representations.create(entity=EntityFactory(name="Koło"), role="prezeska")
    client.force_login(staff)
    page = client.get(url(person))
    lines = [line for saving in page.context["table"].data for line in saving.lines]
    assert Line("nazwisko", "Zielińska", "Nowak") in lines
    assert "Koło, prezeska" in [line.after for line in lines]
    assertContains(page, "Nowak")
    kept = Look.objects.latest("pk")
    assert (kept.user, kept.path) == (staff, url(person))
    assert list(LookedAt.objects.values_list("person", flat=True)) == [person.pk]


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_person_history_is_for_those_who_see_names(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(url(PersonFactory())).status_code == 403
