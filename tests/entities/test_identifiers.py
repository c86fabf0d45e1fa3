"""Numbers of registers as people write them."""

import pytest
from django.core.exceptions import ValidationError

from entities.identifiers import (
    read_file_krs,
    read_file_postal_code,
    read_krs,
    read_nip,
    read_postal_code,
    read_regon,
    read_teryt,
    validate_krs,
    validate_nip,
    validate_postal_code,
    validate_regon,
)


@pytest.mark.parametrize(
    "written",
    ["1181428385", "118-142-83-85", "118 14 28 385", "PL1181428385", " pl 118-14-28-385 ",
     "118\u00a0142\u00a083\u00a085", "118–142–83–85", 1181428385, 1181428385.0],
)  # fmt: skip
def test_read_nip_reads_every_way_of_writing(written):
    assert read_nip(written) == "1181428385"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("891129301", "891129301"),
        ("891 129 301", "891129301"),
        (16375288, "016375288"),
        (1637528.0, None),
        ("01637528800000", "016375288"),
        (1637528800000, "016375288"),
        ("30204683000000", "302046830"),
        ("12345678512347", "12345678512347"),
    ],
)
def test_read_regon_pads_and_cuts(written, read):
    if read is None:
        with pytest.raises(ValidationError):
            read_regon(written)
    else:
        assert read_regon(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [("98765", "0000098765"), ("0000098765", "0000098765"), (98765.0, "0000098765")],
)
def test_read_file_krs_pads_to_ten(written, read):
    assert read_file_krs(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("09-400", "09-400"),
        ("09400", "09-400"),
        (" 09 400 ", "09-400"),
        ("09 – 400", "09-400"),
        ("00-001", "00-001"),
    ],
)
def test_read_postal_code_keeps_one_form(written, read):
    assert read_postal_code(written) == read_file_postal_code(written) == read


@pytest.mark.parametrize("written", [9402.0, 9402, "9402", "9-402"])
def test_a_postal_code_of_a_file_gets_its_first_zero_back(written):
    assert read_file_postal_code(written) == "09-402"
    with pytest.raises(ValidationError) as caught:
        read_postal_code(written)
    assert caught.value.messages == [
        "Podaj kod pocztowy w postaci 09-402: dwie cyfry, kreska, trzy cyfry."
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [("1419022", "1419022"), (202011, "0202011"), (201.0, "0201"), ("2", "02"), ("14 19", "1419")],
)
def test_read_teryt_gives_the_first_zero_back(written, read):
    assert read_teryt(written) == read


@pytest.mark.parametrize(
    ("read", "written", "code"),
    [
        (read_nip, "1181428386", "bad_nip"),
        (read_nip, "118142838", "bad_nip"),
        (read_nip, "11814283850", "bad_nip"),
        (read_nip, "0000000000", "bad_nip"),
        (read_nip, "١١٨١٤٢٨٣٨٥", "bad_nip"),
        (read_nip, "nie ma", "bad_nip"),
        (read_nip, 1181428385.5, "bad_nip"),
        (read_regon, "891129302", "bad_regon"),
        (read_regon, "12345678512348", "bad_regon"),
        (read_regon, "12345678612347", "bad_regon"),
        (read_regon, "00000000000000", "bad_regon"),
        (read_regon, "123456", "bad_regon"),
        (read_regon, "123456785123470", "bad_regon"),
        (read_krs, "0000000000", "bad_krs"),
        (read_krs, "00000987651", "bad_krs"),
        (read_krs, "12", "bad_krs"),
        (read_file_krs, "00000987651", "bad_krs"),
        (read_krs, "KRS 98765", "bad_krs"),
        (read_postal_code, "940", "bad_postal_code"),
        (read_postal_code, "0-9402", "bad_postal_code"),
        (read_postal_code, "09--402", "bad_postal_code"),
        (read_postal_code, "٠٩-٤٠٢", "bad_postal_code"),
        (read_postal_code, "Płock", "bad_postal_code"),
        (read_file_postal_code, "940", "bad_postal_code"),
        (read_file_postal_code, "094022", "bad_postal_code"),
        (read_file_postal_code, 0, "bad_postal_code"),
        (read_postal_code, "094022", "bad_postal_code"),
        (read_postal_code, "00-000", "bad_postal_code"),
        (read_teryt, "gmina", "unknown_teryt"),
    ],
)
def test_readers_refuse_with_the_code_an_import_reports(read, written, code):
    with pytest.raises(ValidationError) as caught:
        read(written)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("validate", "kept", "written"),
    [
        (validate_nip, "1181428385", "118-142-83-85"),
        (validate_regon, "016375288", "16375288"),
        (validate_krs, "0000098765", "98765"),
        (validate_postal_code, "09-402", "09402"),
    ],
)
def test_validators_take_only_the_form_that_is_kept(validate, kept, written):
    validate(kept)
    with pytest.raises(ValidationError):
        validate(written)
