"""Guessing a password is slowed, and nobody locks somebody else out."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import close_old_connections, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from owes.models import TryCount
from owes.sign_in import tries
from tests.owes.sign_in.doors import (
    EMAIL,
    PASSWORD,
    is_in,
    make_account,
    sign_in,
    stranger,
    text_of,
)

pytestmark = pytest.mark.usefixtures("db")
NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def account():
    return make_account()


def statuses(count, **knock):
    return [stranger(**knock) for _ in range(count)]


def test_fifth_wrong_password_makes_the_next_wait(account, clock):
    assert statuses(5) == [200, 200, 200, 200, 429]
    assert stranger(PASSWORD) == 429


def test_unknown_address_is_answered_alike(account, clock):
    assert statuses(6, email="nikt@example.org") == statuses(6)


def test_page_tells_how_long_to_wait(account, clock):
    statuses(5)
    clock.shift(20)
    response = sign_in(Client(), address="198.51.100.4")
    assert response.headers["Retry-After"] == "40"
    assert "Następną próbę można zrobić za 1 minutę , o" in text_of(response)
    clock.shift(41)
    assert stranger(PASSWORD) == 302


def test_waits_grow_to_a_quarter_and_no_further(account, clock):
    waits = []
    for _ in range(7):
        while stranger() != 429:
            pass
        until = TryCount.objects.exclude(locked_until=None).latest("locked_until").locked_until
        waits.append((until - timezone.now()) / timedelta(minutes=1))
        clock.move_to(until + timedelta(seconds=1))
    assert waits == [1, 2, 5, 10, 15, 15, 15]


def test_tries_during_a_wait_do_not_lengthen_it(account, clock):
    statuses(5)
    for _ in range(11):
        clock.shift(5)
        assert stranger() == 429
    clock.shift(6)
    assert stranger(PASSWORD) == 302


def test_an_hour_of_peace_is_forgiven(account, clock):
    statuses(5)
    clock.shift(3601)
    assert statuses(5) == [200, 200, 200, 200, 429]
    assert TryCount.objects.order_by("-waits").first().waits == 1


def test_right_password_forgets_the_wrong_ones(account, clock):
    statuses(4)
    assert stranger(PASSWORD) == 302
    assert statuses(5) == [200, 200, 200, 200, 429]


def test_address_is_blind_to_case_and_spaces(account, clock):
    spellings = [EMAIL, "EWA@example.org", " ewa@example.org", "Ewa@Example.org", EMAIL]
    assert [stranger(email=spelling) for spelling in spellings][-1] == 429


def test_colleague_in_the_same_office_signs_in(account, clock):
    make_account("jan@example.org", "Jan Próbny")
    statuses(5)
    assert stranger(PASSWORD, email="jan@example.org") == 302


def test_owner_is_let_in_where_she_signed_in_before(account, clock):
    """Whoever locks the account from anywhere, also from her own office, locks only himself."""
    own = Client()
    sign_in(own, address="198.51.100.4")
    own.post(reverse("account_logout"))
    statuses(6)
    for network in range(30):
        stranger(address=f"192.0.2.{network}")
    assert stranger(PASSWORD) == 429
    assert sign_in(own, address="198.51.100.4").status_code == 302
    assert is_in(own)


def test_known_device_has_a_count_of_its_own(account, clock):
    own = Client()
    sign_in(own)
    own.post(reverse("account_logout"))
    answers = [sign_in(own, "zle").status_code for _ in range(6)]
    assert answers == [200, 200, 200, 200, 429, 429]


def test_cookie_made_up_is_no_known_device(account, clock):
    sign_in(Client())
    knocking = Client()
    for number in range(5):
        knocking.cookies["device"] = f"zmyslone-{number}"
        sign_in(knocking, "zle")
    assert sign_in(knocking).status_code == 429


def test_cookie_of_one_account_opens_no_count_of_another(account, clock):
    make_account("jan@example.org", "Jan Próbny")
    of_jan = Client()
    sign_in(of_jan, email="jan@example.org")
    of_jan.post(reverse("account_logout"))
    answers = [sign_in(of_jan, "zle").status_code for _ in range(5)]
    assert answers[-1] == 429
    assert stranger(PASSWORD, address="203.0.113.7") == 429


def test_one_account_guessed_from_many_networks_waits(account, clock):
    answers = [stranger(address=f"192.0.2.{number}") for number in range(20)]
    assert answers == [200] * 19 + [429]
    assert stranger(PASSWORD, address="203.0.113.9") == 429
    clock.shift(61)
    assert stranger(PASSWORD, address="203.0.113.9") == 302


def test_many_accounts_tried_from_one_network_wait(account, clock):
    answers = [stranger(email=f"osoba{number}@example.org") for number in range(20)]
    assert answers == [200] * 19 + [429]
    assert stranger(PASSWORD) == 429
    assert stranger(PASSWORD, address="203.0.113.9") == 302


def test_own_account_does_not_clear_the_count_of_the_network(account, clock):
    """The trick of one who sprays: after each few tries he signs in to his own account."""
    make_account("obcy@example.org", "Obcy Próbny")
    answers = []
    for number in range(20):
        answers.append(stranger(email=f"osoba{number}@example.org"))
        stranger(PASSWORD, email="obcy@example.org")
    assert answers == [200] * 19 + [429]


def test_right_passwords_of_an_office_do_not_add_up(account, clock):
    assert {stranger(PASSWORD) for _ in range(25)} == {302}


def test_networks_of_one_customer_are_one(account, clock):
    answers = [stranger(address=f"2001:db8:1:2::{number}") for number in range(5)]
    assert answers == [200, 200, 200, 200, 429]


def test_written_header_does_not_help_behind_a_proxy(account, clock, settings):
    settings.PROXIES = 1
    answers = []
    for number in range(5):
        headers = {"X-Forwarded-For": f"192.0.2.{number}, 203.0.113.7"}
        form = {"login": EMAIL, "password": "zle"}
        answers.append(Client().post(reverse("account_login"), form, headers=headers).status_code)
    assert answers == [200, 200, 200, 200, 429]


def test_two_people_behind_a_proxy_are_told_apart(account, clock, settings):
    settings.PROXIES = 1
    form = {"login": EMAIL, "password": "zle"}
    for _ in range(6):
        Client().post(reverse("account_login"), form, headers={"X-Forwarded-For": "192.0.2.1"})
    form |= {"password": PASSWORD}
    right = Client().post(reverse("account_login"), form, headers={"X-Forwarded-For": "192.0.2.2"})
    assert right.status_code == 302


def test_password_asked_once_more_is_counted_too(client, account, clock):
    sign_in(client)
    url = reverse("account_reauthenticate")
    answers = [client.post(url, {"password": "zle"}).status_code for _ in range(6)]
    assert answers == [200, 200, 200, 200, 429, 429]


def test_present_password_is_not_guessed_when_changing_it(client, account, clock):
    sign_in(client)
    form = {"oldpassword": "zle", "password1": "zupelnie-inne-zdanie-7"}
    form |= {"password2": form["password1"]}
    url = reverse("account_change_password")
    answers = [client.post(url, form).status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert client.post(url, form | {"oldpassword": PASSWORD}).status_code == 429


def test_password_set_by_a_letter_lifts_the_wait(client, account, clock, mailoutbox):
    for network in range(20):
        stranger(address=f"192.0.2.{network}")
    statuses(5, address="203.0.113.7")
    client.post(reverse("account_reset_password"), {"email": EMAIL}, REMOTE_ADDR="203.0.113.7")
    link = mailoutbox[0].body.split("http://testserver")[1].split()[0]
    form = client.get(link, follow=True, REMOTE_ADDR="203.0.113.7").request["PATH_INFO"]
    new = "zupelnie-inne-zdanie-7"
    client.post(form, {"password1": new, "password2": new}, REMOTE_ADDR="203.0.113.7")
    assert stranger(new, address="203.0.113.7") == 302


def test_counts_keep_no_typed_address(account, clock):
    stranger(email="nikt@example.org")
    keys = "".join(TryCount.objects.values_list("key", flat=True))
    assert set(keys) <= set("0123456789abcdef")


def test_beginning_of_a_wait_is_in_the_log_without_an_address(account, clock, caplog):
    statuses(7)
    lines = [record.getMessage() for record in caplog.records if "waits until" in record.message]
    assert len(lines) == 1
    assert "@" not in lines[0]


def test_old_counts_are_swept(account, clock):
    statuses(1)
    clock.shift(25 * 3600)
    tries.sweep()
    assert not TryCount.objects.exists()


def test_number_of_queries_does_not_grow_with_tries(account, django_assert_num_queries):
    counted = tries.Tries({"a": 5}, {"b": 20, "c": 20})
    for _ in range(2):
        with django_assert_num_queries(5):
            counted.take()


# At once


def at_once(count, work):
    """What each of so many threads got, all let go together."""
    results, gate = [], threading.Barrier(count)

    def run():
        gate.wait()
        try:
            results.append(work())
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def wrong_try():
    try:
        with tries.Tries({"one": 5}, {"account": 20, "network": 20}).counted():
            raise ValidationError("zle")
    except ValidationError:
        return "checked"
    except tries.TooManyTries as waiting:
        return "checked" if waiting.is_new else "refused"


@pytest.mark.postgres
def test_tries_sent_at_once_do_not_pass_by_each_other(committed):
    results = at_once(12, wrong_try)
    assert sorted(results) == ["checked"] * 5 + ["refused"] * 7
