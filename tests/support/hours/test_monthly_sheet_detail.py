import io
from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from python_calamine import CalamineWorkbook

from owes.periods import Period
from support.models import MonthlySheet, ServiceType
from tests.factories import EntityFactory, SessionFactory, StaffMemberFactory
from tests.support.papers.printed import text

MARCH = Period(date(2024, 3, 1), date(2024, 3, 31))


@pytest.fixture
def member(staff):
    return StaffMemberFactory(name="Ewa Piórkowska", user=staff)


@pytest.fixture
def session(member):
    session = SessionFactory(
        day=date(2024, 3, 5),
        service__state="approved",
        service__code="U/1",
        service__topic="Nauka",
        service__type=ServiceType.objects.get(name="szkolenie"),
    )
    session.service.adviser_links.create(staff_member=member)
    session.service.recipient_links.create(entity=EntityFactory(name="Łąka"))
    return session


def url(member, name="detail", month=MARCH):
    return reverse(f"support:monthly_sheet_{name}", args=["sputnik-ii", member.pk, month])


def test_page_tells_hours_apart_from_teaching_hours(client, staff, member, session):
    client.force_login(staff)
    response = client.get(url(member))
    assertContains(response, "w tym szkolenia 2\u00a0h (2,7 godz. dydaktycznych)")
    assertContains(response, "szkolenie: Nauka")
    assertContains(response, ">Złóż 2\u00a0h<")
    assertNotContains(response, "Zatwierdź")


def test_what_is_not_approved_is_told_with_a_link(client, staff, member, session):
    session.service.state = "submitted"
    session.service.save()
    client.force_login(staff)
    response = client.get(url(member))
    assertContains(response, session.service.get_absolute_url())
    assertNotContains(response, ">Złóż ")


def test_handing_in_says_what_stays_outside(client, staff, member, session):
    for day, state in ((6, "draft"), (7, "submitted"), (8, "cancelled")):
        other = SessionFactory(day=date(2024, 3, day), service__state=state)
        other.service.adviser_links.create(staff_member=member)
    client.force_login(staff)
    response = client.get(url(member))
    assertContains(response, ">Złóż 2\u00a0h; poza zestawieniem zostaje 4\u00a0h<")
    assertContains(response, "Poza zestawieniem 4\u00a0h, bo niezatwierdzone:")


def test_handing_in_and_accepting(client, staff, coordinator, member, session):
    client.force_login(staff)
    assertRedirects(client.post(url(member, "submit")), url(member))
    assert client.post(url(member, "approve")).status_code == 403
    client.force_login(coordinator)
    response = client.get(url(member))
    assertContains(response, "Zatwierdź")
    client.post(url(member, "approve"))
    assert MonthlySheet.objects.get().state == "approved"
    response = client.post(url(member, "return"), {"reason": ""})
    assertContains(response, "Podaj powód.")
    client.post(url(member, "return"), {"reason": "brak wizyty"})
    assertContains(client.get(url(member)), "brak wizyty")


def test_second_click_is_told_and_changes_nothing(client, staff, member, session):
    client.force_login(staff)
    client.post(url(member, "submit"))
    response = client.post(url(member, "submit"), follow=True)
    assertContains(response, "Zestawienie jest już złożone.")
    assert MonthlySheet.objects.get().history.count() == 2


def test_difference_since_acceptance_shows(client, coordinator, member, session):
    client.force_login(coordinator)
    client.post(url(member, "submit"))
    client.post(url(member, "approve"))
    session.service.cancel(coordinator, "pomyłka")
    response = client.get(url(member))
    assertContains(response, "Od zatwierdzenia zmieniło się:")
    assertContains(response, "odpadło: 05.03.2024 09:00–11:00, nr U/1")
    assertContains(response, "2\u00a0h")


@pytest.mark.parametrize("name", ["detail", "print", "export", "submit", "approve", "return"])
def test_hours_of_another_are_the_coordinators_matter(client, staff, auditor, session, name):
    other = StaffMemberFactory()
    method = client.post if name in ("submit", "approve", "return") else client.get
    for user in (staff, auditor):
        client.force_login(user)
        assert method(url(other, name)).status_code == 403


