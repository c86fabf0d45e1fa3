"""What the projects keep of a person or of a member of staff, taken away for good.

Attendances, numbers and days of certificates, states of evidence stay: they count.
"""

import zipfile
from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.utils import timezone

from entities.models import Kind, Person, joined_keys
from owes.privacy.leftovers import GONE, forget_account, in_two
from owes.privacy.texts import fill_search_of
from support.models import (
    Attendance,
    CalendarFeed,
    Certificate,
    Declaration,
    Evidence,
    Import,
    ImportRow,
    Membership,
    Project,
    Scan,
    ServiceAdviser,
    StaffMember,
    StaffTraining,
)

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
    _drop_imported(forgetting)


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


def _drop_imported(forgetting: Any) -> None:
    """Files that were imported and hold a name; what they brought is in the records."""
    surnames = {last for _, last in forgetting.names if last}
    for last in surnames:
        ImportRow.objects.search(last).delete()
    for row in Import.objects.exclude(file=""):
        if _holds(row.file, surnames):
            forgetting.files.append((row.file.storage, row.file.name))
            Import.objects.filter(pk=row.pk).update(file="")
            row.rows.all().delete()
    # Without its file one that was not saved is nothing.
    unsaved = Import.objects.filter(file="", saved_at=None)
    forgetting.rewrite(Import, set(unsaved.values_list("pk", flat=True)), file_name=GONE_FILE)
    unsaved.delete()


def _holds(file: Any, words: Collection[str]) -> bool:
    with file.open("rb") as content:
        if zipfile.is_zipfile(content):
            with zipfile.ZipFile(content) as package:
                texts = [package.read(name) for name in package.namelist()]
        else:
            content.seek(0)
            texts = [content.read()]
    spelt = {word.encode(code, "ignore") for word in words for code in ("utf-8", "cp1250")}
    return any(word in text for text in texts for word in spelt)


def documents_kept(record: Any) -> list[tuple[str, Any]]:
    """`(project, until)` of those in which the record has documents that must still be kept.

    None stands for a day that nobody wrote yet.
    """
    of = Q()
    for rows in _projects_of(record):
        of |= Q(pk__in=rows)
    today = timezone.localdate()
    kept = Project.objects.filter(
        of, Q(documents_kept_until=None) | Q(documents_kept_until__gte=today)
    )
    return list(kept.order_by("slug").values_list("name", "documents_kept_until"))


def _projects_of(record: Any) -> list[Any]:
    """Querysets of the keys of projects, each by another kind of records."""
    if isinstance(record, Person):
        keys = joined_keys(Kind.PERSON, record.pk)
        attended = Attendance.objects.filter(person__in=keys).order_by()
        own = [
            model.objects.filter(person__in=keys).order_by().values("project")
            for model in (Declaration, Certificate, Evidence)
        ]
        return [attended.values("session__service__project"), *own]
    is_member = isinstance(record, StaffMember)
    members = StaffMember.objects.filter(**{"pk" if is_member else "user": record.pk})
    led = ServiceAdviser.objects.filter(staff_member__in=members.order_by().values("pk"))
    trained = StaffTraining.objects.filter(staff_member__in=members.order_by().values("pk"))
    user = record.user_id if is_member else record.pk
    return [
        led.order_by().values("service__project"),
        trained.order_by().values("project"),
        Membership.objects.filter(user=user).order_by().values("project"),
    ]
