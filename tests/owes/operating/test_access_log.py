import pytest
from django.contrib.auth.decorators import login_not_required
from django.urls import reverse
from pytest_django.asserts import assertContains

from owes import urls
from tests.factories import PersonFactory

PLANTED = ["Zaradkowska", "601202303", "44051401359", "token-kalendarza-4f1c9a77d2e8b35061"]


@pytest.fixture
def pages(said):
    """Lines of requests of this test."""
    return lambda: [each for each in said() if each["logger"] == "owes.pages"]


def test_a_request_is_one_line_by_pattern_number_and_account(client, coordinator, pages):
    person = PersonFactory(last_name="Zaradkowska")
    client.force_login(coordinator)
    answer = client.get(reverse("entities:person_detail", args=[person.pk]))
    [told] = pages()
    assert told.pop("at")
    assert told.pop("ms") >= 0
    assert told == {
        "level": "INFO",
        "logger": "owes.pages",
        "message": "GET /people/<int:pk>/",
        "request": answer.headers["X-Request-ID"],
        "user": coordinator.pk,
        "status": 200,
        "keys": {"pk": person.pk},
    }


@pytest.mark.usefixtures("db")
def test_what_a_stranger_asks_has_a_line_too(client, pages):
    client.get("/people/")
    client.get("/Zaradkowska/?q=601202303")
    told = [(each["message"], each["status"], each.get("user")) for each in pages()]
    assert told == [("GET /people/", 302, None), ("GET nieznany adres", 404, None)]


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [(1, "a1b2c3d4-0001", True), (0, "a1b2c3d4-0001", False), (1, "x\n[zły] wiersz", False)],
)
def test_number_of_the_proxy_is_taken(client, settings, proxies, given, is_taken):
    settings.PROXIES = proxies
    answer = client.get(reverse("owes:healthz"), headers={"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) is is_taken


def test_a_number_too_long_for_a_key_is_not_told(client, coordinator, said):
    client.force_login(coordinator)
    for key in (12345678, 44051401359):
        client.get(reverse("entities:person_detail", args=[key]))
    assert [each.get("keys") for each in said()] == [{"pk": 12345678}, None]


@pytest.mark.usefixtures("db")
def test_page_of_an_error_tells_its_number(client, monkeypatch, said):
    [page] = [each for each in urls.owes_pages if each.name == "healthz"]

    @login_not_required
    def fails(request):
        raise ValueError("Zaradkowska")

    monkeypatch.setattr(page, "callback", fails)
    client.raise_request_exception = False
    answer = client.get(reverse("owes:healthz"))
    assertContains(answer, answer.headers["X-Request-ID"], status_code=500)
    [error] = [each for each in said() if each["logger"] == "django.request"]
    assert (error["request"], error["error"]) == (answer.headers["X-Request-ID"], "ValueError")


def test_nothing_typed_or_secret_is_written(client, coordinator, said):
    client.force_login(coordinator)
    for word in PLANTED:
        client.get(reverse("owes:search"), {"q": word})
        client.get(reverse("entities:person_list"), {"q": word, "sort": word})
        client.get(f"/calendar/{word}.ics")
        client.get(f"/accounts/password/reset/key/1-{word}/")
        client.get(f"/p/{word}/services/")
        client.post(reverse("entities:person_create"), {"first_name": word, "last_name": word})
        client.post(reverse("account_login"), {"login": f"{word}@example.org", "password": word})
    written = str([each | {"request": ""} for each in said()])
    assert [word for word in PLANTED if word in written] == []
    assert len(said()) >= 7 * len(PLANTED)