@pytest.mark.parametrize("month", [date(2022, 3, 1), date(2025, 1, 1)])
def test_month_outside_the_project_is_not_found(client, coordinator, member, month):
    client.force_login(coordinator)
    assert client.get(url(member, month=Period.of_month(month))).status_code == 404


@pytest.mark.pdf
def test_printed_sheet_says_who_accepted_it(client, staff, coordinator, member, session):
    client.force_login(coordinator)
    draft = text(client.get(url(member, "print")).content)
    assert ("szkic" in draft, "Złożono w programie" in draft) == (True, False)
    MonthlySheet.of(session.service.project, member, MARCH).submit(staff)
    MonthlySheet.of(session.service.project, member, MARCH).approve(coordinator)
    printed = text(client.get(url(member, "print")).content)
    for words in (
        "Miesięczne zestawienie godzin",
        "marzec 2024",
        "05.03.2024 09:00–11:00 2 h 2,7 szkolenie: Nauka",
        "Ogółem godzin w miesiącu 2 h",
        "2,7 godz. dydaktycznych",
        f"Złożono w programie: {staff}",
        f"Zatwierdzono w programie: {coordinator}",
    ):
        assert words in printed, words
    assert "szkic" not in printed


def test_sheet_as_a_workbook(client, coordinator, member, session):
    client.force_login(coordinator)
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(url(member, "export")).content))
    head, row = book.get_sheet_by_name("Godziny").to_python()
    assert dict(zip(head, row, strict=True)) == {
        "Lp.": 1,
        "Data": date(2024, 3, 5),
        "Od": "09:00",
        "Do": "11:00",
        "Przerwa (min)": 0,
        "Czas (min)": 120,
        "Godz. dydaktyczne": 2.7,
        "Rodzaj": "szkolenie",
        "Temat": "Nauka",
        "Odbiorcy": "Łąka",
        "Nr usługi": "U/1",
    }
    parameters = dict(book.get_sheet_by_name("Parametry").to_python()[1:])
    assert (parameters["Stan"], parameters["Czas razem (min)"]) == ("szkic", 120)


def test_page_asks_as_often_for_many_rows(client, staff, member, session, query_count):
    client.force_login(staff)
    few = query_count(url(member))
    for day in range(6, 30):
        more = SessionFactory(day=date(2024, 3, day), service__state="approved")
        more.service.adviser_links.create(staff_member=member)
        more.service.recipient_links.create(entity=EntityFactory())
    assert query_count(url(member)) == few


def test_what_was_handed_in_is_withdrawn_until_it_is_judged(
    client, staff, coordinator, member, session
):
    client.force_login(staff)
    client.post(url(member, "submit"))
    assertContains(client.get(url(member)), "Wycofaj</button>")
    response = client.post(url(member, "withdraw"), follow=True)
    assertContains(response, "Wycofano zestawienie do szkicu.")
    sheet = MonthlySheet.objects.get()
    assert sheet.state == "draft"
    assert [(change.state, change.state_by) for change in sheet.state_changes()] == [
        ("draft", staff),
        ("submitted", staff),
    ]
    client.post(url(member, "submit"))
    client.force_login(coordinator)
    assertNotContains(client.get(url(member)), "Wycofaj</button>")
    assert client.post(url(member, "withdraw")).status_code == 403
    client.post(url(member, "approve"))
    client.force_login(staff)
    response = client.post(url(member, "withdraw"), follow=True)
    assertContains(response, "Zestawienie jest teraz zatwierdzone.")
    assert MonthlySheet.objects.get().state == "approved"


def test_who_handed_in_the_month_of_another_may_withdraw_it(client, coordinator, member, session):
    client.force_login(coordinator)
    client.post(url(member, "submit"))
    client.post(url(member, "withdraw"))
    assert MonthlySheet.objects.get().state == "draft"
