import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertTemplateUsed

PAGES = ["/", "/projects/add/", "/p/sputnik-ii/services/", reverse("owes:search")]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["q", "copy", "state", "page"])
def test_a_nul_in_a_query_is_not_read(client, coordinator, page, name):
    client.force_login(coordinator)
    assert client.get(page, {name: "a\x00"}).status_code in (200, 302, 404)


def test_a_nul_in_a_path_is_refused(client, coordinator):
    client.force_login(coordinator)
    answer = client.get("/p/sputnik%00/services/")
    assertContains(answer, "Program nie rozumie tego, co przysłała przeglądarka", status_code=400)
    assertTemplateUsed(answer, "400.html")
    assert client.get("/local-governments/14\x00/").status_code == 400


def test_a_percent_sign_that_was_typed_is_searched_for(client, coordinator):
    client.force_login(coordinator)
    assert client.get(reverse("owes:search"), {"q": "50%00"}).status_code == 200
