import base64

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from owes.pdf import render
from support.models import Project
from support.papers.codes import ALPHABET, KEYS, Code, Paper, code_of, qr, read

ids = st.integers(min_value=0, max_value=2**40)
NUMBERS = {"year": st.integers(2000, 2199), "month": st.integers(1, 12)}


@st.composite
def codes(draw):
    paper = draw(st.sampled_from(Paper))
    keys = [draw(NUMBERS.get(name, ids)) for name in KEYS[paper]]
    return Code(paper, draw(ids), tuple(keys))


def bare(code):
    return str(code).replace("-", "")


@given(codes())
def test_what_is_printed_is_read_back(code):
    assert read(str(code)) == code


@given(codes(), st.data())
def test_read_is_blind_to_case_spaces_and_dashes(code, data):
    typed = "".join(
        data.draw(st.sampled_from([sign, sign.lower()]))
        + data.draw(st.sampled_from(["", " ", "-", "–", "\t"]))
        for sign in bare(code)
    )
    assert read(f"  {typed}") == code
    assert read(bare(code).replace("Q", "0")) == read(bare(code).replace("Q", "o")) == code


@given(codes(), st.data())
def test_one_wrong_sign_is_found(code, data):
    signs = bare(code)
    place = data.draw(st.integers(0, len(signs) - 1))
    wrong = data.draw(st.sampled_from([sign for sign in ALPHABET if sign != signs[place]]))
    assert read(signs[:place] + wrong + signs[place + 1 :]) is None


@given(codes(), st.data())
def test_swapped_neighbours_are_found(code, data):
    signs = bare(code)
    place = data.draw(st.integers(0, len(signs) - 2))
    first, second = signs[place : place + 2]
    swapped = signs[:place] + second + first + signs[place + 2 :]
    assert (read(swapped) is None) == (first != second)


@given(st.text(max_size=60))
def test_any_text_is_read_without_trouble(text):
    code = read(text)
    assert code is None or read(str(code)) == code


@pytest.mark.parametrize(
    "text", ["", "\0", "KD", "KD-2", "https://example.org/KD-223", "9" * 10_000, "KD-I1L0-O"]
)
def test_what_is_no_code_is_none(text):
    assert read(text) is None


def test_codes_are_short():
    assert code_of(Paper.SERVICE, 1, 428) == "KD-3JXA-K"
    assert code_of(Paper.COLLECTIVE, 1, 90, 9, 2024, 12) == "KZ-3Q2B-JBE-6"


def test_rows_stand_for_their_ids():
    assert code_of(Paper.SERVICE, Project(pk=3), 5) == code_of("KD", 3, 5)


def test_keys_have_names():
    code = read(code_of(Paper.COLLECTIVE, 1, 4, 2, 2024, 3))
    assert code.named == {"entity": 4, "staff_member": 2, "year": 2024, "month": 3}


def test_code_with_the_wrong_number_of_keys_is_refused():
    with pytest.raises(ValueError, match="takes entity, staff_member, year, month"):
        code_of(Paper.COLLECTIVE, 1, 4)


@pytest.mark.parametrize("keys", [(4, 2024, 13), (4, 2024, 0), (4, 2200, 1), (2**53, 2024, 1)])
def test_what_no_paper_says_is_no_code(keys):
    assert read(code_of(Paper.MONTH, 1, *keys)) is None


@pytest.mark.pdf
def test_qr_is_drawn_on_paper_and_read_again():

    code = code_of(Paper.COLLECTIVE, 1, 90, 9, 2024, 12)
    url = qr(code)
    kind, _, content = url.partition(",")
    assert (kind, base64.b64decode(content)[:4]) == ("data:image/svg+xml;base64", b"<svg")
    page = render(
        f'<html lang="pl"><title>x</title><img src="{url}" alt="{code}" width="90"></html>'
    )
    picture = pypdfium2.PdfDocument(page)[0].render(scale=200 / 72).to_pil()
    assert [barcode.text for barcode in zxingcpp.read_barcodes(picture)] == [code]
