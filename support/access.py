"""Who may do what: the roles of a project as predicates of `rules`, asked by `user.has_perm`.

A permission without an object is about the register as a whole; with an object it is about that
row. Registers of entities, people and local governments belong to no project: any staff or
coordinator of any project works on them, an auditor reads the records that the numbers of a
project are made of.
"""

from copy import copy

import rules
from django.core.exceptions import PermissionDenied
from django.http import Http404

from entities.models import LocalGovernment, Person
from support.models import Attendance, Evidence, Membership, MonthlySheet, Project, Service

Role = Membership.Role
WORKING = {Role.STAFF, Role.COORDINATOR}


def projects_of(user):
    """All that the user may open, those in the archive last; one query a request."""
    if not user.is_authenticated or not user.is_active:
        return []
    if not hasattr(user, "_projects"):
        user._projects = list(Project.objects.of_user(user).with_membership_of(user))
    return user._projects


def roles(user):
    """`{project id: role}` of the user's active memberships."""
    return {project.pk: project.own_role for project in projects_of(user) if project.own_role}


def is_asked_for_second_factor(user):
    """Whoever decides about a project, looks into it for its funder, or makes accounts."""
    trusted = {Role.COORDINATOR, Role.AUDITOR}
    return user.is_administrator or bool(trusted & set(roles(user).values()))


def reads_texts(user, slug=None):
    """Whether free texts are shown: to people who work in the project of the address.

    On a page of no project they are shown, like people's names, to people who work in any.
    """
    own = {project.own_role for project in projects_of(user) if slug in (None, project.slug)}
    return bool(WORKING & own)


def project_for(user, slug, permission="support.view_project"):
    """The project of the address; 404 to strangers, 403 to those who may not do this in it.

    A copy of its own: a form that is refused leaves what was typed in it.
    """
    project = next((each for each in projects_of(user) if each.slug == slug), None)
    if project is None:
        raise Http404
    demand(user, permission, project)
    return copy(project)


def changes_nothing(view):
    """Marks an action that is let through in a project of the archive: it changes no record."""
    view.changes_nothing = True
    return view


def demand(user, permission, row=None):
    if not user.has_perm(permission, row):
        raise PermissionDenied


def _project_of(row):
    """The id of the project a row belongs to; None where there is none, and then nobody may."""
    return row.pk if isinstance(row, Project) else getattr(row, "project_id", None)


@rules.predicate
def works_somewhere(user):
    return bool(WORKING & set(roles(user).values()))


@rules.predicate
def coordinates_somewhere(user):
    return Role.COORDINATOR in roles(user).values()


@rules.predicate
def belongs_somewhere(user):
    return bool(roles(user))


@rules.predicate
def is_administrator(user):
    return user.is_active and user.is_administrator


@rules.predicate
def works_on(user, row):
    return roles(user).get(_project_of(row)) in WORKING


@rules.predicate
def coordinates(user, row):
    return roles(user).get(_project_of(row)) == Role.COORDINATOR


@rules.predicate
def audits(user, row):
    return roles(user).get(_project_of(row)) == Role.AUDITOR


@rules.predicate
def is_being_set_up(user, project):
    return isinstance(project, Project) and project.is_being_set_up


@rules.predicate
def belongs_to(user, row):
    return _project_of(row) in roles(user)


@rules.predicate
def owns(user, service):
    return isinstance(service, Service) and service.is_own(user)


@rules.predicate
def is_editable(user, service):
    return isinstance(service, Service) and service.is_editable


@rules.predicate
def is_approved(user, service):
    return isinstance(service, Service) and service.is_approved


@rules.predicate
def added(user, evidence):
    return isinstance(evidence, Evidence) and evidence.added_by_id == user.pk


@rules.predicate
def is_released(user, evidence):
    return isinstance(evidence, Evidence) and evidence.is_released


@rules.predicate
def worked(user, sheet):
    return isinstance(sheet, MonthlySheet) and sheet.staff_member.user_id == user.pk


@rules.predicate
def handed_in(user, sheet):
    return isinstance(sheet, MonthlySheet) and sheet.submitted_by_id == user.pk


@rules.predicate
def stands_behind_numbers(user, row):
    """Whether a record of the registers took part in what the user may see of a project."""
    if row is None:
        return False
    projects = list(roles(user))
    services = Service.objects.visible_to(user).order_by().values("pk")
    attended = Attendance.objects.filter(session__service__in=services)
    match row:
        case Person():
            return attended.filter(person=row).exists()
        case LocalGovernment():
            return row.partnerships.filter(project__in=projects).exists()
    return (
        row.services.filter(pk__in=services).exists()
        or row.adoptions.filter(project__in=projects).exists()
        # A new entity may count by what was done for the group it grew from.
        or attended.filter(entity__in=[row.pk, row.founding_group_id]).exists()
    )


for noun in ("entity", "person", "localgovernment"):
    rules.add_perm(
        f"entities.view_{noun}", works_somewhere | (belongs_somewhere & stands_behind_numbers)
    )
# Powiats and voivodeships of Poland, to choose the area of a project from.
rules.add_perm("entities.choose_area", works_somewhere | is_administrator)
for noun in ("entity", "person"):
    rules.add_perm(f"entities.add_{noun}", works_somewhere)
    rules.add_perm(f"entities.change_{noun}", works_somewhere)
    rules.add_perm(f"entities.merge_{noun}", coordinates_somewhere)
