"""Small random registers that gather at the edges of the rules, and the rules told once more.

The oracle is written plainly over lists of what was drawn, with no ORM in it, so that it shares
nothing with the machine that counts but the words of the rules.
"""

from dataclasses import dataclass, field
from datetime import date, time, timedelta

from hypothesis import strategies as st

from entities.models import LocalGovernment, SocialEnterpriseStatus
from support.models import Attendance, Recipient, ServiceType, Session
from tests.factories import (
    AdoptionFactory,
    EntityFactory,
    PartnershipFactory,
    PersonFactory,
    ServiceFactory,
    StaffMemberFactory,
    StaffTrainingFactory,
    jst,
    sputnik,
)
from tests.indicators.given import FIRST, LAST
from tests.indicators.rules import Terms

NEAR = [date(2023, 3, 9) + timedelta(days=n) for n in range(-2, 3)]
DAYS = [FIRST - timedelta(days=1), FIRST, *NEAR, LAST, LAST + timedelta(days=1)]
# Two gminas of two powiats of the area, one outside of it, and none.
# Most of what is drawn counts, so that an edge is not hidden behind a plainer reason.
SEATS = ["141908", "142702", "141908", "142702", "1465", None]
# Two areas that hold both: of powiats, and of the gminas themselves.
OF_POWIATS, OF_GMINAS = ("1419", "1427", "1462"), ("141908", "142702", "1462")
# Local governments of the acts that are drawn, of those in each area.
ACTS = {OF_POWIATS: ("141902", "1419", "1462"), OF_GMINAS: ("1462",)}
FORMS = ["association", "kgw", "association", "initiative_group", "not_pes"]
OPEN = "informacja i promocja"
TYPES = ["doradztwo ogólne", "asysta", "asysta", OPEN]
STATES = ["approved", "approved", "approved", "draft", "cancelled"]

HEADS = [None, 0, 7, 30]

days = st.sampled_from(DAYS)
maybe_days = st.none() | days


@dataclass
class Entity:
    form: str
    seat: str | None
    registered: date | None
    struck_off: date | None
    group: int | None
    statuses: list


@dataclass
class Service:
    type: str
    state: str
    recipients: list
    days: list
    present: list  # (day, person, entity, state)
    heads: int | None = None


@dataclass
class Register:
    entities: list
    sexes: list
    services: list
    adoptions: list  # (entity, kind, day, services)
    acts: list  # (code of a JST, day)
    trainings: list  # (staff member, starts_on, ends_on)
    area: tuple  # codes of the project's area
    rows: dict = field(default_factory=dict)


# How the contract is read: sessions last two hours, so 240 minutes are just two of them.
READINGS = st.builds(
    Terms,
    ps_within_pes=st.booleans(),
    least_services=st.sampled_from([1, 1, 2]),
    least_minutes=st.sampled_from([0, 0, 240, 241]),
    founders_count=st.booleans(),
)


