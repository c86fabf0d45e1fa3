"""A page asks the database as often with a copy of the demonstration as with four."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.checks import running
from owes.models import Session, User
from support.models import Attendance, Project, Service
from support.workbook.contract import SHEETS
from support.workbook.demonstration import COORDINATOR, FOLDER
from support.workbook.files import read_csv_folder
from support.workbook.importing import save_book
from support.workbook.reader import read_book
from tests.indicators.rules import CODES as INDICATORS

SLUG = "sputnik-ii"
TIMES = 5
LAST_SEEN = f'UPDATE "{Session._meta.db_table}"'
# Columns of codes that other rows point at; a copy of the register has its own.
CODES = {
    "Kod",
    "Nr",
    "Podmiot",
    "Podmioty",
    "Osoba",
    "Usługa",
    "Usługi",
    "Podmiot prowadzący",
    "Grupa inicjatywna",
    # Of one adviser in ten places at once data control would tell of each pair.
    "Doradca",
    "Pracownik",
}

PAGES = [
    f"{reverse('owes:search')}?q=ko",
    f"{reverse('support:calendar', args=[SLUG])}?day=2024-05-08&adviser=",
    reverse("entities:entity_list"),
    reverse("entities:person_list"),
    reverse("entities:local_government_list"),
    *(
        reverse(f"support:{name}", args=[SLUG])
        for name in (
            "service_list",
            "service_create",
            "visit_create",
            "mine",
            "queue",
            "import_list",
            "partnership_list",
            "adoption_list",
            "certificate_list",
            "paper_list",
            "meeting_paper_list",
            "monthly_sheet_list",
            "staff_list",
            "evidence_list",
            "evidence_missing",
            "scan_list",
            "dictionary_settings",
            "team_settings",
            "retention_detail",
        )
    ),
    reverse("indicators:dashboard", args=[SLUG]),
    f"{reverse('indicators:dashboard', args=[SLUG])}?on=2023-06-30",
    f"{reverse('indicators:what_if', args=[SLUG])}?on=2023-06-30&approve=on&pes=3",
    reverse("indicators:indicator_list", args=[SLUG]),
    reverse("indicators:project_entity_list", args=[SLUG]),
    reverse("indicators:report_list", args=[SLUG]),
    reverse("indicators:check_list", args=[SLUG]),
    f"{reverse('indicators:check_list', args=[SLUG])}?check=V03&show=B",
    *(reverse("indicators:indicator_detail", args=[SLUG, code]) for code in INDICATORS),
]

# What the pages ask that are opened most; a change may lower a number, and says why it raises one.
MOST_QUERIES = {
    reverse("entities:entity_list"): 11,
    reverse("entities:person_list"): 14,
    reverse("support:service_list", args=[SLUG]): 16,
    reverse("indicators:dashboard", args=[SLUG]): 25,
}
MOST_OF_CARDS = {"service": 37, "entity": 21, "person": 17}


def copied(cell, number):
    return ";".join(f"{item.strip()}/{number}" for item in cell.split(";") if item.strip())


def copy_of(tables, number):
    """The sheets with every code of its own, so that nothing is shared with the first register."""
    found = {}
    for sheet in SHEETS:
        header, *rows = tables[sheet.name]
        codes = [title in CODES for title in header]
        found[sheet.name] = [
            header,
            *(
                [
                    copied(cell, number) if code else cell
                    for cell, code in zip(row, codes, strict=True)
                ]
                for row in rows
            ),
        ]
    return found


def save_copy(number):
    book = read_book(copy_of(read_csv_folder(FOLDER), number))
    assert book.errors == []
    save_book(book, Project.objects.get(slug=SLUG), "próba wielkości")


def counted(client, pages=PAGES):
    """`{page: queries}`, each page warmed by a first visit."""
    found = {}
    for page in pages:
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200, page
        # When somebody was last seen is written once a minute, however much there is.
        found[page] = sum(LAST_SEEN not in query["sql"] for query in queries.captured_queries)
    return found


@pytest.mark.once
@pytest.mark.usefixtures("db")
def test_no_page_asks_more_often_when_there_is_five_times_as_much(client, demo, monkeypatch):
    # So many services would be checked by a worker; here the page is to check them itself.
    monkeypatch.setattr(running, "MOST_AT_ONCE", 10**6)
    client.force_login(User.objects.get(email=COORDINATOR))
    # What is asked only where there is something of a kind: a copy brings it, as three more do.
    save_copy(1)
    few = counted(client)
    for number in range(2, TIMES):
        save_copy(number)
    assert Project.objects.get(slug=SLUG).services.count() > 2000
    assert counted(client) == few


def test_the_pages_opened_most_ask_no_more_often(client, demo):
    came = Attendance.objects.filter(session__service__state=Service.State.APPROVED).latest("pk")
    cards = {"service": came.session.service, "entity": came.entity, "person": came.person}
    most = MOST_QUERIES | {
        row.get_absolute_url(): MOST_OF_CARDS[name] for name, row in cards.items()
    }
    client.force_login(User.objects.get(email=COORDINATOR))
    assert {page: n for page, n in counted(client, most).items() if n > most[page]} == {}
