import pytest

from owes.exports import safe_cell
from support.workbook.cells import as_text


@pytest.mark.parametrize("text", ["=1+1", "-5", "'=1+1", "''@x", "'wzór", "＝1", "Koło"])
def test_a_text_of_an_export_comes_back_as_it_was(text):
    assert as_text(safe_cell(text)) == text
