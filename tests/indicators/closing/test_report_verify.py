"""A file is, byte for byte, a document of a closed report, or it is not; its sum is its own."""

import hashlib
import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.asserts import assertContains

from indicators.closing import closing, packages
from indicators.closing.forms import LARGEST, VerifyForm
from indicators.models import Package
from tests.indicators.reports.report_pages import closed_by, url

pytestmark = pytest.mark.usefixtures("db")


def asked(client, content):
    return client.post(url("report_verify"), {"file": SimpleUploadedFile("r.pdf", content)})


def verified(client, content):
    """What the page says the file is and of which report; its sum must be that of the file."""
    page = asked(client, content)
    assertContains(page, f">{hashlib.sha256(content).hexdigest()}<")
    document = page.context["document"]
    return document and (document.words, document.report.title)


@pytest.fixture
def report(coordinator):
    return closing.keep_file(closed_by(coordinator))


def carried_by(content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}


@pytest.mark.pdf
def test_each_document_of_a_report_is_known_for_what_it_is(client, auditor, coordinator, report):
    row = Package.objects.create(report=report, purpose="kontrola", by=coordinator)
    package = packages.make(row)
    client.force_login(auditor)
    title = "Raport częściowy nr 1"
    content, official = report.file.read(), report.official_file.read()
    assert verified(client, content) == ("raport wskaźników (PDF)", title)
    assert verified(client, official) == ("sprawozdanie (PDF, załącznik nr 5)", title)
    for name, carried in carried_by(content).items():
        assert verified(client, carried) == (f"załącznik {name} z PDF raportu", title)
    assert sorted(carried_by(content)) == ["dane.json", "raport.xlsx"]
    assert verified(client, package.file.read()) == (f"Pakiet nr {package.pk} (ZIP)", title)


@pytest.mark.pdf
def test_one_flipped_byte_is_told_with_the_sum_of_the_file_given(client, auditor, report):
    content = report.file.read()
    client.force_login(auditor)
    flipped = bytearray(content)
    flipped[len(content) // 2] ^= 1
    assert verified(client, bytes(flipped)) is None
    page = asked(client, bytes(flipped))
    assertContains(page, "Zmieniony albo nie stąd")
    assert report.sha256 not in page.content.decode()
    file = client.get(url("report_document", report.pk))
    assert b"".join(file.streaming_content) == content
    assert file["Content-Disposition"] == 'attachment; filename="sputnik-ii-raport-1.pdf"'


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\x00" * 10])
def test_what_is_no_report_is_told(client, coordinator, content):
    closed_by(coordinator)
    client.force_login(coordinator)
    assert verified(client, content) is None


def test_too_large_a_file_and_none_are_refused(client, coordinator):
    client.force_login(coordinator)
    file = SimpleUploadedFile("r.zip", b"x")
    file.size = LARGEST + 1
    assert VerifyForm({}, {"file": file}).errors["file"] == [
        "Plik jest większy niż 300 MB. Sprawdź mniejszy."
    ]
    assert client.post(url("report_verify")).context["form"].errors.keys() == {"file"}
