"""Anonymising people of the demonstration: what counts stays, their words are nowhere."""

import io
import json
import os
import re
from datetime import date

import pytest
import xlsxwriter
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from entities.lookups import PersonLookup
from entities.matching import Matching
from entities.merging import merge, undo
from entities.models import Person
from indicators.counting.verifying import differences, numbers_by_day
from indicators.models import Report, ReportRecord
from owes import drafts
from owes.models import FormDraft, Job
from owes.privacy.forgetting import forget
from support.models import (
    Attendance,
    Certificate,
    Evidence,
    Import,
    ImportRow,
    Membership,
    Service,
    StaffMember,
)
from support.workbook.files import read_table
from support.workbook.outcomes import keep_rows
from tests.factories import PersonFactory, sputnik
from tests.owes.privacy.searching import files_with, rows_with

pytestmark = pytest.mark.usefixtures("demo")
# What differs between two looks at one page, and what is said of the person alone.
PASSING = re.compile(r'X-CSRFToken": "\w+|csrfmiddlewaretoken" value="\w+')
FIRST, LAST = "Żaneta", "Wścieklicowa"
EMAIL, PHONE = "zaneta@wscieklica.example", "601 234 567"
WORDS = [LAST, "Wścieklicow", "wscieklicow", "wscieklica", "601 234 567", "601234567", "601-234"]


def coordinator():
    members = Membership.objects.filter(project=sputnik(), is_active=True)
    return members.filter(role=Membership.Role.COORDINATOR).first().user


def told(client):
    """All that is told of indicators, reports, differences and certificates."""
    client.force_login(coordinator())
    reports = Report.objects.closed().order_by("pk")
    assert reports
    pages = [client.get(report.get_absolute_url()).content.decode() for report in reports]
    register = client.get(reverse("support:certificate_list", args=["sputnik-ii"]))
    rows = [
        [row.number, row.issued_on, row.cancelled_at, row.minutes, row.sex, row.service.code]
        for row in register.context["table"].data
    ]
    days = json.dumps(numbers_by_day(), sort_keys=True, default=str, ensure_ascii=False)
    by_line = reports.order_by("pk", "lines__position")
    lines = list(by_line.values_list("lines__indicator", "lines__in_period", "lines__cumulative"))
    return [days, lines, rows, [PASSING.sub("", page) for page in pages]]


def rename(person):
    """A name, a contact and a birthday that nobody else has."""
    person.first_name, person.last_name = FIRST, LAST
    person.email, person.phone = EMAIL, PHONE
    person.birth_date, person.birth_year = date(1971, 5, 9), None
    person.save()
    for row in Certificate.objects.filter(person=person):
        row.holder = str(person)
        row.save()


def counted():
    """One who counts, with a certificate and with a declaration that has a file."""
    proven = Evidence.objects.filter(person__isnull=False).values("person")
    holders = Certificate.objects.valid().filter(person__in=proven).values("person")
    return Person.objects.filter(pk__in=holders).order_by("pk").first()


def unregistered():
    """One who was present and does not count: without a declaration, at no approved service."""
    person = PersonFactory(code="NX1")
    row = Attendance.objects.exclude(session__service__state=Service.State.APPROVED).first()
    Attendance.objects.create(
        session=row.session, day=row.day, person=person, entity=row.entity, state=row.state
    )
    return person


@pytest.mark.parametrize("find", [counted, unregistered])
def test_a_participant_is_taken_out_and_nothing_else_moves(
    client, find, django_capture_on_commit_callbacks
):
    person = find()
    rename(person)
    service = person.attendances.first().session.service
    service.description = f"Rozmowa z {FIRST.replace('ta', 'tą')} {LAST[:-1]}ą, tel. 601-234-567."
    service.save()
    files = [row.file.path for row in Evidence.objects.filter(person=person)]
    before = told(client)
    with django_capture_on_commit_callbacks(execute=True):
        forget(person)
    assert told(client) == before
    assert rows_with(WORDS) == set()
    assert files_with(WORDS) == set()
    assert not any(map(os.path.exists, files))
    assert list(differences(sputnik())) == []
    person.refresh_from_db()
    assert str(person) == "osoba zanonimizowana"
    service.refresh_from_db()
    assert service.description == "Rozmowa z osoba zanonimizowana, tel. osoba zanonimizowana."