# What every page shows of the centre.
rules.add_perm("owes.change_centre", is_administrator)
rules.add_perm("owes.view_backups", is_administrator)
rules.add_perm("owes.view_program_state", is_administrator)
# Names and contacts of people; without it a person is a code, K or M, an entity and a day.
rules.add_perm("entities.see_names", works_somewhere)
# What is kept of people and why; taking the data of somebody out.
rules.add_perm("owes.view_personal_data_register", coordinates_somewhere | is_administrator)
# A file of all data of a person, with names; a restriction of their use.
rules.add_perm("entities.serve_person", coordinates_somewhere)
rules.add_perm("owes.anonymise", coordinates_somewhere | is_administrator)
# The days until which the documents of projects are kept, and what comes after them.
rules.add_perm("support.list_retention", coordinates_somewhere | is_administrator)
# Who saw a person's data; what an account saw, for a report of a breach.
rules.add_perm("entities.view_looks", coordinates_somewhere | is_administrator)
rules.add_perm("entities.view_account_looks", is_administrator)
# The registers as lists; an auditor comes to a record only from the numbers of a project.
rules.add_perm("entities.list_registers", works_somewhere)

rules.add_perm("support.view_project", belongs_to | is_administrator)
rules.add_perm("support.change_project", coordinates)
rules.add_perm("support.add_project", coordinates_somewhere | is_administrator)
# What an administrator does first in a new installation.
rules.add_perm("support.start_installation", is_administrator)
# The steps of a new project; an administrator takes them too, until it has records.
rules.add_perm("support.set_up_project", (coordinates | is_administrator) & is_being_set_up)
# To copy it, to put it into the archive, to remove it, to end the keeping of its personal data.
rules.add_perm("support.keep_project", coordinates | is_administrator)
rules.add_perm("support.change_team", coordinates | is_administrator)
# The account itself, its name and address: it is the same in every project.
rules.add_perm("support.change_accounts", is_administrator)
rules.add_perm("support.change_dictionaries", coordinates_somewhere | is_administrator)
rules.add_perm("support.add_record", works_on)
rules.add_perm("support.view_record", belongs_to)
# Free texts; other users only see that there is one: see `owes.free_text`.
rules.add_perm("support.read_texts", works_on)
# Services that are not approved are internal to the centre.
rules.add_perm("support.view_service", works_on | (belongs_to & is_approved))
rules.add_perm("support.change_service", is_editable & (coordinates | (works_on & owns)))
rules.add_perm("support.submit_service", is_editable & (coordinates | (works_on & owns)))
# The author may withdraw until it is judged; the coordinator returns it with a reason.
rules.add_perm("support.withdraw_service", works_on & owns)
rules.add_perm("support.approve_service", coordinates)
rules.add_perm("support.issue_certificate", coordinates | (works_on & owns))
rules.add_perm("support.cancel_certificate", coordinates)
# Papers that carry people's names, and the register of certificates.
rules.add_perm("support.print_papers", works_on)
# Hours are seen by the member of staff and the coordinator only.
for act in ("view", "submit"):
    rules.add_perm(f"support.{act}_monthlysheet", coordinates | (works_on & worked))
rules.add_perm("support.withdraw_monthlysheet", works_on & (worked | handed_in))
rules.add_perm("support.approve_monthlysheet", coordinates)
rules.add_perm("support.import_records", coordinates)
# Staff may cancel what they have not submitted; it stays visible with the reason.
rules.add_perm("support.cancel_service", coordinates | (is_editable & works_on & owns))
rules.add_perm("support.sign_service", coordinates | (works_on & owns))
for noun in ("partnership", "adoption", "stafftraining"):
    rules.add_perm(f"support.change_{noun}", works_on)
# Everybody in the project sees the list of evidence with its states. Files are full of names, so
# an auditor opens only those that the coordinator released.
rules.add_perm("support.view_evidence", belongs_to)
rules.add_perm("support.open_evidence", works_on)
rules.add_perm("support.download_evidence", works_on | (belongs_to & is_released))
rules.add_perm("support.release_evidence", coordinates)
rules.add_perm("support.add_evidence", works_on)
rules.add_perm("support.judge_evidence", coordinates)
rules.add_perm("support.withdraw_evidence", coordinates | (works_on & added))

rules.add_perm("indicators.view_indicators", belongs_to)
rules.add_perm("indicators.make_report", belongs_to)
# A draft is internal to the centre until it is closed.
rules.add_perm("indicators.view_draft_report", works_on)
rules.add_perm("indicators.write_report", coordinates)
rules.add_perm("indicators.close_report", coordinates)
# A package may hold files full of names, and its page the key to the numbers of people.
rules.add_perm("indicators.make_package", coordinates)
# The auditor gets packages whose files are all released, and never the key.
rules.add_perm("indicators.view_package", coordinates | audits)
rules.add_perm("indicators.change_target", coordinates)
rules.add_perm("indicators.change_projectindicator", coordinates)
# Data control names people and mistakes; it is internal to the centre, not for the funder.
rules.add_perm("indicators.view_checks", works_on)
rules.add_perm("indicators.accept_finding", coordinates)
rules.add_perm("indicators.view_control", works_on)
rules.add_perm("indicators.change_control", coordinates)
