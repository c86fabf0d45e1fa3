from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from entities.models import Restriction
from indicators.models import Report, ReportLine, ReportRecord
from owes.models import Anonymisation, Job
from owes.privacy.deciding import is_anonymised, propose
from support.models import LegalHold, StaffTraining
from support.retention.plan import CHANGED, NOBODY, WAITING, approve, plan_of
from tests.factories import (
    ProjectFactory,
    StaffMemberFactory,
    UserFactory,
)
from tests.support.retention.people import SIGNED, declared, ended

pytestmark = pytest.mark.usefixtures("db")
TODAY = timezone.localdate


def told(project, on=None):
    """`{words: reasons}` of everybody in the plan."""
    plan = plan_of(project, on or TODAY())
    return {each.words: each.reasons for each in (*plan.due, *plan.kept)}


@pytest.mark.parametrize(("age", "goes"), [(1, True), (0, False)])
def test_documents_are_kept_until_the_end_of_their_day(age, goes):
    project = ended(days=age)
    person = declared(project)
    [reasons] = told(project).values()
    assert (reasons == []) is goes
    assert list(told(project)) == [f"osoba {person.code}"]


def test_the_plan_of_another_day_is_a_dry_run_too():
    project = ended(days=-1)
    declared(project)
    assert [len(plan_of(project, TODAY() + timedelta(days=n)).due) for n in (1, 2)] == [0, 1]
    assert not Anonymisation.objects.exists()


def test_another_project_that_keeps_its_documents_keeps_the_person():
    project, other = ended(), ProjectFactory(name="Następny")
    declared(project, other)
    assert list(told(project).values()) == [
        ["Następny: nie wpisano dnia, do którego przechowuje się dokumenty."]
    ]
    ended(other)
    assert list(told(project).values()) == [[]]


def test_a_hold_of_any_of_the_projects_keeps_the_person_until_it_is_lifted():
    project, other = ended(), ended(ProjectFactory(name="Następny"))
    person, user = declared(project, other), UserFactory()
    hold = LegalHold.objects.create(project=other, reason="spór", by=user)
    since = f"{timezone.localdate(hold.since):%d.%m.%Y}"
    assert list(told(project).values()) == [[f"Następny: usuwanie danych wstrzymano {since}."]]
    with pytest.raises(ValidationError, match="wstrzymano"):
        propose(person, "wniosek", user)
    hold.lifted_at, hold.lifted_by, hold.lift_reason = timezone.now(), user, "ugoda"
    hold.save()
    assert list(told(project).values()) == [[]]


def test_a_restriction_keeps_the_person():
    project = ended()
    person = declared(project)
    Restriction.objects.create(person=person, reason="roszczenie", by=UserFactory())
    [[reason]] = told(project).values()
    assert reason.startswith("Przetwarzanie ograniczono")


def test_a_closed_report_within_its_period_keeps_whom_nothing_else_names():
    project, other = ended(), ProjectFactory(name="Następny")
    person = declared(project)
    days = {"starts_on": other.starts_on, "ends_on": other.ends_on}
    report = Report.objects.create(
        project=other,
        kind="partial",
        state="closed",
        closed_at=timezone.now(),
        created_by=UserFactory(),
        **days,
    )
    line = ReportLine.objects.create(
        report=report, indicator="pes", name="n", rule="r", in_period=1, cumulative=1, position=1
    )
    ReportRecord.objects.create(line=line, code=person.code, label="osoba", counted_on=SIGNED)
    assert list(told(project).values()) == [["Następny: wymienia ją zamknięty raport."]]
    ended(other)
    assert list(told(project).values()) == [[]]


def test_staff_who_work_and_accounts_that_sign_in_stay():
    project = ended()
    works = StaffMemberFactory(user=UserFactory(is_active=True))
    left = StaffMemberFactory(active_until=TODAY() - timedelta(days=1))
    for member in (works, left):
        StaffTraining.objects.create(
            project=project, staff_member=member, topic="RODO", starts_on=SIGNED
        )
    assert told(project) == {
        f"osoba z kadry nr {left.pk}": [],
        f"osoba z kadry nr {works.pk}": [
            "Nadal w kadrze: koniec pracy nie jest wpisany albo nie nadszedł.",
            "Konto jest czynne.",
        ],
    }


def test_who_waits_for_a_second_person_is_not_decided_twice():
    project = ended(days=0)
    person = declared(project)
    propose(person, "wniosek", UserFactory())
    ended(project)
    assert list(told(project).values()) == [[WAITING]]


def test_approving_anonymises_all_that_may_go(django_capture_on_commit_callbacks):
    project, other = ended(), ProjectFactory()
    gone = [declared(project) for _ in range(3)]
    stays = declared(project, other)
    plan = plan_of(project, TODAY())
    with django_capture_on_commit_callbacks(execute=True):
        job = approve(project, TODAY(), plan.fingerprint, UserFactory())
    job.refresh_from_db()
    assert (job.state, job.progress, job.total) == (Job.State.DONE, 3, 3)
    assert [is_anonymised(person) for person in (*gone, stays)] == [True, True, True, False]
    assert {row.basis for row in Anonymisation.objects.all()} == {plan.basis}
    after = plan_of(project, TODAY())
    assert (after.due, len(after.kept), after.done) == ([], 1, 3)
    with pytest.raises(ValidationError, match=NOBODY):
        approve(project, TODAY(), after.fingerprint, UserFactory())


def test_another_list_than_the_one_looked_at_is_not_approved():
    project = ended()
    declared(project)
    seen = plan_of(project, TODAY()).fingerprint
    declared(project)
    with pytest.raises(ValidationError, match=CHANGED):
        approve(project, TODAY(), seen, UserFactory())
    assert not Anonymisation.objects.exists()


def test_a_hold_that_came_after_the_approval_is_kept_to(django_capture_on_commit_callbacks):
    project = ended()
    person, user = declared(project), UserFactory()
    with django_capture_on_commit_callbacks() as callbacks:
        approve(project, TODAY(), plan_of(project, TODAY()).fingerprint, user)
    LegalHold.objects.create(project=project, reason="spór", by=user)
    [publish] = callbacks
    publish()
    [row] = Anonymisation.objects.all()
    assert (row.done_at, is_anonymised(person)) == (None, False)
    assert "wstrzymano" in row.obstacle
    assert row.withdrawn_at  # it may be decided again


def test_the_queries_do_not_grow_with_people(django_assert_num_queries):
    project = ended()
    for _ in range(2):
        for _ in range(3):
            declared(project)
        with django_assert_num_queries(28):
            plan_of(project, TODAY())
