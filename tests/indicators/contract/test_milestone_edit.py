from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from indicators.models import Milestone
from tests.indicators.contract.test_milestones import YEARS, given, shown, table

pytestmark = pytest.mark.usefixtures("db")


def url(target):
    return reverse("indicators:milestone_edit", args=["sputnik-ii", target.pk])


def saved_rows(target, *rows, **more):
    keys = {
        f"milestones-{n}-id": str(pk)
        for n, pk in enumerate(target.milestones.values_list("pk", flat=True))
    }
    return table(*rows, saved=len(keys), **keys, **more)


def test_milestone_edit_gives_milestones_to_a_target_that_is_there(client, coordinator):
    client.force_login(coordinator)
    target = given()
    client.post(url(target), table(("31.12.2022", "11"), ("31.12.2023", "31")))
    assert target.steps == YEARS


def test_milestone_edit_changes_adds_and_removes_and_keeps_history(client, coordinator):
    client.force_login(coordinator)
    target = given(*YEARS)
    rows = [("31.12.2022", "9"), ("31.12.2023", "31"), ("30.06.2024", "40")]
    client.post(url(target), saved_rows(target, *rows, **{"milestones-1-DELETE": "on"}))
    assert [value for _, value in target.steps] == [9, 40]
    kinds = Milestone.history.order_by("value").values_list("history_type", "value")
    assert list(kinds) == [("~", 9), ("-", 31), ("+", 40)]


def test_milestone_edit_refuses_at_the_field(client, coordinator):
    client.force_login(coordinator)
    target = given(*YEARS)
    page = client.post(url(target), saved_rows(target, ("31.12.2022", "32"), ("31.12.2023", "31")))
    assert [form.errors for form in page.context["rows"]][1] == {
        "value": ["Wartości są narastające: najmniej 32, jak na 31.12.2022."]
    }
    assert target.steps == YEARS


def test_milestone_edit_proposes_in_the_place_of_what_is_saved(client, coordinator):
    client.force_login(coordinator)
    target = given(*YEARS, (date(2023, 11, 30), 30))
    rows = [("31.12.2022", "11"), ("30.11.2023", "30"), ("31.12.2023", "31")]
    data = saved_rows(target, *rows, **{"milestones-arrange": "evenly"})
    page = client.post(url(target), data)
    assert shown(page)[:2] == [("31.12.2022", "12"), ("31.12.2023", "29")]
    deleted = [form["DELETE"].value() for form in page.context["rows"]][:3]
    assert [bool(value) for value in deleted] == [False, False, True]
    sent = {
        field.html_name: field.value() or "" for form in page.context["rows"] for field in form
    }
    counts = {f"milestones-{name}_FORMS": n for name, n in (("TOTAL", 7), ("INITIAL", 3))}
    client.post(url(target), sent | counts)
    assert [value for _, value in target.steps] == [12, 29]


def test_milestone_edit_lets_two_rows_change_places(client, coordinator):
    client.force_login(coordinator)
    target = given(*YEARS)
    client.post(url(target), saved_rows(target, ("31.12.2023", "31"), ("31.12.2022", "10")))
    assert target.steps == [(date(2022, 12, 31), 10), (date(2023, 12, 31), 31)]


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_milestone_edit_is_for_coordinators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(url(given())).status_code == 403


def test_milestone_edit_leads_back_to_the_step_of_a_new_project(client, coordinator):
    client.force_login(coordinator)
    target = given()
    answer = client.post(url(target) + "?from=setup", table(("31.12.2022", "11")))
    assertRedirects(answer, reverse("indicators:setup_indicators", args=["sputnik-ii"]))
