"""A certificate on paper, many of them, and the register."""

import io
import zipfile
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from owes.jobs import perform, take
from owes.models import Job
from support.models import Certificate
from support.papers import certificates
from support.papers.codes import Paper, read
from tests.factories import PersonFactory
from tests.support.certificates.test_certificates import drafts_of, training
from tests.support.papers.printed import A4, A4_WIDE, facts, pages, tags, text

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.pdf]
PRINT = reverse("support:certificate_print", args=["sputnik-ii"])
LONG_NAME = "Stowarzyszenie Opieki nad Dziećmi Wędrującymi i Ich Opiekunami „Latawiec–2”"


@pytest.fixture
def issued(staff):
    """Three of one training, the second cancelled."""
    people = [PersonFactory(last_name=name) for name in ("Adamska", "Bąk", "Cis")]
    rows = Certificate.issue(drafts_of(training(people=people, topic="Śpiew"), staff))
    rows[1].cancel(staff, "literówka")
    return rows


def ordered(client, **asked):
    """The file the work ordered by the page makes."""
    client.post(f"{PRINT}?{asked.pop('query', '')}", asked | {"token": uuid4()})
    row = Job.objects.get()
    perform(take(row.pk))
    row.refresh_from_db()
    return row


def test_certificate_says_who_took_part_in_what_and_how_long(issued, project):
    printout = certificates.certificate(issued[0])
    paper = text(printout.pdf())
    for words in (
        "Zaświadczenie",
        "nr Z/1/2023",
        "Pani Łucja Adamska",
        "uczestniczyła w zajęciach",
        "„Śpiew”",
        "09.03.2023–16.03.2023",
        "4 h (5,3 godz. dydaktycznych)",
        "17.03.2023",
        project.contractor,
        project.funding_sentence,
    ):
        assert words in paper
    assert ["Czas obecności" in paper, "anulowane" in paper] == [False, False]
    code = read(printout.code)
    assert (code.paper, code.keys) == (Paper.CERTIFICATE, (issued[0].pk,))


def test_certificate_of_a_man_of_part_of_the_time_cancelled(issued):
    row = issued[1]
    row.sex, row.minutes, row.exception_reason = "M", 90, "choroba"
    paper = text(certificates.certificate(row).pdf())
    for words in ("Pan Łucja", "reprezentujący:", "uczestniczył w", "1 h 30 min", "anulowane"):
        assert words in paper
    assert "choroba" not in paper


def test_certificate_of_the_longest_names_keeps_to_one_accessible_page(issued):
    row = issued[0]
    row.holder = "Agnieszka Siemiątkowska-Krajewska"
    row.entity_names = f"{LONG_NAME}, {LONG_NAME}"
    row.topic = "Planowanie i rozliczanie wydarzeń " * 5
    row.scope = "Zajęcia dotyczyły wyboru dostawców. " * 16
    content = certificates.certificate(row).pdf()
    assert len(pages(content)) == 1
    assert facts(content) == {
        "language": "pl",
        "is_marked": True,
        "title": "Zaświadczenie: nr Z/1/2023, SPUTNIK II",
        "sizes": {A4},
        "are_fonts_embedded": True,
    }
    assert tags(content)["/H1"] == 1


def test_register_shows_each_number_once_cancelled_ones_too(issued, project):
    rows = project.certificates.for_list().order_by("ordinal")
    printout = certificates.register(project, rows, [("Rok wydania", "2023")])
    content = printout.pdf()
    paper = text(content)
    assert [paper.count(f"Z/{number}/2023") for number in (1, 2, 3)] == [1, 1, 1]
    assert ["Rok wydania: 2023" in paper, ": literówka" in paper] == [True, True]
    assert facts(content)["sizes"] == {A4_WIDE}


def test_certificate_paper_opens_in_the_browser(client, staff, auditor, issued):
    address = reverse("support:certificate_paper", args=["sputnik-ii", issued[0].pk])
    client.force_login(staff)
    answer = client.get(address)
    assert answer["Content-Disposition"] == 'inline; filename="zaswiadczenie-1-2023.pdf"'
    client.force_login(auditor)
    assert client.get(address).status_code == 403


def test_certificate_print_makes_one_pdf_of_all_that_hold(client, staff, issued):
    client.force_login(staff)
    row = ordered(client, format="pdf")
    content = row.file.read()
    assert (row.file_name, row.progress, row.total) == ("zaswiadczenia.pdf", 2, 2)
    assert ["Adamska" in page for page in pages(content)] == [True, False]
    address = reverse("support:paper_file", args=["sputnik-ii", row.pk])
    assert b"".join(client.get(address).streaming_content) == content


def test_certificate_print_makes_a_zip_of_those_asked_for(client, staff, issued):
    Certificate.issue(
        drafts_of(training(people=[PersonFactory()]), staff, issued_on=date(2024, 1, 2))
    )
    client.force_login(staff)
    row = ordered(client, format="zip", query="year=2023&page=7")
    with zipfile.ZipFile(io.BytesIO(row.file.read())) as archive:
        assert archive.namelist() == ["zaswiadczenie-1-2023.pdf", "zaswiadczenie-3-2023.pdf"]


def test_certificate_print_makes_the_register_with_the_cancelled(client, staff, issued):
    client.force_login(staff)
    row = ordered(client, format="register", query="q=spiew")
    paper = text(row.file.read())
    assert ["Z/2/2023" in paper, "Szukaj: spiew" in paper or "temat: spiew" in paper] == [True] * 2


def test_certificate_print_of_none_is_a_sentence(client, staff):
    client.force_login(staff)
    answer = client.post(PRINT, {"format": "pdf", "token": uuid4()}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "Nie ma tu ważnych zaświadczeń do wydrukowania."
    ]
    assert client.post(PRINT, {"format": "exe"}).status_code == 400
    assert not Job.objects.exists()


def test_certificate_print_keeps_no_name_in_the_order(client, staff, issued):
    client.force_login(staff)
    client.post(PRINT, {"format": "pdf", "token": uuid4()})
    params = Job.objects.get().params
    assert sorted(params.pop("certificates")) == [issued[0].pk, issued[2].pk]
    assert params == {
        "project": "sputnik-ii",
        "batch": "certificates",
        "start": "2023-03-17",
        "end": "2023-03-17",
        "format": "pdf",
        "asked": [],
    }


def test_certificate_print_twice_is_one_order(client, staff, issued):
    client.force_login(staff)
    order = {"format": "zip", "token": uuid4()}
    assert client.post(PRINT, order).url == client.post(PRINT, order).url
    assert Job.objects.count() == 1


def test_certificate_papers_ask_as_often_for_any_number(project, staff, django_assert_num_queries):
    for people in (1, 12):
        Certificate.issue(drafts_of(training(people=PersonFactory.create_batch(people)), staff))
        with django_assert_num_queries(1):
            certificates.register(project, project.certificates.for_list()).html()


def test_certificate_of_a_long_scope_signs_beside_its_last_words(issued):
    issued[0].scope = "Zasady prowadzenia ksiąg. " * 60
    content = certificates.certificate(issued[0]).pdf()
    *_, last = pages(content)
    assert len(pages(content)) == 2
    for words in ("prowadzenia ksiąg.", "data wydania", "podpis w imieniu organizatora"):
        assert words in last
