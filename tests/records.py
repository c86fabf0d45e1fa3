"""Every kind of record twice: as poor as the program lets in, and as full as its columns hold."""

import io
from collections import defaultdict
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import count

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone
from PIL import Image

from entities.models import (
    Entity,
    EntityActivity,
    LocalGovernment,
    Merge,
    NotDuplicate,
    Person,
    Representation,
    Restriction,
    SocialEnterpriseStatus,
    TerytCode,
)
from indicators.catalogue import CONTRACT
from indicators.checks.running import RUN
from indicators.closing import closing
from indicators.models import (
    WORKED_OUT,
    AcceptedFinding,
    CheckRun,
    ControlledDocument,
    ControlledRecord,
    IndicatorRule,
    Milestone,
    Package,
    ProjectIndicator,
    Report,
    ReportChange,
    ReportCost,
    ReportLine,
    ReportRecord,
    ReportSource,
    ReportText,
    Target,
    TrialControl,
)
from indicators.reference import add_indicators
from owes.models import (
    Anonymisation,
    Backup,
    Centre,
    FormDraft,
    Job,
    Look,
    LookedAt,
    Tombstone,
    User,
)
from support.models import (
    AcceptedWarning,
    Activity,
    Adoption,
    AdoptionKind,
    AdoptionService,
    Attendance,
    CalendarFeed,
    Certificate,
    ColumnMapping,
    Declaration,
    Enrolment,
    Evidence,
    EvidenceRequirement,
    Import,
    ImportRow,
    LegalHold,
    Membership,
    MonthlySheet,
    Partnership,
    PartnershipEntity,
    PasteBatch,
    Project,
    Recipient,
    Scan,
    Service,
    ServiceAdviser,
    ServiceTheme,
    ServiceType,
    Session,
    StaffMember,
    StaffTraining,
    Subject,
    Theme,
)
from support.models.session import local_moment
from tests.factories import jst, sputnik
from tests.indicators.given import DAY
from tests.indicators.rules import CODES

# Nothing of them is shown: a number given last, the mark of a form that was saved.
UNSHOWN = {
    "owes.Sequence",
    "owes.Submission",
    "owes.TryCount",
    "owes.Device",
    "owes.Session",
    "owes.ChainShape",
    "owes.ChainLink",
    *(model._meta.label for model in WORKED_OUT),
}
LONGEST_TEXT = 3000
WORDS = "Zażółć gęślą jaźń „Łódź” <b>R&D</b> i w Przedsiębiorczość-Społeczna "


def kinds():
    """The labels of the models of the program whose rows a page may show."""
    names = ("owes", "entities", "support", "indicators")
    found = {
        model._meta.label
        for name in names
        for model in apps.get_app_config(name).get_models()
        if "Historical" not in model.__name__
    }
    return found - UNSHOWN


def new_slug(slug):
    """The project beside another one that is still being set up: it has no records."""
    return f"{slug}-nowy"


class Records:
    """The records of one project; `made` keeps them by model.

    Of a poor one a column that may be empty is; of a full one no column is empty, and no text
    could be longer.
    """

    def __init__(self, slug, is_full):
        self.is_full, self.slug = is_full, slug
        self.made = defaultdict(list)
        self.number = count(1)

    def make(self, model, /, **given):
        names = set(given) | {name.removesuffix("_id") for name in given}
        values = {
            field.name: self._value(field)
            for field in model._meta.concrete_fields
            if not field.primary_key and field.name not in names
        }
        row = model(**values | given)
        row.save()
        self.made[model].append(row)
        return row

    def make_of(self, model, name, choices, **given):
        """One for each of the choices of a column."""
        return [self.make(model, **{name: choice}, **given) for choice in choices]

    def one(self, model):
        """The first of the model, made when there is none."""
        return self.made[model][0] if self.made[model] else self.make(model)

    def _value(self, field):
        if field.has_default() and (not self.is_full or not isinstance(field, models.CharField)):
            return field.get_default()
        if field.null and (not self.is_full or field.related_model is field.model):
            return None
        if field.choices and (self.is_full or not field.blank):
            return max(field.choices, key=lambda choice: len(choice[1]))[0]
        if field.is_relation:
            return self.one(field.related_model)
        for kind, value in (
            (models.FileField, self._file),
            (models.CharField, self._text),
            (models.TextField, self._text),
            (models.DecimalField, lambda field: Decimal("99999.99")),
            (models.IntegerField, lambda field: 99_999 if field.null else 1),
            (models.DateTimeField, lambda field: timezone.now()),
            (models.DateField, lambda field: DAY),
        ):
            if isinstance(field, kind):
                return value(field)
        raise TypeError(f"No value for {field}: say what its poorest and fullest are.")

    def _file(self, field):
        if self.is_full and field.name == "logotype_strip":
            picture = io.BytesIO()
            Image.new("RGB", (60, 10)).save(picture, "PNG")
            return ContentFile(picture.getvalue(), name="pasek.png")
        empty = field.blank and not self.is_full
        return "" if empty else ContentFile(b"%PDF-1.4\n", name="plik.pdf")

    def _text(self, field):
        if field.blank and not self.is_full:
            return ""
        length, number = field.max_length or LONGEST_TEXT, next(self.number)
        match field.name:
            case "sha256" | "official_sha256" | "digest":
                return f"{number + 10**6 * self.is_full:064x}"
            case "file_name":
                return self._long(number, length - 4) + ".pdf"
            case "email":
                return f"{self._long(number, length - 12, 'a', 'a')}@example.org"
            case "folded_name":  # filled from the name
                return ""
        return self._long(number, length)

    def _long(self, number, length, words=WORDS, end="ż"):
        if not self.is_full:
            return f"{self.slug[0]}{number}"[:length]
        # It ends with no part of a word: a line of print may not end with "i" or "w".
        return f"{self.slug[0]}{number}{words * (length // len(words) + 1)}"[: length - 1] + end


