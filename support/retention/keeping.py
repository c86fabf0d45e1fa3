"""Why the data of people and staff stay: documents of their projects, a hold, work that goes on.

Asked of any number of records at once.
"""

from django.db.models import Q
from django.utils import timezone

from entities.models import Person
from owes.formatting import day
from owes.models import User
from owes.privacy.keeping import Kept
from support.models import (
    Attendance,
    Certificate,
    Declaration,
    Evidence,
    LegalHold,
    Membership,
    MonthlySheet,
    Project,
    ServiceAdviser,
    StaffMember,
    StaffTraining,
)

# Rows by which a record takes part in a project: `(rows, way to the record, way to the project)`.
PARTS = {
    Person: [
        (Attendance, "person", "session__service__project"),
        (Declaration, "person", "project"),
        (Certificate, "person", "project"),
        (Evidence, "person", "project"),
    ],
    StaffMember: [
        (ServiceAdviser, "staff_member", "service__project"),
        (StaffTraining, "staff_member", "project"),
        (MonthlySheet, "staff_member", "project"),
        (Membership, "user__staff_member", "project"),
    ],
    User: [
        (ServiceAdviser, "staff_member__user", "service__project"),
        (StaffTraining, "staff_member__user", "project"),
        (MonthlySheet, "staff_member__user", "project"),
        (Membership, "user", "project"),
    ],
}


def parts(model, **narrowed):
    """`{(key of a record, key of a project)}` of a `project` or `record__in`; a query each."""
    found = set()
    for rows, to_record, to_project in PARTS[model]:
        ways = {"record__in": f"{to_record}__in", "project": to_project}
        asked = {ways[name]: value for name, value in narrowed.items()}
        pairs = rows.objects.filter(**asked).exclude(**{to_record: None}).order_by()
        found.update(pairs.values_list(to_record, to_project).distinct())
    return found


def documents_kept(on, to_project=""):
    """The condition that documents of a project must be kept: also while nobody wrote how long."""
    until = f"{to_project}documents_kept_until"
    return Q(**{until: None}) | Q(**{f"{until}__gte": on})


def kept(model, keys, on):
    """Yields `(key, Kept)` for each reason of each record."""
    pairs = parts(model, record__in=keys)
    reasons = _reasons_of_projects({project for _, project in pairs}, on)
    for key, project in sorted(pairs):
        yield from ((key, reason) for reason in reasons.get(project, []))
    yield from _working(model, keys, on)


def _reasons_of_projects(keys, on):
    reasons = {}
    for project in Project.objects.filter(documents_kept(on), pk__in=keys).order_by("slug"):
        reasons[project.pk] = [Kept(_documents(project))]
    for hold in LegalHold.objects.in_force().filter(project__in=keys).select_related("project"):
        since = day(timezone.localdate(hold.since))
        sentence = f"{hold.project}: usuwanie danych wstrzymano {since}."
        reasons.setdefault(hold.project_id, []).append(Kept(sentence, is_hold=True))
    return reasons


def _documents(project):
    if project.documents_kept_until is None:
        return f"{project}: nie wpisano dnia, do którego przechowuje się dokumenty."
    return f"{project}: dokumenty przechowuje się do {day(project.documents_kept_until)}."


def _working(model, keys, on):
    """Staff without a last day of work, and accounts that still sign in."""
    if model is StaffMember:
        members = StaffMember.objects.filter(pk__in=keys).order_by("pk")
        stays = members.filter(Q(active_until=None) | Q(active_until__gte=on))
        for key in stays.values_list("pk", flat=True):
            yield key, Kept("Nadal w kadrze: koniec pracy nie jest wpisany albo nie nadszedł.")
        accounts = members.filter(user__is_active=True).values_list("pk", flat=True)
    elif model is User:
        accounts = User.objects.filter(pk__in=keys, is_active=True).values_list("pk", flat=True)
    else:
        return
    for key in accounts.order_by("pk"):
        yield key, Kept("Konto jest czynne.")
