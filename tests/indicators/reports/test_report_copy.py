import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from indicators.models import ReportText
from tests.indicators.reports.report_pages import closed_of, draft_of, url

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def draft(client, coordinator):
    client.force_login(coordinator)
    draft = draft_of(coordinator)
    ReportText.objects.create(report=draft, part="durable", text="Sieć kół gospodyń.")
    return draft


def test_report_copy_gives_each_text_by_itself(client, draft):
    page = client.get(url("report_copy", draft.pk))
    assertContains(page, '<textarea class="form-control" id="pole-durable" rows="4" readonly>')
    assertContains(page, "Sieć kół gospodyń.</textarea>")
    assertContains(page, 'data-copy="pole-durable"')
    assertContains(page, "18\u00a0znaków")
    # A field with nothing in it is nothing to copy.
    assertNotContains(page, "pole-goal")


def test_report_copy_of_a_closed_report_gives_what_was_closed(client, draft, coordinator):
    closed = closed_of(draft, coordinator)
    ReportText.objects.filter(report=closed).update(text="Zmienione.")
    assertContains(client.get(url("report_copy", closed.pk)), "Sieć kół gospodyń.</textarea>")


def test_report_copy_of_a_draft_is_not_for_the_auditor(client, draft, auditor):
    client.force_login(auditor)
    assert client.get(url("report_copy", draft.pk)).status_code == 404
    assert client.get(url("report_official", draft.pk)).status_code == 404


def test_report_copy_of_a_report_closed_before_it_was_kept_is_not_there(
    client, draft, coordinator
):
    closed = closed_of(draft, coordinator)
    closed.document.pop("official")
    type(closed).objects.filter(pk=closed.pk).update(document=closed.document)
    assert (
        client.get(reverse("indicators:report_copy", args=["sputnik-ii", closed.pk])).status_code
        == 404
    )
