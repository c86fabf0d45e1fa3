"""An earlier state is restored by the form of the record, as any change is made."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from entities.models import Entity
from owes.record_history.changes import TOGETHER
from tests.factories import (
    AdoptionFactory,
    AttendanceFactory,
    EntityFactory,
    ServiceFactory,
    SessionFactory,
)
from tests.owes.form_page import sent

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def entity(client, staff):
    """It had another phone and e-mail before."""
    entity = EntityFactory(name="Koło", phone="24 262 00 00", email="kolo@example.org", nip="")
    entity.phone, entity.email = "602 000 344", ""
    entity.save()
    client.force_login(staff)
    return entity


def later():
    """What is saved inside is no part of the saving before it."""
    return time_machine.travel(timezone.now() + 5 * TOGETHER)


def form_with(entity, version):
    return f"{reverse('entities:entity_edit', args=[entity.pk])}?restore={version}"


def test_the_form_opens_with_the_state_of_then_and_saves_it_as_a_change(client, entity, staff):
    first = entity.history.earliest()
    page = client.get(form_with(entity, first.pk))
    assertContains(page, "W formularzu jest stan z")
    entity.refresh_from_db()
    assert entity.phone == "602 000 344"
    client.post(form_with(entity, first.pk), sent(page))
    entity.refresh_from_db()
    assert (entity.phone, entity.email) == ("24 262 00 00", "kolo@example.org")
    newest = entity.history.latest()
    assert newest.history_user == staff
    assert newest.history_change_reason.startswith("przywrócono stan z ")
    assert entity.history.count() == 3


def test_a_number_that_another_record_has_now_is_refused_with_a_sentence(client, entity):
    entity.nip = "5260250995"
    entity.save()
    version = entity.history.latest().pk
    entity.nip = ""
    entity.save()
    other = EntityFactory(nip="5260250995")
    answer = client.post(form_with(entity, version), sent(client.get(form_with(entity, version))))
    assert other.code in str(answer.context["form"].errors["shared_identifier_reason"])
    assert Entity.objects.get(pk=entity.pk).nip == ""


def test_what_a_field_led_to_and_is_no_more_is_left_as_it_is(client, entity):
    gone, entity.parent = None, EntityFactory()
    entity.save()
    version = entity.history.latest().pk
    gone, entity.parent = entity.parent, None
    entity.save()
    gone.delete()
    page = client.get(form_with(entity, version))
    assert page.context["form"]["parent"].value() in ("", None)


@pytest.mark.parametrize("version", ["0", "999999999", "x", "1" * 40, "²"])
def test_a_version_that_is_none_opens_the_form_as_it_stands(client, entity, version):
    page = client.get(form_with(entity, version))
    assertNotContains(page, "W formularzu jest stan z")
    assert page.context["form"]["phone"].value() == "602 000 344"


def test_a_version_of_another_record_is_none(client, entity):
    other = EntityFactory(phone="1").history.get()
    assertNotContains(client.get(form_with(entity, other.pk)), "W formularzu jest stan z")


def test_the_history_leads_to_the_form_with_each_earlier_state(client, entity):
    page = client.get(reverse("entities:entity_history", args=[entity.pk]))
    first, newest = entity.history.earliest(), entity.history.latest()
    assertContains(page, form_with(entity, first.pk))
    assertNotContains(page, form_with(entity, newest.pk))
    assertContains(page, "stan obecny")


def test_an_adoption_is_restored_from_its_history(client, entity):
    adoption = AdoptionFactory(description="dawny opis")
    adoption.description = "nowy opis"
    adoption.save()
    version = adoption.history.earliest().pk
    url = f"{adoption.get_absolute_url()}?restore={version}"
    history = reverse("support:record_history", args=["sputnik-ii", "adoption", adoption.pk])
    assertContains(client.get(history), url)
    client.post(url, sent(client.get(url)))
    adoption.refresh_from_db()
    assert adoption.description == "dawny opis"


def test_rows_under_a_record_are_restored_with_it(client, entity):
    """One was changed since, one deleted, one added."""
    changed = entity.statuses.create(basis="owes", decision_number="1", valid_from="2020-01-01")
    entity.statuses.create(basis="owes", decision_number="2", valid_from="2021-01-01")
    entity.phone = "601 000 000"
    entity.save()
    version = entity.history.latest()
    with later():
        changed.decision_number = "1 zmieniona"
        changed.save()
        entity.statuses.get(decision_number="2").delete()
        entity.statuses.create(basis="owes", decision_number="3", valid_from="2022-01-01")
        entity.phone = "602 000 344"
        entity.save()
    page = client.get(form_with(entity, version.pk))
    answer = client.post(form_with(entity, version.pk), sent(page))
    assert answer.status_code == 302
    entity.refresh_from_db()
    assert entity.phone == "601 000 000"
    numbers = entity.statuses.order_by("valid_from").values_list("decision_number", flat=True)
    assert list(numbers) == ["1", "2"]
    assert entity.statuses.get(decision_number="1").pk == changed.pk


def test_links_of_a_record_are_restored_with_it(client, entity):
    adoption, first, second = AdoptionFactory(), *ServiceFactory.create_batch(2)
    adoption.sync_services([first])
    adoption.save()
    version = adoption.history.latest().pk
    with later():
        adoption.sync_services([second])
        adoption.save()
    url = f"{adoption.get_absolute_url()}?restore={version}"
    assert client.post(url, sent(client.get(url))).status_code == 302
    assert list(adoption.services.all()) == [first]


def test_a_service_is_restored_with_its_sessions_and_people(client, coordinator):
    """A day was moved since, and somebody put in place of another, who is no more."""
    attendance = AttendanceFactory(session__day=date(2024, 3, 5), session__service__state="draft")
    session, service, kept = attendance.session, attendance.session.service, attendance.person
    gone = AttendanceFactory(session=session, entity=attendance.entity).person
    service.topic = "Dawny temat"
    service.save()
    version = service.history.latest().pk
    with later():
        session.attendances.all().delete()
        AttendanceFactory(session=session, entity=attendance.entity)
        gone.delete()
        session.delete()
        SessionFactory(service=service, day=date(2024, 3, 6))
        service.topic = "Nowy temat"
        service.save()
    client.force_login(coordinator)
    edit = reverse("support:service_edit", args=["sputnik-ii", service.pk])
    history = reverse("support:record_history", args=["sputnik-ii", "service", service.pk])
    assertContains(client.get(history), f"{edit}?restore={version}")
    page = client.get(f"{edit}?restore={version}")
    assertContains(page, "Dawny temat")
    assert service.sessions.get().day == date(2024, 3, 6)  # nothing is saved yet
    answer = client.post(f"{edit}?restore={version}", sent(page) | {"act": "draft"})
    assert answer.status_code == 302
    service.refresh_from_db()
    assert (service.topic, service.sessions.get().day) == ("Dawny temat", date(2024, 3, 5))
    assert [row.person for row in service.sessions.get().attendances.all()] == [kept]
    rows = [service.history, service.sessions.get().history]
    reasons = [each.order_by("history_id").last().history_change_reason for each in rows]
    assert [reason[:18] for reason in reasons] == ["przywrócono stan z"] * 2


def test_an_approved_service_is_not_restored(client, coordinator):
    service = ServiceFactory(state="approved")
    service.save()
    client.force_login(coordinator)
    history = reverse("support:record_history", args=["sputnik-ii", "service", service.pk])
    assertNotContains(client.get(history), "?restore=")
