"""What the projects keep of a person or of a member of staff, taken away for good.

Attendances, numbers and days of certificates, states of evidence stay: they count.
"""

import io
import uuid
from collections.abc import Collection
from typing import Any
from zipfile import is_zipfile

from django.core.files.base import ContentFile
from django.utils import timezone

from entities.models import Kind, Person, joined_keys
from owes.privacy.leftovers import GONE, forget_account, in_two
from owes.privacy.redaction import Redaction
from owes.privacy.texts import fill_search_of
from support.models import (
    CalendarFeed,
    Certificate,
    Evidence,
    Import,
    ImportRow,
    Scan,
    StaffMember,
)
from support.workbook.redacting import Traces, holds, redacted

GONE_FILE = "plik usunięty przy anonimizacji"
GONE_TEXT = "usunięto przy anonimizacji"


def forget(forgetting: Any) -> None:
    record = forgetting.record
    match record:
        case Person():
            keys = joined_keys(Kind.PERSON, record.pk)
            _forget_certificates(forgetting, keys)
            ImportRow.objects.filter(person_key__in=keys).delete()
            _forget_files(forgetting, keys)
        case StaffMember():
            _forget_staff(forgetting, record)
        case _:
            for member in StaffMember.objects.filter(user=record):
                _forget_staff(forgetting, member)


def staff_names() -> set[tuple[str, str]]:
    """Pairs of a first and a last name of all staff, also former ones."""
    own = StaffMember.objects.order_by().values_list("name", flat=True)
    former = StaffMember.history.order_by().values_list("name", flat=True)
    return {in_two(name) for name in own.union(former) if not name.startswith(GONE)}


def _forget_staff(forgetting: Any, member: StaffMember) -> None:
    forgetting.label = f"{GONE} K{member.pk}"
    former = member.history.order_by().values_list("name", flat=True)
    forgetting.names |= {in_two(name) for name in {member.name, *former}}
    forgetting.rewrite(StaffMember, [member.pk], name=forgetting.label)
    fill_search_of(StaffMember, [member.pk])
    if member.user:
        CalendarFeed.objects.filter(user=member.user, revoked_at=None).update(
            revoked_at=timezone.now()
        )
        forget_account(forgetting, member.user)


def _forget_certificates(forgetting: Any, people: Collection[int]) -> None:
    keys = _ever_of(Certificate, people)
    forgetting.rewrite(Certificate, keys, holder=forgetting.label)
    _empty(Certificate, keys, "exception_reason", "cancel_reason")
    fill_search_of(Certificate, keys)


def _forget_files(forgetting: Any, people: Collection[int]) -> None:
    """Files that prove the person alone go; a scan that proves others too stays with them."""
    keys = _ever_of(Evidence, people)
    others = Evidence.objects.exclude(pk__in=keys)
    scans = Scan.objects.filter(evidence__in=keys).exclude(
        pk__in=others.filter(scan__isnull=False).values("scan")
    )
    scan_keys = set(scans.values_list("pk", flat=True))
    for model, gone in ((Evidence, keys), (Scan, scan_keys)):
        for row in model.objects.filter(pk__in=gone).exclude(file=""):
            if not others.filter(file=row.file.name).exists():
                forgetting.files.append((row.file.storage, row.file.name))
        forgetting.rewrite(model, gone, file="", file_name=GONE_FILE)
    _empty(Evidence, keys, "reason")
    fill_search_of(Evidence, keys)


def _ever_of(model: Any, people: Collection[int]) -> set[int]:
    """Keys of the rows that are of the people now, or were."""
    ever = model.history.model.objects.filter(person_id__in=people).values_list("id", flat=True)
    return {*ever, *model.objects.filter(person__in=people).values_list("pk", flat=True)}


def _empty(model: Any, keys: Collection[int], *columns: str) -> None:
    """A reason that a constraint asks for stays one, in words that tell nothing."""
    for name in columns:
        filled = {name: GONE_TEXT}
        model.objects.filter(pk__in=keys).exclude(**{name: ""}).update(**filled)
        model.history.filter(id__in=keys).exclude(**{name: ""}).update(**filled)


def redact_imported(forgetting: Any, redaction: Redaction) -> None:
    """Files that were imported, and what is told of their rows, lose what they say of the record.

    One that was not saved yet goes whole: without its rows it would say something else.
    """
    wanted = {last for _, last in forgetting.names if last} | forgetting.contacts
    for words in wanted:
        ImportRow.objects.search(words).delete()
    traces = Traces.of(forgetting, redaction)
    for row in Import.objects.exclude(file=""):
        if not holds(row.file.path, wanted):
            continue
        forgetting.files.append((row.file.storage, row.file.name))
        content = redacted(row.file.path, traces) if row.saved_at else None
        if content is None:
            Import.objects.filter(pk=row.pk).update(file="")
            row.rows.all().delete()
            continue
        suffix = "xlsx" if is_zipfile(io.BytesIO(content)) else "csv"
        row.file.save(f"{uuid.uuid4().hex}.{suffix}", ContentFile(content), save=False)
        # A text file is written anew as UTF-8, a spreadsheet with the sheets that it has.
        reading = row.reading | {"encoding": ""}
        Import.objects.filter(pk=row.pk).update(file=row.file.name, reading=reading)
    unsaved = Import.objects.filter(file="", saved_at=None)
    forgetting.rewrite(Import, set(unsaved.values_list("pk", flat=True)), file_name=GONE_FILE)
    unsaved.delete()