def records_of(slug, user, *, is_full):
    """A project with a record of every kind; those who sign in are its members."""
    records = Records(slug, is_full)
    records.made[User].append(user)
    for part in (_registers, _project, _services, _cooperation, _papers, _reports):
        part(records)
    records.make_of(
        Job,
        "state",
        Job.State,
        kind="indicator_report",
        params={"project": slug, "start": "2023-01-01", "end": "2023-12-31", "kind": "partial"},
    )
    records.make_of(
        Job,
        "state",
        Job.State,
        kind="papers",
        params={"project": slug, "batch": "cards", "start": "2023-01-01", "end": "2023-12-31"},
    )
    records.make_of(
        Job,
        "state",
        Job.State,
        kind="list_file",
        owner=user,
        params={
            "path": f"/p/{slug}/services/",
            "query": "format=xlsx",
            "title": "Usługi",
            "format": "xlsx",
            "withheld": False,
        },
        finished_at=timezone.now(),
    )
    for row in records.made[Job]:
        if row.state == Job.State.DONE:  # a work that is done has its file
            row.file.save("plik.pdf", ContentFile(b"%PDF-1.4\n"))
    records.make(Centre)
    records.make(Backup, trouble="")
    records.make(Look)
    records.make(LookedAt, person=records.one(Person).pk)
    records.make(Tombstone)
    person = records.one(Person)
    records.make(Anonymisation, model="entities.person", record=person.pk)
    records.make(FormDraft, key=f"/p/{slug}/services/add/", data="")
    return records


def _registers(records):
    full, make = records.is_full, records.make
    powiat = jst("1419")
    if full:
        gmina = make(
            LocalGovernment, code="141999", level="gmina", kind="1", parent=powiat, powiat=powiat
        )
    else:
        gmina = make(LocalGovernment, code="98", level="voivodeship")
    make(TerytCode, code=f"{gmina.code:0<7}"[:7], local_government=gmina)
    group = make(Entity, legal_form="initiative_group", local_government=None)
    relatives = {"founding_group": group, "predecessor": group, "parent": group} if full else {}
    place = {"seat": jst("141908")} if full else {}
    unit = {"local_government": jst("141908")} if full else {}
    entity = make(Entity, legal_form="association", local_government=None, **relatives, **place)
    records.made[Entity].remove(group)
    records.made[Entity].append(group)
    make(Entity, legal_form="local_government_unit", **place, **unit)
    records.make_of(EntityActivity, "kind", EntityActivity.Kind, entity=entity)
    records.make_of(SocialEnterpriseStatus, "basis", SocialEnterpriseStatus.Basis, entity=entity)
    born = {"anonymised_at": None} | ({"birth_year": None} if full else {})
    person, other = make(Person, sex="K", **born), make(Person, sex="M", **born)
    make(Representation, person=person, entity=entity)
    make(Restriction, person=person)
    made = timezone.now()
    for kind, survivor in (("entity", entity), ("person", person)):
        undone = {"undone_at": made, "undone_by": records.one(User)} if full else {}
        make(Merge, kind=kind, survivor_key=survivor.pk, loser_key=10**6 + full, **undone)
    keys = sorted([person.pk, other.pk])
    make(NotDuplicate, kind="person", first_key=keys[0], second_key=keys[1])


