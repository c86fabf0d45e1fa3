"""The funder's report: one gathered report, its PDF and its xlsx say the same."""

import io
import json
import subprocess
from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from python_calamine import CalamineWorkbook

from indicators.reports.builder import build_report
from indicators.reports.files import render_pdf, render_xlsx
from indicators.reports.indicator_report import IndicatorReport
from owes.formatting import percent1
from owes.periods import Period
from tests.factories import PersonFactory, sputnik
from tests.indicators.given import DAY, FIRST, supported
from tests.support.papers.printed import links

pytestmark = pytest.mark.usefixtures("db")
YEAR = Period(date(2023, 1, 1), date(2023, 12, 31))


@pytest.fixture
def report():
    supported(FIRST, person=PersonFactory(sex="M", code="O-2022", last_name="Nieujawniony"))
    supported(DAY, person=PersonFactory(sex="K", code="O-2023", last_name="Nieujawniona"))
    return build_report(sputnik(), "partial", YEAR)


def line_of(report, code):
    return next(line for line in report.lines if line.code == code)


def test_values_in_the_period_and_cumulative(report):
    line = line_of(report, "pes")
    assert (line.in_period, line.cumulative, line.target) == (1, 2, 45)
    assert round(line.percent, 4) == 0.0444
    assert line_of(report, "staff").percent is None
    assert (report.whole.start, report.whole.end) == (FIRST, YEAR.end)


def test_splits_are_of_the_period_and_of_the_whole(report):
    people = line_of(report, "representatives")
    assert (people.splits_in_period["sex"], people.splits["sex"]) == ({"K": 1}, {"K": 1, "M": 1})


def test_annexes_list_the_counted_without_names_of_people(report):
    people = next(annex for annex in report.annexes if annex.code == "representatives")
    assert [column.title for column in people.columns] == [
        "Kod osoby",
        "K/M",
        "Reprezentowany podmiot",
        "Kod podmiotu",
        "Liczy się od",
        "Usługa",
    ]
    cells = [[value for _, value in cells] for _, cells in people.rows()]
    assert [(row[0], row[1], row[4]) for row in cells] == [
        ("O-2022", "M", FIRST),
        ("O-2023", "K", DAY),
    ]
    assert [entry.is_in_period for entry in people.entries] == [False, True]


def test_reached_and_missing_share_the_targets(report):
    assert (len(report.reached), len(report.missing)) == (0, 7)


def pdf_text(content, *options):
    done = subprocess.run(
        ["pdftotext", "-layout", *options, "-", "-"],
        input=content,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


@pytest.mark.pdf
def test_pdf_prints_every_value_and_no_name(report):
    text = pdf_text(render_pdf(report))
    words = " ".join(text.split())
    assert "Raport częściowy Raport wskaźników" in words
    assert "01.01.2023–31.12.2023" in words
    for line in report.lines:
        goal = ("brak", "–") if line.target is None else (line.target, percent1(line.percent))
        assert f" {goal[0]} {line.in_period} {line.cumulative} {goal[1]} " in words
        assert f"{line.short_name} (" in words
    assert "kobiety (K) 1 1" in words
    assert "mężczyźni (M) 0 1" in words
    assert "wersja robocza" in words
    assert "Nieujawnion" not in words
    assert "strona 1 z " in words


@pytest.mark.pdf
def test_numbers_and_codes_of_the_pdf_open_the_program(report):
    site = settings.SITE_ADDRESS
    urls = links(render_pdf(report))
    page = f"{site}/p/sputnik-ii/indicators/pes/"
    assert f"{page}?from=2023-01-01&to=2023-12-31" in urls
    assert f"{page}?on=2023-12-31" in urls
    assert f"{site}/search/?q=O-2022" in urls
    assert [address for address in urls if not address.startswith(f"{site}/")] == []
    assert links(render_pdf(replace(report, site=""))) == []


@pytest.mark.pdf
def test_pdf_of_text_that_looks_like_html_prints_it(report):
    report.annexes[0].entries[0].values[0] = '<img src="file:///etc/passwd">Ala & Kot'
    assert '<img src="file:///etc/passwd">' in pdf_text(render_pdf(report))


def sheet(content, name):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name).to_python()


def test_xlsx_has_the_same_values(report):
    content = render_xlsx(report)
    results = {row[1]: row[2:5] for row in sheet(content, "Wyniki")[1:]}
    assert results == {
        line.name: [
            "" if line.target is None else line.target,
            line.in_period,
            line.cumulative,
        ]
        for line in report.lines
    }
    assert [row[0] for row in sheet(content, "3 przedstawiciele")[1:]] == ["O-2022", "O-2023"]
    months = sheet(content, "Miesiące")
    assert (months[1][:2], months[-1][:2]) == ([FIRST.replace(day=1), 1], [date(2023, 12, 1), 2])


@pytest.mark.pdf
def test_command_writes_the_file(report, tmp_path):
    output = tmp_path / "r.pdf"
    call_command(
        "report",
        "--project=sputnik-ii",
        "--from=2023-01-01",
        "--to=2023-12-31",
        "--kind=partial",
        f"--output={output}",
    )
    assert output.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("start", "end"), [("2023-12-31", "2023-01-01"), ("2023-13-01", "2023-12-31")]
)
def test_command_refuses_wrong_dates(db, start, end):
    with pytest.raises(CommandError):
        call_command(
            "report",
            "--project=sputnik-ii",
            f"--from={start}",
            f"--to={end}",
            "--kind=final",
            "--output=r.pdf",
        )


def test_report_kept_as_json_is_the_same_report(report):
    document = json.loads(json.dumps(report.as_json()))
    assert IndicatorReport.of_json(document) == report
