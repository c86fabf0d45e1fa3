import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from owes.models import Centre
from support.models import Project
from tests.factories import EntityFactory, MembershipFactory, ServiceFactory

URL = reverse("indicators:start")
LOAD = reverse("indicators:contract_load")
DICTIONARIES = "Słowniki i samorządy"


@pytest.fixture
def nobodys(db):
    Project.objects.all().delete()


def done(page):
    return [step.title for step in page.context["steps"] if step.is_done]


def test_first_sign_in_of_an_administrator_leads_to_the_start(client, nobodys, administrator):
    client.force_login(administrator)
    assertRedirects(client.get("/"), URL)
    page = client.get(URL)
    assert (done(page), page.context["current"].title) == ([DICTIONARIES], "Ośrodek")
    assertContains(page, "zrobione 1 z 6")
    assertContains(page, "Załóż projekt SPUTNIK II")


def test_start_ticks_what_is_done(client, nobodys, administrator):
    client.force_login(administrator)
    Centre.objects.create(name="OWES Próbny")
    page = client.get(URL)
    assert page.context["current"].url == reverse("support:project_create")
    client.post(LOAD, {"contract": "sputnik-ii"})
    page = client.get(URL)
    assert done(page) == ["Ośrodek", DICTIONARIES, "Projekt"]
    assert page.context["current"].url == "/p/sputnik-ii/settings/team/"
    MembershipFactory()
    EntityFactory()
    ServiceFactory()
    page = client.get(URL)
    assert page.context["done"] == len(page.context["steps"]) == 6


def test_start_loads_the_known_contract_by_a_button(client, nobodys, administrator):
    client.force_login(administrator)
    assertRedirects(client.post(LOAD, {"contract": "sputnik-ii"}), URL)
    project = Project.objects.get()
    assert (project.slug, project.area.count(), project.targets.count()) == ("sputnik-ii", 4, 8)
    assert project.history.last().history_user == administrator
    assertNotContains(client.get(URL), LOAD)
    assert client.post(LOAD, {"contract": "x"}).status_code == 404


@pytest.mark.parametrize(("has_service", "is_there"), [(False, True), (True, False)])
def test_start_leaves_the_menu_with_the_first_service(
    client, administrator, project, has_service, is_there
):
    if has_service:
        ServiceFactory()
    client.force_login(administrator)
    menu = dict(client.get(reverse("account_change_password")).context["menu"])
    assert ("Pierwsze kroki" in [entry.label for entry in menu.get("", [])]) == is_there


@pytest.mark.parametrize("role", ["staff", "coordinator", "auditor"])
def test_start_is_for_administrators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    answers = [client.get(URL), client.post(LOAD, {"contract": "sputnik-ii"})]
    assert [answer.status_code for answer in answers] == [403, 403]
