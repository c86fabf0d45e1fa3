"""The documentation shows a picture of every paper that the script of pictures names."""

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"


def test_every_paper_has_its_picture():
    script = (DOCS / "draw_papers.py").read_text(encoding="utf-8")
    papers = re.findall(r'^    "([a-z-]+)": ', script, re.MULTILINE)
    drawn = {path.stem.rpartition("-")[0] for path in (DOCS / "pictures/papers").glob("*.png")}
    assert (set(papers), len(papers) >= 12) == (drawn, True)
