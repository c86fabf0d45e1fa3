"""Data control: one declaration for each check, in the order of the field's list.

Codes are those of the list and are never used again; `docs/checks.md` names the ones that are not
here and why. A check sees the whole project by a fixed number of queries.
"""

import re
from collections import defaultdict
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import (
    Case,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.lookups import Exact

from entities.identifiers import (
    validate_krs,
    validate_nip,
    validate_postal_code,
    validate_regon,
)
from entities.models import Entity, LegalForm, Person, SocialEnterpriseStatus
from entities.models import Kind as Twins
from entities.twins import Register
from indicators.board import progress_lines
from indicators.checking import Check, Found, Kind, Mender, Severity
from indicators.conditions import pes_in_area
from indicators.deadlines import report_deadlines
from indicators.definitions import INDICATORS
from indicators.differences import Comparison
from indicators.models import Report
from owes.formatting import day as as_day
from owes.formatting import number, plural
from support.models import (
    AdoptionService,
    Attendance,
    Declaration,
    Document,
    Enrolment,
    Evidence,
    Recipient,
    Service,
    ServiceAdviser,
    ServiceType,
    Session,
)

State = Service.State
HANDED_IN = [State.SUBMITTED, State.APPROVED]
REMOTE = [Service.Mode.ONLINE, Service.Mode.PHONE, Service.Mode.EMAIL]
SIGNED_PAPERS = [Document.CARD, Document.ATTENDANCE]
REMINDERS = (14, 7, 1)  # days before a report is due
PHONE = re.compile(r"\+?[0-9 ()/-]{7,}")


def _sessions(material, **conditions):
    rows = Session.objects.filter(service__project=material.project, **conditions)
    return rows.standing().order_by("day")


def _grouped(rows):
    """`{key: [values]}` of `(key, value)` rows, in the order of the rows."""
    found = defaultdict(list)
    for key, value in rows:
        found[key].append(value)
    return found


def _days(days):
    return ", ".join(as_day(day) for day in days)


# Services


def outside_project(material):
    """V01: a session outside the project, or one ahead of a service that was handed in."""
    ahead = Q(ends_at__gt=material.now, service__state__in=HANDED_IN)
    rows = _sessions(material).filter(~Q(day__range=material.scope.days) | ahead)
    for service, days in _grouped(rows.values_list("service", "day")).items():
        outside = [day for day in days if day not in material.scope.period]
        words = "poza okresem projektu" if outside else "jeszcze się nie odbył, a usługę złożono"
        sentence = f"Termin {_days(outside or days)}: {words}."
        yield material.service(service, _days(days), sentence, day=days[0])


def wrong_length(material):
    """V02: the net minutes are not the difference of the hours less the break."""
    length = ExpressionWrapper(F("ends_at") - F("starts_at"), output_field=DurationField())
    rows = _sessions(material).annotate(length=length).order_by("pk")
    for service, day, took, pause, minutes in rows.values_list(
        "service", "day", "length", "break_minutes", "minutes"
    ):
        if took != timedelta(minutes=minutes + pause):
            sentence = (
                f"Termin {as_day(day)} trwał {number(took // timedelta(minutes=1))} min z przerwą "
                f"{number(pause)} min, a zapisano {number(minutes)} min."
            )
            yield material.service(service, f"{day} {took} {pause} {minutes}", sentence, day=day)


def warned(*numbers):
    """What `support.warnings` says under these numbers of the list."""

    def find(material):
        for rule in numbers:
            for service, warning in material.warnings.get(rule, []):
                yield material.service(service, warning.key, warning.sentence, warning=warning)

    return find


def incomplete_service(material):
    """V23: what submitting asks for is missing from a service that was handed in."""
    linked = {"service": OuterRef("pk")}
    rows = material.project.services.filter(state__in=HANDED_IN).annotate(
        has_topic=~Q(topic=""),
        has_adviser=Exists(ServiceAdviser.objects.filter(**linked)),
        has_place=~Q(mode="") | ~Q(place=""),
        has_session=Exists(Session.objects.filter(**linked)),
        has_recipient=Q(type__is_open_event=True) | Exists(Recipient.objects.filter(**linked)),
    )
    wanted = {
        "has_topic": "tematu",
        "has_adviser": "prowadzącego",
        "has_place": "trybu ani miejsca",
        "has_session": "terminu",
        "has_recipient": "odbiorcy",
    }
    gaps = ~Q(**dict.fromkeys(wanted, True))
    for pk, *has in rows.filter(gaps).order_by("pk").values_list("pk", *wanted):
        missing = [words for words, there in zip(wanted.values(), has, strict=True) if not there]
        yield material.service(pk, ", ".join(missing), f"Nie ma: {', '.join(missing)}.")


def unsigned_card(material):
    """V24: no day of signing and no scan in the days that the project allows for it."""
    scans = Evidence.objects.holding().filter(kind__in=SIGNED_PAPERS, service=OuterRef("pk"))
    rows = material.project.services.awaiting_signature().filter(~Exists(scans))
    if material.project.remote_needs_no_signature:
        rows = rows.exclude(mode__in=REMOTE)
    late = material.today - timedelta(days=material.project.days_to_sign)
    rows = rows.annotate(last=Max("sessions__day")).filter(last__lt=late).order_by("last", "pk")
    for pk, last in rows.values_list("pk", "last"):
        waits = plural((material.today - last).days, "dzień,dni,dni")
        yield material.service(pk, last, f"Ostatni termin {as_day(last)}, {waits} temu.")


def undeclared_trainee(material):
    """V25: somebody present at a training whose declaration (RODO) has no day."""
    signed = Declaration.objects.filter(project=material.project, person=OuterRef("person"))
    came = Attendance.objects.present().filter(
        ~Exists(signed),
        session__service__project=material.project,
        session__service__state__in=HANDED_IN,
        session__service__type__hour_kind=ServiceType.HourKind.DIDACTIC,
    )
    rows = came.order_by("day", "pk").values_list("person", "day", "session__service")
    trained = _grouped((person, (day, service)) for person, day, service in rows)
    for person, times in trained.items():
        first = times[0][0]
        services = tuple(dict.fromkeys(service for _, service in times))
        sentence = f"Na szkoleniu {as_day(first)}, bez daty oświadczenia RODO."
        yield material.person(person, "", sentence, day=first, services=services)


def adviser_not_employed(material):
    """V39: somebody leads a service on a day before or after they worked for the centre."""
    day = F("service__sessions__day")
    early = Q(staff_member__active_from__gt=day)
    late = Q(staff_member__active_until__lt=day)
    rows = ServiceAdviser.objects.filter(early | late, service__project=material.project)
    rows = rows.exclude(service__state=State.CANCELLED).order_by("service", "staff_member")
    for service, name, when in rows.values_list(
        "service", "staff_member__name", "service__sessions__day"
    ):
        sentence = f"{name} w dniu {as_day(when)} nie pracuje według listy kadry."
        yield material.service(service, f"{name} {when}", sentence, day=when)


def nobody_present(material):
    """V45: an approved service of a type that needs people has nobody present."""
    came = Attendance.objects.present().filter(session__service=OuterRef("pk"))
    rows = material.project.services.filter(
        ~Exists(came),
        state=State.APPROVED,
        type__needs_attendance=True,
        type__is_open_event=False,
    )
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        yield material.service(pk, "", "Zatwierdzona, a nikogo nie zapisano jako obecnego.")


def present_for_no_recipient(material):
    """V46: somebody was present for an entity that the service is not for."""
    recipients = Recipient.objects.filter(
        service=OuterRef("session__service"), entity=OuterRef("entity")
    )
    rows = (
        Attendance.objects.present()
        .filter(~Exists(recipients), session__service__project=material.project)
        .exclude(session__service__state=State.CANCELLED)
        .order_by("session__service", "entity")
    )
    held = rows.values("session__service", "entity").annotate(n=Count("person", distinct=True))
    for service, entity, people in held.values_list("session__service", "entity", "n"):
        code, name = material.entities[entity]
        sentence = f"{plural(people, 'osoba,osoby,osób')} w imieniu: {name} ({code})."
        yield material.service(service, f"{entity} {people}", sentence)


# Entities and people


def shared_identifier(material):
    """V09: two entities that are no kin have one number, and nobody said why."""
    for label, field in (("NIP", "nip"), ("REGON", "regon"), ("KRS", "krs")):
        given = Entity.objects.exclude(**{field: ""}).order_by()
        twice = given.values(field).annotate(n=Count("pk")).filter(n__gt=1).values(field)
        rows = given.filter(**{f"{field}__in": twice}).order_by("pk")
        shared = _grouped(
            (value, (pk, parent, reason))
            for pk, value, parent, reason in rows.values_list(
                "pk", field, "parent", "shared_identifier_reason"
            )
        )
        for value, holders in shared.items():
            for pk, parent, reason in holders:
                others = [
                    other
                    for other, its_parent, _ in holders
                    if other != pk and not _are_kin((pk, parent), (other, its_parent))
                ]
                if others and not reason and pk in material.own_entities:
                    names = ", ".join("{1} ({0})".format(*material.entities[o]) for o in others)
                    sentence = f"{label} {value} ma też: {names}."
                    yield material.entity(pk, f"{field} {value} {others}", sentence, field=field)


def _are_kin(one, other):
    """A unit and the body that runs it, or two units of one body: they share its numbers."""
    (pk, parent), (other_pk, other_parent) = one, other
    return other_pk == parent or other_parent == pk or (parent and parent == other_parent)


def wrong_identifier(material):
    """V10: a number with a wrong check digit, or a registered entity without any number."""
    numbers = {"nip": validate_nip, "regon": validate_regon, "krs": validate_krs}
    rows = Entity.objects.order_by("pk").values_list(
        "pk", "legal_form", "other_register", *numbers
    )
    for pk, form, register, *values in rows:
        if pk not in material.own_entities:
            continue
        for (field, validate), value in zip(numbers.items(), values, strict=True):
            if value and not _passes(validate, value):
                sentence = f"{field.upper()} {value} jest błędny."
                yield material.entity(pk, f"{field} {value}", sentence, field=field)
        if not any(values) and not register and form != LegalForm.INITIATIVE_GROUP:
            sentence = "Nie ma numeru NIP, REGON, KRS ani wpisu do innego rejestru."
            yield material.entity(pk, "brak", sentence)


def _passes(validate, value):
    try:
        validate(value)
    except ValidationError:
        return False
    return True


def likely_twins(kind):
    """V11, V12: two records of the register that may be one, which nobody said to be two."""

    def find(material):
        if kind == Twins.ENTITY:
            own, rows, named = material.own_entities, material.entities, material.entity
        else:
            own, rows, named = material.own_people, material.people, material.person
        for first, second, shared in Register(kind).pair_keys():
            if first in own or second in own:
                code, name = rows[second]
                sentence = f"{name} ({code}): {', '.join(shared)}."
                yield named(first, f"{second} {', '.join(shared)}", sentence)

    return find


def present_for_many(material):
    """V14: somebody counted once was present for more than one PES."""
    rows = (
        Attendance.objects.present()
        .filter(
            session__service__project=material.project,
            session__service__state=State.APPROVED,
            entity__legal_form__in=LegalForm.pes(),
        )
        .order_by()
        .values("person")
        .annotate(n=Count("entity", distinct=True))
        .filter(n__gt=1)
        .order_by("person")
    )
    counted = material.counted("representatives")
    for person, many in rows.values_list("person", "n"):
        if person in counted:
            sentence = f"Była obecna w imieniu {number(many)} podmiotów, liczy się raz."
            yield material.person(person, many, sentence, day=counted[person])


def supported_outside_area(material):
    """V16: a PES that was supported does not count for its seat alone."""
    scope = material.scope
    form, *seats = pes_in_area(scope)
    failed = Case(
        *(When(_fails(seat.holds), then=Value(n)) for n, seat in enumerate(seats)),
        default=Value(None),
        output_field=IntegerField(),
    )
    evidence = INDICATORS["pes"].evidence
    rows = Entity.objects.filter(form.holds).annotate(failed=failed).exclude(failed=None)
    rows = rows.annotate(counted_on=evidence.counted_on(scope)).exclude(counted_on=None)
    for pk, which, day, seat in rows.order_by("pk").values_list(
        "pk", "failed", "counted_on", "seat__name"
    ):
        condition = seats[which]
        sentence = f"{condition.missing} Wsparcie od {as_day(day)}."
        yield material.entity(pk, f"{condition.code} {seat or ''}", sentence, day=day)


def _fails(holds):
    """Also where the condition cannot be told (NULL), as the counting has it."""
    return Exact(Case(When(holds, then=Value(1)), default=Value(0)), Value(0))


def _supported(material):
    """`{key: day}` of the entities counted as PES or PS."""
    return material.counted("pes") | material.counted("ps")


def without_application(material):
    """V17: a counted PES or PS whose application has no day."""
    joined = set(
        Enrolment.objects.filter(project=material.project, joined_on__isnull=False)
        .order_by()
        .values_list("entity", flat=True)
    )
    for pk, day in _supported(material).items():
        if pk not in joined:
            sentence = f"Liczy się od {as_day(day)}, bez daty zgłoszenia."
            yield material.entity(pk, "", sentence, day=day)


def doubtful_status(material):
    """V18: a PS status without its document, before the Act, or later than the first support."""
    counted, as_ps = _supported(material), material.counted("ps")
    rows = SocialEnterpriseStatus.objects.order_by("entity", "valid_from")
    for status in rows:
        day = counted.get(status.entity_id)
        if day is None:
            continue
        is_deciding = status.valid_from <= day and (
            status.valid_until is None or day <= status.valid_until
        )
        wrong = []
        if is_deciding and not status.decision_number:
            wrong.append("bez numeru decyzji")
        if status.is_before_the_act:
            wrong.append("wojewoda nie mógł go nadać przed 30.10.2022")
        if status.entity_id not in as_ps and day < status.valid_from <= material.scope.period.end:
            wrong.append(f"późniejszy niż pierwsze wsparcie {as_day(day)}: liczy się jako PES")
        if wrong:
            sentence = f"Status PS od {as_day(status.valid_from)}: {'; '.join(wrong)}."
            facts = f"{status.pk} {status.valid_from} {'; '.join(wrong)}"
            yield material.entity(status.entity_id, facts, sentence, day=day)


def founded_but_not_new(material):
    """V19: an entity that grew from a group does not count as new, with the reasons."""
    scope, indicator = material.scope, INDICATORS["new_entities"]
    rows = indicator.not_counted(scope, scope.period).filter(founding_group__isnull=False)
    for record in rows.filter(pk__in=material.own_entities | _founded(material)):
        reasons = indicator.reasons(scope, record, scope.period)
        sentence = " ".join(reason.sentence for reason in reasons)
        facts = ", ".join(reason.code for reason in reasons)
        yield material.entity(record.pk, facts, sentence, day=record.registered_on)


def _founded(material):
    """Entities that grew from groups of the project."""
    rows = Entity.objects.filter(founding_group__in=material.own_entities)
    return set(rows.order_by().values_list("pk", flat=True))


def new_and_supported(material):
    """V20: a new entity also counts among the PES or the PS supported."""
    supported = _supported(material)
    for pk, day in material.counted("new_entities").items():
        if pk in supported:
            sentence = (
                f"Liczy się jako nowy od {as_day(day)} i jako objęty wsparciem od "
                f"{as_day(supported[pk])}."
            )
            yield material.entity(pk, f"{day} {supported[pk]}", sentence, day=day)


def wrong_contact(material):
    """V40: a postal code, an e-mail or a phone that cannot be right."""
    entities = Entity.objects.order_by("pk").values_list("pk", "postal_code", "email", "phone")
    for pk, postal_code, *contact in entities:
        if pk not in material.own_entities:
            continue
        if postal_code and not _passes(validate_postal_code, postal_code):
            sentence = f"Kod pocztowy {postal_code} jest błędny."
            yield material.entity(pk, postal_code, sentence, field="postal_code")
        for field, value, sentence in _wrong_contact(*contact):
            yield material.entity(pk, value, sentence, field=field)
    people = Person.objects.exclude(email="", phone="").order_by("pk")
    for pk, *contact in people.values_list("pk", "email", "phone"):
        if pk in material.own_people:
            for field, value, sentence in _wrong_contact(*contact):
                yield material.person(pk, value, sentence, field=field)


def _wrong_contact(email, phone):
    if email and not (email.isascii() and _passes(validate_email, email)):
        yield "email", email, "Adres e-mail ma błąd albo polskie litery."
    if phone and not PHONE.fullmatch(phone.strip()):
        yield "phone", phone, "Telefon ma za mało cyfr albo inne znaki niż cyfry."


# Cooperation and adoptions


def act_without_document(material):
    """V21: an act of cooperation that no number and no file prove."""
    files = Evidence.objects.holding().filter(partnership=OuterRef("pk"))
    rows = material.project.partnerships.filter(~Exists(files), document_number="")
    for act in rows.select_related("local_government").order_by("day", "code"):
        yield Found(
            Kind.PARTNERSHIP,
            act.pk,
            act.code,
            str(act.local_government),
            "",
            f"{act.get_kind_display().capitalize()} {as_day(act.day)}: nie ma numeru ani pliku.",
            day=act.day,
        )


def unproven_adoption(material):
    """V22: an adoption without a linked service or without a description."""
    linked = AdoptionService.objects.filter(adoption=OuterRef("pk"))
    rows = material.project.adoptions.annotate(is_linked=Exists(linked))
    rows = rows.filter(Q(is_linked=False) | Q(description=""))
    for adoption in rows.select_related("entity").order_by("day", "code"):
        missing = ["połączonej usługi"] * (not adoption.is_linked)
        missing += ["opisu"] * (not adoption.description)
        yield Found(
            Kind.ADOPTION,
            adoption.pk,
            adoption.code,
            str(adoption.entity),
            ", ".join(missing),
            f"Nie ma {' ani '.join(missing)}.",
            day=adoption.day,
        )


# Reports, goals and the project itself


def changed_after_report(material):
    """V33: what the last closed report said of a record is no longer so."""
    report = material.project.reports.closed().select_related("project").first()
    if report is None:
        return
    for one in Comparison.of(report).differences:
        facts = "; ".join([one.line.code, one.entry.code, one.state[2], *one.words])
        words = f" ({'; '.join(one.words)})" if one.words else ""
        sentence = f"{one.line.label}: zapis {one.state[2]} po zamknięciu{words}. {report.title}."
        yield Found(Kind.REPORT, report.pk, one.entry.code, one.entry.label, facts, sentence)


def behind_plan(material):
    """V34: an indicator below the even plan, or not reached at the end."""
    on = material.scope.as_of(material.today)
    for line in progress_lines(material.scope, on):
        state = line.state
        if state.kind in ("watch", "risk"):
            sentence = f"{state.words[:1].upper()}{state.words[1:]}."
            code, name = line.indicator.code, line.indicator.short_name
            # Not the plan of the day: an acceptance lasts until the value changes.
            facts = f"{line.value} {line.target} {state.kind}"
            yield Found(Kind.INDICATOR, 0, code, name, facts, sentence)


def broken_periods(material):
    """V35: periods of closed partial reports overlap or leave days out."""
    rows = material.project.reports.closed().filter(corrects=None, kind=Report.Kind.PARTIAL)
    expected = material.project.starts_on
    for report in rows.select_related("project").order_by("starts_on", "pk"):
        if report.starts_on != expected:
            words = "zachodzi na poprzedni" if report.starts_on < expected else "zostawia lukę"
            sentence = (
                f"Okres {as_day(report.starts_on)}–{as_day(report.ends_on)} {words}: powinien "
                f"zaczynać się {as_day(expected)}."
            )
            name, facts = report.title, f"{report.starts_on} {expected}"
            yield Found(Kind.REPORT, report.pk, report.number, name, facts, sentence)
        expected = max(expected, report.ends_on + timedelta(days=1))


def reports_due(material):
    """V37: a report not sent 14, 7 or 1 days before it is due, or later."""
    for due, deadline in report_deadlines(material.project, material.today):
        if deadline.left > max(REMINDERS):
            continue
        near = [step for step in REMINDERS if 0 <= deadline.left <= step]
        facts = min(near) if near else "po terminie"
        sentence = (
            f"Za okres do {as_day(due.period.end)}, termin {as_day(due.day)}: {deadline.words}."
        )
        yield Found(
            Kind.PROJECT,
            material.project.pk,
            str(due.period.end.year),
            due.name,
            f"{due.kind} {due.day} {facts}",
            sentence,
            field="reports",
        )


def project_gaps(material):
    """V38: what every document prints and the project has not."""
    project = material.project
    wanted = {
        "contract_number": "numeru umowy",
        "legal_citation": "podstawy prawnej",
        "funding_sentence": "informacji o finansowaniu",
    }
    missing = [(field, words) for field, words in wanted.items() if not getattr(project, field)]
    if not project.logotype_strip and not project.logotypes.strip():
        missing.append(("logotypes", "ciągu znaków"))
    for field, words in missing:
        yield Found(
            Kind.PROJECT,
            project.pk,
            project.slug,
            project.name,
            field,
            f"Nie ma {words}.",
            field=field,
        )


def kept_too_long(material):
    """V44: documents of the project stand past the day they are kept until."""
    until = material.project.documents_kept_until
    if until and material.today > until:
        project = material.project
        sentence = f"Dokumenty przechowuje się do {as_day(until)}; zdecyduj, co z danymi osób."
        yield Found(
            Kind.PROJECT,
            project.pk,
            project.slug,
            project.name,
            str(until),
            sentence,
            field="documents_kept_until",
        )


ERROR, REPORT, WARNING, NOTE = Severity
ADVISER, COORDINATOR, REGISTER = Mender
SERVICES = "usługa,usługi,usług"
ENTITIES = "podmiot,podmioty,podmiotów"
PEOPLE = "osoba,osoby,osób"
REPORTS = "sprawozdanie,sprawozdania,sprawozdań"
TIMES = "przypadek,przypadki,przypadków"
GAPS = "brak,braki,braków"

CHECKS = {
    check.code: check
    for check in [
        Check(
            "V01",
            WARNING,
            "Termin poza okresem projektu albo jeszcze przed nami",
            SERVICES,
            COORDINATOR,
            outside_project,
            "sessions",
        ),
        Check(
            "V02",
            ERROR,
            "Czas terminu nie zgadza się z godzinami i przerwą",
            TIMES,
            ADVISER,
            wrong_length,
            "sessions",
        ),
        Check(
            "V03",
            ERROR,
            "Ten sam prowadzący w dwóch miejscach naraz",
            TIMES,
            ADVISER,
            warned("V03"),
            "sessions",
        ),
        Check(
            "V04",
            WARNING,
            "Ta sama osoba w dwóch miejscach naraz",
            TIMES,
            ADVISER,
            warned("V04"),
            "people",
            names_people=True,
        ),
        Check(
            "V05",
            WARNING,
            "Prowadzący ma więcej godzin w dniu albo w miesiącu niż wolno",
            TIMES,
            ADVISER,
            warned("V05"),
            "sessions",
        ),
        Check(
            "V06",
            WARNING,
            "Usługa w niedzielę, w święto albo w nocy",
            TIMES,
            COORDINATOR,
            warned("V06"),
            "sessions",
        ),
        Check(
            "V07",
            REPORT,
            "Usługa przed zgłoszeniem podmiotu albo deklaracją osoby",
            TIMES,
            REGISTER,
            warned("V07"),
            "sessions",
            names_people=True,
        ),
        Check(
            "V08",
            WARNING,
            "Usługa po zakończeniu udziału albo po wykreśleniu podmiotu",
            TIMES,
            ADVISER,
            warned("V08"),
            "sessions",
        ),
        Check(
            "V09",
            ERROR,
            "Dwa podmioty mają ten sam NIP, REGON albo KRS",
            ENTITIES,
            REGISTER,
            shared_identifier,
            "nip",
        ),
        Check(
            "V10",
            WARNING,
            "Numer NIP, REGON albo KRS jest błędny albo nie ma żadnego",
            ENTITIES,
            REGISTER,
            wrong_identifier,
            "nip",
        ),
        Check(
            "V11",
            WARNING,
            "Dwa podmioty to prawdopodobnie jeden",
            "para,pary,par",
            COORDINATOR,
            likely_twins(Twins.ENTITY),
            "duplicates",
        ),
        Check(
            "V12",
            WARNING,
            "Dwie osoby to prawdopodobnie jedna",
            "para,pary,par",
            COORDINATOR,
            likely_twins(Twins.PERSON),
            "duplicates",
            names_people=True,
        ),
        Check(
            "V14",
            NOTE,
            "Osoba była obecna w imieniu kilku podmiotów, liczy się raz",
            PEOPLE,
            COORDINATOR,
            present_for_many,
        ),
        Check(
            "V15",
            WARNING,
            "Osoba nie ma wpisu, że reprezentuje podmiot",
            TIMES,
            REGISTER,
            warned("V15"),
            "people",
            names_people=True,
        ),
        Check(
            "V16",
            REPORT,
            "Wsparty PES bez gminy siedziby albo spoza obszaru",
            ENTITIES,
            REGISTER,
            supported_outside_area,
            "seat",
        ),
        Check(
            "V17",
            REPORT,
            "Policzony podmiot bez daty zgłoszenia do projektu",
            ENTITIES,
            REGISTER,
            without_application,
            "enrolment",
        ),
        Check(
            "V18",
            REPORT,
            "Status PS bez dokumentu albo późniejszy niż pierwsze wsparcie",
            "status,statusy,statusów",
            REGISTER,
            doubtful_status,
            "statuses",
        ),
        Check(
            "V19",
            REPORT,
            "Podmiot z grupy inicjatywnej nie liczy się jako nowy",
            ENTITIES,
            REGISTER,
            founded_but_not_new,
            "registered_on",
        ),
        Check(
            "V20",
            NOTE,
            "Nowy podmiot liczy się też jako objęty wsparciem",
            ENTITIES,
            COORDINATOR,
            new_and_supported,
        ),
        Check(
            "V21",
            REPORT,
            "Współpraca z JST bez numeru dokumentu i bez pliku",
            "wpis,wpisy,wpisów",
            REGISTER,
            act_without_document,
            "document_number",
        ),
        Check(
            "V22",
            REPORT,
            "Wdrożenie bez połączonej usługi albo bez opisu",
            "wdrożenie,wdrożenia,wdrożeń",
            REGISTER,
            unproven_adoption,
            "description",
        ),
        Check(
            "V23",
            ERROR,
            "Złożona usługa bez tematu, prowadzącego, trybu, terminu albo odbiorcy",
            SERVICES,
            ADVISER,
            incomplete_service,
            "basics",
        ),
        Check(
            "V24",
            REPORT,
            "Karta niepodpisana po terminie",
            SERVICES,
            ADVISER,
            unsigned_card,
            "signature",
        ),
        Check(
            "V25",
            REPORT,
            "Osoba na szkoleniu bez daty oświadczenia RODO",
            PEOPLE,
            ADVISER,
            undeclared_trainee,
            "declaration",
        ),
        Check(
            "V32",
            WARNING,
            "Dwie usługi jednego dnia, prowadzącego i podmiotu",
            TIMES,
            ADVISER,
            warned("V32"),
            "sessions",
        ),
        Check(
            "V33",
            WARNING,
            "Zapis zmieniony po zamknięciu sprawozdania, czeka na korektę",
            TIMES,
            COORDINATOR,
            changed_after_report,
        ),
        Check(
            "V34",
            WARNING,
            "Wskaźnik poniżej planu albo nieosiągnięty",
            "wskaźnik,wskaźniki,wskaźników",
            COORDINATOR,
            behind_plan,
        ),
        Check(
            "V35",
            REPORT,
            "Okresy sprawozdań zachodzą na siebie albo zostawiają lukę",
            REPORTS,
            COORDINATOR,
            broken_periods,
        ),
        Check(
            "V37",
            WARNING,
            "Zbliża się albo minął termin sprawozdania",
            REPORTS,
            COORDINATOR,
            reports_due,
            "reports",
        ),
        Check(
            "V38",
            REPORT,
            "Brakuje danych projektu, które drukuje każdy dokument",
            GAPS,
            COORDINATOR,
            project_gaps,
        ),
        Check(
            "V39",
            WARNING,
            "Prowadzący nie pracował w dniu usługi",
            TIMES,
            COORDINATOR,
            adviser_not_employed,
            "adviser",
        ),
        Check(
            "V40",
            WARNING,
            "Błędny kod pocztowy, telefon albo e-mail",
            TIMES,
            REGISTER,
            wrong_contact,
            "email",
        ),
        Check(
            "V44",
            WARNING,
            "Minął czas przechowywania dokumentów projektu",
            TIMES,
            COORDINATOR,
            kept_too_long,
        ),
        Check(
            "V45",
            REPORT,
            "Zatwierdzona usługa bez obecności",
            SERVICES,
            ADVISER,
            nobody_present,
            "people",
        ),
        Check(
            "V46",
            WARNING,
            "Obecność w imieniu podmiotu, który nie jest odbiorcą",
            TIMES,
            ADVISER,
            present_for_no_recipient,
            "recipients",
        ),
    ]
}
