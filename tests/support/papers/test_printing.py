import io
import zipfile

import pytest
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from owes import pdf
from support.papers.barcodes import texts_of
from support.papers.codes import Paper, code_of
from support.papers.printing import UNAVAILABLE, Printout, joined_pdf, zipped
from tests.factories import sputnik
from tests.support.papers.printed import A4, A4_WIDE, facts, links, pages, tags, text
from tests.support.papers.scanned import scanned

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.pdf]
TEMPLATE = "support/papers/base.html"


def printout(project, **fields):
    given = {"title": "Notatka", "file_name": "notatka.pdf", "template": TEMPLATE}
    return Printout(project=project, **(given | fields))


def test_every_paper_names_the_project_its_contract_and_who_pays(project):
    project.contract_number, project.title = "17/UM/2022", "Żółte łąki"
    paper = text(printout(project, subtitle="spotkanie", mark="anulowana").pdf())
    for words in (
        "Zadanie publiczne „Żółte łąki”",
        "umowa nr 17/UM/2022",
        project.funding_sentence,
        "Notatka spotkanie",
        "anulowana",
        "znak województwa",
        "strona 1 z 1",
        "Wydruk z ",
    ):
        assert words in paper


def test_code_stands_beside_its_picture(project):
    code = code_of(Paper.SERVICE, project, 7)
    content = printout(project, code=code).pdf()
    assert code in text(content)
    assert tags(content)["/Figure"] == 1
    assert "/Figure" not in tags(printout(project).pdf())


def test_code_opens_the_page_of_what_is_printed(project, settings):
    settings.SITE_ADDRESS = "https://owes.example.org"
    code = code_of(Paper.SERVICE, project, 7)
    assert links(printout(project, code=code, url="/people/7/").pdf()) == [
        "https://owes.example.org/people/7/"
    ]
    papers = f"https://owes.example.org/p/{project.slug}/papers/"
    assert links(printout(project, code=code).pdf()) == [papers]


def test_printed_sign_is_read_back_from_a_scan(project, tmp_path):
    code = code_of(Paper.COLLECTIVE, project, 123456, 98765, 2024, 12)
    picture = scanned(printout(project, code=code).pdf(), turn=3, noise=0.01)
    path = tmp_path / "skan.png"
    picture.save(path)
    assert list(texts_of(path)) == [code]


def test_demonstration_says_so(project, settings):
    settings.DEMO = True
    assert "dane przykładowe" in text(printout(project).pdf())
    settings.DEMO = False
    assert "dane przykładowe" not in text(printout(project).pdf())


@pytest.mark.parametrize(("is_wide", "size"), [(False, A4), (True, A4_WIDE)])
def test_paper_is_tagged_polish_and_brings_its_fonts(project, is_wide, size):
    assert facts(printout(project, is_wide=is_wide).pdf()) == {
        "language": "pl",
        "is_marked": True,
        "title": "Notatka, SPUTNIK II",
        "sizes": {size},
        "are_fonts_embedded": True,
    }


def test_many_in_one_keep_their_own_pages_and_tags(project):
    heard = []
    two = [printout(project, title="Pierwsza"), printout(project, title="Druga")]
    content = joined_pdf(two, "Notatki z marca", heard.append)
    first, second = pages(content)
    assert ("Pierwsza" in first, "Druga" in second) == (True, True)
    assert first.count("strona 1 z 1") == second.count("strona 1 z 1") == 1
    assert (facts(content)["title"], tags(content)["/H1"], heard) == ("Notatki z marca", 2, [1, 2])


def test_zip_keeps_papers_of_equal_names_apart(project):
    heard = []
    content = zipped([printout(project)] * 2, heard.append)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["notatka.pdf", "notatka-2.pdf"]
        assert {archive.read(name)[:5] for name in archive.namelist()} == {b"%PDF-"}
    assert heard == [1, 2]


def test_machine_without_the_libraries_says_what_is_missing(client, staff, monkeypatch):
    def missing(*args):
        raise pdf.PdfUnavailable

    monkeypatch.setattr(pdf, "_laid_out", missing)
    client.force_login(staff)
    response = client.get(reverse("support:empty_card", args=[sputnik().slug]), follow=True)
    assertRedirects(response, reverse("support:paper_list", args=["sputnik-ii"]))
    [message] = response.context["messages"]
    assert str(message) == UNAVAILABLE.format(pdf.PdfUnavailable())
