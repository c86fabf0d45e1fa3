"""The files that prove the records of the demonstration, and the cards that came back signed.

Most records have what the project requires; a few files wait, were refused or are missing, the
same ones at every loading. The cards of services after the project's end are not back yet.
"""

import hashlib
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from owes.folding import fold
from owes.formatting import day as as_day
from owes.models import User
from support.models import (
    Document,
    Evidence,
    EvidenceRequirement,
    Partnership,
    Project,
    ServiceType,
    Session,
    Subject,
)
from support.workbook.demonstration_files import pdf_page, picture
from support.workbook.writing import Writer

State = Evidence.State
SEED = 2024
# Of a hundred records: without a file, with one not judged yet, with one that was refused.
MISSING, WAITING, REFUSED = 3, 3, 1
REFUSAL = "Nieczytelny skan. Dodaj plik ponownie."
INVENTED = "Dane przykładowe: dokument i podpis są wymyślone."
# Their evidence holds no names, so it is open to the funder's control.
RELEASED = (Subject.PARTNERSHIP, Subject.STATUS)
OF_ACTS = {
    Partnership.Kind.LETTER: Document.LETTER,
    Partnership.Kind.MEETING: Document.MEETING,
    Partnership.Kind.TRAINING: Document.ATTENDANCE,
}
LATELY = timedelta(days=60)  # before the end of the project a card may still be on its way


def add_evidence(project: Project, by: User, judge: User, writer: Writer, *, until: date) -> None:
    """A file of each required document of each record, but for those left out on purpose.

    Services after the day `until` have none yet.
    """
    random, rows = Random(SEED), []
    didactic = ServiceType.objects.filter(hour_kind=ServiceType.HourKind.DIDACTIC)
    with_list = set(didactic.values_list("pk", flat=True))
    required = project.evidence_requirements.filter(is_required=True).order_by("subject", "pk")
    for requirement in required:
        subject = Subject(requirement.subject)
        dated = _days(project, subject)
        last = until if subject == Subject.SERVICE else date.max
        for record in requirement.lacking().order_by("pk"):
            chance, day = random.randrange(100), dated(record)
            if chance >= MISSING and day <= last:
                kind = _kind(requirement, record, with_list)
                row = _file(requirement, kind, record, day, by)
                if chance >= MISSING + WAITING:
                    _judge(row, judge, is_good=chance >= MISSING + WAITING + REFUSED)
                rows.append(row)
    writer.create(rows)


def sign_cards(project: Project, writer: Writer, *, before: date) -> None:
    """A few days after each service `before` the day, and of the later ones that have a scan."""
    scans = Evidence.objects.holding().signed_papers()
    scanned = set(scans.filter(project=project).values_list("service", flat=True))
    waiting = project.services.awaiting_signature().annotate(last=Max("sessions__day"))
    signed = []
    for service in waiting.filter(last__isnull=False).order_by("pk"):
        if service.pk in scanned or service.last < before:
            service.signed_on = service.last + timedelta(days=service.pk % 6)
            signed.append(service)
    writer.update(signed, ["signed_on"])


def _file(
    requirement: EvidenceRequirement, kind: str, record: Any, day: date, by: User
) -> Evidence:
    """The row, not saved yet, with its file."""
    subject = Subject(requirement.subject)
    code = getattr(record, "code", "") or f"{subject.label} {record.pk}"
    if kind == Document.PICTURE:
        content, suffix = picture(code), "png"
    else:
        lines = [f"Dotyczy: {subject.label} {code}", f"Dzień: {as_day(day)}", INVENTED]
        content, suffix = pdf_page(kind.capitalize(), lines), "pdf"
    digest = hashlib.sha256(content).hexdigest()
    row: Any = Evidence(
        project=requirement.project,
        kind=kind,
        file=ContentFile(content, f"{digest[:32]}.{suffix}"),
        file_name=f"{slugify(fold(f'{kind} {code}').replace('/', '-'))}.{suffix}",
        sha256=digest,
        added_by=by,
        added_at=at(day + timedelta(days=3), 9),
        **{subject.value: record},
    )
    row._history_user, row._history_date = by, row.added_at
    return row


def at(day: date, hour: int) -> datetime:
    """A moment of the day, by the clocks of the country."""
    return timezone.make_aware(datetime.combine(day, time(hour)))


def _judge(row: Any, by: User, *, is_good: bool) -> None:
    row.judged_by, row.judged_at = by, row.added_at + timedelta(days=1)
    row._history_user, row._history_date = by, row.judged_at
    if not is_good:
        row.state, row.reason = State.REFUSED, REFUSAL
        return
    row.state = State.VERIFIED
    if row.subject in RELEASED:
        row.released_by, row.released_at = by, row.judged_at


def _kind(requirement: EvidenceRequirement, record: Any, with_list: set[int]) -> str:
    """Which of the documents that suffice the record has."""
    kinds, wanted = requirement.kinds, ""
    match Subject(requirement.subject):
        case Subject.SERVICE if record.type_id in with_list:
            wanted = Document.ATTENDANCE
        case Subject.PARTNERSHIP:
            wanted = OF_ACTS.get(record.kind, "")
        case Subject.ENTITY if not record.krs:
            wanted = Document.OTHER_REGISTER
    return wanted if wanted in kinds else kinds[0]


def _days(project: Project, subject: Subject) -> Callable[[Any], date]:
    """What answers the day a record's documents are of; a query for records that hold no day."""
    match subject:
        case Subject.SERVICE:
            rows = Session.objects.filter(service__project=project).values_list("service")
            known = dict(rows.annotate(last=Max("day")).order_by())
        case Subject.ENTITY:
            known = dict(project.enrolments.values_list("entity", "joined_on"))
        case Subject.PERSON:
            known = dict(project.declarations.values_list("person", "signed_on"))
        case Subject.STATUS:
            return lambda status: status.valid_from
        case Subject.STAFF_TRAINING:
            return lambda training: training.ends_on or training.starts_on
        case _:
            return lambda record: record.day
    return lambda record: known.get(record.pk) or project.starts_on
