import pytest
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import MembershipFactory, ProjectFactory
from tests.indicators.control.control_pages import control_of
from tests.indicators.reports.report_pages import url

pytestmark = pytest.mark.usefixtures("db")
URL = "/p/sputnik-ii/control/"


def test_control_list_names_each_control(client, coordinator, staff):
    control = control_of(coordinator)
    client.force_login(staff)
    page = client.get(URL)
    assertContains(page, str(control))
    assertContains(page, "ziarno: pismo 7")
    assertContains(page, "w toku")
    assertNotContains(page, url("control_create"))
    client.force_login(coordinator)
    assertContains(client.get(URL), url("control_create"))


def test_control_list_begins_with_what_it_is_for(client, coordinator):
    client.force_login(coordinator)
    assertContains(client.get(URL), "Nie było jeszcze kontroli próbnej")


def test_control_list_shows_no_control_of_another_project(client, coordinator):
    control = control_of(coordinator)
    project = ProjectFactory(slug="inny")
    client.force_login(MembershipFactory(project=project, role="coordinator").user)
    assertNotContains(client.get("/p/inny/control/"), str(control))
    assert client.get(URL).status_code == 404


@pytest.mark.parametrize(
    ("role", "status"), [("staff", 200), ("auditor", 403), ("administrator", 403)]
)
def test_control_list_is_the_centres_own(request, client, role, status):
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).status_code == status
    menu = client.get("/p/sputnik-ii/")
    if role != "administrator":
        assert (URL in menu.content.decode()) == (status == 200)
