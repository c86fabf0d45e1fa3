"""What tests of imports share: a coordinator at the pages, and work that is done at once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from support.models import Import
from tests.support.workbook.import_pages import LIST, page
from tests.support.workbook.spreadsheets import xls


@pytest.fixture
def signed_in(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def post(signed_in, django_capture_on_commit_callbacks):
    """Sends something; the background work runs at once, as it would a moment later."""

    def posting(url, data):
        with django_capture_on_commit_callbacks(execute=True):
            return signed_in.post(url, data)

    return posting


def _file(content, name):
    """A file of its bytes, of the lines of a csv, or of the rows of an old Excel."""
    if isinstance(content, bytes):
        return SimpleUploadedFile(name or "arkusz.csv", content)
    if isinstance(content[0], str):
        return SimpleUploadedFile(name or "arkusz.csv", "\n".join(content).encode())
    return SimpleUploadedFile(name or "arkusz.xls", xls({"Dane": content}))


@pytest.fixture
def send(post, signed_in):
    """Sends a file and takes the columns as guessed, with changes.

    `row.form` is the answer to the choice of columns, where there was one.
    """

    def sending(content, register="presences", name="", **changes):
        post(LIST, {"register": register, "file": _file(content, name)})
        row = Import.objects.latest("pk")
        if row.is_matching:
            form = signed_in.get(page(row, "columns")).context["form"]
            chosen = {name: form[name].value() for name in form.fields} | changes
            row.form = post(page(row, "columns"), chosen)
        row.refresh_from_db()
        return row

    return sending


@pytest.fixture
def save(post):
    """Saves what was shown of an import, with a reason."""

    def saving(row):
        post(page(row, "save"), {"shown": row.effect_fingerprint, "why": "Uzgodnione"})
        row.refresh_from_db()
        return row

    return saving
