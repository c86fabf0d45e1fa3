import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from support.models import LegalHold
from tests.factories import ProjectFactory
from tests.support.retention.people import ended

pytestmark = pytest.mark.usefixtures("db")
PAGE = reverse("support:retention_list")


def test_retention_list_tells_whose_day_has_passed(client, administrator):
    ended()
    held = ended(ProjectFactory(name="Wstrzymany"))
    LegalHold.objects.create(project=held, reason="spór", by=administrator)
    ProjectFactory(name="Bez dnia")
    client.force_login(administrator)
    page = client.get(PAGE)
    states = [(row.record.name, row.get_cell("state")) for row in page.context["table"].rows]
    told = {name: next(word for word in WORDS if word in state) for name, state in states}
    assert told == {
        "SPUTNIK II": "termin minął",
        "Wstrzymany": "wstrzymano",
        "Bez dnia": "przechowuje się",
    }
    assertContains(page, "nie wpisano")


WORDS = ["termin minął", "wstrzymano", "przechowuje się"]


def test_a_coordinator_sees_the_own_projects(client, coordinator, staff):
    ProjectFactory(name="Cudzy")
    client.force_login(coordinator)
    assertNotContains(client.get(PAGE), "Cudzy")
    client.force_login(staff)
    assert client.get(PAGE).status_code == 403
