import pytest
from django.urls import reverse

from support.models import Project
from tests.factories import PartnershipFactory, jst

URL = reverse("support:project_scope_edit", args=["sputnik-ii"])
AREA = ["1462", "1419", "1427", "1404"]


def payload(area=AREA, **changes):
    days = {"starts_on": "05.04.2022", "ends_on": "31.12.2024"}
    return days | {"area": area} | changes


def scope():
    project = Project.objects.get(slug="sputnik-ii")
    return (
        str(project.starts_on),
        str(project.ends_on),
        sorted(project.area.values_list("code", flat=True)),
    )


UNCHANGED = ("2022-04-05", "2024-12-31", sorted(AREA))


def test_project_scope_edit_saves_at_once_what_changes_no_number(client, coordinator):
    client.force_login(coordinator)
    client.post(URL, payload(ends_on="30.06.2025"))
    assert scope() == ("2022-04-05", "2025-06-30", sorted(AREA))


@pytest.mark.parametrize(
    "changes", [{"ends_on": "08.03.2023"}, {"area": ["1462", "1419", "1427"]}]
)
def test_project_scope_edit_shows_the_effect_first_and_saves_when_seen(
    client, coordinator, changes
):
    PartnershipFactory(day="2023-03-09", local_government=jst("140401"))
    client.force_login(coordinator)
    shown = client.post(URL, payload(**changes))
    [(project, effects)] = shown.context["effects"]
    changed = [(change.code, change.before, change.after) for change in effects.changes]
    assert changed == [("local_governments", 1, 0)]
    assert scope() == UNCHANGED
    client.post(URL, payload(**changes) | {"seen": shown.context["seen"]})
    assert scope() != UNCHANGED


def test_project_scope_edit_shows_the_effect_again_when_what_was_typed_changed(
    client, coordinator
):
    PartnershipFactory(day="2023-03-09")
    client.force_login(coordinator)
    seen = client.post(URL, payload(ends_on="08.03.2023")).context["seen"]
    again = client.post(URL, payload(ends_on="07.03.2023") | {"seen": seen})
    assert len(again.context["effects"]) == 1
    assert scope() == UNCHANGED


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        (
            {"ends_on": "04.04.2022"},
            "ends_on",
            "Koniec projektu jest wcześniejszy niż początek.",
        ),
        ({"area": []}, "area", "Wskaż obszar: bez niego żaden podmiot się nie liczy."),
    ],
)
def test_project_scope_edit_refuses_at_the_field(client, coordinator, changes, field, sentence):
    client.force_login(coordinator)
    form = client.post(URL, payload(**changes)).context["form"]
    assert form.errors == {field: [sentence]}
    assert scope() == UNCHANGED


def test_project_scope_edit_counts_by_a_gmina_of_the_area(client, coordinator):
    """What changes no number is saved at once: the act is of Bodzanów."""
    PartnershipFactory(day="2023-03-09", local_government=jst("141902"))
    client.force_login(coordinator)
    client.post(URL, payload(area=["141902"]))
    assert scope()[2] == ["141902"]
    [(_, effects)] = client.post(URL, payload(area=["141908"])).context["effects"]
    changed = [(change.code, change.before, change.after) for change in effects.changes]
    assert changed == [("local_governments", 1, 0)]


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_project_scope_edit_is_for_coordinators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert [client.get(URL).status_code, client.post(URL, payload()).status_code] == [403, 403]