def test_a_member_of_staff_is_taken_out_and_nothing_else_moves(client):
    reported = ReportRecord.objects.values("code")
    member = StaffMember.objects.filter(user__isnull=False, name__in=reported).first()
    user, name = member.user, member.name
    before = told(client)
    forget(member)
    label = f"osoba zanonimizowana K{member.pk}"
    expected = json.loads(json.dumps(before, default=str).replace(name, label))
    after = json.loads(json.dumps(told(client), default=str))
    assert [sorted(lines(one)) for one in after] == [sorted(lines(one)) for one in expected]
    assert rows_with([name]) == set()
    user.refresh_from_db()
    assert not user.is_active
    assert not user.has_usable_password()


def lines(value):
    """The lines of a page; its order of names changes with a name."""
    text = json.dumps(value, ensure_ascii=False)
    return [line.strip() for line in text.replace("\\n", "\n").split("\n")]


def test_what_is_kept_for_a_while_goes_too(client, django_capture_on_commit_callbacks):
    """Drafts, files of jobs and of imports, what a merge keeps."""
    person, twin = (
        counted(),
        PersonFactory(code="NX1", first_name="Żaneta", last_name="Wściekliczka"),
    )
    merged = merge(person, twin, by=coordinator())
    person.refresh_from_db()
    rename(person)
    drafts.keep(
        coordinator().pk, "/people/add/", QueryDict(f"first_name={FIRST}&last_name={LAST}"), "one"
    )
    job = Job.objects.create(kind="papers", key="k", people=[person.pk])
    job.file.save("x.pdf", ContentFile(LAST.encode()))
    table = f"Imię;Nazwisko\n{FIRST};{LAST}\n".encode("cp1250")
    sent = Import(project=sputnik(), by=coordinator(), file_name=f"{LAST}.csv", sha256="x")
    sent.file.save("x.csv", ContentFile(table))
    saved = Import.objects.create(project=sputnik(), by=coordinator(), saved_at=timezone.now())
    for row in ({"label": f"{FIRST} {LAST}"}, {"label": "Nowa", "note": f"Może to być: {LAST}"}):
        keep_rows(saved, [*saved.rows.all(), ImportRow(outcome="changed", **row)])
    with django_capture_on_commit_callbacks(execute=True):
        forget(person)
    assert rows_with([*WORDS, "Wściekliczka"]) == set()
    assert files_with([LAST]) == set()
    assert not os.path.exists(job.file.path)
    assert not os.path.exists(sent.file.path)
    assert not Import.objects.filter(pk=sent.pk).exists()  # it was not saved yet
    assert not FormDraft.objects.exists()
    with pytest.raises(ValidationError, match="usunięto na zawsze"):
        undo(merged, by=coordinator())


def imported(name, content):
    row = Import(
        project=sputnik(), by=coordinator(), file_name=name, sha256="x", saved_at=timezone.now()
    )
    row.file.save(name, ContentFile(content))
    return row


def workbook(rows):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("Osoby")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


def test_a_file_that_was_imported_loses_the_person_and_keeps_the_rest(
    client, django_capture_on_commit_callbacks
):
    person = counted()
    rename(person)
    rows = [
        ["Kod", "Imię", "Nazwisko", "Urodzona", "Telefon", "Uwagi", "Godziny"],
        [person.code, FIRST, LAST, "09.05.1971", PHONE, "lider", 2.5],
        ["O9998", "Adam", LAST, "", "", f"mąż {FIRST[:-1]}y {LAST[:-1]}ej", 1],
        ["O9999", "Anna", "Inna", "09.05.1971", "", "", 3],
    ]
    text = "\r\n".join(";".join(map(str, row)) for row in rows)
    kept = [imported("x.xlsx", workbook(rows)), imported("x.csv", text.encode("cp1250"))]
    before = [row.file.path for row in kept]
    with django_capture_on_commit_callbacks(execute=True):
        forget(person)
    gone = "osoba zanonimizowana"
    expected = [
        rows[0],
        [person.code, gone, gone, gone, gone, "lider", 2.5],
        ["O9998", "Adam", LAST, "", "", f"mąż {gone}", 1],
        rows[3],
    ]
    for row, is_text in zip(kept, (False, True), strict=True):
        row.refresh_from_db()
        told = [[str(cell) if is_text else cell for cell in cells] for cells in expected]
        assert read_table(row.file.path).rows == told
    assert not any(map(os.path.exists, before))


def test_what_was_taken_out_is_not_written_anew(client):
    person = counted()
    forget(person)
    person.refresh_from_db()
    person.first_name = "Anna"
    with pytest.raises(ValidationError, match="nie wpisuje się ich ponownie"):
        person.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        person.save()
    other = PersonFactory(code="NX1")
    forget(other)
    assert Matching("person").pairs() == [
        pair for pair in Matching("person").pairs() if person not in (pair.first, pair.second)
    ]
    assert person not in PersonLookup([]).suggested("osoba zanonimizowana")
