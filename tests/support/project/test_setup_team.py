import pytest
from django.core import mail
from django.urls import reverse
from pytest_django.asserts import assertContains

from support.models import StaffMember
from tests.factories import ProjectFactory, StaffMemberFactory, UserFactory
from tests.support.project.new_project import answers, is_closed_by_the_first_record, new

__all__ = ["new"]
URL = reverse("support:setup_team", args=["kuznia-2025"])
FORM = {"email": "nowa.osoba@example.pl", "name": "Nowa Osoba", "role": "staff"}


def test_setup_team_adds_people_one_by_one(client, coordinator, new):
    client.force_login(coordinator)
    assert client.post(URL, FORM).url == URL
    client.post(URL, FORM | {"email": "druga@example.pl", "name": "Druga Osoba"})
    assert sorted(new.memberships.values_list("user__name", "role")) == [
        ("Druga Osoba", "staff"),
        ("Kinga Łącka", "coordinator"),
        ("Nowa Osoba", "staff"),
    ]
    assertContains(client.get(URL), "druga@example.pl")


def test_setup_team_offers_an_administrator_the_coordinator_first(client, administrator):
    ProjectFactory(slug="kuznia-2025")
    client.force_login(administrator)
    page = client.get(URL)
    assert page.context["form"]["role"].value() == "coordinator"
    assertContains(page, "Zacznij od koordynatora")
    client.post(URL, FORM | {"role": "coordinator"})
    assert client.get(URL).context["form"]["role"].value() is None


def test_setup_team_sends_the_link(committed, client, coordinator, new):
    client.force_login(coordinator)
    client.post(URL, FORM)
    assert [letter.to for letter in mail.outbox] == [["nowa.osoba@example.pl"]]


@pytest.mark.parametrize("role", ["administrator"])
def test_setup_team_is_for_those_who_set_it_up(client, request, staff, new, role):
    assert answers(client, URL, staff, FORM) == [404, 404]
    user = request.getfixturevalue(role)
    assert is_closed_by_the_first_record(client, URL, user, FORM, new)


def test_setup_team_puts_those_who_work_in_it_on_the_list_of_staff(client, coordinator, new):
    known = StaffMemberFactory(name="Nowa Osoba")
    namesake = StaffMemberFactory(name="Inna Osoba", user=UserFactory(name="Inna Osoba"))
    client.force_login(coordinator)
    client.post(URL, FORM)
    client.post(URL, FORM | {"email": "inna@example.pl", "name": "Inna Osoba"})
    client.post(URL, FORM | {"email": "druga@example.pl", "name": "Druga Osoba"})
    auditor = {"email": "wglad@example.pl", "name": "Jan Wgląd", "role": "auditor"}
    client.post(URL, FORM | auditor | {"last_day": "31.12.2099"})
    assert new.memberships.filter(user__email="wglad@example.pl").exists()
    assert dict(StaffMember.objects.values_list("name", "user__email")) == {
        "Nowa Osoba": "nowa.osoba@example.pl",
        "Inna Osoba": namesake.user.email,
        "Druga Osoba": "druga@example.pl",
    }
    assert StaffMember.objects.get(name="Nowa Osoba") == known
