import re
from datetime import date

import pytest
from django.core import mail
from django.urls import reverse

from owes.models import User
from support.models import Membership
from tests.factories import MembershipFactory, ProjectFactory, UserFactory

URL = reverse("support:membership_create", args=["sputnik-ii"])
FORM = {"email": "Nowa.Osoba@example.pl", "name": " Nowa  Osoba ", "role": "staff"}


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_membership_create_makes_an_account_without_a_password(client, request, project, role):
    client.force_login(request.getfixturevalue(role))
    client.post(URL, FORM)
    user = User.objects.get(email="nowa.osoba@example.pl")
    assert (user.name, user.has_usable_password()) == ("Nowa Osoba", False)
    assert Membership.objects.get(user=user).role == "staff"


def test_membership_create_sends_a_link_that_sets_the_password(committed, client, coordinator):
    client.force_login(coordinator)
    client.post(URL, FORM)
    [letter] = mail.outbox
    assert letter.to == ["nowa.osoba@example.pl"]
    assert letter.subject == "Konto w programie OWES, projekt SPUTNIK II"
    client.logout()
    link = re.search(r"http://testserver(\S+)", letter.body)[1]
    set_password = client.get(link).url
    password = {"password1": "Trudne hasło 12", "password2": "Trudne hasło 12"}
    client.post(set_password, password)
    user = User.objects.get(email="nowa.osoba@example.pl")
    assert user.check_password("Trudne hasło 12")
    assert client.post(set_password, password).status_code == 200  # a link works once


def test_membership_create_takes_an_account_that_is_there(client, coordinator):
    there = MembershipFactory(project=ProjectFactory(), user__email="nowa.osoba@example.pl").user
    there.set_password("wystarczająco długie")
    there.save()
    client.force_login(coordinator)
    client.post(URL, FORM | {"name": "", "role": "auditor", "last_day": "31.12.2099"})
    assert Membership.objects.get(user=there, project__slug="sputnik-ii").role == "auditor"
    assert (User.objects.get(pk=there.pk).name, mail.outbox) == (there.name, [])


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": ""}, "name", "Podaj imię i nazwisko: to nowe konto."),
        ({"email": "nowa.osoba"}, "email", "Podaj adres w postaci nazwa@domena.pl."),
        (
            {"email": "JEST@example.pl"},
            "email",
            "Ta osoba jest już na liście zespołu. Zmień tam jej rolę.",
        ),
        (
            {"email": "off@example.pl"},
            "email",
            "To konto jest wyłączone. Włącza je administrator.",
        ),
        ({"email": "ja@example.pl"}, "email", "Nikt nie nadaje roli sam sobie."),
    ],
)
def test_membership_create_refuses_at_the_field(client, administrator, changes, field, sentence):
    MembershipFactory(user__email="jest@example.pl", is_active=False)
    UserFactory(email="off@example.pl", is_active=False)
    User.objects.filter(pk=administrator.pk).update(email="ja@example.pl")
    client.force_login(administrator)
    before = User.objects.count(), Membership.objects.count()
    form = client.post(URL, FORM | changes).context["form"]
    assert form.errors == {field: [sentence]}
    assert (User.objects.count(), Membership.objects.count(), mail.outbox) == (*before, [])


def test_membership_create_keeps_the_account_when_the_post_fails(
    committed, client, coordinator, settings
):
    settings.EMAIL_BACKEND = "tests.support.project.test_membership_create.FailingBackend"
    client.force_login(coordinator)
    page = client.post(URL, FORM, follow=True).content.decode()
    assert "list z linkiem do hasła nie wyszedł" in page
    assert User.objects.filter(email="nowa.osoba@example.pl").exists()


class FailingBackend:
    """A mail server that is down."""

    def __init__(self, **options):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_membership_create_is_not_for_others(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert [client.get(URL).status_code, client.post(URL, FORM).status_code] == [403, 403]


@pytest.mark.parametrize(
    ("last_day", "sentence"),
    [
        ("", "Podaj, do którego dnia grantodawca ma dostęp."),
        ("5.4.2022", "Ten dzień już minął. Podaj dzisiejszy albo późniejszy."),
        ("kiedyś", "Podaj datę w postaci 05.04.2022."),
    ],
)
def test_membership_create_asks_for_the_last_day_of_an_auditor(
    client, coordinator, last_day, sentence
):
    client.force_login(coordinator)
    form = client.post(URL, FORM | {"role": "auditor", "last_day": last_day}).context["form"]
    assert form.errors == {"last_day": [sentence]}
    assert not User.objects.filter(email="nowa.osoba@example.pl").exists()


def test_membership_create_keeps_the_last_day_of_an_auditor(client, coordinator):
    client.force_login(coordinator)
    client.post(URL, FORM | {"role": "auditor", "last_day": "31.12.2099"})
    membership = Membership.objects.get(user__email="nowa.osoba@example.pl")
    assert (membership.role, membership.last_day) == ("auditor", date(2099, 12, 31))


def test_membership_create_gives_no_last_day_to_others(client, coordinator):
    client.force_login(coordinator)
    client.post(URL, FORM | {"last_day": "31.12.2099"})
    assert Membership.objects.get(user__email="nowa.osoba@example.pl").last_day is None
