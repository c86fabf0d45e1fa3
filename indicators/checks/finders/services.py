"""Services, acts of cooperation and adoptions that break a rule of data control."""

from datetime import timedelta

from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
)
from django.utils.text import capfirst

from indicators.checks.checking import FindingKind, Offender, grouped
from owes.formatting import day as as_day
from owes.formatting import number, plural
from support.models import (
    AdoptionService,
    Attendance,
    Declaration,
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


def outside_project(data):
    """V01: a session outside the project, or one ahead of a service that was handed in."""
    ahead = Q(ends_at__gt=data.now, service__state__in=HANDED_IN)
    rows = _sessions(data).filter(~Q(day__range=data.scope.days) | ahead)
    for service, days in grouped(rows.values_list("service", "day")).items():
        outside = [day for day in days if day not in data.scope.period]
        words = "poza okresem projektu" if outside else "jeszcze się nie odbył, a usługę złożono"
        sentence = f"Termin {_days(outside or days)}: {words}."
        yield data.service(service, _days(days), sentence, day=days[0])


def wrong_length(data):
    """V02: the net minutes are not the difference of the hours less the break."""
    length = ExpressionWrapper(F("ends_at") - F("starts_at"), output_field=DurationField())
    rows = _sessions(data).annotate(length=length).order_by("pk")
    for service, day, took, pause, minutes in rows.values_list(
        "service", "day", "length", "break_minutes", "minutes"
    ):
        if took != timedelta(minutes=minutes + pause):
            sentence = (
                f"Termin {as_day(day)} trwał {number(took // timedelta(minutes=1))} min z przerwą "
                f"{number(pause)} min, a zapisano {number(minutes)} min."
            )
            yield data.service(service, f"{day} {took} {pause} {minutes}", sentence, day=day)


def warned(*numbers):
    """What `support.services.warnings` says under these numbers of the list."""

    def find(data):
        for rule in numbers:
            for service, warning in data.warnings(rule):
                yield data.service(service, warning.key, warning.sentence, warning=warning)

    return find


def incomplete_service(data):
    """V23: what submitting asks for is missing from a service that was handed in."""
    linked = {"service": OuterRef("pk")}
    rows = data.project.services.filter(state__in=HANDED_IN).annotate(
        has_topic=~Q(topic=""),
        has_adviser=Exists(ServiceAdviser.objects.filter(**linked)),
        has_place=~Q(mode="") | ~Q(place=""),
        has_session=Exists(Session.objects.filter(**linked)),
        has_recipient=Q(type__is_open_event=True) | Exists(Recipient.objects.filter(**linked)),
    )
    wanted = {
        "has_topic": "tematu",
        "has_adviser": "kadry",
        "has_place": "trybu ani miejsca",
        "has_session": "terminu",
        "has_recipient": "odbiorcy",
    }
    gaps = ~Q(**dict.fromkeys(wanted, True))
    for pk, *has in rows.filter(gaps).order_by("pk").values_list("pk", *wanted):
        missing = [words for words, there in zip(wanted.values(), has, strict=True) if not there]
        yield data.service(pk, ", ".join(missing), f"Nie ma: {', '.join(missing)}.")


def unsigned_card(data):
    """V24: no day of signing and no scan in the days that the project allows for it."""
    scans = Evidence.objects.holding().signed_papers().filter(service=OuterRef("pk"))
    rows = data.project.services.awaiting_signature().filter(~Exists(scans))
    if data.project.remote_needs_no_signature:
        rows = rows.exclude(mode__in=REMOTE)
    late = data.today - timedelta(days=data.project.days_to_sign)
    rows = rows.annotate(last=Max("sessions__day")).filter(last__lt=late).order_by("last", "pk")
    for pk, last in rows.values_list("pk", "last"):
        waits = plural((data.today - last).days, "dzień,dni,dni")
        yield data.service(pk, last, f"Ostatni termin {as_day(last)}, {waits} temu.")


def impossible_signing(data):
    """V48: a card signed before its service or on a day that has not come."""
    rows = data.project.services.exclude(state=State.CANCELLED).with_dates()
    impossible = Q(signed_on__lt=F("first_day")) | Q(signed_on__gt=data.today)
    rows = rows.filter(impossible).order_by("signed_on", "pk")
    for pk, signed, first in rows.values_list("pk", "signed_on", "first_day"):
        sentence = f"Karta podpisana {as_day(signed)}, a usługa była {as_day(first)}."
        if signed > data.today:
            sentence = f"Karta podpisana {as_day(signed)}: ten dzień jeszcze nie nadszedł."
        yield data.service(pk, f"{signed} {first}", sentence)


def declared_ahead(data):
    """V49: a declaration of a day that has not come."""
    rows = data.project.declarations.filter(signed_on__gt=data.today)
    for person, day in rows.order_by("signed_on", "pk").values_list("person", "signed_on"):
        sentence = f"Oświadczenie RODO {as_day(day)}: ten dzień jeszcze nie nadszedł."
        yield data.person(person, day, sentence)


def undeclared_trainee(data):
    """V25: somebody present at a training whose declaration (RODO) has no day."""
    signed = Declaration.objects.filter(project=data.project, person=OuterRef("person"))
    came = Attendance.objects.present().filter(
        ~Exists(signed),
        session__service__project=data.project,
        session__service__state__in=HANDED_IN,
        session__service__type__hour_kind=ServiceType.HourKind.DIDACTIC,
    )
    rows = came.order_by("day", "pk").values_list("person", "day", "session__service")
    trained = grouped((person, (day, service)) for person, day, service in rows)
    for person, times in trained.items():
        first = times[0][0]
        services = tuple(dict.fromkeys(service for _, service in times))
        sentence = f"Na szkoleniu {as_day(first)}, bez daty oświadczenia RODO."
        yield data.person(person, "", sentence, day=first, services=services)


def adviser_not_employed(data):
    """V39: somebody leads a service on a day before or after they worked for the centre."""
    day = F("service__sessions__day")
    early = Q(staff_member__active_from__gt=day)
    late = Q(staff_member__active_until__lt=day)
    rows = ServiceAdviser.objects.filter(early | late, service__project=data.project)
    rows = rows.exclude(service__state=State.CANCELLED).order_by("service", "staff_member")
    for service, name, when in rows.values_list(
        "service", "staff_member__name", "service__sessions__day"
    ):
        sentence = f"{name} w dniu {as_day(when)} nie pracuje według listy kadry."
        yield data.service(service, f"{name} {when}", sentence, day=when)


def nobody_present(data):
    """V45: an approved service of a type that needs people has nobody present."""
    came = Attendance.objects.present().filter(session__service=OuterRef("pk"))
    rows = data.project.services.filter(
        ~Exists(came),
        state=State.APPROVED,
        type__needs_attendance=True,
        type__is_open_event=False,
    )
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        yield data.service(pk, "", "Zatwierdzona, a nikogo nie zapisano jako obecnego.")


def present_for_no_recipient(data):
    """V46: somebody was present for an entity that the service is not for."""
    recipients = Recipient.objects.filter(
        service=OuterRef("session__service"), entity=OuterRef("entity")
    )
    rows = (
        Attendance.objects.present()
        .filter(~Exists(recipients), session__service__project=data.project)
        .exclude(session__service__state=State.CANCELLED)
        .order_by("session__service", "entity")
    )
    groups = rows.values("session__service", "entity").annotate(n=Count("person", distinct=True))
    for service, entity, people in groups.values_list("session__service", "entity", "n"):
        code, name = data.entities[entity]
        sentence = f"{plural(people, 'osoba,osoby,osób')} w imieniu: {name} ({code})."
        yield data.service(service, f"{entity} {people}", sentence)


def act_without_document(data):
    """V21: an act of cooperation that no number and no file prove."""
    files = Evidence.objects.holding().filter(partnership=OuterRef("pk"))
    rows = data.project.partnerships.filter(~Exists(files), document_number="")
    for act in rows.select_related("local_government").order_by("day", "code"):
        yield Offender(
            FindingKind.PARTNERSHIP,
            act.pk,
            act.code,
            str(act.local_government),
            "",
            f"{capfirst(act.get_kind_display())} {as_day(act.day)}: nie ma numeru ani pliku.",
            day=act.day,
        )


def unproven_adoption(data):
    """V22: an adoption without a linked service that its kind needs, or without a description."""
    linked = AdoptionService.objects.filter(adoption=OuterRef("pk"))
    rows = data.project.adoptions.annotate(is_linked=Exists(linked))
    rows = rows.filter(Q(is_linked=False, kind__needs_service=True) | Q(description=""))
    for adoption in rows.select_related("entity", "kind").order_by("day", "code"):
        is_alone = adoption.kind.needs_service and not adoption.is_linked
        missing = ["połączonej usługi"] * is_alone
        missing += ["opisu"] * (not adoption.description)
        yield Offender(
            FindingKind.ADOPTION,
            adoption.pk,
            adoption.code,
            str(adoption.entity),
            ", ".join(missing),
            f"Nie ma {' ani '.join(missing)}.",
            day=adoption.day,
        )


def early_adoption(data):
    """V50: an adoption before the first of the services that led to it, or ahead."""
    linked = AdoptionService.objects.filter(adoption=OuterRef("pk")).order_by().values("adoption")
    first = linked.annotate(first=Min("service__sessions__day")).values("first")
    rows = data.project.adoptions.annotate(first=Subquery(first))
    rows = rows.filter(Q(day__lt=F("first")) | Q(day__gt=data.today))
    for adoption in rows.select_related("entity").order_by("day", "code"):
        is_ahead = adoption.day > data.today
        words = "ten dzień jeszcze nie nadszedł" if is_ahead else None
        words = words or f"pierwsza z jego usług była {as_day(adoption.first)}"
        yield Offender(
            FindingKind.ADOPTION,
            adoption.pk,
            adoption.code,
            str(adoption.entity),
            f"{adoption.day} {adoption.first}",
            f"Wdrożenie {as_day(adoption.day)}: {words}.",
            day=adoption.day,
        )


def _sessions(data, **conditions):
    rows = Session.objects.filter(service__project=data.project, **conditions)
    return rows.standing().order_by("day")


def _days(days):
    return ", ".join(as_day(day) for day in days)
