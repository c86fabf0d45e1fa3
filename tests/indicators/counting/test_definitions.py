"""The rules of each indicator: counted once, both edges, and the neighbour that must not count."""

from datetime import date, timedelta

import pytest

from entities.models import LegalForm, LocalGovernment, SocialEnterpriseStatus
from support.models import Recipient
from tests.factories import (
    AdoptionFactory,
    EntityFactory,
    PartnershipFactory,
    PersonFactory,
    StaffMemberFactory,
    StaffTrainingFactory,
)
from tests.indicators.given import (
    DAY,
    FIRST,
    LAST,
    attend,
    counted,
    reasons,
    scope,
    service_of,
    supported,
)
from tests.indicators.rules import CODES, indicator

pytestmark = pytest.mark.usefixtures("db")
ONE = timedelta(days=1)


def status(entity, start, end=None):
    SocialEnterpriseStatus.objects.create(
        entity=entity, basis="voivode", valid_from=start, valid_until=end
    )


def test_order_is_that_of_the_contract():
    assert CODES == [
        "pes",
        "ps",
        "representatives",
        "new_entities",
        "local_governments",
        "digital",
        "eco",
        "staff",
    ]


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_counted_in_an_empty_register(code):
    assert indicator(code).days(scope()) == {}
    assert reasons(code) == {}


# PES and PS


def test_pes_counts_each_entity_once_on_its_first_support_day():
    entity = supported(DAY)
    supported(DAY - ONE, entity=entity)
    supported(DAY + ONE, entity=entity)
    assert counted("pes") == {entity.code: DAY - ONE}


def test_pes_two_recipients_and_two_people_do_not_double():
    one, two = EntityFactory(), EntityFactory()
    service = service_of(DAY, entity=one)
    Recipient.objects.create(service=service, entity=two)
    attend(service, one)
    attend(service, one)
    attend(service, two)
    assert indicator("pes").days(scope()) == {DAY: 2}


@pytest.mark.parametrize("day", [FIRST, LAST])
def test_pes_counts_on_the_edges_of_the_project(day):
    entity = supported(day)
    assert counted("pes") == {entity.code: day}


@pytest.mark.parametrize("day", [FIRST - ONE, LAST + ONE])
def test_pes_does_not_count_a_day_outside_the_project(day):
    entity = supported(day)
    assert counted("pes") == {}
    assert reasons("pes") == {entity.code: ["outside_period"]}


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "cancelled"])
def test_pes_needs_an_approved_service(state):
    entity = supported(DAY, state=state)
    assert reasons("pes") == {entity.code: ["not_approved"]}


@pytest.mark.parametrize(
    "type", ["informacja i promocja", "spotkanie informacyjne dla mieszkańców"]
)
def test_pes_does_not_count_information(type):
    entity = supported(DAY, type=type)
    assert reasons("pes") == {entity.code: ["not_support_type"]}


@pytest.mark.parametrize("form", LegalForm.not_pes())
def test_pes_needs_a_pes_form(form):
    entity = supported(DAY, entity=EntityFactory(legal_form=form))
    assert reasons("pes") == {entity.code: ["not_pes_form"]}


def test_pes_needs_a_seat_in_the_area():
    nowhere = supported(DAY, entity=EntityFactory(seat=None))
    outside = LocalGovernment.objects.by_teryt("1420011").get()
    elsewhere = supported(DAY, entity=EntityFactory(seat=outside))
    assert reasons("pes") == {nowhere.code: ["no_gmina"], elsewhere.code: ["out_of_area"]}


def test_pes_says_that_there_was_no_service():
    entity = EntityFactory()
    assert reasons("pes") == {entity.code: ["no_service"]}


def test_pes_needs_somebody_present_for_the_entity():
    entity, other = EntityFactory(), EntityFactory()
    service = service_of(DAY, entity=entity)
    attend(service, entity, state="absent")
    attend(service, other)
    assert reasons("pes") == {entity.code: ["nobody_present"], other.code: ["no_service"]}


def test_pes_counts_asysta_without_people():
    entity = EntityFactory()
    service_of(DAY, entity=entity, type="asysta")
    assert counted("pes") == {entity.code: DAY}


