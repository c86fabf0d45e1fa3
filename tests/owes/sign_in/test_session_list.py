"""One's own sessions: listed, ended one by one or all, over by themselves."""

import time

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from owes.models import Session
from owes.sign_in.sessions import SessionStore
from tests.owes.sign_in.doors import EMAIL, PASSWORD, is_in, make_account, sign_in, text_of

pytestmark = pytest.mark.usefixtures("db")

PAGE = reverse("owes:session_list")
END = reverse("owes:session_end")
ACCOUNT = reverse("account_change_password")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
MINUTE = 60


@pytest.fixture
def clock():
    with time_machine.travel(time.time(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def account():
    return make_account()


@pytest.fixture
def own(account, clock):
    client = Client()
    sign_in(client)
    return client


def opens(client):
    return client.get(ACCOUNT).status_code == 200


# The list


def test_session_list_tells_browser_address_and_times(account, clock):
    client = Client(headers={"User-Agent": FIREFOX})
    sign_in(client)
    page = text_of(client.get(PAGE))
    assert "Firefox, Linux ta sesja 203.0.113.7" in page


def test_session_list_shows_own_sessions_alone_this_one_first(own, clock):
    make_account("jan@example.org", "Jan Próbny")
    sign_in(Client(), email="jan@example.org")
    sign_in(Client(), address="198.51.100.4")
    rows = own.get(PAGE).context["sessions"]
    places = [(row.is_current, row.beginning["address"]) for row in rows]
    assert places == [(True, "203.0.113.7"), (False, "198.51.100.4")]


def test_session_list_holds_no_key_of_a_session(own):
    sign_in(Client())
    page = own.get(PAGE).content.decode()
    assert [key for key in Session.objects.values_list("pk", flat=True) if key in page] == []


def test_session_list_asks_one_query_for_any_number(own, query_count, client):
    counts = []
    for more in (1, 5):
        for _ in range(more):
            sign_in(Client())
        own.get(PAGE)
        client.cookies = own.cookies
        counts.append(query_count(PAGE))
    assert counts[0] == counts[1]


def test_session_of_before_the_beginning_was_told_is_listed(client, account):
    client.force_login(account)
    assert "nieznana przeglądarka ta sesja nie podano nie podano" in text_of(client.get(PAGE))


# The end by a button


def test_session_end_ends_the_one_of_the_button(own):
    first, second = Client(), Client()
    sign_in(first)
    sign_in(second)
    mark = Session.objects.get(pk=first.session.session_key).mark
    own.post(END, {"mark": mark})
    assert (opens(own), opens(first), opens(second)) == (True, False, True)


def test_session_end_without_a_mark_ends_all_but_this_one(own):
    others = [Client(), Client()]
    for other in others:
        sign_in(other)
    page = own.post(END, follow=True)
    assert "Zakończono 2 sesje." in text_of(page)
    assert [opens(client) for client in (own, *others)] == [True, False, False]


def test_session_end_leaves_sessions_of_others(own):
    make_account("jan@example.org", "Jan Próbny")
    of_jan = Client()
    sign_in(of_jan, email="jan@example.org")
    mark = Session.objects.get(pk=of_jan.session.session_key).mark
    page = own.post(END, {"mark": mark}, follow=True)
    assert "Tej sesji już nie ma." in text_of(page)
    assert opens(of_jan)


# The end by itself


def test_session_ends_after_half_an_hour_of_silence(own, clock):
    clock.shift(29 * MINUTE)
    assert opens(own)
    clock.shift(29 * MINUTE)
    assert opens(own)
    clock.shift(30 * MINUTE + 1)
    assert not opens(own)


def test_session_ends_after_twelve_hours_however_busy(own, clock):
    for _ in range(35):
        clock.shift(20 * MINUTE)
        assert opens(own)
    clock.shift(20 * MINUTE + 1)
    assert not opens(own)


def test_saving_in_a_session_does_not_move_its_last_hour(own, clock):
    for _ in range(35):
        clock.shift(20 * MINUTE)
        session = own.session
        session["x"] = 1
        session.save()
    clock.shift(20 * MINUTE + 1)
    assert not opens(own)


def test_activity_is_written_once_a_minute(own, clock):
    key = own.session.session_key
    began = Session.objects.get(pk=key).seen_at
    clock.shift(50)
    opens(own)
    assert Session.objects.get(pk=key).seen_at == began
    clock.shift(20)
    opens(own)
    assert (Session.objects.get(pk=key).seen_at - began).total_seconds() == 70


def test_sessions_that_are_over_are_swept(own, clock):
    clock.shift(31 * MINUTE)
    SessionStore.clear_expired()
    assert not Session.objects.exists()


def test_sign_in_gives_the_session_a_new_key(client, account):
    """Who put a key into the browser before does not know the one after."""
    client.get(reverse("account_login"))
    client.session.save()
    before = client.cookies.get(settings.SESSION_COOKIE_NAME)
    sign_in(client)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != (before and before.value)


def test_signed_out_session_is_dead(own):
    key = own.session.session_key
    own.post(reverse("account_logout"))
    own.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not opens(own)


def test_deactivated_account_is_out_at_once(own, account):
    account.is_active = False
    account.save()
    assert not opens(own)


def test_changed_password_ends_the_other_sessions(own, mailoutbox):
    other = Client()
    sign_in(other)
    new = "zupelnie-inne-zdanie-7"
    own.post(ACCOUNT, {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (opens(own), opens(other)) == (True, False)
    assert len(own.get(PAGE).context["sessions"]) == 1


# Letters


def test_new_device_is_told_by_a_letter_a_known_one_is_not(account, mailoutbox):
    known = Client(headers={"User-Agent": FIREFOX})
    sign_in(known)
    known.post(reverse("account_logout"))
    sign_in(known)
    assert mailoutbox == []
    sign_in(Client(headers={"User-Agent": FIREFOX}), address="198.51.100.4")
    [letter] = mailoutbox
    assert (letter.to, letter.subject) == ([EMAIL], "Logowanie z nowego urządzenia")
    assert "adres 198.51.100.4, Firefox, Linux." in letter.body


def test_changed_password_is_told_by_a_letter(own, mailoutbox):
    new = "zupelnie-inne-zdanie-7"
    own.post(ACCOUNT, {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert [letter.subject for letter in mailoutbox] == ["Zmieniono hasło do Twojego konta"]


def test_letter_that_does_not_go_out_keeps_nobody_out(own, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    other = Client()
    sign_in(other)
    assert is_in(other)
