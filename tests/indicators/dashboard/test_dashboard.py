from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from indicators.checks.declarations import CHECKS
from indicators.contract.deadlines import ReportDue
from indicators.counting.scope import Scope
from indicators.models import CheckRun
from indicators.records.lines import LastReport, progress_lines
from owes.formatting import plural, plural_form
from owes.models import User
from support.models import Adoption, ServiceType, Theme
from tests.factories import (
    AdoptionFactory,
    EntityFactory,
    MembershipFactory,
    PartnershipFactory,
    ProjectFactory,
    ServiceFactory,
    sputnik,
)
from tests.indicators.given import DAY, FIRST, LAST, counted, service_of, supported
from tests.indicators.reports.report_pages import closed_by, draft_of
from tests.indicators.rules import CODES, annex
from tests.markup import tight

URL = reverse("indicators:dashboard", args=["sputnik-ii"])
CODES = CODES


def lines(response):
    return {line.indicator.code: line for line in response.context["board"].lines}


def values(response):
    return {code: line.value for code, line in lines(response).items()}


def test_dashboard_shows_the_values_of_the_indicators(client, staff):
    entity = supported(date(2023, 3, 9))
    supported(date(2024, 3, 9))
    service = service_of(date(2023, 5, 1), entity=entity)
    AdoptionFactory(entity=entity, day=date(2023, 6, 1), services=[service])
    PartnershipFactory(day=date(2023, 7, 1))
    client.force_login(staff)
    response = client.get(URL, {"on": "2024-12-31"})
    assert values(response) == {code: len(counted(code)) for code in CODES}
    assert values(response)["pes"] == 2
    assert tight(response).count("2\u00a0zaliczone</a>") == 2


@pytest.mark.parametrize("on", ["2023-06-30", "30.06.2023", "30.6.2023"])
def test_dashboard_speaks_of_the_day_asked_for(client, staff, on):
    supported(date(2023, 6, 30))
    supported(date(2023, 7, 1))
    client.force_login(staff)
    response = client.get(URL, {"on": on})
    assert response.context["board"].on == date(2023, 6, 30)
    assert (values(response)["pes"], lines(response)["pes"].not_counted) == (1, 1)
    assertContains(response, "dzień 452 z 1002 (45%)")


def test_dashboard_speaks_of_the_last_day_of_a_project_that_ended(client, staff, project):
    client.force_login(staff)
    assert client.get(URL).context["board"].on == LAST
    assert client.get(URL, {"on": "2031-01-01"}).context["board"].on == LAST


def test_dashboard_tells_a_wrong_day_at_its_field_and_answers(client, staff):
    client.force_login(staff)
    response = client.get(URL, {"on": "31.02.2023"})
    assert response.context["board"].on == LAST
    assertContains(response, 'value="31.02.2023"')
    assertContains(response, 'id="id_on_error"')
    assertContains(response, "Liczby są na 31.12.2024.")


def test_dashboard_before_the_project_counts_nothing(client, staff):
    supported(FIRST)
    client.force_login(staff)
    response = client.get(URL, {"on": "2022-04-04"})
    assert set(values(response).values()) == {0}
    assertContains(response, "Projekt jeszcze się nie zaczął.")


def test_dashboard_says_what_is_missing_and_what_is_nearest(client, staff):
    entity = supported(date(2023, 3, 9))
    other = service_of(date(2023, 5, 1), entity=EntityFactory())
    AdoptionFactory(entity=entity, kind="eco", code="W5", day=date(2023, 6, 1), services=[other])
    client.force_login(staff)
    response = client.get(URL)
    assertContains(response, "Nie osiągnięto jeszcze żadnego z siedmiu celów.")
    adoption = Adoption.objects.get()
    assertContains(
        response,
        f"Wdrożenie W5 łączy się z usługą {other.printed_number} z 01.05.2023, której odbiorcą "
        "jest inny podmiot.",
    )
    assertContains(response, adoption.get_absolute_url())
    assertContains(response, "W celach nieosiągniętych o jeden warunek od zaliczenia:")
    near = {nearest.indicator.code: nearest.count for nearest in response.context["board"].nearest}
    assert near["eco"] == 1


def answers(response):
    return [(answer.kind, answer.sentence, answer.url) for answer in response.context["answers"]]


