from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from support.models import Attendance, Certificate, Service
from tests.factories import (
    AttendanceFactory,
    EntityFactory,
    PersonFactory,
    ServiceFactory,
    SessionFactory,
)
from tests.owes.form_page import opened
from tests.support.certificates.test_certificates import DAYS, drafts_of, training


def url_of(service):
    return reverse("support:certificate_create", args=["sputnik-ii", service.pk])


def give(client, service, *people, **fields):
    """Sends the form as the page shows it, with these people ticked."""
    form = {"issued_on": "17.03.2023", "scope": "Promocja w sieci."}
    form |= {f"give-{person.pk}": "on" for person in people}
    return client.post(url_of(service), form | opened(client, url_of(service)) | fields)


def messages_of(client, service):
    return [str(message) for message in client.get(url_of(service)).context["messages"]]


def test_certificate_create_ticks_those_who_qualify(client, coordinator, project):
    enough, short = PersonFactory(last_name="Dość"), PersonFactory(last_name="Krótko")
    service = training(people=[enough, short])
    Attendance.objects.filter(person=short, day=DAYS[0]).update(state="absent")
    client.force_login(coordinator)
    rows = client.get(url_of(service)).context["form"].rows
    assert [(presence.person, box.value(), bool(reason)) for presence, box, reason in rows] == [
        (enough, True, False),
        (short, False, True),
    ]


def test_certificate_create_gives_one_to_each_ticked(client, coordinator):
    people = PersonFactory.create_batch(2)
    service = training(people=people)
    client.force_login(coordinator)
    assert give(client, service, *people).url == url_of(service)
    assert messages_of(client, service) == [
        "Wydano 2\u00a0zaświadczenia, od numeru Z/1/2023 do Z/2/2023."
    ]
    row = Certificate.objects.get(ordinal=1)
    assert (row.issued_on, row.issued_by, row.scope, row.threshold) == (
        date(2023, 3, 17),
        coordinator,
        "Promocja w sieci.",
        80,
    )


def test_certificate_create_twice_adds_nothing(client, coordinator):
    people = PersonFactory.create_batch(2)
    service = training(people=people)
    client.force_login(coordinator)
    seen = opened(client, url_of(service))
    other = opened(client, url_of(service))
    for fields in (seen, seen, other):
        give(client, service, *people, **fields)
    assert Certificate.objects.count() == 2


def test_certificate_create_asks_the_reason_of_an_exception(client, coordinator):
    person = PersonFactory(first_name="Ewa", last_name="Mało")
    service = training(people=[person])
    Attendance.objects.filter(day=DAYS[0]).update(state="absent")
    client.force_login(coordinator)
    response = give(client, service, person)
    assert response.context["form"].errors == {
        f"reason-{person.pk}": ["Obecność poniżej progu: podaj powód wyjątku."]
    }
    give(client, service, person, **{f"reason-{person.pk}": " Choroba. "})
    assert messages_of(client, service) == ["Wydano zaświadczenie Z/1/2023."]
    row = Certificate.objects.get()
    assert (row.minutes, row.total_minutes, row.exception_reason) == (120, 240, "Choroba.")


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("15.03.2023", "Szkolenie skończyło się 16.03.2023; podaj ten albo późniejszy dzień."),
        ("01.01.2099", "Ten dzień jeszcze nie nadszedł."),
        ("", "Uzupełnij to pole."),
        ("rano", None),
    ],
)
def test_certificate_create_refuses_a_wrong_day(client, coordinator, day, sentence):
    person = PersonFactory()
    service = training(people=[person])
    client.force_login(coordinator)
    errors = give(client, service, person, issued_on=day).context["form"].errors
    assert list(errors) == ["issued_on"]
    assert sentence in (None, errors["issued_on"][0])
    assert not Certificate.objects.exists()


def test_certificate_create_needs_somebody(client, coordinator):
    service = training(people=[PersonFactory()])
    client.force_login(coordinator)
    form = give(client, service).context["form"]
    assert form.non_field_errors() == ["Zaznacz, komu wydać zaświadczenie."]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (
            lambda service: Service.objects.filter(pk=service.pk).update(type=1),
            "Zaświadczenia wydaje się z usług o godzinie dydaktycznej, np. ze szkolenia.",
        ),
        (
            lambda service: Service.objects.filter(pk=service.pk).update(state="cancelled"),
            "Usługa jest anulowana.",
        ),
        (
            lambda service: service.sessions.update(ends_at=timezone.now() + timedelta(days=1)),
            "Ostatni termin jeszcze się nie skończył.",
        ),
        (
            lambda service: Attendance.objects.filter(day=DAYS[0]).update(state="expected"),
            "Zaznacz najpierw, kto był obecny: są osoby tylko zapisane.",
        ),
    ],
)
def test_certificate_create_says_what_stands_in_the_way(client, coordinator, spoil, sentence):
    person = PersonFactory()
    service = training(people=[person])
    spoil(service)
    client.force_login(coordinator)
    response = give(client, service, person)
    assert response.context["obstacles"] == [sentence]
    assert not Certificate.objects.exists()


def test_certificate_create_shows_what_changed_since(client, coordinator):
    service = training(people=[PersonFactory()])
    Certificate.issue(drafts_of(service, coordinator))
    Attendance.objects.filter(day=DAYS[0]).update(state="absent")
    client.force_login(coordinator)
    page = client.get(url_of(service)).content.decode()
    assert page.count("na zaświadczeniu 4\u00a0h z 4\u00a0h") == 1


@pytest.mark.parametrize("days", [[], DAYS])
def test_certificate_create_of_nobody_is_a_sentence(client, coordinator, days):
    client.force_login(coordinator)
    page = client.get(url_of(training(days=days))).content.decode()
    assert page.count("Nikt nie był obecny") == 1


def test_certificate_create_is_for_those_whose_training_it_is(client, staff, auditor):
    person = PersonFactory()
    service = training(people=[person])
    client.force_login(staff)
    assert give(client, service, person).status_code == 403
    own = training(people=[person], created_by=staff)
    assert give(client, own, person).status_code == 302
    client.force_login(auditor)
    assert client.get(url_of(own)).status_code == 403


def test_certificate_create_asks_as_often_for_any_number(client, coordinator, query_count):
    client.force_login(coordinator)
    service = ServiceFactory(type=training(days=[]).type)
    counts = []
    for day in DAYS:
        session = SessionFactory(service=service, day=day)
        for _ in range(1 if day == DAYS[0] else 24):
            AttendanceFactory(session=session, person=PersonFactory(), entity=EntityFactory())
        counts.append(query_count(url_of(service)))
    assert counts[0] == counts[1]
