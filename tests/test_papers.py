"""Every document as it is drawn: of the poorest records, of the fullest, and of very many."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.template import loader

from entities.models import Entity, Person
from indicators.closing.closing import render_closed, render_closed_official
from indicators.closing.packages import Index, render_index
from indicators.control.files import render_control
from indicators.control.outcomes import outcomes_of
from indicators.models import Report, TrialControl
from indicators.reports.builder import build_report
from indicators.reports.files import render_official, render_pdf
from indicators.reports.indicator_report import IndicatorReport
from owes import pdf
from owes.periods import Period
from support.models import (
    Adoption,
    Certificate,
    MonthlySheet,
    Partnership,
    Project,
    Service,
    ServiceType,
    StaffMember,
)
from support.papers import attendance, cards, certificates, registers, statements
from support.papers.hours import monthly_sheet
from tests import paper_checks
from tests.factories import AttendanceFactory, PersonFactory, SessionFactory
from tests.records import records_of

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.pdf]

SITE = "https://owes.example.org"
TEMPLATES = Path(__file__).parents[1] / "templates"
KEPT = Path(__file__).parent / "data" / "closed_report.json"
YEAR = Period(date(2023, 1, 1), date(2023, 12, 31))
MARCH = Period.of_month(date(2023, 3, 1))
MANY = 45


def empty_papers(project):
    yield cards.empty_card(project)
    yield attendance.empty_list(project)
    forms = (
        statements.application,
        statements.declaration,
        statements.adoption,
        statements.agreement,
    )
    for form in forms:
        yield form(project)
    yield statements.meeting(project)


def papers(records):
    """The printouts of a project, each kind of its records."""
    project = Project.objects.get(slug=records.slug)
    yield from empty_papers(project)
    services = Service.objects.for_papers().filter(project=project)
    busiest = max(services, key=lambda row: row.sessions.count())
    for service in (busiest, services.exclude(pk=busiest.pk)[0]):
        yield cards.service_card(service)
        yield cards.service_card(service, is_blank=True)
    session = busiest.sessions.first()
    for is_blank in (False, True):
        yield attendance.attendance_list(busiest, session, is_blank=is_blank)
    entity, member = records.made[Entity][0], records.one(StaffMember)
    card = cards.collective_card(project, entity, member, MARCH)
    yield from (card.printout(), card.printout(is_blank=True))
    sheets = MonthlySheet.objects.filter(project=project).order_by("month")
    yield from map(monthly_sheet, sheets[:2])
    yield registers.services_register(project, YEAR)
    yield registers.entities_register(project, project.period)
    yield registers.participants_register(project, YEAR)
    rows = Certificate.objects.filter(project=project).order_by("ordinal")
    yield certificates.register(project, rows)
    yield from map(certificates.certificate, rows)
    yield statements.application(project, statements.entities().get(pk=entity.pk))
    yield statements.declaration(project, records.made[Person][0])
    yield statements.adoption(project, Adoption.objects.for_papers().filter(project=project)[0])
    partnership = Partnership.objects.for_list().filter(project=project)[0]
    yield from (form(project, partnership) for form in (statements.agreement, statements.meeting))


def reports(records):
    """`(name, content)` of what is drawn of a project's settlement."""
    closed = records.made[Report][0]
    closed = Report.objects.get(pk=closed.pk)
    gathered = build_report(closed.project, "final", YEAR)
    yield "raport", render_pdf(gathered)
    yield "raport zamknięty", render_closed(closed)
    yield "sprawozdanie", render_closed_official(closed)
    draft = records.made[Report][1]
    yield "sprawozdanie robocze", render_official(gathered.drafted(draft))
    index = Index(closed)
    yield "wykaz dowodów", render_index(index, {})
    for control in TrialControl.objects.filter(project=closed.project):
        yield "protokół", render_control(control, outcomes_of(control))


def crowd():
    """A meeting of many, of one entity, so that the lists go over pages."""
    session = SessionFactory(service__type=ServiceType.objects.get(name="szkolenie"))
    for number in range(MANY):
        person = PersonFactory(first_name="Jadwiga", last_name=f"Nowak-Kowalska {number}")
        AttendanceFactory(session=session, person=person)
    return session


def long_report():
    """The kept report with annexes of many pages."""
    report = IndicatorReport.of_json(json.loads(KEPT.read_text(encoding="utf-8")))
    annexes = [replace(one, entries=one.entries * MANY) for one in report.annexes]
    return replace(report, annexes=annexes, site=SITE)