def test_dashboard_answers_what_is_wrong_or_late_at_once(client, coordinator, project):
    ServiceFactory(state="draft")
    goals = reverse("indicators:indicator_list", args=["sputnik-ii"])
    checks = reverse("indicators:check_list", args=["sputnik-ii"])
    client.force_login(coordinator)
    _, late, data = answers(client.get(URL))
    days = (timezone.localdate() - date(2023, 1, 30)).days
    sentence = f"3\u00a0sprawozdania są po terminie, najdłużej {plural(days, 'dni,dni,dni')}."
    assert late == ("risk", sentence, "#terminy")
    assert data == ("info", "Danych jeszcze nie sprawdzono.", checks)
    counts = {"V17": 3, "V33": 2}
    at = datetime(2024, 12, 31, 12, 5, tzinfo=UTC)
    CheckRun.objects.create(project=project, on=DAY, at=at, counts=counts, digest="")
    page = client.get(URL)
    blocking = sum(n for code, n in counts.items() if CHECKS[code].severity.blocks_report)
    verb = plural_form(blocking, "wstrzymuje,wstrzymują,wstrzymuje")
    sentence = (
        f"{blocking}\u00a0niezgodności w danych {verb} sprawozdanie. Sprawdzono 31.12.2024, 13:05."
    )
    assert answers(page)[2] == ("risk", sentence, checks)
    assert answers(page)[0][2] == f"{goals}?on=2024-12-31"
    assert page.context["gravest"].kind == "risk"
    for _, sentence, url in answers(page):
        assertContains(page, f'href="{url}"')
        assertContains(page, sentence)


def test_dashboard_of_a_past_day_answers_of_the_goals_only(client, coordinator):
    ServiceFactory(state="draft")
    client.force_login(coordinator)
    assert len(answers(client.get(URL, {"on": "2023-06-30"}))) == 1


def test_dashboard_of_all_handed_in_says_so(client, coordinator, project):
    ServiceFactory(state="draft")
    for due in ReportDue.all_of(project):
        draft_of(
            coordinator,
            kind=due.kind,
            starts_on=due.period.start,
            ends_on=due.period.end,
            state="sent",
            closed_at=timezone.now(),
        )
    at = datetime(2024, 12, 31, 12, 5, tzinfo=UTC)
    CheckRun.objects.create(project=project, on=DAY, at=at, counts={}, digest="")
    client.force_login(coordinator)
    assert [sentence for _, sentence, _ in answers(client.get(URL))][1:] == [
        "Żadne sprawozdanie nie jest po terminie.",
        "Nic w danych nie wstrzymuje sprawozdania. Sprawdzono 31.12.2024, 13:05.",
    ]


def test_an_auditor_is_not_told_of_data_errors(client, auditor):
    client.force_login(auditor)
    assert len(answers(client.get(URL))) == 2


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2024-12-31 12:00Z", "dzień 1002 z 1002"),
        ("2025-01-01 12:00Z", 'projekt zakończony <span class="num">31.12.2024</span>'),
    ],
)
def test_dashboard_says_that_the_project_is_over(client, staff, now, words):
    with time_machine.travel(now):
        client.force_login(staff)
        assertContains(client.get(URL), words)


def test_dashboard_offers_no_mending_to_an_auditor(client, auditor):
    entity = supported(date(2023, 3, 9))
    AdoptionFactory(entity=entity, kind="eco", day=date(2023, 6, 1))
    client.force_login(auditor)
    response = client.get(URL)
    assertContains(response, "nie łączy się z żadną usługą.")
    assertNotContains(response, Adoption.objects.get().get_absolute_url())
    assertNotContains(response, "Dodaj wizytę")


def test_dashboard_draws_the_indicator_asked_for(client, staff):
    supported(date(2023, 3, 9))
    client.force_login(staff)
    assert client.get(URL).context["chart"]["line"].indicator.code == "pes"
    chart = client.get(URL, {"chart": "representatives"}).context["chart"]
    assert chart["line"].indicator.code == "representatives"
    assert [total for _, _, total in chart["years"]] == [0, 1, 0]
    field = '<input type="hidden" name="chart" value="representatives">'
    assertContains(client.get(URL, {"chart": "representatives"}), field, html=True)
    assert chart["years"][1][1][:4] == [0, 0, 1, 0]
    assert client.get(URL, {"chart": "profit"}).status_code == 404


def test_dashboard_numbers_lead_to_as_many_records(client, staff):
    """Totals and goals without a number are links; behind each stand as many rows as it says."""
    eco = Theme.objects.filter(goal="eco").first()
    entity = supported(date(2023, 3, 9), date(2023, 3, 10))
    entity.services.get().theme_links.create(theme=eco)
    supported(date(2023, 3, 9))
    supported(date(2023, 7, 1))
    supported(date(2023, 3, 9), state="draft")
    supported(date(2023, 3, 9), type="informacja i promocja")
    ServiceFactory(type=ServiceType.objects.filter(is_open_event=True).first(), state="approved")
    client.force_login(staff)
    board = client.get(URL, {"on": "2023-06-30"}).context["board"]
    services = reverse("support:service_list", args=["sputnik-ii"])
    assert board.totals["services"] == 2
    assert len(client.get(f"{services}?{board.totals_query}").context["table"].rows) == 2
    shown = {}
    for goal, query in board.goals_linked():
        listed = client.get(f"{services}?{query}").context["table"]
        assert len(listed.rows) == goal.services
        entities = reverse("indicators:project_entity_list", args=["sputnik-ii"])
        table = client.get(entities, {"goal": goal.code, "on": "2023-06-30"}).context["table"]
        assert len(table.rows) == goal.entities
        shown[goal.code] = (goal.services, goal.minutes, goal.entities)
    assert shown["eco"] == (1, 240, 1)


