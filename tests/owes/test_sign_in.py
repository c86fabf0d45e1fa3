import pytest
from django.urls import reverse

from owes.models import User

pytestmark = pytest.mark.usefixtures("db")

URL = reverse("account_login")
PASSWORD = "dlugie-haslo-na-probe"


@pytest.fixture
def account():
    return User.objects.create_user("ewa@example.org", PASSWORD, name="Ewa Próbna")


def sign_in(client, password, email="ewa@example.org"):
    return client.post(URL, {"login": email, "password": password})


def test_sign_in_by_email_in_any_case(client, account):
    response = sign_in(client, PASSWORD, "EWA@Example.org")
    assert (response.status_code, response.url) == (302, "/")
    assert client.session["_auth_user_id"] == str(account.pk)


def test_wrong_password_and_unknown_address_are_told_alike(client, account):
    wrong = sign_in(client, "nie-to-haslo")
    unknown = sign_in(client, "nie-to-haslo", "nikt@example.org")
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert wrong.status_code == unknown.status_code == 200


def test_deactivated_account_is_not_let_in(client, account):
    User.objects.update(is_active=False)
    sign_in(client, PASSWORD)
    assert "_auth_user_id" not in client.session


def test_fifth_failure_locks_the_account_for_that_address_only(client, account):
    User.objects.create_user("jan@example.org", PASSWORD, name="Jan Próbny")
    answers = [sign_in(client, "zle", "Ewa@example.org").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    assert sign_in(client, PASSWORD).status_code == 429
    assert sign_in(client, PASSWORD, "jan@example.org").status_code == 302


def test_nobody_signs_up(client):
    form = {"email": "obcy@example.org", "password1": PASSWORD}
    client.post(reverse("account_signup"), form)
    assert not User.objects.exists()


def test_address_of_an_account_is_not_changed_by_its_owner(client, account):
    client.force_login(account)
    response = client.post(
        reverse("account_email"), {"email": "inny@example.org", "action_add": ""}
    )
    assert response.url == reverse("account_change_password")


def test_expired_sign_in_opens_the_whole_page_for_htmx(client):
    asked_on = {"HX-Request": "true", "HX-Current-URL": "http://testserver/entities/add/?a=1"}
    response = client.get(reverse("account_change_password"), headers=asked_on)
    assert response.status_code == 200
    assert response.headers["HX-Redirect"] == f"{URL}?next=%2Fentities%2Fadd%2F%3Fa%3D1"


def test_pages_are_kept_by_nobody_and_load_nothing_from_outside(client):
    headers = client.get(URL).headers
    assert {"no-store", "private"} <= set(headers["Cache-Control"].split(", "))
    assert sorted(headers["Content-Security-Policy"].split("; ")) == [
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
    ]
