"""Every page with a form keeps what is typed, saves it once and compares versions."""

import pytest
from django.urls import resolve

from owes.models import User
from support.workbook.demonstration import COORDINATOR
from tests.browser.test_pages import addresses
from tests.factories import MembershipFactory, ProjectFactory
from tests.owes.form_page import hidden

ADMINISTRATOR = "admin@demo.example.org"


def form_pages():
    found = {name: path for name, path in addresses().items() if ":" in name}
    return {
        name: path
        for name, path in found.items()
        if getattr(resolve(path.partition("?")[0]).func, "is_form_page", False)
    }


def opened_by_somebody(client, path):
    for email in (COORDINATOR, ADMINISTRATOR):
        client.force_login(User.objects.get(email=email))
        page = client.get(path)
        if page.status_code == 200:
            return page
    raise AssertionError(f"nobody may open {path}")


@pytest.mark.once
@pytest.mark.usefixtures("db")
def test_every_form_page_gives_back_what_was_typed(client, demo):
    coordinator = User.objects.get(email=COORDINATOR)
    MembershipFactory(user=coordinator, project=ProjectFactory(), role="coordinator")
    pages = form_pages()
    assert len(pages) > 20
    wrong = {}
    for name, path in pages.items():
        page = opened_by_somebody(client, path)
        fields = hidden(page)
        # A new record has no version; one that is there is compared before it is saved over.
        wanted = {"editing-token"} | (set() if name.endswith("_create") else {"editing-version"})
        kept = client.post(path, fields | {"editing-act": "keep"})
        again = client.get(path).content.decode()
        given = "Wróć do niego" if name.endswith("_create") else "Przywrócono niezapisany wpis"
        found = {
            "fields": set(fields) == wanted,
            "form": page.content.decode().count(" data-draft>") == 1,
            "kept": kept.status_code == 200,
            "given back": given in again,
            "no errors": "Nie zapisano." not in again,
        }
        if missing := [what for what, is_there in found.items() if not is_there]:
            wrong[name] = missing
    assert wrong == {}
