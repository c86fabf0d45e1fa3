from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from support.models import Project
from tests.factories import ActivityFactory, sputnik
from tests.support.project.new_project import answers, is_closed_by_the_first_record, new

__all__ = ["new"]
URL = reverse("support:setup_schedule", args=["kuznia-2025"])


def payload(**changes):
    return {
        "activities": "Doradztwo",
        "reporting_cycle": "year",
        "own_period_ends": "",
        "days_to_report": "30",
        "days_to_final_report": "30",
    } | changes


def names(project):
    return sorted(activity.name for activity in project.activities.all())


def test_setup_schedule_makes_the_activities_those_typed(client, coordinator, new):
    kept = ActivityFactory(project=new, name="doradztwo")
    ActivityFactory(project=new, name="Odpada")
    client.force_login(coordinator)
    assert client.get(URL).context["form"]["activities"].value() == "doradztwo\nOdpada"
    answer = client.post(URL, payload(activities=" Doradztwo \r\n\r\nSzkolenia\r\nszkolenia"))
    assertRedirects(answer, "/p/kuznia-2025/setup/team/")
    assert names(new) == ["Doradztwo", "Szkolenia"]
    assert new.activities.get(name="Doradztwo") == kept


def test_setup_schedule_copies_what_is_not_there_yet(client, coordinator, new):
    ActivityFactory(name="Szkolenia")
    ActivityFactory(name="Animacja")
    first = sputnik().evidence_requirements.first()
    first.pk, first._state.adding, first.project = None, True, new
    first.save()
    client.force_login(coordinator)
    client.post(URL, payload(activities="szkolenia", source=sputnik().pk))
    assert names(new) == ["Animacja", "szkolenia"]
    assert new.evidence_requirements.count() == 11
    assertContains(client.get(URL), "deklaracja uczestnika")


def test_setup_schedule_copies_from_projects_of_the_user_only(client, coordinator, staff, new):
    client.force_login(coordinator)
    offered = client.get(URL).context["form"].fields["source"].queryset
    assert list(offered) == [sputnik()]
    coordinator.memberships.filter(project=sputnik()).delete()
    form = client.post(URL, payload(activities="", source=sputnik().pk)).context["form"]
    assert list(form.errors) == ["source"]


def test_setup_schedule_saves_when_the_project_reports(client, coordinator, new):
    client.force_login(coordinator)
    quarters = payload(reporting_cycle="quarter", days_to_report="14")
    assertRedirects(client.post(URL, quarters), "/p/kuznia-2025/setup/team/")
    terms = Project.objects.get(pk=new.pk).report_terms()
    assert (len(terms), terms[0].due_on) == (12, date(2025, 4, 14))


def test_setup_schedule_shows_the_periods_typed_and_saves_nothing(client, coordinator, new):
    client.force_login(coordinator)
    assert len(client.get(URL).context["terms"]) == 3
    own = payload(reporting_cycle="own", own_period_ends="30.06.2026", preview="1")
    page = client.post(URL, own)
    assert [term.period.end for term in page.context["terms"]] == [
        date(2026, 6, 30),
        date(2027, 12, 31),
    ]
    assertContains(page, "jeszcze nie zapisano")
    assert (names(new), Project.objects.get(pk=new.pk).own_period_ends) == ([], [])


def test_setup_schedule_refuses_a_period_at_its_field_and_saves_nothing(client, coordinator, new):
    client.force_login(coordinator)
    page = client.post(URL, payload(reporting_cycle="own", own_period_ends="1.01.2028"))
    assert list(page.context["reporting"].errors) == ["own_period_ends"]
    assert page.context["form"]["activities"].value() == "Doradztwo"
    assert names(new) == []


def test_setup_schedule_refuses_a_name_too_long(client, coordinator, new):
    client.force_login(coordinator)
    form = client.post(URL, payload(activities="x" * 201)).context["form"]
    assert form.errors == {"activities": ["Nazwa działania: najwyżej 200 znaków."]}


@pytest.mark.parametrize("role", ["administrator"])
def test_setup_schedule_is_for_those_who_set_it_up(client, request, staff, new, role):
    form = payload()
    assert answers(client, URL, staff, form) == [404, 404]
    user = request.getfixturevalue(role)
    assert is_closed_by_the_first_record(client, URL, user, form, new)
