from datetime import date

import pytest
from django.utils import timezone
from pytest_django.asserts import assertRedirects

from indicators.models import Report
from tests.indicators.given import FIRST, LAST
from tests.indicators.reports.report_pages import draft_of, url

pytestmark = pytest.mark.usefixtures("db")
ANSWERS = {"kind": "partial", "starts_on": "01.01.2023", "ends_on": "31.12.2023"}


def test_a_draft_is_made_of_a_kind_and_a_period(client, coordinator):
    client.force_login(coordinator)
    answer = client.post(url("report_create"), ANSWERS)
    report = Report.objects.get()
    assertRedirects(answer, report.get_absolute_url())
    assert (report.kind, report.created_by, report.state) == ("partial", coordinator, "draft")


def test_the_page_begins_with_the_report_that_is_due(client, coordinator):
    client.force_login(coordinator)
    initial = client.get(url("report_create")).context["form"].initial
    assert initial == {"kind": "partial", "starts_on": FIRST, "ends_on": date(2022, 12, 31)}
    initial = client.get(url("report_create"), {"due": "2024-12-31"}).context["form"].initial
    assert initial == {"kind": "final", "starts_on": FIRST, "ends_on": LAST}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"starts_on": "04.04.2022"}, "starts_on"),
        ({"ends_on": "01.01.2025"}, "ends_on"),
        ({"kind": ""}, "kind"),
        ({"starts_on": "31.02.2023"}, "starts_on"),
    ],
)
def test_wrong_answers_stay_with_a_sentence(client, coordinator, changed, field):
    client.force_login(coordinator)
    page = client.post(url("report_create"), ANSWERS | changed)
    assert page.status_code == 200
    assert page.context["form"].errors.keys() == {field}


def test_the_end_is_not_before_the_start(client, coordinator):
    client.force_login(coordinator)
    page = client.post(url("report_create"), ANSWERS | {"ends_on": "31.12.2022"})
    assert "Koniec okresu jest wcześniejszy niż początek." in page.content.decode()
    assert not Report.objects.exists()


def test_a_period_that_a_closed_report_told_of_is_told_of_by_its_correction(client, coordinator):
    closed = draft_of(
        coordinator,
        number="2",
        state="closed",
        closed_at=timezone.now(),
    )
    client.force_login(coordinator)
    form = client.post(url("report_create"), ANSWERS).context["form"]
    sentence = "Za ten okres jest już Raport częściowy nr 2. Przygotuj jego korektę."
    assert form.errors == {"__all__": [sentence]}
    client.post(url("report_create"), ANSWERS | {"ends_on": "30.12.2023"})
    client.post(url("report_correct", closed.pk))
    drafts = Report.objects.exclude(pk=closed.pk).order_by("pk")
    assert [(row.ends_on, row.corrects) for row in drafts] == [
        (date(2023, 12, 30), None),
        (date(2023, 12, 31), closed),
    ]


def test_staff_prepare_no_report(client, staff):
    client.force_login(staff)
    assert client.get(url("report_create")).status_code == 403
