from datetime import UTC, datetime

import pytest
from django.urls import reverse

from support.models import Attendance, Recipient, ServiceType, Session
from tests.factories import EntityFactory, PersonFactory, ServiceFactory


def url(service_type):
    return reverse("support:service_type_edit", args=["sputnik-ii", service_type.pk])


def payload(service_type, **changes):
    data = {"name": service_type.name, "position": "0", "hour_kind": "60"}
    return data | {"counts_as_support": "on", "needs_attendance": "on"} | changes


@pytest.fixture
def advice(db):
    """A type by which one entity and its representative count."""
    service = ServiceFactory(state="approved")
    entity = EntityFactory()
    Recipient.objects.create(service=service, entity=entity)
    session = Session.objects.create(
        service=service,
        day="2023-03-09",
        starts_at=datetime(2023, 3, 9, 9, tzinfo=UTC),
        ends_at=datetime(2023, 3, 9, 11, tzinfo=UTC),
        minutes=120,
    )
    Attendance.objects.create(session=session, person=PersonFactory(), entity=entity)
    return service.type


def test_service_type_edit_saves_a_new_name_at_once(client, coordinator, advice):
    client.force_login(coordinator)
    client.post(url(advice), payload(advice, name="doradztwo wstępne", group="Doradztwo  ogólne"))
    advice.refresh_from_db()
    assert (advice.name, advice.group) == ("doradztwo wstępne", "doradztwo ogólne")
    assert advice.counts_as_support


def test_service_type_edit_shows_the_effect_of_a_flag_first(client, coordinator, advice, project):
    client.force_login(coordinator)
    data = payload(advice)
    del data["counts_as_support"]
    shown = client.post(url(advice), data)
    [(affected, effects)] = shown.context["effects"]
    changed = {change.code: (change.before, change.after) for change in effects.changes}
    assert (affected, changed) == (project, {"pes": (1, 0), "representatives": (1, 0)})
    assert ServiceType.objects.get(pk=advice.pk).counts_as_support
    client.post(url(advice), data | {"seen": shown.context["seen"]})
    assert not ServiceType.objects.get(pk=advice.pk).counts_as_support


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_service_type_edit_is_not_for_others(client, request, role, advice):
    client.force_login(request.getfixturevalue(role))
    assert client.post(url(advice), payload(advice)).status_code == 403
