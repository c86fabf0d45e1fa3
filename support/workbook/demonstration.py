"""The demonstration: invented records, read by the importer and completed, and accounts.

The files in `demo/` hold cells as people type them. No record is of a real organisation.
"""

import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from entities.models import (
    Entity,
    EntityActivity,
    LocalGovernment,
    Person,
    SocialEnterpriseStatus,
)
from owes.models import Centre, User
from owes.periods import Period
from support.certificates import earned
from support.models import (
    Activity,
    Attendance,
    Certificate,
    Declaration,
    Enrolment,
    Membership,
    MonthlySheet,
    Project,
    Recipient,
    Service,
    ServiceAdviser,
    ServiceType,
    Session,
    StaffMember,
)
from support.workbook import contract
from support.workbook.demonstration_evidence import LATELY, add_evidence, sign_cards
from support.workbook.demonstration_history import date_history
from support.workbook.files import read_csv_folder
from support.workbook.importing import save_book
from support.workbook.reader import read_book
from support.workbook.writing import Writer

FOLDER = Path(__file__).parent / "demo"
PROJECT = "sputnik-ii"
CENTRE = "OWES Płock"
REASON = "dane przykładowe"
PASSWORD = "sputnik-demo-2024"

ADVISER = "doradca@demo.example.org"
COORDINATOR = "koordynator@demo.example.org"
# Address, name, role in the project; the administrator has none.
ACCOUNTS = [
    (ADVISER, "Ewa Piórkowska", Membership.Role.STAFF),
    (COORDINATOR, "Kinga Łącka", Membership.Role.COORDINATOR),
    ("wglad@demo.example.org", "Teresa Wierzbicka", Membership.Role.AUDITOR),
    ("admin@demo.example.org", "Paweł Żbikowski", None),
]


def is_loaded() -> bool:
    return User.objects.filter(email__in=[email for email, *_ in ACCOUNTS]).exists()


@transaction.atomic
def load(began: datetime) -> None:
    """Loads the whole demonstration into an empty register.

    History that was written since it `began` is dated as the records are.
    """
    project = Project.objects.get(slug=PROJECT)
    additions = read_additions()
    tables = read_csv_folder(FOLDER)
    _put_back(tables, additions["late_changes"])
    book = read_book(tables)
    if book.errors:
        raise ValueError("\n".join(str(error) for error in book.errors))
    save_book(book, project, REASON)
    Centre.objects.create(name=CENTRE, asks_second_factor=False)
    _create_accounts(project)
    _complete_project(project, additions)
    _complete_entities(project, additions)
    _complete_staff(additions)
    _complete_services(project, additions)
    for given in additions["returned"]:
        _add_returned_service(project, given)
    _issue_certificates(project, additions)
    _hand_in_hours(project, additions)
    _sign_declarations(project, additions)
    writer = Writer(REASON)
    coordinator = User.objects.get(email=COORDINATOR)
    adviser = User.objects.get(email=ADVISER)
    add_evidence(project, adviser, coordinator, writer, until=project.ends_on)
    sign_cards(project, writer, before=project.ends_on - LATELY)
    date_history(project, began)


def read_additions() -> dict[str, Any]:
    return json.loads((FOLDER / "additions.json").read_text(encoding="utf-8"))


def _put_back(tables: dict[str, Any], late_changes: list[dict[str, Any]]) -> None:
    """Makes the sheets what they were before the late changes, which `change_late` makes."""
    for given in late_changes:
        header, *rows = tables[given["sheet"]]
        key = [header.index(title) for title in given["row"]]
        row = next(row for row in rows if [row[i] for i in key] == list(given["row"].values()))
        if "was" in given:
            for title, cell in given["was"].items():
                row[header.index(title)] = cell
        else:
            tables[given["sheet"]].remove(row)


def change_late(given: dict[str, Any], moment: datetime) -> None:
    """Mends a record as somebody did after a report was closed."""
    row: Any
    if given["sheet"] == contract.ATTENDANCES.name:
        day = date.fromisoformat(given["row"]["Data"])
        row = Attendance(
            session=Session.objects.get(service__code=given["row"]["Usługa"], day=day),
            person=Person.objects.get(code=given["row"]["Osoba"]),
            entity=Entity.objects.get(code=given["row"]["Podmiot"]),
        )
    else:
        row = Entity.objects.get(code=given["row"]["Kod"])
        row.seat = LocalGovernment.objects.get(code=given["seat"])
    row._history_user, row._history_date = User.objects.get(email=COORDINATOR), moment
    row.save()


def _create_accounts(project: Project) -> None:
    password = make_password(PASSWORD)
    for email, name, role in ACCOUNTS:
        user = User.objects.create(
            email=email, name=name, password=password, is_administrator=role is None
        )
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        if role:
            Membership.objects.create(user=user, project=project, role=role)
        member = StaffMember.objects.filter(folded_name=StaffMember.key(name)).first()
        if member:
            member.user = user
            _save(member)


