from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from indicators.catalogue import CATALOGUE
from tests.factories import MembershipFactory, ProjectFactory, ServiceFactory
from tests.indicators.rules import CODES

URL = reverse("indicators:setup_indicators", args=["sputnik-ii"])
FROM = "?from=setup"
NEXT = "/p/sputnik-ii/setup/schedule/"


@pytest.fixture
def eco(project):
    """An indicator of the project that has no target."""
    project.targets.filter(indicator="eco").delete()
    return project.indicators.get(code="eco")


def typed(form):
    """A row of the table as its page sends it back."""
    return {form.add_prefix(name): str(form[name].value() or "") for name in form.fields}


def payload(client, **changes):
    rows = client.get(URL).context["table"].forms
    return {name: text for row in rows for name, text in typed(row).items()} | changes


def targets(project):
    rows = project.targets.order_by("indicator", "valid_from")
    return {row.indicator: (row.value, row.valid_from) for row in rows}


def test_setup_indicators_shows_a_row_for_each_indicator(client, coordinator, eco):
    client.force_login(coordinator)
    page = client.get(URL)
    assertContains(page, "Krok 3 z 5")
    rows = page.context["table"].rows
    assert [indicator.code for indicator, _ in rows] == list(CODES)
    values = {indicator.code: form["value"].value() for indicator, form in rows}
    assert (values["pes"], values["eco"]) == (45, None)
    assert page.context["following"] == NEXT


def test_setup_indicators_proposes_the_day_and_the_usual_means(client, coordinator, eco, project):
    client.force_login(coordinator)
    form = {row.code: form for row, form in client.get(URL).context["table"].rows}["eco"]
    assert form["valid_from"].value() == "05.04.2022"
    assert form["means_of_verification"].value() == "oświadczenie o wdrożeniu, karta usługi"


def test_setup_indicators_proposes_the_means_of_what_counts_the_same(client, coordinator):
    project = ProjectFactory(indicators=[CATALOGUE["women"]])
    MembershipFactory(user=coordinator, project=project, role="coordinator")
    project.indicators.update(code="own")
    client.force_login(coordinator)
    page = client.get(reverse("indicators:setup_indicators", args=[project.slug]))
    [form] = page.context["table"].forms
    words = "listy obecności, karty doradztwa, deklaracje uczestników"
    assert form["means_of_verification"].value() == words


def test_setup_indicators_saves_all_targets_together(client, coordinator, eco, project):
    client.force_login(coordinator)
    data = payload(client, **{"target-eco-value": "7", "target-pes-value": "50"})
    assertRedirects(client.post(URL, data), NEXT)
    after = targets(project)
    assert (after["eco"], after["pes"]) == ((7, project.starts_on), (50, project.starts_on))
    assert project.targets.get(indicator="pes").history.first().history_user == coordinator
    # Nothing was changed in the others.
    assert project.targets.get(indicator="ps").history.count() == 0


def test_setup_indicators_leaves_alone_what_was_only_offered(client, coordinator, eco, project):
    client.force_login(coordinator)
    before = targets(project)
    assertRedirects(client.post(URL, payload(client, stay="1")), URL)
    assert targets(project) == before


@pytest.mark.parametrize(
    ("changes", "name", "sentence"),
    [
        ({"target-eco-value": "dużo"}, "value", "Podaj liczbę całkowitą, na przykład 15."),
        ({"target-eco-value": "0"}, "value", "Najmniej 1."),
        (
            {"target-eco-value": "3", "target-eco-valid_from": "1.01.2025"},
            "valid_from",
            "Podaj dzień z okresu projektu, 05.04.2022–31.12.2024.",
        ),
    ],
)
def test_setup_indicators_refuses_at_the_field_and_loses_nothing(
    client, coordinator, eco, project, changes, name, sentence
):
    client.force_login(coordinator)
    before = targets(project)
    page = client.post(URL, payload(client, **changes, **{"target-pes-value": "50"}))
    forms = {indicator.code: form for indicator, form in page.context["table"].rows}
    assert forms["eco"].errors == {name: [sentence]}
    assert forms["pes"]["value"].value() == "50"
    assert page.context["table"].errors[0][0] == f"id_target-eco-{name}"
    assert targets(project) == before


def test_setup_indicators_keeps_a_target_above_its_milestones(client, coordinator, project):
    target = project.targets.get(indicator="pes")
    target.milestones.create(day=date(2022, 12, 31), value=11)
    client.force_login(coordinator)
    page = client.post(URL, payload(client, **{"target-pes-value": "10"}))
    sentence = "Wartości pośrednie dochodzą do 11; najpierw popraw je."
    assert page.context["table"].forms[0].errors == {"value": [sentence]}


def test_setup_indicators_takes_no_row_that_was_not_shown(client, coordinator, project):
    client.force_login(coordinator)
    data = {name: text for name, text in payload(client).items() if "-eco-" not in name}
    project.targets.filter(indicator="eco").delete()
    assertRedirects(client.post(URL, data), NEXT)
    assert "eco" not in targets(project)


def test_setup_indicators_asks_as_much_of_one_indicator_as_of_eight(
    client, coordinator, project, django_assert_num_queries
):
    client.force_login(coordinator)
    client.get(URL)
    with CaptureQueriesContext(connection) as of_eight:
        client.get(URL)
    project.indicators.exclude(code="pes").delete()
    with django_assert_num_queries(len(of_eight)):
        client.get(URL)


def test_setup_indicators_opens_rules_and_milestones_with_the_way_back(
    client, coordinator, project
):
    client.force_login(coordinator)
    page = client.get(URL)
    target = project.targets.get(indicator="pes")
    for name, keys in (
        ("catalogue_create", []),
        ("indicator_create", []),
        ("indicator_rules", ["pes"]),
        ("milestone_edit", [target.pk]),
    ):
        address = reverse(f"indicators:{name}", args=["sputnik-ii", *keys]) + FROM
        assertContains(page, f'href="{address}"')
        opened = client.get(address)
        assertContains(opened, f'<a href="{URL}">Krok 3: wskaźniki i cele</a>', html=True)


def test_the_way_back_ends_with_the_first_record(client, coordinator, project):
    client.force_login(coordinator)
    ServiceFactory()
    address = reverse("indicators:catalogue_create", args=["sputnik-ii"]) + FROM
    assertNotContains(client.get(address), URL)


def test_setup_indicators_leaves_targets_to_the_coordinator(client, administrator, eco):
    client.force_login(administrator)
    page = client.get(URL)
    assertContains(page, "cel wpisze koordynator")
    assertNotContains(page, "target-eco-value")
    assert client.post(URL, {}).status_code == 403


def test_setup_indicators_is_for_those_who_set_the_project_up(client, staff, administrator):
    client.force_login(staff)
    assert client.get(URL).status_code == 403
    ServiceFactory()
    client.force_login(administrator)
    assert client.get(URL).status_code == 403