@pytest.fixture
def printed(monkeypatch):
    """The names of the templates that were printed."""
    names, get_template = set(), loader.get_template

    def seen(name, using=None):
        names.add(name)
        return get_template(name, using=using)

    monkeypatch.setattr(loader, "get_template", seen)
    return names


def all_papers():
    """The names of the templates that are a whole paper."""
    own = [
        path
        for path in (TEMPLATES / "support/papers").glob("*.html")
        if '{% extends "support/papers/base.html" %}' in path.read_text(encoding="utf-8")
    ]
    settled = (TEMPLATES / "indicators").rglob("*_pdf.html")
    return {str(path.relative_to(TEMPLATES)) for path in (*own, *settled)}


@pytest.mark.parametrize("is_full", [False, True], ids=["poorest", "fullest"])
def test_every_document_is_good_paper(is_full, coordinator, settings, printed):
    settings.SITE_ADDRESS = SITE
    records = records_of("pelny" if is_full else "ubogi", coordinator, is_full=is_full)
    # A cell as long as a page has no good place on one: of the fullest only words are judged.
    checks = paper_checks.OF_WORDS if is_full else paper_checks.OF_WORDS + paper_checks.OF_PLACES
    wrong = {}
    drawn = [(one.file_name, one.pdf()) for one in papers(records)]
    for name, content in [*drawn, *reports(records)]:
        if faults := paper_checks.faults(content, SITE, checks):
            wrong.setdefault(name, []).append(faults)
    assert wrong == {}
    assert printed >= all_papers()


def test_papers_of_many_are_good_paper(settings):
    settings.SITE_ADDRESS = SITE
    session = crowd()
    service, project = Service.objects.for_papers().get(), session.service.project
    drawn = {
        "lista": attendance.attendance_list(service, session).pdf(),
        "karta": cards.service_card(service).pdf(),
        "uczestnicy": registers.participants_register(project, project.period).pdf(),
        "raport": render_pdf(long_report()),
    }
    assert {name: paper_checks.faults(content, SITE) for name, content in drawn.items()} == (
        dict.fromkeys(drawn, {})
    )


PAGE = """<!doctype html><html lang="pl"><head><title>Druk</title></head><body class="paper">
<p><a href="https://owes.example.org/search/?q=P1">P1</a></p>{}</body></html>"""
ROW = "<tr><td>{}</td></tr>"
GAP = '<div style="height: 60mm"></div>'
FAULTS = {
    "one_letter_words": '<p style="width: 20mm">Praca <span>w</span> Gostyninie</p>',
    "empty_pages": f'<p>Ala</p><div style="break-before: page"></div>{GAP}<p>As</p>',
    "bare_ends": f'{GAP * 3}<p>Ala</p><p style="break-before: page">As</p>',
    "lonely_rows": '<div style="height: 234mm"></div><table style="line-height: 5mm"><tbody>'
    + ROW.format(1)
    + '<tr style="break-before: page"><td>2</td></tr>'
    + ROW.format(3)
    + f"</tbody></table>{GAP}<p>As</p>",
    "foreign_days": "<p>2022-04-05</p>",
    "odd_amounts": "<p>25000.00</p>",
    "spilt_words": '<p style="width: 5mm; white-space: nowrap; float: left">Szczebrzeszyn</p>'
    "<p>Gostynin</p>",
    "wrong_links": '<p><a href="https://obcy.example.org/">P2</a></p>',
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name):
    assert list(paper_checks.faults(pdf.render(PAGE.format(FAULTS[name])), SITE)) == [name]


@pytest.mark.parametrize(
    "text", ["April 2022", "2022-04-05", "1 234,50 zł", "25000,00", "1234.50", "12.345,60"]
)
def test_other_ways_of_days_and_amounts_are_found(text):
    assert paper_checks.faults(pdf.render(PAGE.format(f"<p>{text}</p>")), SITE) != {}


@pytest.mark.parametrize(
    "text",
    ["05.04.2022", "1234,50", "25&nbsp;000,00&nbsp;zł", "5,75%", "U/0041/2022", "09:00–11:00"],
)
def test_our_way_of_days_and_amounts_is_no_fault(text):
    assert paper_checks.faults(pdf.render(PAGE.format(f"<p>{text}</p>")), SITE) == {}


def test_paper_without_a_link_is_found():
    page = PAGE.replace("<a ", "<b ").replace("</a>", "</b>").format("")
    assert list(paper_checks.faults(pdf.render(page), SITE)) == ["wrong_links"]
