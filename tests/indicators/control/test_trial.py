"""The sample is the same for everybody, and what is faulty takes with it what it proved."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from entities.models import SocialEnterpriseStatus
from indicators.control import trial
from indicators.models import ControlledDocument, TrialControl
from support.models import EvidenceRequirement
from tests.factories import AdoptionFactory, EntityFactory, PersonFactory, sputnik
from tests.indicators.control.trials import ask_only, begun, find, standing
from tests.indicators.given import DAY, supported
from tests.indicators.rules import annex

pytestmark = pytest.mark.usefixtures("db")


def papers(control, indicator):
    """`{code: [(document, what it is about)]}` of the sample of an indicator."""
    return {
        record.code: [(document.name, document.about) for document in record.documents.all()]
        for record in control.records.filter(indicator=indicator)
    }


def test_a_sample_depends_on_the_seed_and_on_nothing_else():
    codes = ["P-1", "P-2", "P-3"]
    assert trial.draw_sample(codes, "a", "pes", 2) == ["P-3", "P-1"]
    assert trial.draw_sample(codes[::-1], "a", "pes", 2) == ["P-3", "P-1"]
    orders = {tuple(trial.draw_sample(codes, str(seed), "pes", 3)) for seed in range(40)}
    assert len(orders) == 6


def test_a_larger_sample_begins_with_the_smaller_one():
    codes = [f"P-{number}" for number in range(30)]
    assert trial.draw_sample(codes, "a", "pes", 20)[:7] == trial.draw_sample(codes, "a", "pes", 7)
    assert trial.draw_sample(codes, "a", "ps", 30) != trial.draw_sample(codes, "a", "pes", 30)
    assert sorted(trial.draw_sample(codes, "a", "pes", 200)) == sorted(codes)


def test_each_record_is_asked_the_papers_of_what_decided_and_its_own(coordinator):
    ask_only(("entity", "odpis KRS"), ("service", "karta podpisana\nlista obecności"))
    EvidenceRequirement.objects.create(
        project=sputnik(), subject="service", documents="ankiety", is_required=False
    )
    supported(DAY, entity=EntityFactory(code="P-1", name="Fundacja Sad"), code="U/1")
    control = begun(coordinator)
    card = ("karta podpisana albo lista obecności", "usługa U/1")
    assert papers(control, "pes") == {"P-1": [card, ("odpis KRS", "")]}
    record = control.records.get(indicator="pes")
    assert (record.label, record.counted_on) == ("Fundacja Sad", DAY)


def test_a_person_is_a_code(coordinator):
    ask_only(("person", "deklaracja uczestnika"))
    supported(DAY, person=PersonFactory(code="O-1", first_name="Jan", last_name="Lis"))
    control = begun(coordinator)
    assert papers(control, "representatives") == {"O-1": [("deklaracja uczestnika", "")]}
    assert control.records.get(indicator="representatives").label == "O-1"


def test_a_status_is_asked_where_it_decides_and_falls_there_alone(coordinator):
    ask_only(("status", "decyzja"), ("entity", "odpis KRS"))
    entity = supported(DAY, entity=EntityFactory(code="P-1"))
    other = date(2020, 1, 1)
    for start, end in [(other, other), (DAY, DAY), (date(2024, 1, 1), None)]:
        SocialEnterpriseStatus.objects.create(
            entity=entity, basis="voivode", valid_from=start, valid_until=end
        )
    control = begun(coordinator)
    assert papers(control, "ps") == {
        "P-1": [("odpis KRS", ""), ("decyzja", "status PS od 09.03.2023")]
    }
    find(control, "missing", name="decyzja")
    assert [len(standing(control, code).in_doubt) for code in ("ps", "representatives")] == [1, 0]


def test_an_adoption_is_asked_its_own_papers_and_those_of_its_service(coordinator):
    ask_only(("adoption", "oświadczenie"), ("service", "karta"))
    entity = supported(DAY, entity=EntityFactory(code="P-1"), code="U/1")
    adoption = AdoptionFactory(code="W/1", entity=entity, kind="digital", day=DAY)
    adoption.services.add(entity.services.get())
    control = begun(coordinator)
    assert papers(control, "digital") == {
        "P-1": [("oświadczenie", "wdrożenie W/1"), ("karta", "usługa U/1")]
    }


def test_a_new_entity_supported_as_a_group_is_asked_its_own_papers(coordinator):
    ask_only(("entity", "odpis KRS"), ("service", "karta"))
    group = supported(DAY, entity=EntityFactory(legal_form="initiative_group"), code="U/1")
    EntityFactory(code="P-2", founding_group=group, registered_on=date(2023, 6, 1))
    papers_of = papers(begun(coordinator), "new_entities")
    assert papers_of == {"P-2": [("karta", "usługa U/1"), ("odpis KRS", "")]}


def test_a_service_of_a_kind_that_keeps_no_card_is_asked_none(coordinator):
    ask_only(("service", "karta"), ("entity", "odpis KRS"))
    supported(DAY, entity=EntityFactory(code="P-1"), type="asysta")
    assert papers(begun(coordinator), "pes") == {"P-1": [("odpis KRS", "")]}


def test_without_required_papers_the_source_itself_is_looked_for(coordinator):
    ask_only()
    supported(DAY, entity=EntityFactory(code="P-1"))
    assert papers(begun(coordinator), "pes") == {"P-1": [("dokument źródłowy", "")]}


def test_what_counts_after_the_day_is_not_drawn(coordinator):
    supported(DAY, entity=EntityFactory(code="P-1"))
    supported(date(2024, 5, 1), entity=EntityFactory(code="P-2"))
    assert list(papers(begun(coordinator, on=date(2024, 4, 30)), "pes")) == ["P-1"]
    assert set(papers(begun(coordinator, on=date(2024, 5, 1)), "pes")) == {"P-1", "P-2"}


def test_of_nothing_counted_nothing_is_drawn(coordinator):
    supported(DAY)
    with pytest.raises(ValidationError, match="nie zaliczono jeszcze żadnego"):
        begun(coordinator, on=date(2022, 12, 31))
    assert not TrialControl.objects.exists()


def test_of_two_statuses_in_force_the_later_is_asked(coordinator):
    ask_only(("status", "decyzja"))
    entity = supported(DAY, entity=EntityFactory(code="P-1"))
    for basis, start in [("voivode", date(2023, 1, 2)), ("owes", date(2022, 1, 2))]:
        SocialEnterpriseStatus.objects.create(entity=entity, basis=basis, valid_from=start)
    assert papers(begun(coordinator), "ps") == {"P-1": [("decyzja", "status PS od 02.01.2023")]}


def test_where_one_service_is_too_little_all_until_the_day_are_asked(coordinator):
    ask_only(("service", "karta"))
    annex(least_services=2)
    entity = supported(DAY, entity=EntityFactory(code="P-1"), code="U/1")
    for code, day in [("U/2", date(2023, 4, 1)), ("U/3", date(2023, 5, 1))]:
        supported(day, entity=entity, person=PersonFactory(), code=code)
    control = begun(coordinator)
    assert papers(control, "pes") == {"P-1": [("karta", "usługa U/2"), ("karta", "usługa U/1")]}
    find(control, "missing", record__indicator="representatives", about="usługa U/3")
    assert len(standing(control, "pes").in_doubt) == 0
    find(control, "missing", record__indicator="representatives", about="usługa U/1")
    assert len(standing(control, "pes").in_doubt) == 1


def test_a_later_change_of_records_moves_no_number_of_the_control(coordinator):
    entity = supported(DAY)
    control = begun(coordinator)
    entity.services.update(state="cancelled")
    control.refresh_from_db()
    assert standing(control, "pes").counted == 1


def test_a_control_is_finished_once_and_whole(coordinator, staff):
    supported(DAY)
    control = begun(coordinator)
    with pytest.raises(ValidationError, match="Najpierw zapisz"):
        trial.finish(control, coordinator)
    find(control, "found")
    trial.finish(control, coordinator)
    with pytest.raises(ValidationError, match="już zakończono"):
        trial.finish(control, staff)
    control.refresh_from_db()
    assert (control.finished_by, control.is_finished) == (coordinator, True)


@pytest.mark.parametrize("note", ["", "inny podpis"])
def test_the_database_keeps_no_wrong_paper_without_a_note(coordinator, note):
    supported(DAY)
    begun(coordinator)
    document = ControlledDocument.objects.first()
    document.verdict, document.note = "wrong", note
    if note:
        document.save()
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            document.save()


def test_drawing_costs_the_same_for_one_record_and_for_twenty(
    coordinator, django_assert_max_num_queries
):
    ask_only(("service", "karta"))
    for _ in range(20):
        supported(DAY)
    project = sputnik()
    with django_assert_max_num_queries(80) as asked:
        trial.begin(
            TrialControl(project=project, created_by=coordinator, on=DAY, size=1, seed="a")
        )
    with django_assert_max_num_queries(len(asked.captured_queries)):
        trial.begin(
            TrialControl(project=project, created_by=coordinator, on=DAY, size=20, seed="a")
        )
