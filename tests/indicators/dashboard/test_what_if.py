"""What the indicators would be with records more or fewer; nothing is written."""

from datetime import date

import pytest
from django.apps import apps
from django.core import serializers
from django.urls import reverse

from indicators.models import WORKED_OUT
from support.models import Service
from tests.factories import EntityFactory, PersonFactory
from tests.indicators.given import attend, service_of, supported

URL = reverse("indicators:what_if", args=["sputnik-ii"])
pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def signed_in(client, coordinator):
    client.force_login(coordinator)
    return client


def supposed(client, **asked):
    """`{indicator: (value now, value then)}` of those that differ."""
    rows = client.get(URL, {"on": "2023-06-30"} | asked).context["rows"]
    return {
        now.indicator.code: (now.value, then.value)
        for _, now, then, _ in rows
        if now.value != then.value
    }


def everything():
    models = [model for model in apps.get_models() if model not in WORKED_OUT]
    rows = [row for model in models for row in model._base_manager.order_by("pk")]
    return serializers.serialize("json", rows)


def test_records_are_added_and_lost_in_thought(signed_in):
    supported(date(2023, 3, 9))
    assert supposed(signed_in, pes="3", digital="2") == {"pes": (1, 4), "digital": (0, 2)}
    assert supposed(signed_in, pes="-1") == {"pes": (1, 0)}
    assert supposed(signed_in, pes="-5") == {"pes": (1, 0)}


def test_services_that_wait_are_approved_in_thought(signed_in):
    entity = EntityFactory()
    waiting = service_of(date(2023, 3, 9), entity=entity, state="submitted")
    attend(waiting, entity, PersonFactory())
    then = {"pes": (0, 1), "representatives": (0, 1)}
    assert supposed(signed_in, approve="on", on="2024-12-31") == then
    assert supposed(signed_in, approve="on", on="2024-12-30") == {}
    waiting.refresh_from_db()
    assert waiting.state == Service.State.SUBMITTED


def test_nothing_is_written(signed_in):
    entity = EntityFactory()
    attend(service_of(date(2023, 3, 9), entity=entity, state="submitted"), entity, PersonFactory())
    signed_in.get(URL)
    before = everything()
    signed_in.get(URL, {"approve": "on", "pes": "10"})
    assert everything() == before


@pytest.mark.parametrize("value", ["dwa", "1000", "-1000", "1,5", "a\x00"])
def test_what_is_no_number_is_told_and_stays_typed(signed_in, value):
    page = signed_in.get(URL, {"pes": value})
    assert page.status_code == 200
    assert page.context["form"].errors.keys() == {"pes"}
    assert page.context["form"]["pes"].value() == value.replace("\x00", "\ufffd")


def test_a_target_reached_in_thought_has_no_day(signed_in):
    page = signed_in.get(URL, {"on": "2023-06-30", "eco": "11"}).content.decode()
    assert "osiągnięty, 1 ponad cel" in page
