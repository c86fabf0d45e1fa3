"""A service that came back: its remark stays, and it is not submitted again unseen."""

from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.timezone import localdate
from lxml import html
from pytest_django.asserts import assertRedirects

from support.models import Service, ServiceTheme, Theme
from tests.factories import (
    AttendanceFactory,
    EntityFactory,
    EvidenceFactory,
    PersonFactory,
    ServiceFactory,
    SessionFactory,
    StaffMemberFactory,
)
from tests.owes.form_page import sent

REMARK = "Wpisz miejsce."
UNCHANGED = "Nic nie zmieniono od zwrotu."


@pytest.fixture
def signed_in(client, staff):
    client.force_login(staff)
    return client


@pytest.fixture
def returned(staff, coordinator):
    service = ServiceFactory(created_by=staff, code="N/2023/1", topic="Statut")
    service.adviser_links.create(staff_member=StaffMemberFactory(user=staff))
    AttendanceFactory(
        session=SessionFactory(service=service, day=date(2023, 3, 9)),
        person=PersonFactory(code="O0001"),
        entity=EntityFactory(code="P021", name="Koło"),
    )
    service.submit(staff)
    service.send_back(coordinator, REMARK)
    return service


def url(service, name="service_detail"):
    return reverse(f"support:{name}", args=["sputnik-ii", service.pk])


def state_of(service):
    return Service.objects.get(pk=service.pk).state


def callouts(page):
    found = html.fromstring(page.content.decode()).find_class("callout")
    return [" ".join(row.text_content().split()) for row in found]


def test_a_returned_service_is_submitted_as_it_came_back_only_when_asked(signed_in, returned):
    page = signed_in.post(url(returned, "service_submit"))
    asked = f"{UNCHANGED} Zwrócona: {REMARK} Popraw, o co prosi uwaga, albo złóż usługę tak, jak"
    assert callouts(page) == [f"{asked} wróciła. Złóż bez zmian"]
    assert state_of(returned) == "returned"
    answer = signed_in.post(url(returned, "service_submit"), {"unchanged": "1"})
    assertRedirects(answer, url(returned))
    assert state_of(returned) == "submitted"


@pytest.mark.parametrize("name", ["visit_edit", "service_edit"])
def test_its_form_asks_too(signed_in, returned, name):
    page = signed_in.get(url(returned, name))
    assert callouts(page)[0] == f"Zwrócona: {REMARK}"
    page = signed_in.post(url(returned, name), sent(page) | {"act": "submit"})
    assert callouts(page)[0].startswith(f"{UNCHANGED} Zwrócona: {REMARK}")
    assert callouts(page)[0].endswith("Złóż bez zmian")
    assert (len(callouts(page)), state_of(returned)) == (1, "returned")
    answer = signed_in.post(url(returned, name), sent(page) | {"act": "submit_unchanged"})
    assertRedirects(answer, url(returned))
    assert state_of(returned) == "submitted"


@pytest.mark.parametrize("name", ["visit_edit", "service_edit"])
def test_one_that_was_changed_in_the_form_is_submitted_at_once(signed_in, returned, name):
    page = signed_in.get(url(returned, name))
    typed = sent(page) | {"act": "submit", "place": "Płock"}
    assertRedirects(signed_in.post(url(returned, name), typed), url(returned))
    assert state_of(returned) == "submitted"
    assert returned.last_return().changed == ["Miejsce"]


def test_what_is_missing_is_told_before_asking(signed_in, returned, staff):
    returned.adviser_links.all().delete()
    with pytest.raises(ValidationError, match="Wskaż osobę z kadry."):
        returned.submit(staff)


def test_of_many_submitted_at_once_one_not_changed_stays(signed_in, returned):
    submit = reverse("support:service_submit_many", args=["sputnik-ii"])
    answer = signed_in.post(submit, {"service": [returned.pk]})
    [told] = [str(message) for message in get_messages(answer.wsgi_request)]
    assert html.fromstring(told).text_content() == (
        f"N/2023/1 Statut: Nic nie zmieniono od zwrotu: „{REMARK}”"
    )
    assert state_of(returned) == "returned"


def edit_a_field(service):
    service.place = "Płock"
    service.save()


CHANGES = {
    "Miejsce": edit_a_field,
    "Terminy": lambda service: SessionFactory(service=service, day=date(2023, 3, 10)),
    "Obecności": lambda service: AttendanceFactory(
        session=service.sessions.get(), entity=service.recipients.get()
    ),
    "Zagadnienia": lambda service: ServiceTheme.objects.create(
        service=service, theme=Theme.objects.first()
    ),
    "Kadra": lambda service: service.adviser_links.all().delete(),
    "Dowody": lambda service: EvidenceFactory(service=service),
}


@pytest.mark.parametrize("label", CHANGES)
def test_what_was_changed_since_is_named(signed_in, returned, label):
    def told():
        [callout] = callouts(signed_in.get(url(returned)))
        return callout

    assert told() == f"Zwrócona: {REMARK} Od zwrotu nic nie zmieniono."
    CHANGES[label](returned)
    assert told() == f"Zwrócona: {REMARK} Od zwrotu zmieniono: {label.lower()}."


def test_the_remark_stays_until_the_service_is_approved(
    signed_in, client, staff, coordinator, returned
):
    edit_a_field(returned)
    returned.submit(staff)
    day = f"{localdate(returned.last_return().at):%d.%m.%Y}"
    kept = f"Uwaga ze zwrotu {day}: {REMARK} Od zwrotu zmieniono: miejsce."
    assert callouts(client.get(url(returned))) == [kept]
    returned.withdraw(staff)
    assert callouts(client.get(url(returned))) == [kept]
    form = callouts(client.get(url(returned, "visit_edit")))
    assert form == [f"Uwaga ze zwrotu {day}: {REMARK}"]
    returned.submit(staff)
    returned.approve(coordinator)
    assert callouts(client.get(url(returned))) == []
    returned.reopen(coordinator, "Zła godzina.")
    assert callouts(client.get(url(returned))) == [
        "Zwrócona: Zła godzina. Od zwrotu nic nie zmieniono."
    ]


def test_mine_and_the_queue_keep_the_remark(signed_in, client, staff, coordinator, returned):
    mine = reverse("support:mine", args=["sputnik-ii"])
    assert REMARK in client.get(mine).content.decode()
    edit_a_field(returned)
    returned.submit(staff)
    assert REMARK in client.get(mine).content.decode()
    client.force_login(coordinator)
    queue = reverse("support:queue", args=["sputnik-ii"])
    assert f"<span>po zwrocie: {REMARK}</span>" in client.get(queue).content.decode()
    returned.withdraw(staff)
    client.force_login(staff)
    assert REMARK in client.get(mine).content.decode()
    returned.submit(staff)
    returned.approve(coordinator)
    assert REMARK not in client.get(mine).content.decode()
