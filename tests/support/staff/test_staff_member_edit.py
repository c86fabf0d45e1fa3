from django.urls import reverse

from tests.factories import StaffMemberFactory, UserFactory


def url(member):
    return reverse("support:staff_member_edit", args=["sputnik-ii", member.pk])


def payload(**changes):
    return {"name": "Ewa Łącka", "active_from": "", "active_until": "30.06.2024"} | changes


def test_staff_member_edit_saves(client, staff):
    member = StaffMemberFactory(name="ewa łącka")
    client.force_login(staff)
    client.post(url(member), payload())
    member.refresh_from_db()
    assert (member.name, str(member.active_until)) == ("Ewa Łącka", "2024-06-30")


def test_staff_member_edit_by_staff_leaves_the_account_tied(client, staff):
    member = StaffMemberFactory(user=UserFactory())
    client.force_login(staff)
    client.post(url(member), payload(user=""))
    before, member = member.user, type(member).objects.get()
    assert member.user == before


def test_staff_member_edit_keeps_an_account_that_left_the_team(client, coordinator):
    member = StaffMemberFactory(user=UserFactory())
    client.force_login(coordinator)
    client.post(url(member), payload(user=member.user_id))
    before, member = member.user, type(member).objects.get()
    assert (member.name, member.user) == ("Ewa Łącka", before)


def test_staff_member_edit_is_not_for_auditors(client, auditor):
    client.force_login(auditor)
    assert client.get(url(StaffMemberFactory())).status_code == 403
