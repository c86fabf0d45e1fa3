import hashlib
import time

import pytest
from django.core.exceptions import ValidationError

from support.evidence.uploads import LARGEST, SCANS, check_file
from tests.support.files import ATTACKS, GOOD, office_bytes, pdf_bytes, picture_bytes, sent


@pytest.mark.parametrize("name", GOOD)
def test_good_file_is_known_by_its_bytes(name):
    checked = check_file(sent(name, GOOD[name]))
    assert (checked.name, checked.sha256) == (name, hashlib.sha256(GOOD[name]).hexdigest())
    assert checked.suffix == name.rpartition(".")[2].lower().replace("jpeg", "jpg")


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_refused_at_once_with_a_sentence(name):
    content, sentence = ATTACKS[name]
    file, begun = sent("x", content), time.monotonic()
    file._name = name  # past the cutting of long names that a real upload goes through
    with pytest.raises(ValidationError) as error:
        check_file(file)
    assert error.value.messages == [sentence]
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("name", ["../../a.pdf", "..\\a.pdf", "a\0.pdf", "a\n.pdf"])
def test_name_that_leads_elsewhere_is_refused(name):
    file = sent("x", pdf_bytes())
    file._name = name
    with pytest.raises(ValidationError, match="niedozwolone znaki"):
        check_file(file)


def test_file_over_ten_megabytes_is_refused():
    whole = pdf_bytes() + b"\n" * LARGEST
    with pytest.raises(ValidationError, match="większy niż 10 MB"):
        check_file(sent("a.pdf", whole))


def test_scan_is_no_office_document():
    with pytest.raises(ValidationError, match="Dodaj pdf, png albo jpg"):
        check_file(sent("a.docx", office_bytes()), SCANS)


def test_photo_with_what_a_phone_adds_is_taken():
    """Phones write the place, and some hang a short film at the end of the picture."""
    photo = picture_bytes("JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0")
    film = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 50
    checked = check_file(sent("a.jpg", photo + film))
    assert checked.suffix == "jpg"
    assert checked.file.read() == picture_bytes("JPEG")