@st.composite
def registers(draw):
    few = draw(st.integers(2, 4))
    entities = []
    for place in range(few):
        form = draw(st.sampled_from(FORMS))
        registered, struck_off = sorted(
            [draw(st.none() | maybe_days), draw(st.none() | maybe_days)],
            key=lambda day: day or date.min,
        )
        if registered is None:
            registered, struck_off = struck_off, None
        groups = [n for n in range(place) if entities[n].form == "initiative_group"]
        statuses = [
            (start, end)
            for start, end in draw(st.lists(st.tuples(days, maybe_days), max_size=2))
            if end is None or end >= start
        ]
        entities.append(
            Entity(
                form,
                draw(st.sampled_from(SEATS)),
                registered,
                struck_off,
                draw(st.sampled_from([None, *groups])),
                statuses,
            )
        )
    people = draw(st.integers(1, 3))
    which = st.integers(0, few - 1)
    services = []
    for _ in range(draw(st.integers(0, 5))):
        held = draw(st.lists(days, unique=True, max_size=3))
        rows = st.tuples(
            st.sampled_from(held or [FIRST]),
            st.integers(0, people - 1),
            which,
            st.sampled_from(["present", "present", "absent"]),
        )
        present = draw(st.lists(rows, unique_by=lambda row: row[:3], max_size=4)) if held else []
        services.append(
            Service(
                draw(st.sampled_from(TYPES)),
                draw(st.sampled_from(STATES)),
                draw(st.lists(which, unique=True, min_size=1, max_size=2)),
                held,
                present,
                draw(st.sampled_from(HEADS)),
            )
        )
    linked = st.lists(st.integers(0, len(services) - 1), unique=True, max_size=2)
    kinds = st.sampled_from(["digital", "eco"])
    adoptions = draw(
        st.lists(st.tuples(which, kinds, days, linked if services else st.just([])), max_size=3)
    )
    codes = st.sampled_from(["141902", "1419", "1462", "14", "1465"])
    trainings = st.tuples(st.integers(0, 1), days, maybe_days).filter(
        lambda row: row[2] is None or row[2] >= row[1]
    )
    return Register(
        entities,
        draw(st.lists(st.sampled_from("KM"), min_size=people, max_size=people)),
        services,
        adoptions,
        draw(st.lists(st.tuples(codes, days), max_size=3)),
        draw(st.lists(trainings, max_size=3)),
        draw(st.sampled_from([OF_POWIATS, OF_GMINAS])),
    )


def build(drawn):
    """The register in the database; codes say the place in the lists: E0, O0, member 0."""
    sputnik().area.set(LocalGovernment.objects.filter(code__in=drawn.area))
    entities = []
    for place, given in enumerate(drawn.entities):
        entity = EntityFactory(
            code=f"E{place}",
            legal_form=given.form,
            seat=given.seat and jst(given.seat),
            registered_on=given.registered,
            struck_off_on=given.struck_off,
            founding_group=None if given.group is None else entities[given.group],
        )
        for start, end in given.statuses:
            SocialEnterpriseStatus.objects.create(
                entity=entity, basis="owes", valid_from=start, valid_until=end
            )
        entities.append(entity)
    people = [PersonFactory(code=f"O{n}", sex=sex) for n, sex in enumerate(drawn.sexes)]
    types = {kind.name: kind for kind in ServiceType.objects.all()}
    services = []
    for drawn_service in drawn.services:
        service = ServiceFactory(
            type=types[drawn_service.type],
            state=drawn_service.state,
            head_count=drawn_service.heads,
        )
        for place in drawn_service.recipients:
            Recipient.objects.create(service=service, entity=entities[place])
        sessions = {}
        for day in drawn_service.days:
            sessions[day] = Session(service=service)
            sessions[day].set_term(day, time(9), time(11))
            sessions[day].save()
        for day, person, entity, state in drawn_service.present:
            Attendance.objects.create(
                session=sessions[day], person=people[person], entity=entities[entity], state=state
            )
        services.append(service)
    for entity, kind, day, links in drawn.adoptions:
        AdoptionFactory(
            entity=entities[entity], kind=kind, day=day, services=[services[n] for n in links]
        )
    for code, day in drawn.acts:
        PartnershipFactory(local_government=jst(code), day=day)
    members = {n: StaffMemberFactory(name=f"członek {n}") for n in (0, 1)}
    for member, starts_on, ends_on in drawn.trainings:
        StaffTrainingFactory(staff_member=members[member], starts_on=starts_on, ends_on=ends_on)


