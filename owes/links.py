"""Absolute addresses for letters and papers, which are made without a request."""

from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html

register = template.Library()


def address(path: str, site: str | None = None) -> str:
    """The whole address of a page; a kept document hands over the `site` it was kept with."""
    return urljoin(settings.SITE_ADDRESS if site is None else site, path)


def with_query(url: str, **added: object) -> str:
    """The address with more parameters, its fragment kept; an empty one stays empty."""
    if not url:
        return url
    parts = urlsplit(url)
    query = "&".join(filter(None, [parts.query, urlencode(added)]))
    return urlunsplit(parts._replace(query=query))


def search_path(code: str) -> str:
    """The path of the search for a code; empty without a code."""
    return f"{reverse('owes:search')}?{urlencode({'q': code})}" if code else ""


@register.simple_tag
def page_link(words: object, path: str, site: str | None = None) -> str:
    """Words of a paper that open a page; only the words where there is no page or no site."""
    if not path or site == "":
        return str(words)
    return format_html('<a class="code-link" href="{}">{}</a>', address(path, site), words)


@register.simple_tag
def code_link(code: str, site: str | None = None) -> str:
    """A code or a number that opens what the search finds by it."""
    return page_link(code, search_path(code), site)
