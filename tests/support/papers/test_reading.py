"""The codes of papers printed by the program are read from what comes back."""

import pytest

from owes.jobs import JobFailed
from support.papers.codes import Paper, code_of
from support.papers.scanning import texts_in
from tests.support.papers.scanned import blank, covered, paper, photographed, saved, scanned

pytestmark = pytest.mark.pdf
CODE = code_of(Paper.COLLECTIVE, 1, 90, 9, 2024, 12)
OTHER = code_of(Paper.SERVICE, 1, 428)


class Silent:
    """Nobody waits for these readings."""

    def alive(self):
        pass


def texts(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    return texts_in(path, Silent())


def test_codes_of_every_page_of_a_pdf_are_read(tmp_path):
    assert texts(tmp_path, "a.pdf", paper(CODE, OTHER)) == [CODE, OTHER]


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"turn": 90},
        {"turn": 180},
        {"turn": 7},
        {"turn": -13, "noise": 0.01},
        {"dpi": 100},
        {"dpi": 300, "noise": 0.05},
    ],
)
def test_scan_turned_and_noisy_is_read(tmp_path, how):
    assert texts(tmp_path, "a.png", saved(scanned(paper(CODE), **how))) == [CODE]


def test_scan_that_is_a_pdf_of_a_picture_is_read(tmp_path):
    page = scanned(paper(CODE), turn=3)
    assert texts(tmp_path, "a.pdf", saved(page, "PDF", resolution=150)) == [CODE]


def test_photo_of_a_page_is_read(tmp_path):
    photo = photographed(paper(CODE))
    assert texts(tmp_path, "a.jpg", saved(photo, "JPEG", quality=60)) == [CODE]


def test_page_without_a_code_or_with_a_covered_one_gives_none(tmp_path):
    assert texts(tmp_path, "a.pdf", blank()) == []
    assert texts(tmp_path, "a.png", saved(covered(scanned(paper(CODE))))) == []


def test_reader_that_breaks_is_told_not_raised(tmp_path):

    with pytest.raises(JobFailed, match="nie udało się przejrzeć"):
        texts(tmp_path, "a.pdf", b"%PDF-1.7 nic")
