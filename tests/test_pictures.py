"""The documents show a picture of every page and paper that the scripts of pictures name."""

import importlib
import os
import re
from pathlib import Path

import pytest

from owes.models import User
from support.workbook.demonstration import COORDINATOR

DOCS = Path(__file__).resolve().parent.parent / "docs"
PICTURES = DOCS / "pictures"


@pytest.fixture
def script(monkeypatch):
    """Imports a script of `docs/` without what it sets for a program of its own."""
    monkeypatch.setattr(os, "environ", os.environ.copy())
    monkeypatch.syspath_prepend(DOCS)
    return importlib.import_module


def test_every_paper_has_its_picture_and_can_be_made(demo, script):
    papers = script("draw_papers").PAPERS
    drawn = {path.stem.rpartition("-")[0] for path in (PICTURES / "papers").glob("*.png")}
    assert (set(papers), len(papers) >= 12) == (drawn, True)
    for make in papers.values():
        assert make(demo).html()


def test_every_page_has_its_picture_and_opens(demo, script, client):
    pages = script("draw_pages").pages(demo)
    shown = set()
    for name in ("README.md", "README.pl.md", "docs/nowy_projekt.md"):
        text = (DOCS.parent / name).read_text(encoding="utf-8")
        shown |= set(re.findall(r"\((?:docs/)?pictures/([a-z-]+)\.png", text))
    assert shown == set(pages)
    assert {(PICTURES / f"{name}.png").exists() for name in pages} == {True}
    client.force_login(User.objects.get(email=COORDINATOR))
    for path in pages.values():
        assert client.get(path).status_code == 200, path
