import pytest
from django.urls import reverse

from support.models import StaffMember
from tests.factories import MembershipFactory, StaffMemberFactory, UserFactory

URL = reverse("support:staff_member_create", args=["sputnik-ii"])


def payload(**changes):
    days = {"active_from": "1.04.2022", "active_until": ""}
    return {"name": "  Ewa   Łącka "} | days | changes


def test_staff_member_create_saves_the_name_with_single_spaces(client, staff):
    client.force_login(staff)
    client.post(URL, payload())
    member = StaffMember.objects.get()
    assert (member.name, str(member.active_from), member.user) == ("Ewa Łącka", "2022-04-01", None)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": "EWA  łącka"}, "name", "Ta osoba jest już na liście kadry."),
        (
            {"name": "Jan Lis", "active_until": "31.03.2022"},
            "active_until",
            "Koniec pracy jest wcześniejszy niż początek.",
        ),
    ],
)
def test_staff_member_create_refuses_at_the_field(client, staff, changes, field, sentence):
    StaffMemberFactory(name="Ewa Łącka")
    client.force_login(staff)
    assert client.post(URL, payload(**changes)).context["form"].errors == {field: [sentence]}
    assert StaffMember.objects.count() == 1


def test_staff_member_create_takes_a_person_whose_name_differs_by_a_letter(client, staff):
    StaffMemberFactory(name="Ewa Łącka")
    client.force_login(staff)
    client.post(URL, payload(name="Ewa Lacka"))
    assert StaffMember.objects.count() == 2


def test_staff_member_create_lets_a_coordinator_tie_an_account_of_the_team(client, coordinator):
    account = MembershipFactory().user
    client.force_login(coordinator)
    client.post(URL, payload(user=account.pk))
    assert StaffMember.objects.get().user == account


def test_staff_member_create_offers_no_account_of_others(client, coordinator):
    client.force_login(coordinator)
    response = client.post(URL, payload(user=UserFactory().pk))
    assert list(response.context["form"].errors) == ["user"]


def test_staff_member_create_lets_nobody_else_tie_an_account(client, staff):
    client.force_login(staff)
    client.post(URL, payload(user=staff.pk))
    assert StaffMember.objects.get().user is None


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_staff_member_create_is_for_those_who_work_in_the_project(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert [client.get(URL).status_code, client.post(URL, payload()).status_code] == [403, 403]