def _project(records):
    full, make = records.is_full, records.make
    days = {"starts_on": sputnik().starts_on, "ends_on": sputnik().ends_on}
    project = make(Project, slug=records.slug, archived_on=None, **days)
    if full:
        project.area.set(sputnik().area.all())
    user, role = records.one(User), Membership.Role.COORDINATOR
    make(Membership, user=user, project=project, role=role, last_day=None)
    records.new = make(Project, slug=new_slug(records.slug), archived_on=None, **days)
    make(Membership, user=user, project=records.new, role=role, last_day=None)
    make(LegalHold, project=project)
    make(Activity)
    make(ServiceType)
    make(Theme)
    make(AdoptionKind)
    make(StaffMember)
    make(StaffTraining)
    for entity in records.made[Entity]:
        make(Enrolment, entity=entity)
    make(Declaration)
    for subject in Subject:
        kind = {} if subject == Subject.SERVICE or not full else {"service_type": None}
        make(EvidenceRequirement, subject=subject, **kind)
    make(Target, indicator="pes")
    make(Target, indicator="ps", valid_from=DAY - timedelta(days=1))
    add_indicators(apps, records.one(Project), CONTRACT)
    indicator = make(ProjectIndicator, code="wlasny")
    make(IndicatorRule, indicator=indicator, valid_from=DAY, blocks=[{"block": "trained"}])
    make(Milestone, value=0)


def _services(records):
    full, make = records.is_full, records.make
    named = {kind.name: kind for kind in ServiceType.objects.all()}
    open_event = next(kind for kind in named.values() if kind.is_open_event)
    kinds = [named["doradztwo ogólne"], named["szkolenie"], open_event, records.one(ServiceType)]
    for kind in kinds:
        for state in Service.State:
            if kind in kinds[1:] and state not in (Service.State.DRAFT, Service.State.APPROVED):
                continue  # the states were shown of the first kind
            reason = {} if full or state not in Service.EXPLAINED else {"state_reason": "x"}
            service = make(Service, type=kind, state=state, **reason)
            if full:
                _fill(records, service)
    bare = make(Service, type=kinds[0], state="approved")
    make(Recipient, service=bare)
    make(ServiceAdviser, service=bare)
    make(ServiceTheme, service=bare)
    start = local_moment(DAY, time(9))
    moments = {"starts_at": start, "ends_at": start + timedelta(minutes=1), "minutes": 1}
    session = make(Session, service=bare, day=DAY, break_minutes=0, **moments)
    make(Attendance, session=session, person=records.made[Person][0], state="present")
    service = records.made[Service][0]
    make(AcceptedWarning, service=service)
    make(PasteBatch, service=service)
    make(PasteBatch, service=service, left="x\nx")
    for member in (None, records.one(StaffMember)) if full else (None,):
        feed, token = CalendarFeed.make(
            user=records.one(User), project=records.one(Project), staff_member=member
        )
        feed.token = token
        records.made[CalendarFeed].append(feed)


def _fill(records, service):
    """All links, a session on each of two days, the longest name of a person in each state."""
    for entity in records.made[Entity]:
        records.make(Recipient, service=service, entity=entity)
    records.make(ServiceAdviser, service=service)
    records.make(ServiceTheme, service=service)
    for number in range(2):
        day = DAY + timedelta(days=number)
        start = local_moment(day, time(9))
        moments = {"starts_at": start, "ends_at": start + timedelta(hours=6), "minutes": 345}
        session = records.make(Session, service=service, day=day, break_minutes=15, **moments)
        states = [Attendance.State.PRESENT, list(Attendance.State)[number]]
        for person, state in zip(records.made[Person], states, strict=True):
            records.make(Attendance, session=session, person=person, state=state)


EXPLAINED = (Evidence.State.REFUSED, Evidence.State.WITHDRAWN)


def _cooperation(records):
    full, make = records.is_full, records.make
    user, entity = records.one(User), records.made[Entity][0]
    partnership = make(Partnership, local_government=jst("141908"))
    adoption = make(Adoption, entity=entity, kind_id="digital")
    if full:
        make(PartnershipEntity)
        make(AdoptionService, service=records.made[Service][-1])
    records.make_of(Scan, "state", Scan.State)
    subjects = {
        Subject.SERVICE: records.made[Service][0],
        Subject.PARTNERSHIP: partnership,
        Subject.ADOPTION: adoption,
        Subject.STAFF_TRAINING: records.one(StaffTraining),
        Subject.STATUS: records.one(SocialEnterpriseStatus),
        Subject.ENTITY: entity,
        Subject.PERSON: records.one(Person),
    }
    nothing = dict.fromkeys([subject.value for subject in Subject])
    states = list(Evidence.State)
    for number, (subject, row) in enumerate(subjects.items()):
        state = states[number % len(states)]
        is_verified = state == Evidence.State.VERIFIED
        released = {"released_by": user, "released_at": timezone.now()} if is_verified else {}
        if not full or not released:
            released = {"released_by": None, "released_at": None}
        why = {} if full or state not in EXPLAINED else {"reason": "x"}
        make(Evidence, state=state, **nothing | {subject.value: row}, **released, **why)
    if not full:
        make(PartnershipEntity, partnership=make(Partnership, local_government=jst("141902")))
        make(AdoptionService, adoption=make(Adoption, entity=entity, kind_id="eco"))


