"""The page of a control, its finishing and its protocol."""

from io import BytesIO

import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from python_calamine import CalamineWorkbook

from indicators.control.recount import recount
from indicators.models import ControlledDocument, Target, TrialControl
from owes.formatting import moment
from tests.factories import MembershipFactory, ProjectFactory
from tests.indicators.control.control_pages import control_of, documents_of
from tests.indicators.given import DAY
from tests.indicators.reports.report_pages import url
from tests.indicators.reports.test_report import pdf_text

pytestmark = pytest.mark.usefixtures("db")


COUNTS = ["Po odjęciu dowodu", "Gdyby zapis odpadł"]


def sheets(answer):
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def words_of(answer):
    return " ".join(pdf_text(answer.content, "-raw").split())


def test_control_detail_shows_what_is_left_of_each_indicator(client, coordinator):
    Target.objects.filter(indicator="pes").update(value=2)
    control = control_of(coordinator)
    client.force_login(coordinator)
    here = url("control_detail", control.pk)
    page = client.get(here)
    assertContains(page, "2\u00a0zapisy czekają na wynik choć jednego dokumentu.")
    assertContains(page, "Fundacja Sad")
    assertContains(page, "O-1")
    assertNotContains(page, "Sekretny")
    document = documents_of(control)[0]
    document.verdict, document.note = "wrong", "odpis innej fundacji"
    document.save()
    recount(control)
    page = client.get(here)
    assertContains(page, "odpis innej fundacji")
    assertContains(page, "<strong>brakuje 2</strong>", html=True)
    line = page.context["outcomes"][0]
    assert (line.indicator.code, line.counted, line.remaining, line.margin) == ("pes", 1, 0, -2)


def test_control_detail_says_both_counts_and_when_they_were_made(client, coordinator):
    control = control_of(coordinator)
    client.force_login(coordinator)
    here = url("control_detail", control.pk)
    page = client.get(here)
    assertContains(page, '<th scope="col" role="columnheader" class="n">Po odjęciu dowodu</th>')
    assertContains(page, '<th scope="col" role="columnheader" class="n">Gdyby zapis odpadł</th>')
    assertContains(page, f"Przeliczono {moment(control.recounted_at)}.")
    assertContains(page, url("control_export", control.pk))
    TrialControl.objects.update(recounted_at=None)
    page = client.get(here)
    assertContains(page, "Tej kontroli nie przeliczono bez wadliwych dowodów")
    assertContains(page, "nie przeliczono", count=9)


def test_control_export_says_what_the_protocol_says(client, coordinator):
    control = control_of(coordinator)
    document = documents_of(control)[0]
    ControlledDocument.objects.filter(pk=document.pk).update(verdict="wrong", note="zły odpis")
    recount(control)
    client.force_login(coordinator)
    answer = client.get(url("control_export", control.pk))
    assert f"sputnik-ii-protokol-kontroli-{control.pk}.xlsx" in answer["Content-Disposition"]
    left, papers, doubts, parameters = sheets(answer)
    assert left[:2] == [
        ["Wskaźnik", "Zaliczone", "Sprawdzone", "W próbie", "Wadliwe", *COUNTS, "Cel", "Zapas"],
        ["PES objęte wsparciem", 1, 1, 1, 1, 0, 0, 45, -45],
    ]
    assert [row[1:] for row in papers[1:]] == [
        ["Fundacja Sad", "P-1", DAY, "odpis KRS", "", "jest, ale wadliwy", "zły odpis"],
        ["O-1", "O-1", DAY, "deklaracja", "", "nie sprawdzono", ""],
    ]
    assert [row[1:] for row in doubts[1:]] == [["P-1", "wypada"]]
    assert ["Ziarno", "pismo 7"] in parameters
    assert "Sekretny" not in str([papers, doubts])


def test_a_record_with_some_papers_looked_at_is_begun_and_not_checked(client, coordinator):
    control = control_of(coordinator)
    first, *others = documents_of(control)
    record = first.record
    second = record.documents.exclude(pk=first.pk).first()
    if second is None:
        second = ControlledDocument.objects.get(pk=first.pk)
        second.pk, second._state.adding, second.name = None, True, "inny dokument"
        second.save()
    record.documents.update(verdict="")
    record.documents.filter(pk=first.pk).update(verdict="missing")
    client.force_login(coordinator)
    page = client.get(url("control_detail", control.pk))
    [line] = [line for line in page.context["outcomes"] if record in line.records]
    assert (len(line.checked), len(line.partly_checked), len(line.faulty)) == (0, 1, 1)
    assertContains(page, "1\u00a0zaczęty")
    assertContains(page, "choć jednego dokumentu, w tym 1 zaczęto.")
    assertContains(page, "sprawdzony jest zapis, przy którym każdy dokument ma wynik")
    record.documents.update(verdict="missing")
    page = client.get(url("control_detail", control.pk))
    [line] = [line for line in page.context["outcomes"] if record in line.records]
    assert (len(line.checked), len(line.partly_checked)) == (1, 0)


def test_control_finish_waits_for_every_paper(client, coordinator):
    control = control_of(coordinator)
    client.force_login(coordinator)
    here = url("control_detail", control.pk)
    answer = client.post(url("control_finish", control.pk), follow=True)
    assertRedirects(answer, here)
    assertContains(answer, "Najpierw zapisz, co znaleziono przy każdym dokumencie.")
    ControlledDocument.objects.update(verdict="found")
    client.post(url("control_finish", control.pk))
    page = client.get(here)
    assertContains(page, "zakończona")
    assertNotContains(page, url("control_finish", control.pk))
    assertNotContains(page, documents_of(control)[0].record.get_absolute_url())
    again = client.post(url("control_finish", control.pk), follow=True)
    assertContains(again, "Tę kontrolę już zakończono.")


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_control_finish_is_for_coordinators(request, client, coordinator, role):
    control = control_of(coordinator)
    client.force_login(request.getfixturevalue(role))
    status = 200 if role == "staff" else 403
    assert client.get(url("control_detail", control.pk)).status_code == status
    assert client.post(url("control_finish", control.pk)).status_code == 403


def test_a_control_of_another_project_is_not_there(client, coordinator):
    control = control_of(coordinator)
    project = ProjectFactory(slug="inny")
    client.force_login(MembershipFactory(project=project, role="coordinator").user)
    for page in ("", "protocol/", "export/"):
        assert client.get(f"/p/inny/control/{control.pk}/{page}").status_code == 404
    assert client.post(f"/p/inny/control/{control.pk}/finish/").status_code == 404


@pytest.mark.pdf
def test_control_protocol_prints_the_sample_and_what_is_left(client, coordinator):
    control = control_of(coordinator)
    client.force_login(coordinator)
    answer = client.get(url("control_protocol", control.pk))
    assert f"sputnik-ii-protokol-kontroli-{control.pk}.pdf" in answer["Content-Disposition"]
    text = words_of(answer)
    for words in (
        "Protokół kontroli próbnej",
        "wersja robocza",
        "pismo 7",
        "Odpis KRS",
        "nie sprawdzono",
        "Fundacja Sad",
        "O-1",
        "Po odjęciu dowodu",
        "Gdyby zapis odpadł",
    ):
        assert words in text
    assert "Sekretny" not in text
    ControlledDocument.objects.update(verdict="missing")
    client.post(url("control_finish", control.pk))
    text = words_of(client.get(url("control_protocol", control.pk)))
    assert "wersja robocza" not in text
    assert "Wylosowano 2 zapisy, z wadą są 2." in text