def test_dashboard_shows_the_day_beside_what_its_report_said(client, coordinator):
    report = closed_by(coordinator)
    supported(DAY)
    client.force_login(coordinator)
    assert client.get(URL, {"on": "2023-12-30"}).context["reported"] is None
    shown = client.get(URL, {"on": "2023-12-31"}).context["reported"]
    values = {line.indicator.code: (reported, now) for line, reported, now in shown.lines}
    assert (shown.report, shown.differs) == (report, True)
    assert (values["pes"], values["representatives"], values["digital"]) == (
        (1, 2),
        (1, 2),
        (0, 0),
    )


def test_dashboard_compares_a_report_by_the_rules_it_was_counted_with(client, coordinator):
    report = closed_by(coordinator)
    annex(date(2024, 1, 1), least_services=2)
    client.force_login(coordinator)
    shown = client.get(URL, {"on": "2024-06-30"}).context
    assert values(client.get(URL, {"on": "2024-06-30"}))["pes"] == 0
    assert (shown["reported"].report, shown["reported"].differs) == (report, False)


def test_a_report_of_the_rules_in_force_is_compared_without_counting_again(
    coordinator, django_assert_num_queries
):
    closed_by(coordinator)
    scope = Scope.of(sputnik())
    lines = progress_lines(scope, scope.period.end)
    with django_assert_num_queries(2):
        assert not LastReport.of(lines, scope, scope.period.end).differs


def test_dashboard_links_the_middle_of_the_project_in_the_demo_only(client, staff, settings):
    client.force_login(staff)
    assertNotContains(client.get(URL), "?on=2023-06-30")
    settings.DEMO = True
    assertContains(client.get(URL), "?on=2023-06-30")


def test_dashboard_makes_the_same_queries_for_any_number_of_records(client, staff, query_count):
    client.force_login(staff)
    counts = []
    for number in (1, 3):
        for month in range(1, number + 1):
            day = date(2023, month, 9)
            entity = supported(day)
            AdoptionFactory(entity=entity, kind="eco", day=day, services=[entity.services.get()])
            AdoptionFactory(entity=entity, kind="eco", day=day)
            unlinked = AdoptionFactory(kind="eco", day=day, entity=supported(day))
            service_of(day, entity=unlinked.entity, state="submitted")
            service_of(day, entity=EntityFactory(), state="submitted")
            PartnershipFactory(day=day)
        counts.append(query_count(URL))
    assert counts[0] == counts[1]


def test_dashboard_without_records_leads_a_coordinator_to_the_guide(client, coordinator, staff):
    client.force_login(coordinator)
    assertRedirects(client.get(URL), "/p/sputnik-ii/start/")
    client.force_login(staff)
    assert client.get(URL).status_code == 200
    PartnershipFactory()
    client.force_login(coordinator)
    assert client.get(URL).status_code == 200


@pytest.mark.parametrize("role", ["staff", "coordinator", "auditor"])
def test_dashboard_opens_to_the_team(client, request, role):
    client.force_login(request.getfixturevalue(role))
    ServiceFactory(state="draft")
    assert client.get(URL).status_code == 200


def test_dashboard_is_not_for_an_administrator(client, administrator, project):
    client.force_login(administrator)
    assert client.get(URL).status_code == 403


def test_a_project_without_indicators_says_so(client, coordinator):
    project = ProjectFactory(indicators=[])
    MembershipFactory(user=coordinator, project=project, role="coordinator")
    supported(project.starts_on, project=project)
    client.force_login(coordinator)
    page = client.get(reverse("indicators:dashboard", args=[project.slug]))
    assertContains(page, "Projekt nie ma jeszcze wskaźników.")


def test_dashboard_of_the_demonstration_makes_so_few_queries(client, demo, query_count):
    client.force_login(User.objects.get(email="koordynator@demo.example.org"))
    assert query_count(URL) == 25


def test_dashboard_says_on_the_chart_since_when_it_counts_otherwise(client, staff):
    annex(date(2024, 1, 1), "aneks nr 3", least_services=2)
    client.force_login(staff)
    page = client.get(URL)
    assert [rule.valid_from for rule in page.context["chart"]["changes"]] == [date(2024, 1, 1)]
    assertContains(page, "Od 01.01.2024 liczy się inaczej (aneks nr 3).")
    assertContains(page, 'class="change"', count=2)
    for query in ({"on": "2023-12-31"}, {"chart": "eco"}):
        assertNotContains(client.get(URL, query), "liczy się inaczej")


def test_dashboard_takes_a_rule_of_the_same_blocks_for_no_change(client, staff):
    annex(date(2024, 1, 1))
    client.force_login(staff)
    assertNotContains(client.get(URL), "liczy się inaczej")