def test_pes_registration_and_strike_off_days_are_support_days():
    born = supported(DAY, entity=EntityFactory(registered_on=DAY))
    gone = supported(DAY, entity=EntityFactory(struck_off_on=DAY))
    unborn = supported(DAY, entity=EntityFactory(registered_on=DAY + ONE))
    dead = supported(DAY, entity=EntityFactory(struck_off_on=DAY - ONE))
    assert counted("pes") == {born.code: DAY, gone.code: DAY}
    assert reasons("pes") == {
        unborn.code: ["outside_registration"],
        dead.code: ["outside_registration"],
    }


def test_pes_shows_every_failed_condition_and_the_first_failed_step():
    entity = supported(DAY, entity=EntityFactory(legal_form="not_pes", seat=None), state="draft")
    assert reasons("pes") == {entity.code: ["not_pes_form", "no_gmina", "not_approved"]}


@pytest.mark.parametrize(
    ("start", "end"), [(DAY, None), (DAY - ONE, DAY), (DAY, DAY), (date(2020, 1, 1), None)]
)
def test_ps_counts_an_entity_with_a_status_on_its_first_support_day(start, end):
    entity = supported(DAY)
    status(entity, start, end)
    assert counted("ps") == {entity.code: DAY}
    assert reasons("pes") == {entity.code: ["counted_as_ps"]}


@pytest.mark.parametrize(("start", "end"), [(DAY + ONE, None), (date(2020, 1, 1), DAY - ONE)])
def test_ps_needs_the_status_on_that_day(start, end):
    entity = supported(DAY)
    status(entity, start, end)
    assert counted("pes") == {entity.code: DAY}
    assert reasons("ps") == {entity.code: ["counted_as_pes"]}


def test_ps_two_statuses_at_once_count_once():
    entity = supported(DAY)
    status(entity, DAY)
    status(entity, DAY - ONE)
    assert indicator("ps").days(scope()) == {DAY: 1}


# Representatives


def test_representatives_count_each_person_once():
    person = PersonFactory()
    supported(DAY, person=person)
    supported(DAY - ONE, person=person)
    assert counted("representatives") == {person.code: DAY - ONE}


def test_representatives_need_their_entity_among_the_recipients():
    service = service_of(DAY, entity=EntityFactory())
    person = attend(service, EntityFactory())
    assert reasons("representatives") == {person.code: ["not_recipient"]}


def test_representatives_of_a_body_that_is_no_pes_do_not_count():
    person = PersonFactory()
    supported(DAY, entity=EntityFactory(legal_form="initiative_group"), person=person)
    assert reasons("representatives") == {person.code: ["not_pes_form"]}


def test_representatives_are_those_who_were_present():
    idle = PersonFactory()
    service = service_of(DAY, entity=(entity := EntityFactory()))
    excused = attend(service, entity, state="excused")
    assert reasons("representatives") == {
        idle.code: ["no_attendance"],
        excused.code: ["no_attendance"],
    }


def test_representatives_split_by_sex_and_by_the_powiat_of_the_deciding_row():
    plock = LocalGovernment.objects.get(code="1462")
    woman, man = PersonFactory(sex="K"), PersonFactory(sex="M")
    supported(DAY, entity=EntityFactory(seat=plock), person=woman)
    supported(DAY + ONE, person=woman)
    supported(DAY, person=man)
    here = scope()
    indicator = here.indicator("representatives")
    assert indicator.split(here, "sex", here.period) == {"K": 1, "M": 1}
    assert indicator.split(here, "powiat", here.period) == {"Płock": 1, "płocki": 1}


# New entities


def group():
    return EntityFactory(legal_form="initiative_group", seat=None)


def test_new_entities_count_on_the_registration_after_support_of_the_group():
    founders = group()
    supported(DAY - ONE, entity=founders)
    one = EntityFactory(founding_group=founders, registered_on=DAY)
    two = EntityFactory(founding_group=founders, registered_on=DAY + ONE)
    assert counted("new_entities") == {one.code: DAY, two.code: DAY + ONE}


def test_new_entities_count_after_support_of_the_entity_itself():
    entity = EntityFactory(registered_on=DAY)
    supported(DAY - ONE, entity=entity)
    assert counted("new_entities") == {entity.code: DAY}


def test_new_entities_need_support_strictly_before_the_registration():
    founders = group()
    supported(DAY, entity=founders)
    entity = EntityFactory(founding_group=founders, registered_on=DAY)
    assert reasons("new_entities") == {entity.code: ["no_service_before"]}