def _rows_of_import(make, sent, full):
    for outcome in ImportRow.Outcome if full else ["unchanged"]:
        changes = [["nazwa", "x" * 900 * full, ""]] if outcome == "changed" else []
        make(ImportRow, of=sent, outcome=outcome, changes=changes)


def _papers(records):
    full, make = records.is_full, records.make
    for register in ("", "entities"):
        for state in Import.State:
            result = (
                {"errors": [ERROR | {"value": "x" * 900 * full}]} if state == "refused" else {}
            )
            sent = make(Import, register=register, state=state, result=result)
            _rows_of_import(make, sent, full)
    make(ColumnMapping, register="people")
    member = records.one(StaffMember)
    rows = MonthlySheet(project=records.one(Project), staff_member=member, month=date(2023, 3, 1))
    for number, state in enumerate(MonthlySheet.State):
        reason = {} if full or state != "returned" else {"state_reason": "x"}
        sheet = make(MonthlySheet, month=date(2023, 3 + number, 1), state=state, **reason)
        assert sheet.kept_rows == []
    kept = [row.__dict__ for row in rows.current_rows()]
    MonthlySheet.objects.filter(project=records.one(Project), month=rows.month).update(
        kept_rows=kept, state=MonthlySheet.State.APPROVED
    )
    issued = {"starts_on": DAY, "ends_on": DAY, "issued_on": DAY, "year": DAY.year}
    issued |= {"minutes": 1, "total_minutes": 1, "threshold": 80}
    cancelled = {
        "cancelled_at": timezone.now(),
        "cancelled_by": records.one(User),
        "cancel_reason": "x" * (500 if full else 1),
    }
    valid = {"cancelled_at": None, "cancelled_by": None, "cancel_reason": ""}
    make(Certificate, ordinal=1, **issued, **valid)
    make(Certificate, ordinal=2, **issued, **cancelled)


ERROR = {"sheet": None, "row": None, "column": None, "kind": "x", "message": "x", "value": None}


def _reports(records):
    full, make = records.is_full, records.make
    if full:
        unfinished = make(TrialControl, on=DAY, finished_by=None, finished_at=None)
        make(ControlledDocument, record=make(ControlledRecord, control=unfinished))
    control = make(
        TrialControl,
        on=DAY,
        counted={code: {"target": None, "records": {}} for code in CODES},
        **{} if full else {"finished_by": None, "finished_at": None},
    )
    named = {"entity": ("entity", records.made[Entity][0].pk), "": ("", None)}
    for number, code in enumerate(CODES):
        record = make(ControlledRecord, control=control, indicator=code)
        subject, key = named["entity" if full and number else ""]
        for verdict in ControlledDocument.Verdict if full else [""]:
            make(
                ControlledDocument,
                record=record,
                subject=subject,
                subject_key=key,
                verdict=verdict,
                proves=f"{code}:{record.code}"[:250],
            )
    make(AcceptedFinding, check_code="V01", record=f"service:{records.made[Service][0].pk}")
    make(CheckRun)
    own = f"{RUN}:{records.one(Project).pk}:0"
    make(Job, kind=RUN, key=own, state=Job.State.QUEUED)
    days = {"starts_on": date(2023, 1, 1), "ends_on": date(2023, 12, 31)}
    draft = {"closed_by": None, "closed_at": None, "sent_on": None, "number": "", "file": ""}
    draft |= {"closing_reason": "", "official_file": "", "sha256": "", "official_sha256": ""}
    for kind in Report.Kind:
        make(Report, state="draft", kind=kind, **days | draft, corrects=None)
    report = records.one(Report)
    make(ReportText, report=report, part="durable")
    make(ReportCost, report=report)
    for source in ReportSource.Source if full else ():
        make(ReportSource, report=report, source=source)
    make(ReportSource, report=records.made[Report][1])
    closed = closing.close(records.made[Report][0], records.one(User), "x")
    records.made[ReportLine] += closed.lines.all()
    records.made[ReportRecord] += ReportRecord.objects.filter(line__report=closed)
    being_closed = make(Report, state="draft", kind="partial", **days | draft, corrects=None)
    params = {"report": being_closed.pk, "reason": closed.closing_reason}
    make(Job, kind="report_closing", state=Job.State.QUEUED, params=params)
    make(ReportChange, report=closed)
    make(Package, report=closed)
    if full:
        closing.keep_file(closed)
