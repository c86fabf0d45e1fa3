"""A closed report holds whatever is done to the records it counted; its file is one anywhere."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from entities.models import Entity, Person
from indicators.closing import closing
from indicators.models import Report
from indicators.reports.comparison import Comparison
from support.models import Import, Service
from tests.factories import EntityFactory, PersonFactory, StaffMemberFactory, UserFactory, sputnik
from tests.indicators.given import supported
from tests.indicators.reports.sending import Browser
from tests.support.workbook.test_import_list import ENTITY_ROWS

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.pdf]

KEPT = Path(__file__).parents[2] / "data" / "closed_report.json"


@pytest.fixture
def report(coordinator):
    """Six entities, each with a service and a person of its own, in a report with its file."""
    adviser = StaffMemberFactory(name="Ewa Piórkowska")
    for number in range(1, 7):
        entity = EntityFactory(code=f"P{number}", name=f"Fundacja {number}")
        person = PersonFactory(code=f"O{number}", first_name=f"Imię{number}")
        supported(date(2023, 3, number), entity=entity, person=person, code=f"U/{number}")
    for service in Service.objects.all():
        service.adviser_links.create(staff_member=adviser)
    draft = Report.objects.create(
        project=sputnik(),
        kind="partial",
        starts_on=date(2023, 1, 1),
        ends_on=date(2023, 12, 31),
        created_by=coordinator,
    )
    return closing.keep_file(closing.close(draft, coordinator, "próba"))


@pytest.fixture
def browser(client, coordinator):
    client.force_login(coordinator)
    return Browser(client)


def address(name, *keys):
    return reverse(name, args=keys)


def compared(report):
    return Comparison.of(Report.objects.select_related("project").get(pk=report.pk))


def differences_of(report):
    """`[(indicator, code, what happened, words, reason)]`."""
    return [
        (
            difference.line.code,
            difference.entry.code,
            difference.state[2],
            difference.words,
            difference.author.reason,
        )
        for difference in compared(report).differences
    ]


def effects(report):
    return {line.now.code: line.change for line in compared(report).changed_lines}


def explained(browser, why, url, **typed):
    """Does it; the program must ask first."""
    page = browser.send(url, typed)
    assert page.status_code == 200, f"{url} did not ask why"
    assert browser.explain(page, why).status_code == 302


def rename(browser):
    url = address("entities:entity_edit", Entity.objects.get(code="P1").pk)
    explained(browser, "nowy statut", url, name="Fundacja Nowa")


def cancel(browser):
    url = address("support:service_cancel", "sputnik-ii", Service.objects.get(code="U/2").pk)
    explained(browser, "nie odbyła się", url, reason="nie odbyła się")


def merge(browser):
    url = address("entities:person_merge", Person.objects.get(code="O3").pk)
    explained(browser, "ta sama osoba", url, other="O4", act="merge", sure="1")


def move(browser):
    """Reopened, given another day in its form, handed in and approved again."""
    service = Service.objects.get(code="U/5")
    keys = ("sputnik-ii", service.pk)
    explained(browser, "błędny dzień", address("support:service_reopen", *keys), reason="dzień")
    url = address("support:service_edit", *keys)
    typed = {"sessions-0-day": "15.05.2023", "act": "submit"}
    assert browser.send(url, typed).status_code == 302
    explained(browser, "błędny dzień", address("support:service_approve", *keys))


def bring_in(browser, callbacks):
    rows = "\r\n".join([ENTITY_ROWS[0], "P6;Fundacja 6;inny podmiot (nie PES)" + ";" * 15])
    file = SimpleUploadedFile("podmioty.csv", rows.encode())
    with callbacks(execute=True):
        url = address("support:import_list", "sputnik-ii")
        browser.client.post(url, {"register": "entities", "file": file})
    row = Import.objects.get()
    for why, state in (("", "checked"), ("spółka z o.o.", "saved")):
        with callbacks(execute=True):
            url = address("support:import_save", "sputnik-ii", row.pk)
            browser.client.post(url, {"why": why, "shown": row.effect_fingerprint})
        row.refresh_from_db()
        assert row.state == state


def test_a_closed_report_holds_and_names_exactly_what_was_done_to_its_records(
    report, browser, django_capture_on_commit_callbacks
):
    content, document = report.file.read(), report.document
    assert (differences_of(report), effects(report), compared(report).is_none) == ([], {}, True)
    rename(browser)
    cancel(browser)
    merge(browser)
    move(browser)
    bring_in(browser, django_capture_on_commit_callbacks)
    day = ["Liczy się od: 05.03.2023 → 15.05.2023"]
    assert differences_of(report) == [
        ("pes", "P1", "zmieniony", ["Nazwa: Fundacja 1 → Fundacja Nowa"], "nowy statut"),
        ("pes", "P2", "ubył", [], "nie odbyła się"),
        ("pes", "P5", "zmieniony", day, "błędny dzień"),
        ("pes", "P6", "ubył", [], "spółka z o.o."),
        (
            "representatives",
            "O1",
            "zmieniony",
            ["Reprezentowany podmiot: Fundacja 1 → Fundacja Nowa"],
            "nowy statut",
        ),
        ("representatives", "O2", "ubył", [], "nie odbyła się"),
        ("representatives", "O4", "ubył", [], "ta sama osoba"),
        ("representatives", "O5", "zmieniony", day, "błędny dzień"),
        ("representatives", "O6", "ubył", [], "spółka z o.o."),
    ]
    assert effects(report) == {"pes": -2, "representatives": -3}
    stored = Report.objects.get()
    assert (stored.document, stored.file.read()) == (document, content)
    with time_machine.travel("2029-12-31 23:30Z"):
        assert closing.render_closed(stored) == content


# The same bytes on two days, by two processes, from either database

RENDER = """
import hashlib, json, sys, django
django.setup()
from indicators.reports.files import render_pdf
from indicators.reports.indicator_report import IndicatorReport
document = json.load(open(sys.argv[1], encoding="utf-8"))
print(hashlib.sha256(render_pdf(IndicatorReport.of_json(document), mark="")).hexdigest())
"""


def rendered_elsewhere(**environment):
    """The checksum of the file a new process makes of the kept document, asking no database."""
    done = subprocess.run(
        [sys.executable, "-c", RENDER, KEPT],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(settings.BASE_DIR)}
        | environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout.strip()


def test_a_kept_document_makes_the_same_bytes_in_any_process_on_any_day_from_any_database():
    document = json.loads(KEPT.read_text(encoding="utf-8"))
    report = Report.objects.create(
        project=sputnik(),
        kind="partial",
        number="1",
        starts_on=date(2022, 4, 5),
        ends_on=date(2022, 6, 15),
        state="closed",
        closed_at="2022-07-10T08:00Z",
        created_by=UserFactory(),
        document=document,
    )
    # The document has been through this run's database; the processes read it from the file, so
    # that equal sums here and in the run on the other database are equal sums everywhere.
    sums = {rendered_elsewhere(PYTHONHASHSEED=seed, TZ=zone) for seed, zone in SURROUNDINGS}
    for day in ("2022-07-10 09:00Z", "2029-12-31 23:30Z"):
        with time_machine.travel(day):
            content = closing.render_closed(Report.objects.get(pk=report.pk))
        sums.add(hashlib.sha256(content).hexdigest())
    assert len(sums) == 1


SURROUNDINGS = [("1", "Europe/Warsaw"), ("2", "Pacific/Auckland")]