def test_new_entities_need_a_person_even_at_asysta():
    founders = group()
    service_of(DAY - ONE, entity=founders, type="asysta")
    entity = EntityFactory(founding_group=founders, registered_on=DAY)
    assert reasons("new_entities") == {entity.code: ["no_service_before"]}


@pytest.mark.parametrize(
    ("registered", "inside"), [(FIRST, True), (LAST, True), (LAST + ONE, False)]
)
def test_new_entities_are_registered_inside_the_project(registered, inside):
    founders = group()
    supported(FIRST, entity=founders)
    supported(FIRST - ONE, entity=founders)
    entity = EntityFactory(founding_group=founders, registered_on=registered)
    days = counted("new_entities")
    assert days == ({entity.code: registered} if inside and registered > FIRST else {})
    if not inside:
        assert reasons("new_entities") == {entity.code: ["registered_outside_period"]}


def test_new_entities_of_a_group_without_a_registration_date_say_so():
    founders = group()
    entity = EntityFactory(founding_group=founders)
    assert reasons("new_entities") == {entity.code: ["not_registered", "no_service_before"]}


# Local governments


def test_local_governments_count_once_on_the_first_act_inside_the_project():
    PartnershipFactory(day=FIRST - ONE)
    PartnershipFactory(day=DAY)
    PartnershipFactory(day=FIRST)
    assert counted("local_governments") == {"140401": FIRST}


def test_local_governments_say_why_not():
    for code, day in (("14", DAY), ("142801", DAY), ("141908", LAST + ONE)):
        government = LocalGovernment.objects.get(code=code)
        PartnershipFactory(local_government=government, day=day)
    assert reasons("local_governments") == {
        "14": ["voivodeship"],
        "142801": ["out_of_area"],
        "141908": ["outside_period"],
    }


# Digital and eco


def adopted(day=DAY, served=DAY, kind="digital", **fields):
    entity = fields.pop("entity", None) or EntityFactory()
    service = service_of(served, entity=entity, **fields)
    attend(service, entity)
    return AdoptionFactory(entity=entity, kind=kind, day=day, services=[service])


@pytest.mark.parametrize("kind", ["digital", "eco"])
def test_adoptions_count_an_entity_once_by_its_kind(kind):
    adoption = adopted(kind=kind)
    adopted(entity=adoption.entity, day=DAY + ONE, kind=kind)
    other = {"digital": "eco", "eco": "digital"}[kind]
    assert counted(kind) == {adoption.entity.code: DAY}
    assert (counted(other), reasons(other)) == ({}, {})


def test_adoptions_before_the_service_do_not_count():
    adoption = adopted(day=DAY - ONE)
    assert reasons("digital") == {adoption.entity.code: ["before_service"]}


def test_adoptions_need_a_linked_service_that_supported_the_entity():
    alone = AdoptionFactory(day=DAY)
    draft = adopted(state="draft")
    early = adopted(served=FIRST - ONE)
    late = adopted(day=LAST + ONE)
    foreign = AdoptionFactory(day=DAY, services=[service_of(DAY, entity=EntityFactory())])
    empty = EntityFactory()
    unattended = AdoptionFactory(entity=empty, day=DAY, services=[service_of(DAY, entity=empty)])
    assert reasons("digital") == {
        alone.entity.code: ["no_linked_service"],
        draft.entity.code: ["not_approved"],
        early.entity.code: ["not_supported"],
        late.entity.code: ["outside_period"],
        foreign.entity.code: ["not_recipient"],
        unattended.entity.code: ["not_supported"],
    }


def test_adoptions_first_too_early_a_later_one_counts():
    adoption = adopted(day=DAY - ONE)
    later = AdoptionFactory(
        entity=adoption.entity, day=DAY + ONE, services=list(adoption.services.all())
    )
    assert counted("digital") == {later.entity.code: DAY + ONE}


# Staff


def test_staff_count_once_on_the_end_of_the_first_training_inside_the_project():
    member = StaffMemberFactory()
    StaffTrainingFactory(staff_member=member, starts_on=FIRST - 3 * ONE, ends_on=FIRST)
    StaffTrainingFactory(staff_member=member, starts_on=FIRST + ONE)
    late = StaffTrainingFactory(starts_on=LAST, ends_on=LAST + ONE)
    last = StaffTrainingFactory(starts_on=LAST)
    assert counted("staff") == {member.name: FIRST, last.staff_member.name: LAST}
    assert reasons("staff") == {late.staff_member.name: ["outside_period"]}
