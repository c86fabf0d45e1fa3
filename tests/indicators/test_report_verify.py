"""A PDF is, byte for byte, a closed report, or it is not."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.asserts import assertContains

from indicators import closing
from indicators.forms.closing import LARGEST
from tests.indicators.report_pages import closed_by, url

pytestmark = pytest.mark.django_db


def asked(client, content):
    return client.post(url("report_verify"), {"file": SimpleUploadedFile("r.pdf", content)})


@pytest.mark.pdf
def test_the_kept_file_is_right_and_one_flipped_byte_is_not(client, auditor, coordinator):
    report = closing.keep_file(closed_by(coordinator))
    content = report.file.read()
    client.force_login(auditor)
    assertContains(asked(client, content), "Zgodny: <a")
    flipped = bytearray(content)
    flipped[len(content) // 2] ^= 1
    assertContains(asked(client, bytes(flipped)), "Zmieniony albo nie stąd")
    file = client.get(url("report_document", report.pk))
    assert b"".join(file.streaming_content) == content
    assert file["Content-Disposition"] == 'attachment; filename="sputnik-ii-raport-1.pdf"'


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\x00" * 10])
def test_what_is_no_report_is_told(client, coordinator, content):
    closed_by(coordinator)
    client.force_login(coordinator)
    page = asked(client, content)
    assert page.status_code == 200
    assert "Zgodny" not in page.content.decode()


def test_too_large_a_file_and_none_are_refused(client, coordinator):
    client.force_login(coordinator)
    assertContains(asked(client, b"x" * (LARGEST + 1)), "większy niż 30 MB")
    assert client.post(url("report_verify")).context["form"].errors.keys() == {"file"}