def _save(row: Any) -> None:
    row._change_reason = REASON
    row.save()


def _complete_project(project: Project, additions: dict[str, Any]) -> None:
    for name, value in additions["project"].items():
        setattr(project, name, value)
    _save(project)


def _sign_declarations(project: Project, additions: dict[str, Any]) -> None:
    for code, day in additions["declarations"].items():
        _save(Declaration(project=project, person=Person.objects.get(code=code), signed_on=day))


def _complete_entities(project: Project, additions: dict[str, Any]) -> None:
    entities = {entity.code: entity for entity in Entity.objects.all()}
    governments = additions["local_government_units"]
    for code, government in governments.items():
        entities[code].local_government = LocalGovernment.objects.get(code=government)
    for code, predecessor in additions["predecessors"].items():
        entities[code].predecessor = entities[predecessor]
    for code in {*governments, *additions["predecessors"]}:
        _save(entities[code])
    for given in additions["activities"]:
        entity = entities[given["entity"]]
        _save(EntityActivity(entity=entity, kind=given["kind"], since=given["since"]))
    for status in SocialEnterpriseStatus.objects.all():
        status.granting_body = additions["granting_bodies"][status.basis]
        _save(status)
    for given in additions["left"]:
        enrolment, _ = Enrolment.objects.get_or_create(
            project=project, entity=entities[given["entity"]]
        )
        enrolment.left_on, enrolment.reason = given["left_on"], given["reason"]
        _save(enrolment)


def _complete_staff(additions: dict[str, Any]) -> None:
    for name, day in additions["staff_active_from"].items():
        member = StaffMember.objects.get(folded_name=StaffMember.key(name))
        member.active_from = day
        _save(member)


def _complete_services(project: Project, additions: dict[str, Any]) -> None:
    wanted = {code: dict(texts) for code, texts in additions["services"].items()}
    for code, number in additions["head_counts"].items():
        wanted.setdefault(code, {})["head_count"] = number
    for code, day in additions["signed"].items():
        wanted.setdefault(code, {})["signed_on"] = day
    for service in Service.objects.filter(project=project, code__in=wanted):
        for name, value in wanted[service.code].items():
            setattr(service, name, value)
        _save(service)


def _add_returned_service(project: Project, given: dict[str, str]) -> None:
    """A service entered, submitted and sent back, as users of the program do it."""
    adviser = User.objects.get(email=ADVISER)
    day = date.fromisoformat(given["day"])
    entity = Entity.objects.get(code=given["entity"])
    service = Service(
        project=project,
        code=Service.new_code(project, day.year),
        type=ServiceType.objects.get(name=given["type"]),
        topic=given["topic"],
        activity=Activity.objects.filter(project=project).named(given["activity"]),
        mode=given["mode"],
        created_by=adviser,
    )
    _save(service)
    session = Session(service=service)
    session.set_term(day, time.fromisoformat(given["start"]), time.fromisoformat(given["end"]))
    _save(session)
    _save(Recipient(service=service, entity=entity))
    member = StaffMember.objects.get(folded_name=StaffMember.key(given["adviser"]))
    _save(ServiceAdviser(service=service, staff_member=member))
    person = Person.objects.get(code=given["person"])
    _save(Attendance(session=session, person=person, entity=entity))
    service.submit(by=adviser)
    service.send_back(by=User.objects.get(email=COORDINATOR), reason=given["reason"])


def _issue_certificates(project: Project, additions: dict[str, Any]) -> None:
    """Issues certificates to all who qualify; one is cancelled, to show how that looks."""
    coordinator = User.objects.get(email=COORDINATOR)
    for given in additions["certificates"]:
        service = project.services.select_related("type", "project").get(code=given["service"])
        issued_on = date.fromisoformat(given["issued_on"])
        issue = {"issued_on": issued_on, "issued_by": coordinator, "scope": given["scope"]}
        sessions = list(service.sessions.all())
        ready = [presence for presence in earned.of_service(service) if presence.is_ready]
        Certificate.issue([earned.draft(row, service, sessions, **issue) for row in ready])
    given = additions["cancelled_certificate"]
    certificate = project.certificates.get(year=given["year"], ordinal=given["number"])
    certificate.cancel(coordinator, given["reason"])


def _hand_in_hours(project: Project, additions: dict[str, Any]) -> None:
    """Hands in some months, to show each state on the list."""
    coordinator = User.objects.get(email=COORDINATOR)
    for given in additions["monthly_sheets"]:
        member = StaffMember.objects.get(folded_name=StaffMember.key(given["staff"]))
        month = Period.of_month(date.fromisoformat(given["month"]))
        sheet = MonthlySheet.of(project, member, month)
        sheet.submit(member.user)
        if given["state"] == MonthlySheet.State.APPROVED:
            sheet.approve(coordinator)
        elif given["state"] == MonthlySheet.State.RETURNED:
            sheet.send_back(coordinator, given["reason"])
