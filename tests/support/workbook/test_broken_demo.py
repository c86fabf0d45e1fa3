"""The sheets of the demonstration spoilt on purpose: every kind of error, found all at once."""

import json
from pathlib import Path

import pytest

from support.workbook import demonstration
from support.workbook.files import read_csv_folder
from support.workbook.reader import read_book

DATA = Path(__file__).resolve().parents[2] / "data"
CELLS = ["sheet", "row", "column", "kind"]
KINDS = {
    "missing_sheet", "wrong_header", "required", "duplicate", "unknown_reference",
    "unknown_value", "bad_date", "bad_time", "bad_number", "end_before_start", "bad_nip",
    "bad_regon", "bad_krs", "bad_postal_code", "unknown_teryt", "no_term",
}  # fmt: skip


def cases(name):
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))["cases"]


def spoil(tables, edit):
    rows = tables[edit["sheet"]]
    if edit.get("remove"):
        del tables[edit["sheet"]]
    elif "repeat_row" in edit:
        rows.append(list(rows[edit["repeat_row"] - 1]))
    elif "header" in edit:
        rows[0][rows[0].index(edit["column"])] = edit["header"]
    else:
        rows[edit["row"] - 1][rows[0].index(edit["column"])] = edit["value"]


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("name", ["broken_rows", "broken_structure"])
def test_read_book_reports_every_planted_error_of_the_demonstration_and_no_other(name):
    tables = read_csv_folder(demonstration.FOLDER)
    planted = cases(name)
    for case in planted:
        spoil(tables, case["edit"])
    errors = [tuple(getattr(error, cell) for cell in CELLS) for error in read_book(tables).errors]
    wanted = [tuple(error[cell] for cell in CELLS) for case in planted for error in case["errors"]]
    assert len(errors) == len(wanted)
    assert set(errors) == set(wanted)


def test_planted_errors_are_of_every_kind():
    planted = cases("broken_rows") + cases("broken_structure")
    assert {error["kind"] for case in planted for error in case["errors"]} == KINDS
