import pytest

from owes.links import address, code_link, page_link, with_query

SITE = "https://owes.example.org"


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_ADDRESS = SITE


def test_an_address_is_whole_and_that_of_a_kept_document_stays():
    assert address("/entities/7/") == f"{SITE}/entities/7/"
    assert address("/entities/7/", "https://dawny.example.org") == (
        "https://dawny.example.org/entities/7/"
    )


def test_a_code_opens_what_the_search_finds_by_it():
    assert code_link("U/1/2022") == (
        f'<a class="code-link" href="{SITE}/search/?q=U%2F1%2F2022">U/1/2022</a>'
    )


def test_words_without_a_page_or_a_site_are_words():
    for words in (page_link("D1", ""), code_link("D1", ""), page_link("D1", "/x/", "")):
        assert words == "D1"
    assert code_link("") == ""


def test_words_of_a_link_are_text():
    assert page_link("<b>", "/x/") == f'<a class="code-link" href="{SITE}/x/">&lt;b&gt;</a>'


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("/a/", "/a/?finding=V1"),
        ("/a/?entity=P1#id_x", "/a/?entity=P1&finding=V1#id_x"),
        ("", ""),
    ],
)
def test_the_query_and_the_place_of_an_address_are_kept(url, whole):
    assert with_query(url, finding="V1") == whole
