"""Registers of a project as papers: services, entities, participants.

Hours are the sum of sessions, each counted once, in clock time, also of trainings.
"""

from django.db.models import Count, IntegerChoices, Min, Prefetch, Sum
from django.utils import timezone
from django.utils.text import capfirst

from entities.models import Entity, Person
from owes.formatting import day, hours, nip, number, period, plural
from support.models import Attendance, Recipient, Service, Session
from support.papers.codes import Paper, code_of
from support.papers.printing import Printout


class PrintedRegister(IntegerChoices):
    """The number is a part of the printed code and must not change."""

    SERVICES = 1, "rejestr usług"
    ENTITIES = 2, "rejestr podmiotów projektu"
    PARTICIPANTS = 3, "rejestr uczestników"
    CERTIFICATES = 4, "rejestr zaświadczeń"


def _printout(register, project, days, columns, rows, **context):
    """`columns` are `(title, class of its cells)`, `rows` the texts of the cells after Lp."""
    return Printout(
        template="support/papers/register.html",
        project=project,
        title=capfirst(register.label),
        subtitle=period(days),
        code=code_of(Paper.REGISTER, project, register.value),
        is_wide=True,
        file_name=f"{register.label.replace(' ', '-').replace('ó', 'o').replace('ł', 'l')}"
        f"-{timezone.localdate():%Y-%m-%d}.pdf",
        context={
            "columns": columns,
            "rows": [
                [(text, kind) for text, (_, kind) in zip(row, columns, strict=True)]
                for row in rows
            ],
            **context,
        },
    )


def services_register(project, days, state=""):
    """Services with a session inside the days and the project, by the first of these sessions."""
    sessions = Session.objects.inside(project, days)
    if state:
        sessions = sessions.filter(service__state=state)
    summed = {
        row.pop("service"): row
        for row in sessions.order_by()
        .values("service")
        .annotate(first=Min("starts_at"), n=Count("pk"), total=Sum("minutes"))
    }
    services = project.services.filter(pk__in=sessions.order_by().values("service"))
    services = services.for_papers().prefetch_related(
        Prefetch("sessions", sessions.order_by("starts_at"), to_attr="sessions_inside")
    )
    rows = []
    for service in sorted(services, key=lambda row: (summed[row.pk]["first"], row.pk)):
        totals = summed[service.pk]
        rows.append(
            [
                service.printed_number,
                ", ".join(day(session.day) for session in service.sessions_inside),
                service.heading,
                "; ".join(str(entity) for entity in service.recipients.all()),
                ", ".join(str(link.staff_member) for link in service.adviser_links.all()),
                hours(totals["total"]),
                service.get_state_display(),
            ]
        )
    minutes = sessions.minutes()
    state_note = f"W stanie „{Service.State(state).label}”. " if state else ""
    return _printout(
        PrintedRegister.SERVICES,
        project,
        days,
        [
            ("Nr", "d"),
            ("Terminy", "days"),
            ("Rodzaj i temat", "topic"),
            ("Odbiorcy", ""),
            ("Kadra", "who"),
            ("Czas", "n"),
            ("Stan", "d"),
        ],
        rows,
        minutes=minutes,
        foot=f"Razem {plural(len(rows), 'usługa,usługi,usług')}, {hours(minutes)}",
        note=f"{state_note}Terminy w podanych dniach i w okresie projektu. Czas zegarowy netto; "
        "każdy termin policzony raz, choćby miał kilku odbiorców albo kilka osób z kadry.",
    )


def entities_register(project, days):
    """Entities that joined in the days, or were recipients of approved support in them."""
    support = Session.objects.counted_in(project, days).filter(
        service__type__counts_as_support=True
    )
    # A recipient is in a service once, so its sessions are not doubled by the join.
    received = {
        row.pop("entity"): row
        for row in Recipient.objects.filter(service__sessions__in=support)
        .order_by()
        .values("entity")
        .annotate(
            first=Min("service__sessions__day"),
            services=Count("service", distinct=True),
            total=Sum("service__sessions__minutes"),
        )
    }
    enrolments = {row.entity_id: row for row in project.enrolments.all()}
    joined = {pk for pk, row in enrolments.items() if row.joined_on and row.joined_on in days}
    entities = Entity.objects.filter(pk__in=joined | received.keys()).select_related("seat")
    rows = []
    for entity in entities.order_by("sort_key", "code"):
        enrolment, support = enrolments.get(entity.pk), received.get(entity.pk)
        left = day(enrolment.left_on) if enrolment else ""
        rows.append(
            [
                entity.code,
                str(entity),
                entity.get_legal_form_display(),
                nip(entity.nip),
                str(entity.seat or ""),
                day(enrolment.joined_on) if enrolment else "",
                day(support["first"]) if support else "",
                number(support["services"] if support else 0),
                hours(support["total"] if support else 0),
                f"{left} {enrolment.reason}" if left else "",
            ]
        )
    return _printout(
        PrintedRegister.ENTITIES,
        project,
        days,
        [
            ("Kod", "d"),
            ("Nazwa", ""),
            ("Forma prawna", ""),
            ("NIP", "d"),
            ("Gmina siedziby", ""),
            ("Zgłoszenie", "d"),
            ("Pierwsza usługa", "d"),
            ("Usługi", "n"),
            ("Czas", "n"),
            ("Koniec udziału", ""),
        ],
        rows,
        foot=f"Razem {plural(len(rows), 'podmiot,podmioty,podmiotów')}",
        note="Podmioty zgłoszone w podanych dniach albo wtedy wspierane: usługi zatwierdzone, "
        "liczone jako wsparcie. Usługa dla kilku podmiotów stoi przy każdym, dlatego czasu "
        "podmiotów się nie sumuje.",
    )


def participants_register(project, days):
    """People present at approved services in the days, or who signed a declaration in them."""
    present = Attendance.objects.present().filter(
        session__in=Session.objects.counted_in(project, days)
    )
    attended, entities = {}, {}
    for row in present.order_by("day", "pk").values(
        "person", "entity__name", "day", "session__service"
    ):
        first, services = attended.setdefault(row["person"], (row["day"], set()))
        services.add(row["session__service"])
        entities.setdefault(row["person"], {})[row["entity__name"]] = None
    signed = dict(
        project.declarations.filter(signed_on__lte=days.end).values_list("person", "signed_on")
    )
    wanted = attended.keys() | {pk for pk, signed_on in signed.items() if signed_on in days}
    rows = [
        [
            person.code,
            person.reversed_name,
            person.sex,
            "; ".join(entities.get(person.pk, ())),
            day(signed.get(person.pk)),
            day(attended[person.pk][0]) if person.pk in attended else "",
            number(len(attended[person.pk][1]) if person.pk in attended else 0),
        ]
        for person in Person.objects.filter(pk__in=wanted).order_by("sort_key", "code")
    ]
    return _printout(
        PrintedRegister.PARTICIPANTS,
        project,
        days,
        [
            ("Kod", "d"),
            ("Nazwisko i imię", ""),
            ("K/M", "d"),
            ("Reprezentowane podmioty", ""),
            ("Deklaracja", "d"),
            ("Pierwszy udział", "d"),
            ("Usługi", "n"),
        ],
        rows,
        foot=f"Razem {plural(len(rows), 'osoba,osoby,osób')}",
        note="Osoby obecne w podanych dniach na zatwierdzonych usługach oraz te, które wtedy "
        "podpisały deklarację.",
    )
