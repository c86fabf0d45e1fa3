"""What was wrong stands on the page where it is mended."""

from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import AdoptionFactory, EntityFactory
from tests.indicators.given import supported

pytestmark = pytest.mark.usefixtures("db")
CHECKS = reverse("indicators:check_list", args=["sputnik-ii"])


@pytest.fixture
def signed_in(client, coordinator):
    client.force_login(coordinator)
    return client


def link_to(page, path):
    """The whole address of the first link of the page to the path."""
    text = page.content.decode()
    start = text.index(f'href="{path}') + len('href="')
    return text[start : text.index('"', start)].replace("&amp;", "&")


def test_a_finding_is_repeated_on_the_form(signed_in):
    adoption = AdoptionFactory(description="Sklep")
    url = link_to(signed_in.get(f"{CHECKS}?check=V22"), adoption.get_absolute_url())
    path, _, place = url.partition("#")
    assert place.startswith("id_")
    sentence = "Do poprawienia: Wdrożenie bez połączonej usługi albo bez opisu (V22)."
    assertContains(signed_in.get(path), sentence)
    assertContains(signed_in.post(path, {}), sentence)
    assertNotContains(signed_in.get(adoption.get_absolute_url()), "Do poprawienia")


def test_a_reason_is_repeated_on_the_form(signed_in):
    entity = supported(date(2023, 3, 9), entity=EntityFactory())
    adoption = AdoptionFactory(entity=entity, kind="eco", day=date(2023, 6, 1))
    page = signed_in.get(reverse("indicators:indicator_detail", args=["sputnik-ii", "eco"]))
    form = signed_in.get(link_to(page, f"{adoption.get_absolute_url()}?"))
    assertContains(form, "Do poprawienia: Działania ekologiczne w PES i PS: ")


@pytest.mark.parametrize("code", ["V999", "eco.nothing", "profit.x", "<script>", "eco"])
def test_an_unknown_finding_says_nothing(signed_in, code):
    page = signed_in.get(CHECKS, {"finding": code})
    assertNotContains(page, "Do poprawienia")
