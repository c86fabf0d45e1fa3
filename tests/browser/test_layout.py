"""Each kind of fault that measures.js looks for is seen; a page without one is not blamed."""

import pytest

from tests.browser.layout import faults, faults_on_paper, violations

pytestmark = pytest.mark.browser
PAGE = """<!doctype html><html lang="pl"><style>
body { margin: 0; font: 15px/24px sans-serif }
a, button, input { display: inline-block; height: 44px; min-width: 44px; box-sizing: border-box }
.card { width: 300px; border: 1px solid }
.bar-below { position: sticky; bottom: 0; height: 60px; background: white }
.bare { appearance: none; border-color: transparent }
@media print { .demo { display: none } }
</style><body><main>%s</main></body></html>"""
GOOD = '<div class="card"><p>Tekst</p><input value="x"><button>Zapisz</button></div>'
LONG = "a " * 300
PLANTED = {
    "sideways": '<div style="width: 2000px; height: 9px"></div>',
    "leaves its container": f'<div class="card"><p style="width: 330px">{LONG}</p></div>',
    "goes sideways in its box": '<div style="width: 9em; overflow: auto"><p style="width: 20em">a',
    "text cut": '<p style="height: 20px; overflow: hidden">Pierwszy<br>drugi</p>',
    "overlap": '<p>Pierwszy wiersz</p><p style="margin-top: -30px">Drugi wiersz</p>',
    "small target": '<button class="btn" style="height: 30px">Zapisz</button>',
    "field without an edge": '<input value="x" class="bare">',
    "focus hidden": '<div style="height: 2000px"><a href="#" style="margin-top: 745px">Dalej</a>'
    '</div><div class="bar-below">Zapisz</div>',
    "focus not shown": '<button style="outline: none">Zapisz</button>',
}


@pytest.fixture
def page(chromium):
    page = chromium.new_page(viewport={"width": 360, "height": 900})
    yield page
    page.close()


def test_a_page_without_faults_is_not_blamed(page):
    page.set_content(PAGE % GOOD)
    assert faults(page) == []
    assert faults_on_paper(page) == []


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_fault_is_seen(page, kind):
    page.set_content(PAGE % (GOOD + PLANTED[kind]))
    assert {fault.split(": ")[1] for fault in faults(page)} == {kind}


def test_what_must_not_be_printed_is_seen(page):
    page.set_content(PAGE % ('<p class="demo">Przykład</p><p class="bar">Menu</p><input>'))
    found = [fault.partition(" „")[0] for fault in faults_on_paper(page)]
    assert found == ["on paper: printed: p.bar", "on paper: printed empty: input"]


def test_axe_sees_a_planted_violation(page):
    page.set_content(PAGE % "<img>")
    assert [found for found in violations(page) if "image-alt" in found] != []
