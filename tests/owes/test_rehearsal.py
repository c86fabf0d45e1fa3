"""A change tried: what it does to the numbers, kept only when confirmed."""

from datetime import date, time

import pytest
from django.db import IntegrityError

from entities.models import Entity
from indicators import effects
from indicators.models import Report, ReportLine, ReportRecord
from owes.rehearsal import Effects, Measurement, rehearse
from support.models import Attendance, Recipient, Session
from tests.factories import EntityFactory, PersonFactory, ServiceFactory, UserFactory

DAY = date(2022, 5, 10)


def support_an_entity(day=DAY, code="P1"):
    """A change by which one entity and one person come to count."""
    entity = EntityFactory(code=code)
    service = ServiceFactory(state="approved")
    Recipient.objects.create(service=service, entity=entity)
    session = Session(service=service)
    session.set_term(day, time(9), time(10))
    session.save()
    Attendance.objects.create(session=session, person=PersonFactory(), entity=entity)
    return entity


def close_report(project, *records):
    report = Report.objects.create(
        project=project,
        kind="partial",
        number="1",
        starts_on=date(2022, 4, 5),
        ends_on=date(2022, 12, 31),
        state=Report.State.SENT,
        created_by=UserFactory(),
        closed_at="2023-01-10T12:00Z",
    )
    line = ReportLine.objects.create(
        report=report, indicator="pes", name="PES", rule="", in_period=1, cumulative=1, position=1
    )
    for code, day in records:
        ReportRecord.objects.create(line=line, code=code, label=code, counted_on=day)
    return report


def test_rehearse_measures_and_undoes(project):
    tried = rehearse(support_an_entity, project=project)
    assert (tried.saved, tried.result.code) == (False, "P1")
    assert [str(change) for change in tried.effects.changes] == [
        "PES: 0 → 1",
        "przedstawiciele: 0 → 1",
    ]
    assert len(tried.effects.values) == 8
    assert not Entity.objects.exists()


def test_rehearse_keeps_what_is_confirmed(project):
    assert rehearse(support_an_entity, project=project, confirm=True).saved
    assert Entity.objects.get().code == "P1"


@pytest.mark.parametrize(("limit", "kept"), [(0, 0), (5, 1)])
def test_rehearse_asks_for_confirmation_with_the_effects(project, limit, kept):
    def confirm(result, effects):
        assert result.code == "P1"
        return len(effects.changes) <= limit

    assert rehearse(support_an_entity, project=project, confirm=confirm).saved == bool(kept)
    assert Entity.objects.count() == kept


def test_rehearse_lets_an_error_rise_and_leaves_nothing(project):
    def change():
        support_an_entity()
        EntityFactory(code="P1")

    with pytest.raises(IntegrityError):
        rehearse(change, project=project, confirm=True)
    assert not Entity.objects.exists()


def test_rehearse_names_the_closed_report_a_change_touches(project):
    report = close_report(project)
    tried = rehearse(support_an_entity, project=project)
    label = f"raport częściowy 1 (05.04.2022–31.12.2022, nr {report.pk})"
    assert tried.effects.touched_reports == [label]


def test_rehearse_takes_a_change_after_the_end_of_a_report_for_none(project):
    close_report(project)
    tried = rehearse(lambda: support_an_entity(date(2023, 1, 1)), project=project)
    assert (len(tried.effects.changes), tried.effects.touched_reports) == (2, [])


def test_rehearse_does_not_blame_a_change_for_what_differed_before(project):
    close_report(project, ("X1", DAY))
    tried = rehearse(lambda: EntityFactory(code="P2"), project=project)
    assert tried.effects.touched_reports == []


def test_effects_count_a_draft_report_for_none(project):
    Report.objects.create(
        project=project,
        kind="partial",
        starts_on=date(2022, 4, 5),
        ends_on=date(2022, 12, 31),
        created_by=UserFactory(),
    )
    assert rehearse(support_an_entity, project=project).effects.touched_reports == []


def test_effects_see_the_same_number_with_other_records():
    before = Measurement({"pes": 1}, {"pes": "PES"}, {"raport": set()})
    after = Measurement({"pes": 1}, {"pes": "PES"}, {"raport": {("pes", "P1", DAY)}})
    assert Effects(before, after).changes == []
    assert Effects(before, after).touched_reports == ["raport"]
    assert [Effects(before, after).is_none, Effects(before, before).is_none] == [False, True]
    assert Effects(after, before).touched_reports == []


def test_effects_take_the_same_queries_for_any_number_of_records(
    project, django_assert_num_queries
):
    close_report(project)
    with django_assert_num_queries(12):
        effects.of(project)
    for number in range(5):
        support_an_entity(code=f"P{number}")
    with django_assert_num_queries(12):
        effects.of(project)
