"""The page of one import: while it is worked on, and when it is over."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from owes.models import Job
from support.models import Import


@pytest.fixture
def row(project, coordinator):
    row = Import.objects.create(
        project=project, by=coordinator, file="imports/x.xlsx", file_name="x.xlsx", sha256="0"
    )
    Job.objects.create(kind="import", key="1", params={"import": row.pk, "act": "check"})
    return row


def page(client, row, **headers):
    url = reverse("support:import_detail", args=["sputnik-ii", row.pk])
    return client.get(url, headers=headers)


def test_import_detail_asks_again_until_the_work_is_over(client, coordinator, row):
    client.force_login(coordinator)
    assertContains(page(client, row), 'hx-trigger="load delay:1s"')
    Job.objects.update(created_at=row.at - 2 * Job.PATIENCE)
    assertContains(page(client, row), "Program, który robi to w tle, nie odpowiada.")
    Job.objects.update(state="done")
    Import.objects.update(state="checked", result={"fates": {}, "total": 0, "effects": []})
    over = page(client, row)
    assertNotContains(over, 'hx-trigger="load delay:1s"')
    assertContains(over, "Już wczytano: ten plik niczego nie zmieni.")


def test_import_detail_tells_why_the_work_failed(client, coordinator, row):
    client.force_login(coordinator)
    Job.objects.update(state="failed", error="Praca została przerwana.")
    assertContains(page(client, row), "Praca została przerwana.")


def test_import_detail_answers_htmx_with_its_part(client, coordinator, row):
    client.force_login(coordinator)
    assertNotContains(page(client, row, **{"HX-Request": "true"}), "<html")


def test_import_detail_is_for_the_coordinator(client, staff, row):
    client.force_login(staff)
    assert page(client, row).status_code == 403
