"""Without faulty evidence a record stays that something else proves."""

from datetime import date

import pytest

from entities.models import SocialEnterpriseStatus
from indicators.control.recount import recount
from indicators.models.judgement import ChangeMark
from support.models import Adoption, Service
from tests.factories import (
    AdoptionFactory,
    EntityFactory,
    EvidenceFactory,
    PartnershipFactory,
    PersonFactory,
    StaffTrainingFactory,
)
from tests.indicators.control.trials import ask_only, begun, find, standing
from tests.indicators.given import DAY, counted, supported
from tests.indicators.rules import annex

pytestmark = pytest.mark.usefixtures("db")
LATER, LAST = date(2023, 5, 4), date(2023, 8, 8)


def lost(control, indicator):
    """`(in doubt, lost)` of an indicator."""
    line = standing(control, indicator)
    return line.in_doubt, line.lost


def test_an_entity_stays_that_other_services_prove(coordinator):
    ask_only(("service", "karta"))
    first = EntityFactory(code="P-1")
    supported(DAY, entity=first, person=PersonFactory(code="O-1"), code="U/1")
    supported(LATER, entity=first, person=PersonFactory(code="O-2"), code="U/2")
    supported(DAY, entity=EntityFactory(code="P-2"), code="U/3")
    control = begun(coordinator)
    find(control, "missing", about="usługa U/1")
    assert lost(control, "pes") == (["P-1"], [])
    assert lost(control, "representatives") == (["O-1"], ["O-1"])
    find(control, "missing", about="usługa U/2")
    assert lost(control, "pes") == (["P-1"], ["P-1"])
    find(control, "found", about="usługa U/1")
    assert lost(control, "pes") == ([], [])


def test_what_proves_only_after_the_day_of_the_control_does_not_help(coordinator):
    ask_only(("service", "karta"))
    entity = supported(DAY, entity=EntityFactory(code="P-1"), code="U/1")
    supported(LATER, entity=entity, code="U/2")
    for on, expected in [(date(2023, 5, 3), ["P-1"]), (LATER, [])]:
        control = begun(coordinator, on=on)
        find(control, "missing", about="usługa U/1")
        assert lost(control, "pes") == (["P-1"], expected)


def test_a_status_is_stood_in_for_by_another_of_that_day(coordinator):
    ask_only(("status", "decyzja"))
    entity = supported(DAY, entity=EntityFactory(code="P-1"))
    for start in [date(2022, 1, 2), date(2023, 1, 2)]:
        SocialEnterpriseStatus.objects.create(entity=entity, basis="voivode", valid_from=start)
    control = begun(coordinator)
    find(control, "wrong", name="decyzja")
    assert lost(control, "ps") == (["P-1"], [])
    entity.statuses.order_by("valid_from").first().delete()
    recount(control)
    assert lost(control, "ps") == (["P-1"], ["P-1"])


def test_an_adoption_is_stood_in_for_by_another_and_its_service_by_another(coordinator):
    ask_only(("service", "karta"), ("adoption", "oświadczenie"))
    entity = supported(DAY, entity=EntityFactory(code="P-1"), code="U/1")
    supported(DAY, entity=entity, code="U/2")
    services = list(Service.objects.order_by("code"))
    adoption = AdoptionFactory(code="W/1", entity=entity, kind="eco", day=LATER)
    adoption.services.set(services)
    EvidenceFactory(service=None, adoption=adoption)
    control = begun(coordinator)
    find(control, "missing", name="karta", about="usługa U/1")
    assert lost(control, "eco") == (["P-1"], [])
    find(control, "missing", name="oświadczenie")
    assert lost(control, "eco") == (["P-1"], ["P-1"])
    AdoptionFactory(code="W/2", entity=entity, kind="eco", day=LAST).services.set(services)
    recount(control)
    assert lost(control, "eco") == (["P-1"], [])


def test_an_act_and_a_training_are_stood_in_for_by_others(coordinator):
    ask_only(("partnership", "akt"), ("staff_training", "zaświadczenie"))
    act = PartnershipFactory(day=DAY)
    training = StaffTrainingFactory(starts_on=DAY, ends_on=DAY)
    control = begun(coordinator)
    find(control, "missing")
    [code], [name] = (standing(control, one).in_doubt for one in ("local_governments", "staff"))
    assert lost(control, "local_governments") == ([code], [code])
    assert lost(control, "staff") == ([name], [name])
    PartnershipFactory(day=LATER, local_government=act.local_government, kind=act.kind)
    StaffTrainingFactory(starts_on=LATER, ends_on=LATER, staff_member=training.staff_member)
    recount(control)
    assert lost(control, "local_governments") == ([code], [])
    assert lost(control, "staff") == ([name], [])


def test_nothing_stands_in_for_papers_of_the_record_itself(coordinator):
    ask_only(("entity", "odpis KRS"))
    entity = supported(DAY, entity=EntityFactory(code="P-1"), code="U/1")
    supported(LATER, entity=entity, code="U/2")
    control = begun(coordinator)
    find(control, "missing", name="odpis KRS")
    assert lost(control, "pes") == (["P-1"], ["P-1"])


def test_nothing_stands_in_for_a_source_that_nobody_named(coordinator):
    ask_only()
    entity = supported(DAY, entity=EntityFactory(code="P-1"), code="U/1")
    supported(LATER, entity=entity, code="U/2")
    control = begun(coordinator)
    find(control, "missing", record__indicator="pes")
    assert lost(control, "pes") == (["P-1"], ["P-1"])
    assert lost(control, "representatives")[0] == []


def test_where_several_services_are_asked_a_third_stands_in(coordinator):
    ask_only(("service", "karta"))
    annex(least_services=2)
    entity = EntityFactory(code="P-1")
    for number, day in enumerate([DAY, LATER, LAST], start=1):
        supported(day, entity=entity, code=f"U/{number}")
    control = begun(coordinator)
    find(control, "missing", about="usługa U/1")
    assert lost(control, "pes") == (["P-1"], [])
    find(control, "missing", about="usługa U/2")
    assert lost(control, "pes") == (["P-1"], ["P-1"])


def test_a_recount_changes_no_record_and_no_indicator(coordinator):
    ask_only(("service", "karta"), ("adoption", "oświadczenie"))
    entity = supported(DAY, entity=EntityFactory(code="P-1"), code="U/1")
    AdoptionFactory(entity=entity, kind="eco", day=DAY).services.set(entity.services.all())
    control = begun(coordinator)
    before = counted("pes")
    marks = ChangeMark.objects.count()
    find(control, "missing")
    assert (Service.objects.count(), Adoption.objects.count()) == (1, 1)
    assert (ChangeMark.objects.count(), counted("pes")) == (marks, before)


def test_a_recount_costs_the_same_for_one_record_and_for_twenty(
    coordinator, django_assert_max_num_queries
):
    ask_only(("service", "karta"), ("person", "deklaracja"))
    for _ in range(20):
        supported(DAY)
    one, many = (begun(coordinator, size=size, on=DAY) for size in (1, 20))
    find(one, "missing")
    find(many, "missing")
    with django_assert_max_num_queries(40) as asked:
        recount(one)
    with django_assert_max_num_queries(len(asked.captured_queries)):
        recount(many)
    assert [len(standing(many, code).lost) for code in ("pes", "representatives")] == [20, 20]
