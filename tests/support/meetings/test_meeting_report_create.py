"""A report given at a service: its people wait to be recognized, the file is evidence."""

from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.asserts import assertContains

from entities.models import Person
from support.models import Attendance, Evidence, Service
from tests.factories import EntityFactory, PersonFactory, ServiceFactory, SessionFactory
from tests.support.meetings.files import FORMS, REPORTS, content_of

DAY = date(2024, 5, 14)


@pytest.fixture
def signed_in(client, staff):
    client.force_login(staff)
    return client


@pytest.fixture
def service(staff):
    service = ServiceFactory(state="draft", created_by=staff)
    service.recipient_links.create(entity=EntityFactory(code="P021", name="KGW Zagon"))
    SessionFactory(service=service, day=DAY)
    return service


def url(service):
    return reverse("support:meeting_report_create", args=["sputnik-ii", service.pk])


def given(client, service, content, name="raport.csv", **data):
    file = SimpleUploadedFile(name, content)
    session = service.sessions.first()
    typed = {"file": file, "session": session.pk if session else ""} | data
    return client.post(url(service), typed)


def messages_of(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


@pytest.mark.parametrize("program", [*REPORTS, FORMS])
def test_known_people_are_found_and_saved_and_the_file_is_evidence(signed_in, service, program):
    wanda = PersonFactory(first_name="Wanda", last_name="Próbna", email="wanda@example.org")
    answer = given(signed_in, service, content_of(program))
    session = service.sessions.get()
    paste = reverse("support:service_paste", args=["sputnik-ii", service.pk])
    assert answer.url == f"{paste}?session={session.pk}"
    short = (
        []
        if program == FORMS
        else ["Krócej niż 50% czasu terminu, więc nie dojdą: Jan Wzór (30\u00a0min)."]
    )
    assert messages_of(answer) == [
        "Raport zapisano jako dowód usługi. Sprawdź osoby niżej.",
        *short,
    ]
    evidence = Evidence.objects.get()
    assert (evidence.service, evidence.kind, evidence.file_name) == (
        service,
        "lista obecności",
        "raport.csv",
    )
    assert evidence.file.read() == content_of(program)
    page = signed_in.get(answer.url)
    [row] = page.context["pasted"].rows
    assert (row.person, row.entity, row.errors) == (wanda, service.recipients.get(), [])
    assert page.context["form"]["sessions"].value() == [session.pk]


def test_only_the_chosen_day_is_proposed_and_a_stranger_is_offered_as_new(signed_in, service):
    SessionFactory(service=service, day=date(2024, 5, 15))
    page = signed_in.get(given(signed_in, service, content_of("teams")).url)
    assert page.context["form"]["sessions"].value() == [service.sessions.get(day=DAY).pk]
    [row] = page.context["pasted"].rows
    assert (row.person, row.values["email"]) == (None, "wanda@example.org")
    assert not Person.objects.exists()


def test_the_share_of_the_project_decides_who_was_there_long_enough(signed_in, service, project):
    project.meeting_presence_share = 25
    project.save()
    answer = given(signed_in, service, content_of("zoom"))
    assert len(messages_of(answer)) == 1
    assert len(signed_in.get(answer.url).context["pasted"].rows) == 2


def test_a_report_of_another_day_is_refused(signed_in, service):
    service.sessions.update(day=date(2024, 5, 15))
    page = given(signed_in, service, content_of("teams"))
    assert page.context["form"].errors == {
        "session": [
            "Raport jest z 14.05.2024, a termin z 15.05.2024. Wskaż termin z tego dnia albo "
            "najpierw dopisz go do usługi."
        ]
    }
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "raport.csv", "Plik jest pusty."),
        (b"Rola;Czas\nGo;1\n", "raport.csv", "W pliku nie ma kolumny z imieniem i nazwiskiem."),
        (b"\x00\x01\x02", "raport.csv", "Nazwa mówi .csv, ale w pliku nie ma tekstu."),
        (b"%PDF-1.7", "raport.pdf", "Takiego pliku nie przyjmujemy. Dodaj csv albo xlsx."),
        (b"PK\x03\x04", "raport.xlsx", "Dokument jest uszkodzony"),
    ],
)
def test_what_is_no_report_is_refused_beside_the_field(
    signed_in, service, content, name, sentence
):
    page = given(signed_in, service, content, name)
    [error] = page.context["form"].errors["file"]
    assert error.startswith(sentence)
    assert not Evidence.objects.exists()


def test_the_same_report_twice_is_one_file(signed_in, service):
    for _ in range(2):
        assert given(signed_in, service, content_of("meet")).status_code == 302
    assert Evidence.objects.count() == 1


def test_a_service_without_a_term_asks_for_one(signed_in, service):
    service.sessions.all().delete()
    assertContains(signed_in.get(url(service)), "Ta usługa nie ma jeszcze terminu.")
    page = given(signed_in, service, content_of("meet"))
    assert page.context["form"].errors == {"session": ["Wskaż termin."]}


def test_a_service_that_was_submitted_takes_no_report(signed_in, service):
    Service.objects.filter(pk=service.pk).update(state="submitted")
    assert signed_in.get(url(service)).status_code == 403
    assert given(signed_in, service, content_of("meet")).status_code == 403
    assert not Attendance.objects.exists()
