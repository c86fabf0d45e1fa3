from datetime import date

import pytest
from django.urls import reverse

from support.models import Attendance, Service, ServiceType
from support.papers import attendance
from tests.factories import AttendanceFactory, PersonFactory, SessionFactory
from tests.support.papers.printed import pages, tags, text

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.pdf]


@pytest.fixture
def session():
    return SessionFactory(
        day=date(2024, 3, 5),
        service__type=ServiceType.objects.get(name="szkolenie"),
        service__topic="Nauka",
        service__place="Remiza",
    )


def url(service):
    return reverse("support:attendance_list", args=["sputnik-ii", service.pk])


def listed(session, **given):
    service = Service.objects.for_papers().get(pk=session.service_id)
    return attendance.attendance_list(service, session, **given)


def test_list_has_who_is_expected_or_was_there_and_rows_for_walk_ins(session):
    for state in Attendance.State:
        AttendanceFactory(
            session=session,
            state=state,
            person=PersonFactory(last_name=f"Osoba-{state.value}", phone="600700800"),
            entity__name="Łąka",
        )
    printout = listed(session)
    assert [str(row.person) for row in printout.context["people"]] == [
        "Łucja Osoba-expected",
        "Łucja Osoba-present",
    ]
    paper = text(printout.pdf())
    assert "1 Łucja Osoba-expected Łąka" in paper
    assert "7" in paper.split("Podpis")[1]
    assert "600700800" not in paper


def test_header_says_when_where_and_how_long(session):
    paper = text(listed(session).pdf())
    for words in ("Szkolenie: Nauka", "05.03.2024", "09:00–11:00", "Remiza"):
        assert words in paper
    assert "2 h (2,7 godz. dydaktycznych)" in paper


def test_blank_list_has_the_header_and_no_names(session):
    person = AttendanceFactory(session=session).person
    printout = listed(session, is_blank=True, empty_rows=3)
    assert (printout.context["people"], list(printout.context["empty_rows"])) == ([], [1, 2, 3])
    paper = text(printout.pdf())
    assert ("Szkolenie: Nauka" in paper, str(person) in paper) == (True, False)


def test_forty_people_repeat_the_head_on_each_page(session):
    AttendanceFactory.create_batch(40, session=session)
    content = listed(session).pdf()
    paper = pages(content)
    assert ["Imię i nazwisko Podmiot Podpis" in page for page in paper] == [True] * 3
    assert "40 Łucja" in " ".join(paper)
    assert tags(content)["/TH"] >= 40


@pytest.mark.parametrize(
    ("asked", "names", "rows"),
    [
        ({}, True, 5),
        ({"blank": "1"}, False, 15),
        ({"blank": "1", "rows": "2"}, False, 2),
        ({"rows": "0"}, True, 0),
        ({"rows": "999999"}, True, 5),
        ({"rows": "x\0", "session": "y"}, True, 5),
    ],
)
def test_address_says_what_is_printed_and_its_mistakes_are_passed_over(
    client, staff, session, asked, names, rows
):
    person = AttendanceFactory(session=session).person
    client.force_login(staff)
    response = client.get(url(session.service), asked)
    paper = text(response.content)
    assert response["Content-Type"] == "application/pdf"
    assert (str(person) in paper) == names
    heads = paper.count("Imię i nazwisko")
    assert tags(response.content)["/TR"] - heads == names + rows


def test_lists_of_all_sessions_are_one_file(client, staff, session):
    SessionFactory(service=session.service, day=date(2024, 3, 12))
    client.force_login(staff)
    paper = pages(client.get(url(session.service)).content)
    assert ["05.03.2024" in paper[0], "12.03.2024" in paper[1], len(paper)] == [True, True, 2]
    [page] = pages(client.get(url(session.service), {"session": session.pk}).content)
    assert "05.03.2024" in page


def test_service_without_a_session_has_an_empty_list(client, staff, session):
    service = session.service
    session.delete()
    client.force_login(staff)
    assert "Lista obecności" in text(client.get(url(service)).content)
    response = client.get(reverse("support:empty_list", args=["sputnik-ii"]))
    assert "Imię i nazwisko" in text(response.content)


def test_names_are_not_for_the_funder(client, auditor, session):
    client.force_login(auditor)
    assert client.get(url(session.service)).status_code == 403