def expected(drawn, reading):
    """`{indicator: {code of the record: day it counts from}}` by the rules as they are read."""
    support = [
        [
            (number, day)
            for number, service in enumerate(drawn.services)
            if place in service.recipients
            for day in _support_days(drawn, service, place)
        ]
        for place in range(len(drawn.entities))
    ]
    first = {
        place: day
        for place, served in enumerate(support)
        if _is_pes_in_area(drawn.entities[place]) and (day := _enough_from(served, reading))
    }
    held = {
        place
        for place, day in first.items()
        for start, end in drawn.entities[place].statuses
        if start <= day and (end is None or day <= end)
    }
    return {
        "pes": {
            f"E{place}": day
            for place, day in first.items()
            if reading.ps_within_pes or place not in held
        },
        "ps": {f"E{place}": day for place, day in first.items() if place in held},
        "representatives": _earliest(_came(drawn, reading)),
        "new_entities": dict(_new(drawn)),
        "local_governments": _earliest(
            (code, day) for code, day in drawn.acts if code in ACTS[drawn.area]
        ),
        "digital": _earliest(_adopted(drawn, support, "digital")),
        "eco": _earliest(_adopted(drawn, support, "eco")),
        "staff": _earliest(
            (f"członek {member}", ends_on or starts_on)
            for member, starts_on, ends_on in drawn.trainings
        ),
    }


def expected_sum(drawn, base, kind=None):
    """`(place of the service, day, what it adds)` of each session, or of each service."""
    for number, service in enumerate(drawn.services):
        held = sorted(day for day in service.days if FIRST <= day <= LAST)
        is_meant = kind in (None, service.type) and service.state == "approved"
        if not held or not is_meant:
            continue
        if base == "heads":
            if service.type == OPEN and service.heads is not None:
                yield number, held[0], service.heads
        elif _is_counted(service):
            yield from _of_support(service, base, number, held)


def _of_support(service, base, number, held):
    if base == "services":
        yield number, held[0], 1
        return
    for day in held:
        came = {who for on, who, _, state in service.present if (on, state) == (day, "present")}
        if base == "hours":
            yield number, day, 120
        elif came:
            yield number, day, len(came)


def _earliest(rows):
    """The first day of each code, of the days inside the project."""
    earliest = {}
    for code, day in rows:
        if FIRST <= day <= LAST:
            earliest[code] = min(day, earliest.get(code, day))
    return earliest


def _enough_from(served, reading):
    """The first day by which there were enough services and enough sessions of 120 minutes."""
    for day in sorted(day for _, day in served):
        until = [number for number, other in served if other <= day]
        if len(set(until)) >= reading.least_services and len(until) * 120 >= reading.least_minutes:
            return day
    return None


def _came(drawn, reading):
    for service in filter(_is_counted, drawn.services):
        for day, person, place, state in service.present:
            entity = drawn.entities[place]
            is_there = state == "present" and place in service.recipients
            is_founder = reading.founders_count and entity.form == "initiative_group"
            is_pes = _is_pes_in_area(entity) or (is_founder and _is_in_area(entity))
            if is_there and is_pes and _is_alive(entity, day):
                yield f"O{person}", day


def _new(drawn):
    for place, entity in enumerate(drawn.entities):
        if not _is_pes_in_area(entity) or not entity.registered:
            continue
        if FIRST <= entity.registered <= LAST and any(
            FIRST <= day < entity.registered
            and state == "present"
            and who in {place, entity.group} & set(service.recipients)
            for service in filter(_is_counted, drawn.services)
            for day, _, who, state in service.present
        ):
            yield f"E{place}", entity.registered


def _adopted(drawn, support, kind):
    for place, what, day, links in drawn.adoptions:
        is_served = any(number in links and served <= day for number, served in support[place])
        if what == kind and is_served and _is_pes_in_area(drawn.entities[place]):
            yield f"E{place}", day


def _is_pes_in_area(entity):
    return entity.form in ("association", "kgw") and _is_in_area(entity)


def _is_in_area(entity):
    return entity.seat in ("141908", "142702")


def _is_alive(entity, day):
    return (entity.registered or date.min) <= day <= (entity.struck_off or date.max)


def _is_counted(service):
    return service.state == "approved" and service.type != OPEN


def _support_days(drawn, service, place):
    if not _is_counted(service):
        return
    came = {day for day, _, who, state in service.present if who == place and state == "present"}
    for day in service.days:
        if not FIRST <= day <= LAST or not _is_alive(drawn.entities[place], day):
            continue
        if day in came or service.type == "asysta":
            yield day
