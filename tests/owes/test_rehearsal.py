"""A change tried: what it does to the numbers, kept only when confirmed."""

from datetime import date, time

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from entities.models import Entity
from indicators.closing import closing
from indicators.counting.scope import Scope
from indicators.counting.store import kept
from indicators.models import Report
from indicators.records import effects
from owes.rehearsal import rehearse, try_out, watch_reports
from support.models import Attendance, Recipient, Session
from tests.factories import (
    EntityFactory,
    PersonFactory,
    ProjectFactory,
    ServiceFactory,
    UserFactory,
)

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


def close_report(project):
    draft = Report.objects.create(
        project=project,
        kind="partial",
        starts_on=date(2022, 4, 5),
        ends_on=date(2022, 12, 31),
        created_by=UserFactory(),
    )
    return closing.close(draft, UserFactory(), "próba")


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
    [touch] = rehearse(support_an_entity, project=project).effects.touched
    assert (touch.key, touch.label) == (
        report.pk,
        "raport częściowy nr 1 (05.04.2022–31.12.2022)",
    )
    assert [key[0] for key in touch.records] == ["pes", "representatives"]
    assert touch.told[0].startswith("PES: dochodzi Stowarzyszenie Próba")
    assert [str(change) for change in touch.changes][:2] == [
        "PES: 0 → 1",
        "przedstawiciele: 0 → 1",
    ]


def test_rehearse_takes_a_change_after_the_end_of_a_report_for_none(project):
    close_report(project)
    tried = rehearse(lambda: support_an_entity(date(2023, 1, 1)), project=project)
    assert (len(tried.effects.changes), tried.effects.touched) == (2, [])


def test_rehearse_does_not_blame_a_change_for_what_differed_before(project):
    close_report(project)
    support_an_entity()
    tried = rehearse(lambda: EntityFactory(code="P2"), project=project)
    assert tried.effects.touched == []


def test_rehearse_sees_the_same_number_with_another_record(project):
    first = support_an_entity()
    close_report(project)

    def change():
        first.services.update(state="cancelled")
        support_an_entity(code="P2")

    [touch] = rehearse(change, project=project).effects.touched
    assert ("pes", "P1") in touch.records
    assert ("pes", "P2") in touch.records
    assert "PES" not in [change.label for change in touch.changes]


def test_rehearse_sees_a_second_change_of_what_differed_before(project):
    entity = support_an_entity()
    close_report(project)
    Entity.objects.filter(pk=entity.pk).update(name="Fundacja Nowa")

    def cancel():
        entity.services.update(state="cancelled")

    [touch] = rehearse(cancel, project=project).effects.touched
    assert "PES: wypada" in touch.told[0]


def test_what_comes_back_as_it_was_reported_touches_nothing(project):
    entity = support_an_entity()
    close_report(project)
    entity.services.update(state="cancelled")
    tried = rehearse(lambda: entity.services.update(state="approved"), project=project)
    assert tried.effects.touched == []


def test_rehearse_sees_the_reports_of_other_projects(project):
    entity = support_an_entity()
    report = close_report(project)
    change = entity.services.update
    tried = rehearse(lambda: change(state="cancelled"), project=ProjectFactory())
    assert [touch.key for touch in tried.effects.touched] == [report.pk]


def watched():
    return [report.pk for reports in watch_reports().reports.values() for report in reports]


def test_a_corrected_report_is_beside_its_correction_only(project):
    report = close_report(project)
    correction = closing.correction_of(report, UserFactory())
    assert watched() == [report.pk]
    correction = closing.close(correction, UserFactory(), "próba")
    assert watched() == [correction.pk]


def test_a_draft_report_is_none(project):
    Report.objects.create(
        project=project,
        kind="partial",
        starts_on=date(2022, 4, 5),
        ends_on=date(2022, 12, 31),
        created_by=UserFactory(),
    )
    assert (bool(watch_reports()), watch_reports().touches()) == (False, [])


def queries_of(look):
    with CaptureQueriesContext(connection) as queries:
        look()
    return len(queries)


def test_effects_take_the_same_queries_for_any_number_of_records(project):
    def support(number):
        for _ in range(number):
            support_an_entity(code=f"P{Entity.objects.count() + 2}")
        pending = queries_of(lambda: effects.of(project))
        kept(Scope.of(project))
        return pending, queries_of(lambda: effects.of(project))

    support(1)
    few = support(1)
    assert few[1] == 6
    assert support(5) == few


def test_reports_are_compared_with_the_same_queries_however_much_they_count(project):
    def change(number):
        watch = watch_reports()
        for place in range(number):
            support_an_entity(code=f"N{number}{place}")
        return queries_of(watch_reports), queries_of(watch.touches)

    support_an_entity()
    close_report(project)
    change(1)
    assert change(5) == change(2)


def test_a_change_that_counts_nowhere_costs_what_the_watch_costs(project):
    support_an_entity()
    close_report(project)
    kept(Scope.of(project))

    def change():
        watch = watch_reports()
        Entity.objects.update(street="Nowa 5")
        assert watch.touches() == []

    assert queries_of(change) == 7


@pytest.mark.django_db
def test_what_is_tried_out_answers_and_leaves_nothing():
    before = Entity.objects.count()
    assert try_out(lambda: (support_an_entity(), Entity.objects.count())[1]) == before + 1
    assert Entity.objects.count() == before
