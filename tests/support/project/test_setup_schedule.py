import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from tests.factories import ActivityFactory, sputnik
from tests.support.project.new_project import answers, is_closed_by_the_first_record, new

__all__ = ["new"]
URL = reverse("support:setup_schedule", args=["kuznia-2025"])


def names(project):
    return sorted(activity.name for activity in project.activities.all())


def test_setup_schedule_makes_the_activities_those_typed(client, coordinator, new):
    kept = ActivityFactory(project=new, name="doradztwo")
    ActivityFactory(project=new, name="Odpada")
    client.force_login(coordinator)
    assert client.get(URL).context["form"]["activities"].value() == "doradztwo\nOdpada"
    answer = client.post(URL, {"activities": " Doradztwo \r\n\r\nSzkolenia\r\nszkolenia"})
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
    client.post(URL, {"activities": "szkolenia", "source": sputnik().pk})
    assert names(new) == ["Animacja", "szkolenia"]
    assert new.evidence_requirements.count() == 11
    assertContains(client.get(URL), "deklaracja uczestnika")


def test_setup_schedule_copies_from_projects_of_the_user_only(client, coordinator, staff, new):
    client.force_login(coordinator)
    offered = client.get(URL).context["form"].fields["source"].queryset
    assert list(offered) == [sputnik()]
    coordinator.memberships.filter(project=sputnik()).delete()
    form = client.post(URL, {"activities": "", "source": sputnik().pk}).context["form"]
    assert list(form.errors) == ["source"]


def test_setup_schedule_refuses_a_name_too_long(client, coordinator, new):
    client.force_login(coordinator)
    form = client.post(URL, {"activities": "x" * 201}).context["form"]
    assert form.errors == {"activities": ["Nazwa działania: najwyżej 200 znaków."]}


@pytest.mark.parametrize("role", ["administrator"])
def test_setup_schedule_is_for_those_who_set_it_up(client, request, staff, new, role):
    form = {"activities": "Doradztwo"}
    assert answers(client, URL, staff, form) == [404, 404]
    user = request.getfixturevalue(role)
    assert is_closed_by_the_first_record(client, URL, user, form, new)
