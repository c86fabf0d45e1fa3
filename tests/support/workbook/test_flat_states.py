"""A flat sheet that says of a service that it is submitted: asked what a form asks."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains

from entities.models import Entity
from support.models import Attendance, Service, ServiceType, StaffMember
from support.workbook.error_groups import rows_in_words
from tests.factories import EntityFactory, PersonFactory, ServiceFactory, SessionFactory
from tests.support.workbook.import_pages import page

HEADER = "Data;Godziny;Rodzaj;Temat;Doradca;Podmiot;Osoba;Obecność;Tryb;Miejsce;Stan;Liczba osób"
UNTIL = "Dopóki tak nie jest, wpisz stan „szkic”."


@pytest.fixture(autouse=True)
def register(db):
    StaffMember.objects.create(name="Ewa")
    EntityFactory(code="P1", name="KGW Łąka")
    PersonFactory(code="O1", first_name="Łucja", last_name="Próbna")
    ServiceType.objects.create(name="piknik", is_open_event=True, needs_attendance=False)
    ServiceType.objects.create(name="asysta próbna", needs_attendance=False)


def line(**told):
    usual = {
        "day": "5.4.2022",
        "hours": "9-12",
        "type": "doradztwo ogólne",
        "topic": "Statut",
        "adviser": "Ewa",
        "entity": "P1",
        "person": "O1",
        "is_present": "tak",
        "mode": "online",
        "place": "",
        "state": "złożona",
        "heads": "",
    }
    return ";".join((usual | told).values())


def told(row):
    return [(error["row"], error["column"], error["message"]) for error in row.result["errors"]]


@pytest.mark.parametrize(
    ("changes", "column", "message"),
    [
        ({"mode": ""}, "Tryb", "Podaj tryb albo miejsce."),
        ({"person": "", "is_present": ""}, "Nazwisko", "Dopisz osobę, która była obecna."),
        ({"is_present": "nie"}, "Nazwisko", "Dopisz osobę, która była obecna."),
        (
            {"person": "", "is_present": "", "entity": "", "type": "asysta próbna"},
            "Podmiot",
            "Wskaż odbiorcę usługi.",
        ),
        (
            {"person": "", "is_present": "", "entity": "", "type": "piknik"},
            "Liczba osób",
            "Podaj, ile osób przyszło na wydarzenie otwarte.",
        ),
    ],
)
def test_what_a_form_would_not_submit_is_refused_by_its_cell(send, changes, column, message):
    row = send([HEADER, line(topic="Inny"), line(**changes)])
    assert (row.state, told(row)) == ("refused", [(3, column, f"{message} {UNTIL}")])
    assert row.result["may_part"] is True


@pytest.mark.parametrize("state", ["złożona", "zatwierdzona"])
def test_a_service_to_come_is_neither_submitted_nor_approved(send, project, state):
    coming = timezone.localdate() + timedelta(days=1)
    project.ends_on = coming
    project.save()
    row = send([HEADER, line(day=f"{coming:%d.%m.%Y}", state=state)])
    message = f"Złożyć można po zakończeniu ostatniego terminu. {UNTIL}"
    assert told(row) == [(2, "Data", message)]


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "submitted"),
        ({"mode": "", "place": "Płock"}, "submitted"),
        ({"mode": ""}, "draft"),
        ({"is_present": "nie"}, "draft"),
        ({"type": "piknik", "person": "", "is_present": ""}, "draft"),
        ({"type": "piknik", "person": "", "is_present": "", "heads": "0"}, "submitted"),
        ({"type": "asysta próbna", "person": "", "is_present": ""}, "submitted"),
    ],
)
def test_a_service_without_a_state_is_submitted_where_it_may_be(send, save, changes, state):
    save(send([HEADER, line(state="", **changes)]))
    assert Service.objects.get().state == state


def test_an_approved_service_may_lack_what_its_papers_lack(send, save):
    save(send([HEADER, line(mode="", person="", is_present="", state="zatwierdzona")]))
    service = Service.objects.get()
    assert (service.state, service.mode) == ("approved", "")


@pytest.mark.parametrize(
    ("kind", "known", "saved"),
    [("piknik", None, 40), ("piknik", 7, 40), ("asysta próbna", None, None)],
)
def test_the_head_count_is_of_an_open_event(send, save, kind, known, saved):
    event = ServiceType.objects.get(name=kind)
    service = ServiceFactory(type=event, topic="Festyn", head_count=known, state="draft")
    SessionFactory(service=service, day=date(2022, 4, 5))
    header = "Nr usługi;Data;Godziny;Rodzaj;Temat;Doradca;Podmiot;Liczba uczestników"
    save(send([header, f"{service.code};5.4.2022;9-12;{kind};Festyn;Ewa;P1;40"]))
    service.refresh_from_db()
    assert service.head_count == saved


def test_a_head_count_below_zero_is_refused(send):
    row = send([HEADER, line(type="piknik", heads="-1")])
    assert told(row) == [(2, "Liczba osób", "Podaj liczbę nie mniejszą niż 0.")]


def test_rows_of_one_event_tell_one_head_count(send):
    row = send([HEADER, line(type="piknik", heads="0"), line(type="piknik", heads="3")])
    assert row.state == "checked"  # without a number the head count tells no two events apart
    header = f"Nr usługi;{HEADER}"
    rows = [f"U/1;{line(type='piknik', heads=heads)}" for heads in ("0", "3")]
    row = send([header, *rows])
    [error] = told(row)
    assert error[:2] == (3, "Liczba osób")


@pytest.fixture
def known():
    """A draft without mode, with nobody marked yet."""
    service = ServiceFactory(code="U/1", mode="", place="", state="draft", topic="Statut")
    session = SessionFactory(service=service, day=date(2022, 4, 5))
    return Attendance.objects.create(
        session=session,
        day=session.day,
        person=PersonFactory(code="O2"),
        entity=Entity.objects.get(),
        state="expected",
    )


def test_what_is_known_of_a_service_counts_too(send, save, known):
    service = known.session.service
    own = f"U/1;5.4.2022;9-12;{service.type};Statut;Ewa;P1;O1;złożona"
    header = "Nr usługi;Data;Godziny;Rodzaj;Temat;Doradca;Podmiot;Osoba;Stan"
    row = send([header, own])
    assert [error[1] for error in told(row)] == ["Tryb", "Nazwisko"]
    assert "są jeszcze osoby tylko zapisane" in told(row)[1][2]
    Service.objects.update(mode="phone")
    Attendance.objects.update(state="absent")
    assert save(send([header, own])).state == "saved"
    service.refresh_from_db()
    assert (service.state, service.mode) == ("submitted", "phone")


def test_what_was_approved_without_a_mode_may_be_submitted_again(send, save, known):
    service = known.session.service
    known.delete()
    for state in ("approved", "returned"):
        service.state = state
        service.save()
    header = "Nr usługi;Data;Godziny;Rodzaj;Temat;Doradca;Podmiot;Osoba;Stan"
    row = save(send([header, f"U/1;5.4.2022;9-12;{service.type};Statut;Ewa;P1;O1;złożona"]))
    assert row.state == "saved", row.result


def test_a_submitted_service_gets_no_term_to_come(send, project, known):
    project.ends_on = coming = timezone.localdate() + timedelta(days=1)
    project.save()
    Service.objects.update(state="submitted")
    kind = known.session.service.type
    header = "Nr usługi;Data;Godziny;Rodzaj;Temat;Doradca;Podmiot"
    row = send([header, f"U/1;{coming:%d.%m.%Y};9-12;{kind};Statut;Ewa;P1"])
    [error] = told(row)
    assert error[:2] == (2, "Data")
    assert error[2].endswith("W programie ta usługa nie jest szkicem.")
    row = send([header, f"U/1;6.4.2022;9-12;{kind};Statut;Ewa;P1"])
    assert row.state == "checked", row.result


def test_equal_services_of_the_project_are_told_at_once(send, signed_in):
    for topic in ("Statut", "Statut", "Dotacje", "Dotacje"):
        kind = ServiceType.objects.get(name="doradztwo ogólne")
        service = ServiceFactory(topic=topic, type=kind)
        SessionFactory(service=service, day=date(2022, 4, 5))
    lines = [line(topic=topic) for topic in ("Statut", "Dotacje", "Nowy")]
    row = send([HEADER, *lines])
    assert [error[:2] for error in told(row)] == [(2, "Nr usługi"), (3, "Nr usługi")]
    assert row.result["may_part"] is True


def test_equal_errors_are_one_sentence_with_their_rows(send, signed_in):
    lines = [line(topic=f"Temat {number}", mode="") for number in range(4)]
    row = send([HEADER, *lines, line(topic="Inny"), line(topic="Ostatni", mode="")])
    answer = signed_in.get(page(row))
    [error] = answer.context["errors"]
    assert (error["column"], error["rows"]) == ("Tryb", "wiersze 2–5 i 7")
    assertContains(answer, "wiersze 2–5 i 7", count=1)
    assertContains(answer, "5\xa0błędów")


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([], ""),
        ([2], "wiersz 2"),
        ([2, 4], "wiersze 2 i 4"),
        ([2, 3, 4, 4, 9], "wiersze 2–4 i 9"),
        ([2, 2], "wiersz 2"),
    ],
)
def test_rows_are_named_in_spans(numbers, words):
    assert rows_in_words(numbers) == words
