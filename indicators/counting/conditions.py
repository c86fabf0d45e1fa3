"""The conditions and the rows of evidence that the indicators are declared of.

The order of the steps is the order of the agreed rules: the first step at which nothing is left is
the reason shown for a record that is not counted.
"""

from django.db.models import (
    Case,
    DateField,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual

from entities.models import Entity, LegalForm, LocalGovernment, SocialEnterpriseStatus
from indicators.counting.engine import Condition, CountingSource, Remedy, earliest, ladder, latest
from support.models import (
    Adoption,
    Attendance,
    Partnership,
    Recipient,
    Service,
    StaffMember,
    StaffTraining,
)

APPROVED = Service.State.APPROVED
PRESENT = Attendance.State.PRESENT


# Conditions shared by several indicators


def pes_in_area(scope, entity=""):
    """Of a PES form, with a seat, in the area. `entity` is the way to the entity, `"entity__"`."""
    in_area = Q(**{f"{entity}seat__powiat__in": scope.area})
    return [
        Condition(
            "not_pes_form",
            Q(**{f"{entity}legal_form__in": LegalForm.pes()}),
            "Forma prawna nie jest formą PES.",
        ),
        Condition(
            "no_gmina",
            Q(**{f"{entity}seat__isnull": False}),
            "Nie podano gminy siedziby.",
            Remedy("Uzupełnij gminę", "candidate"),
        ),
        Condition(
            "out_of_area",
            Q(**{f"{entity}seat": None}) | in_area,
            "Siedziba jest poza obszarem projektu.",
        ),
    ]


def counted_service(scope, service):
    """Approved, of a type that is support, on a day of the project."""
    return [
        Condition(
            "not_approved",
            Q(**{f"{service}__state": APPROVED}),
            "Żadna usługa nie jest zatwierdzona.",
            Remedy("Otwórz usługę", "service"),
        ),
        Condition(
            "not_support_type",
            Q(**{f"{service}__type__in": scope.support_types}),
            "Zatwierdzone usługi nie są wsparciem (informacja, promocja).",
        ),
        Condition(
            "outside_period",
            Q(day__range=scope.days),
            "Terminy usług są poza okresem projektu.",
        ),
    ]


def is_recipient(service, entity):
    return Exists(Recipient.objects.filter(service=OuterRef(service), entity=OuterRef(entity)))


def alive(day, entity=""):
    """The day is not before the registration nor after the strike-off; both days are good."""
    registered, struck_off = f"{entity}registered_on", f"{entity}struck_off_on"
    return (Q(**{registered: None}) | Q(**{f"{registered}__lte": F(day)})) & (
        Q(**{struck_off: None}) | Q(**{f"{struck_off}__gte": F(day)})
    )


ATTENDED = Condition(
    "no_attendance",
    Q(state=PRESENT),
    "Nie zapisano obecności na żadnej usłudze.",
    Remedy("Dodaj usługę", "new_service"),
)


def attendances(scope, who):
    """Attendances of the project as evidence for a person or for an entity."""
    rows = Attendance.objects.filter(session__service__project=scope.project)
    return rows.annotate(candidate=F(who))


SERVICE_OF_ATTENDANCE = {
    "service": "session__service",
    "start": "session__starts_at",
    "entity": "entity",
    "powiat": "entity__seat__powiat__name",
    "person": "person",
}
ATTENDANCE_ORDER = ("day", "session__starts_at", "session__service__code", "entity__code")


def representative_steps(scope):
    """A seat without a gmina is out of the area: one step, as in the rule."""
    founders = [LegalForm.INITIATIVE_GROUP] if scope.reading.founders_count else []
    represented = [*LegalForm.pes(), *founders]
    return [
        ATTENDED,
        *counted_service(scope, "session__service"),
        Condition(
            "not_recipient",
            Q(is_recipient("session__service", "entity")),
            "Podmiot, który osoba reprezentowała, nie był odbiorcą usługi.",
            Remedy("Dopisz odbiorcę", "service"),
        ),
        Condition(
            "not_pes_form",
            Q(entity__legal_form__in=represented),
            "Osoba reprezentowała podmiot, który nie jest PES.",
        ),
        Condition(
            "out_of_area",
            Q(entity__seat__powiat__in=scope.area),
            "Podmiot, który osoba reprezentowała, nie ma siedziby w obszarze projektu.",
        ),
        Condition(
            "outside_registration",
            alive("day", "entity__"),
            "Usługi były przed rejestracją albo po wykreśleniu podmiotu.",
        ),
    ]


# PES and PS: the first day of support


def deliveries(scope):
    """Each recipient of a service at each of its sessions; one without a session has no day."""
    return Recipient.objects.filter(service__project=scope.project).annotate(
        candidate=F("entity"),
        day=F("service__sessions__day"),
        session=F("service__sessions"),
        start=F("service__sessions__starts_at"),
    )


def support_steps(scope, service="service", someone_present=None, entity="entity__"):
    """What makes a day a support day of an entity; read of a delivery, or of an attendance."""
    if someone_present is None:
        someone_present = Q(service__type__in=scope.unattended_types) | Exists(
            Attendance.objects.filter(
                session=OuterRef("session"), entity=OuterRef("entity"), state=PRESENT
            )
        )
    return [
        Condition(
            "no_service",
            Q(**{f"{service}__isnull": False}),
            "Brak usługi.",
            Remedy("Dodaj usługę", "new_service"),
        ),
        *counted_service(scope, service),
        Condition(
            "nobody_present",
            Q(someone_present),
            "Na zatwierdzonych usługach nikt z podmiotu nie był obecny.",
            Remedy("Uzupełnij obecność", "service"),
        ),
        Condition(
            "outside_registration",
            alive("day", entity),
            "Usługi były przed rejestracją albo po wykreśleniu podmiotu.",
        ),
    ]


def enough_support_steps(scope):
    """A support day of an entity on which it has all that the reading of the contract asks."""
    steps = support_steps(scope)
    return [*steps, enough_support(scope)] if scope.reading.asks_for_more else steps


def enough_support(scope):
    """Asks about the candidate, the entity of all its rows: PostgreSQL then finds the day once."""
    return Condition(
        "too_little_support",
        Q(GreaterThanOrEqual(F("day"), enough_from(scope, OuterRef("pk")))),
        f"Podmiot nie dostał jeszcze wymaganego wsparcia: {scope.reading.least}.",
        Remedy("Dodaj usługę", "new_service"),
    )


def supporting(scope):
    """Deliveries that are support days, however much support the contract asks for."""
    steps = support_steps(scope)
    rows = deliveries(scope).annotate(passed=ladder(steps))
    return rows.filter(passed__gte=len(steps)).order_by()


def enough_from(scope, entity):
    """The first support day by which, that day whole, an entity has all that is asked, or NULL.

    `entity` is the way to the entity from the outer query. Each subquery reads the support of one
    entity once: comparing every day with all the days before it took minutes at 20 000 services.
    """
    reading = scope.reading
    rows = supporting(scope).filter(entity=OuterRef(entity))
    services = rows.values("service").annotate(first=Min("day")).order_by("first")
    so_far = Window(Sum("service__sessions__minutes"), order_by="day")
    minutes = rows.annotate(so_far=so_far).filter(so_far__gte=reading.least_minutes)
    nth = reading.least_services
    return latest(
        Subquery(services.values("first")[nth - 1 : nth]),
        Subquery(minutes.order_by("day").values("day")[:1]),
    )


def first_support(scope):
    """The same day as the earliest delivery that passes, by two indexes (10-30 times faster).

    Somebody present for the entity at a service it receives; or a delivery that needs nobody.
    """
    if scope.reading.asks_for_more:
        return enough_from(scope, "pk")
    attended = CountingSource(
        rows=lambda scope: attendances(scope, "entity"),
        steps=lambda scope: support_steps(
            scope,
            "session__service",
            Q(state=PRESENT) & Q(is_recipient("session__service", "entity")),
        ),
    )
    unattended = CountingSource(
        rows=lambda scope: deliveries(scope).filter(service__type__in=scope.unattended_types),
        steps=support_steps,
    )
    return earliest(attended.first_day(scope), unattended.first_day(scope))


SUPPORT = CountingSource(
    rows=deliveries,
    steps=enough_support_steps,
    first=first_support,
    order=("day", "start", "service__code"),
    details={
        "service": "service",
        "start": "start",
        "entity": "entity",
        "powiat": "entity__seat__powiat__name",
    },
)


def status_on_first_day():
    statuses = SocialEnterpriseStatus.objects.valid(OuterRef("counted_on"))
    return Q(Exists(statuses.filter(entity=OuterRef("pk"))))


def not_yet_ps(scope):
    """Nothing where the PS are read as a part of the PES."""
    if scope.reading.ps_within_pes:
        return []
    return [
        Condition(
            "counted_as_ps",
            ~status_on_first_day(),
            f"W {scope.reading.support_day} miał status PS, więc należy do wskaźnika PS.",
        )
    ]


def already_ps(scope):
    return Condition(
        "counted_as_pes",
        Q(counted_on=None) | status_on_first_day(),
        f"W {scope.reading.support_day} nie miał statusu PS.",
    )


# New PES and PS: served before they were registered


def registered_after_service(scope):
    """The registration day of an entity that has a passing row; else NULL."""
    return Case(
        When(
            Exists(NEW_ENTITY_EVIDENCE.passing(scope)),
            then=F("registered_on"),
        ),
        default=Value(None),
        output_field=DateField(),
    )


def before_registration_steps(scope):
    return [
        Condition(
            "no_service_before",
            Q(state=PRESENT) & Q(day__lt=OuterRef("registered_on")),
            "Przed rejestracją nikt z grupy ani z podmiotu nie był na usłudze.",
        ),
        *counted_service(scope, "session__service"),
        Condition(
            "not_recipient",
            Q(is_recipient("session__service", "entity")),
            "Grupa ani podmiot nie byli odbiorcami tych usług.",
            Remedy("Dopisz odbiorcę", "service"),
        ),
    ]


NEW_ENTITY_EVIDENCE = CountingSource(
    rows=lambda scope: Attendance.objects.filter(session__service__project=scope.project),
    match=Q(entity=OuterRef("pk")) | Q(entity=OuterRef("founding_group")),
    steps=before_registration_steps,
    first=registered_after_service,
    order=ATTENDANCE_ORDER,
    details=SERVICE_OF_ATTENDANCE,
)


def new_entity_conditions(scope):
    return [
        *pes_in_area(scope),
        Condition(
            "not_registered",
            Q(registered_on__isnull=False),
            "Nie podano daty rejestracji.",
            Remedy("Uzupełnij datę rejestracji", "candidate"),
        ),
        Condition(
            "registered_outside_period",
            Q(registered_on=None) | Q(registered_on__range=scope.days),
            "Rejestracja jest poza okresem projektu.",
        ),
    ]


# Digital and eco: an adoption that followed a service


def adoptions(kind):
    """Each adoption of the kind with each service linked to it and each session of that."""

    def rows(scope):
        service = "service_links__service"
        return Adoption.objects.filter(project=scope.project, kind=kind).annotate(
            candidate=F("entity"),
            service=F(service),
            service_state=F(f"{service}__state"),
            service_type=F(f"{service}__type"),
            session=F(f"{service}__sessions"),
            start=F(f"{service}__sessions__starts_at"),
            served_on=F(f"{service}__sessions__day"),
        )

    return rows


def adoption_steps(scope):
    mend = Remedy("Wskaż właściwą usługę", "adoption")
    someone_present = Exists(
        Attendance.objects.filter(
            session=OuterRef("session"), entity=OuterRef("entity"), state=PRESENT
        )
    )
    return [
        Condition(
            "no_adoption",
            Q(pk__isnull=False),
            "Brak wdrożenia.",
            Remedy("Dodaj wdrożenie", "new_adoption"),
        ),
        Condition(
            "outside_period",
            Q(day__range=scope.days),
            "Data wdrożenia jest poza okresem projektu.",
        ),
        Condition(
            "no_linked_service",
            Q(service__isnull=False),
            "Wdrożenie nie łączy się z żadną usługą.",
            Remedy("Połącz z usługą", "adoption"),
        ),
        Condition(
            "not_recipient",
            Q(is_recipient("service", "entity")),
            "Odbiorcą połączonej usługi jest inny podmiot.",
            mend,
        ),
        Condition(
            "not_approved",
            Q(service_state=APPROVED),
            "Połączona usługa nie jest zatwierdzona.",
            mend,
        ),
        Condition(
            "not_support_type",
            Q(service_type__in=scope.support_types),
            "Połączona usługa nie jest wsparciem (informacja, promocja).",
        ),
        Condition(
            "not_supported",
            Q(served_on__range=scope.days)
            & (Q(service_type__in=scope.unattended_types) | Q(someone_present))
            & alive("served_on", "entity__"),
            "Połączona usługa nie dała podmiotowi dnia wsparcia: nikt nie był obecny albo termin "
            "jest poza okresem projektu lub życia podmiotu.",
            Remedy("Uzupełnij obecność", "service"),
        ),
        Condition(
            "before_service",
            Q(served_on__lte=F("day")),
            "Wdrożenie jest wcześniejsze niż połączona usługa.",
        ),
    ]


def adoption_evidence(kind):
    return CountingSource(
        rows=adoptions(kind),
        steps=adoption_steps,
        order=("day", "served_on", "start", "code"),
        details={
            "adoption": "pk",
            "adoption_code": "code",
            "service": "service",
            "start": "start",
            "entity": "entity",
            "powiat": "entity__seat__powiat__name",
        },
    )


def entities_with_adoption(kind):
    def candidates(scope):
        rows = Adoption.objects.filter(project=scope.project, kind=kind, entity=OuterRef("pk"))
        return Entity.objects.filter(Exists(rows))

    return candidates


# Local governments and staff


def partnerships(scope):
    rows = Partnership.objects.filter(project=scope.project)
    return rows.annotate(candidate=F("local_government"))


def with_partnership(scope):
    rows = Partnership.objects.filter(project=scope.project, local_government=OuterRef("pk"))
    return LocalGovernment.objects.filter(Exists(rows))


def local_government_conditions(scope):
    voivodeship = Q(level=LocalGovernment.Level.VOIVODESHIP)
    return [
        Condition("voivodeship", ~voivodeship, "Województwo nie liczy się we wskaźniku."),
        Condition(
            "out_of_area",
            voivodeship | Q(powiat__in=scope.area),
            "Samorząd jest poza obszarem projektu.",
        ),
    ]


def trainings(scope):
    rows = StaffTraining.objects.filter(project=scope.project)
    return rows.annotate(
        candidate=F("staff_member"),
        day=Coalesce("ends_on", "starts_on"),
    )


def with_training(scope):
    rows = StaffTraining.objects.filter(project=scope.project, staff_member=OuterRef("pk"))
    return StaffMember.objects.filter(Exists(rows))


def inside_period(missing):
    return lambda scope: [Condition("outside_period", Q(day__range=scope.days), missing)]


# Splits: a label for each counted record


def by_seat(indicator, scope):
    return F("seat__powiat__name")


def by_deciding_powiat(indicator, scope):
    return indicator.evidence.of_deciding(scope, "powiat")


def by_sex(indicator, scope):
    return F("sex")


def by_own_powiat(indicator, scope):
    return F("powiat__name")


def by_legal_form(indicator, scope):
    return F("legal_form")
