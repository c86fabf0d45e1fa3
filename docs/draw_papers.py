"""Draws every paper as pictures of its pages: `.venv/bin/python docs/draw_papers.py [NAME ...]`.

A paper is drawn from the demonstration, in a database of its own, with the longest names it has,
so that one sees what would not fit. A new paper is a line of `PAPERS`.
"""
# ruff: noqa: E402

import os
import sys
import tempfile
from pathlib import Path

import django

HERE = Path(__file__).resolve().parent
PLACE = tempfile.TemporaryDirectory()
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "owes.settings",
    "OWES_DEMO": "1",
    "VAR_DIR": PLACE.name,
    "DATABASE_URL": f"sqlite:///{PLACE.name}/db.sqlite3",
}
sys.path.insert(0, str(HERE.parent))
django.setup()

from datetime import date

import pypdfium2
from django.core.management import call_command
from PIL import Image

from entities.models import Entity, Person
from owes.periods import Period
from support.hours import hours
from support.models import MonthlySheet, Project, Service
from support.papers import attendance, cards, certificates, registers, statements
from support.papers.hours import monthly_sheet

FOLDER = HERE / "pictures" / "papers"
SCALE = 1.3  # about 94 points an inch: small enough to keep, large enough to read
COLOURS = 48


def longest(rows, words=str):
    """The row with the longest text; of equals the first, so that pictures do not change."""
    return max(rows, key=lambda row: len(words(row)))


def cooperation(project, is_agreement):
    rows = project.partnerships.for_list()
    wanted = [row for row in rows if row.is_agreement == is_agreement]
    return statements.cooperation(
        project, longest(wanted, lambda row: "".join(map(str, row.entities.all())))
    )


def certificate(project):
    rows = project.certificates.valid().for_list()
    return certificates.certificate(
        longest(rows, lambda row: row.holder + row.entity_names + row.topic)
    )


def register(project):
    rows = project.certificates.for_list().filter(year=2024).order_by("ordinal")
    return certificates.register(project, rows, [("Rok wydania", "2024")])


MARCH = Period.of_month(date(2023, 3, 1))


def service(code):
    """The service for the longest name of the demonstration, led with the longest person."""
    found = Service.objects.for_papers().get(code=code)
    entity, person = longest(Entity.objects.all()), longest(Person.objects.all())
    found.recipient_links.get_or_create(entity=entity)
    for session in found.sessions.all():
        session.attendances.get_or_create(person=person, entity=entity)
    return Service.objects.for_papers().get(code=code)


def collective(project, **given):
    """The card with most meetings, for the longest name."""
    busiest = max(cards.collective_cards(project, project.period), key=lambda card: card.count)
    for session in busiest.sessions:
        session.service.recipient_links.get_or_create(entity=longest(Entity.objects.all()))
    return cards.collective_card(
        project, longest(Entity.objects.all()), busiest.staff_member, busiest.month
    ).printout(**given)


def attendance_list(code, **given):
    found = service(code)
    return attendance.attendance_list(found, found.sessions.first(), **given)


def accepted_hours(project):
    """The fullest month of a member of staff with an account, handed in and accepted."""
    coordinator = project.memberships.get(role="coordinator").user
    rows = [row for row in hours.months_of_staff(project) if row.staff_member.user]
    sheet = max(rows, key=lambda row: row.sessions).sheet
    if sheet.state == MonthlySheet.State.DRAFT:
        sheet.submit(sheet.staff_member.user)
        sheet.approve(coordinator)
    return monthly_sheet(sheet)


PAPERS = {
    "karta-doradztwa": lambda project: cards.service_card(service("U/0006/2022")),
    "karta-doradztwa-do-wypelnienia": lambda project: cards.service_card(
        service("U/0006/2022"), is_blank=True
    ),
    "karta-doradztwa-pusta": cards.empty_card,
    "karta-wielu-terminow": lambda project: cards.service_card(service("U/0149/2024")),
    "karta-zbiorcza": collective,
    "karta-zbiorcza-pusta": lambda project: collective(project, is_blank=True),
    "lista-obecnosci": lambda project: attendance_list("U/0154/2023"),
    "lista-obecnosci-pusta": lambda project: attendance_list("U/0154/2023", is_blank=True),
    "zestawienie-godzin": accepted_hours,
    "rejestr-uslug": lambda project: registers.services_register(project, MARCH, "approved"),
    "rejestr-podmiotow": lambda project: registers.entities_register(project, MARCH),
    "rejestr-uczestnikow": lambda project: registers.participants_register(project, MARCH),
    "formularz-zgloszeniowy": lambda project: statements.application(
        project, longest(statements.entities())
    ),
    "formularz-zgloszeniowy-pusty": statements.application,
    "deklaracja-uczestnika": lambda project: statements.declaration(
        project, longest(Person.objects.select_related("gmina"))
    ),
    "deklaracja-uczestnika-pusta": statements.declaration,
    "oswiadczenie-o-wdrozeniu": lambda project: statements.adoption(
        project, longest(project.adoptions.for_papers(), lambda row: str(row.entity))
    ),
    "oswiadczenie-o-wdrozeniu-puste": statements.adoption,
    "porozumienie": lambda project: cooperation(project, is_agreement=True),
    "porozumienie-puste": statements.agreement,
    "notatka-ze-spotkania": lambda project: cooperation(project, is_agreement=False),
    "notatka-ze-spotkania-pusta": statements.meeting,
    "zaswiadczenie": certificate,
    "rejestr-zaswiadczen": register,
}


def draw(name, printout):
    """A file for each page, `name-1.png` and on; those of an earlier drawing go first."""
    for old in FOLDER.glob(f"{name}-[0-9].png"):
        old.unlink()
    for number, page in enumerate(pypdfium2.PdfDocument(printout.pdf()), start=1):
        picture = page.render(scale=SCALE).to_pil().quantize(COLOURS, Image.Quantize.MAXCOVERAGE)
        picture.save(FOLDER / f"{name}-{number}.png", optimize=True)


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    call_command("load_demo", verbosity=0)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or PAPERS:
        draw(name, PAPERS[name](Project.objects.get()))
