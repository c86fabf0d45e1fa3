from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from support.models import Membership
from tests.factories import MembershipFactory, ProjectFactory, UserFactory

LAST = "To ostatni koordynator projektu. Najpierw nadaj tę rolę innej osobie."


def url(membership, view="membership_edit"):
    return reverse(f"support:{view}", args=["sputnik-ii", membership.pk])


def own(user):
    return Membership.objects.get(user=user)


def test_membership_edit_changes_the_role(client, coordinator):
    membership = MembershipFactory()
    client.force_login(coordinator)
    client.post(url(membership), {"role": "coordinator", "is_active": "on"})
    membership.refresh_from_db()
    assert (membership.role, membership.is_active) == ("coordinator", True)
    assert membership.history.first().history_user == coordinator


def test_membership_edit_takes_access_away(client, coordinator, project):
    membership = MembershipFactory()
    client.force_login(coordinator)
    client.post(url(membership), {"role": "staff"})
    client.force_login(membership.user)
    page = reverse("support:partnership_list", args=[project.slug])
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("change", [{"role": "coordinator"}, {"role": "staff", "is_active": "on"}])
@pytest.mark.parametrize("by", ["coordinator", "administrator"])
def test_membership_edit_leaves_a_project_its_last_coordinator(
    client, request, coordinator, by, change
):
    MembershipFactory(role="coordinator", is_active=False)
    MembershipFactory(role="coordinator", user=UserFactory(is_active=False))
    MembershipFactory(role="coordinator", project=ProjectFactory())
    client.force_login(request.getfixturevalue(by))
    form = client.post(url(own(coordinator)), change).context["form"]
    assert form.non_field_errors() == [LAST]
    assert own(coordinator).is_coordinating


def test_membership_edit_lets_one_of_two_coordinators_go(client, coordinator):
    MembershipFactory(role="coordinator")
    client.force_login(coordinator)
    client.post(url(own(coordinator)), {"role": "staff", "is_active": "on"})
    assert own(coordinator).role == "staff"


def test_membership_edit_finds_nothing_of_another_project(client, coordinator):
    client.force_login(coordinator)
    other = MembershipFactory(project=ProjectFactory())
    assert client.get(url(other)).status_code == 404


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_membership_edit_is_not_for_others(client, request, role):
    user = request.getfixturevalue(role)
    client.force_login(user)
    change = {"role": "coordinator", "is_active": "on"}
    assert client.post(url(own(user)), change).status_code == 403


def test_membership_invite_sends_the_link_again(client, coordinator):
    membership = MembershipFactory(user=UserFactory(password="!"))
    client.force_login(coordinator)
    client.post(url(membership, "membership_invite"))
    assert [letter.to for letter in mail.outbox] == [[membership.user.email]]


def test_membership_invite_sends_nothing_to_those_who_have_a_password(client, coordinator):
    membership = MembershipFactory()
    membership.user.set_password("wystarczająco długie")
    membership.user.save()
    client.force_login(coordinator)
    client.post(url(membership, "membership_invite"))
    assert mail.outbox == []


def auditor_until(last_day):
    return MembershipFactory(role="auditor", last_day=last_day)


def opens(client, membership):
    client.force_login(membership.user)
    page = reverse("support:partnership_list", args=[membership.project.slug])
    return client.get(page).status_code


def test_auditor_looks_in_on_the_last_day_and_not_after(client, project):
    today = timezone.localdate()
    assert opens(client, auditor_until(today)) == 200
    assert opens(client, auditor_until(today - timedelta(days=1))) == 404


def test_membership_edit_moves_the_last_day(client, coordinator):
    membership = auditor_until(timezone.localdate() - timedelta(days=1))
    client.force_login(coordinator)
    form = {"role": "auditor", "is_active": "on", "last_day": "31.12.2099"}
    client.post(url(membership), form)
    assert opens(client, membership) == 200


def test_membership_edit_asks_for_the_last_day_of_an_auditor(client, coordinator):
    membership = MembershipFactory()
    client.force_login(coordinator)
    form = client.post(url(membership), {"role": "auditor", "is_active": "on"}).context["form"]
    assert form.errors == {"last_day": ["Podaj, do którego dnia grantodawca ma dostęp."]}


def test_membership_edit_ends_the_last_day_with_the_role(client, coordinator):
    membership = auditor_until(timezone.localdate())
    client.force_login(coordinator)
    form = {"role": "staff", "is_active": "on", "last_day": "31.12.2099"}
    client.post(url(membership), form)
    membership.refresh_from_db()
    assert (membership.role, membership.last_day) == ("staff", None)


def test_only_an_auditor_has_a_last_day(project):
    with pytest.raises(IntegrityError):
        MembershipFactory(last_day=timezone.localdate())
