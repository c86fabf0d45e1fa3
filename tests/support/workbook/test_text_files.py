"""Text files as spreadsheets and meeting programs save them: encoding, separator, quotes."""

import pytest

from support.workbook.text_files import UnreadableText, table_of

TEXT = "Kod;Imię;Nazwisko\r\nT1;Żaneta;Gęślą-Jaźń\r\nT2;Łukasz;Śćiana"
ROWS = [["Kod", "Imię", "Nazwisko"], ["T1", "Żaneta", "Gęślą-Jaźń"], ["T2", "Łukasz", "Śćiana"]]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "cp1250", "iso8859-2", "cp852", "mac_latin2"],
)
def test_text_is_read_in_the_encoding_in_which_it_is_polish(encoding):
    assert table_of(TEXT.encode(encoding)).rows == ROWS


def test_utf_16_of_either_order_is_known_by_its_mark():
    big = b"\xfe\xff" + TEXT.replace(";", "\t").encode("utf-16-be")
    assert table_of(big).rows == ROWS


@pytest.mark.parametrize("sign", ["„", "”", "–", "…", "€"])
def test_typographic_signs_do_not_speak_against_windows(sign):
    assert table_of(f"Koło {sign}".encode("cp1250")).rows == [[f"Koło {sign}"]]


@pytest.mark.parametrize(
    "content", [b"", b" \r\n", b"\x00\x01\x02", b"\xff\xfe", b"PK\x03\x04\x00"]
)
def test_what_is_no_text_is_refused(content):
    with pytest.raises(UnreadableText) as caught:
        table_of(content)
    assert str(caught.value) == ""


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b,c\n1;2,3,4", [["a", "b", "c"], ["1;2", "3", "4"]]),
        ("a\tb\n1,5\t2", [["a", "b"], ["1,5", "2"]]),
        ("Wykaz, stan na maj\na;b;c\n1;2;3", [["Wykaz, stan na maj"], list("abc"), list("123")]),
        ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
        ("a\n1", [["a"], ["1"]]),
        ("sep=,\r\na,b\r\n1;2,3", [[], ["a", "b"], ["1;2", "3"]]),
    ],
)
def test_the_header_or_its_own_line_tells_the_separator(text, rows):
    assert table_of(text.encode()).rows == rows


@pytest.mark.parametrize(
    ("lines", "row"),
    [
        (['Q1;"Nasza" Wieś;kgw'], 2),
        (["Q1;Nasza;kgw", 'Q2;"Nasza" Wieś;kgw'], 3),
        (['Q1;"Szeroka Niwa;kgw', 'Q2;Fundacja Druga";fundacja'], 2),
        (["Q1;Nasza;kgw", 'Q2;"Szeroka Niwa;kgw', 'Q3;Druga";fundacja', "Q4;Trzecia;kgw"], 3),
        (["Q1;Nasza;kgw", 'Q2;Nasza;"kgw'], 3),
    ],
)
def test_quotes_that_do_not_match_name_their_row(lines, row):
    with pytest.raises(UnreadableText, match=rf"^Wiersz {row}: "):
        table_of("\r\n".join(["Kod;Nazwa;Forma", *lines]).encode())


def test_a_cell_of_two_lines_and_quotes_inside_a_cell_are_read():
    text = 'Kod;Nazwa;Opis\nQ1;Koło "Nasza";"dwa; trzy"\nQ2;"Dwie\nlinie";"a ""b"" c"'
    assert table_of(text.encode()).rows[1:] == [
        ["Q1", 'Koło "Nasza"', "dwa; trzy"],
        ["Q2", "Dwie\nlinie", 'a "b" c'],
    ]
