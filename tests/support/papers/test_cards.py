from datetime import date

import pytest
from django.urls import reverse

from owes.periods import Period
from support.models import Service, ServiceType
from support.papers import cards
from support.papers.attendance import empty_list
from support.papers.codes import BLANK, Paper, read
from tests.factories import (
    AttendanceFactory,
    EntityFactory,
    ServiceFactory,
    SessionFactory,
    StaffMemberFactory,
    sputnik,
)
from tests.support.papers.printed import pages, text

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.pdf]
MARCH = Period(date(2024, 3, 1), date(2024, 3, 31))


def test_service_card_is_answered_as_a_pdf(client, staff):
    service = SessionFactory(service__topic="Statut od nowa").service
    client.force_login(staff)
    response = client.get(reverse("support:service_card", args=["sputnik-ii", service.pk]))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("inline; filename=")
    assert "Statut od nowa" in text(response.content)


@pytest.mark.parametrize(("role", "status"), [("auditor", 403), ("administrator", 403)])
def test_card_with_names_is_not_for_the_funder(client, request, role, status):
    service = SessionFactory().service
    client.force_login(request.getfixturevalue(role))
    for url in (
        reverse("support:service_card", args=["sputnik-ii", service.pk]),
        reverse("support:empty_card", args=["sputnik-ii"]),
    ):
        assert client.get(url).status_code == status


def test_filled_card_names_people_and_the_blank_one_leaves_room():
    attendance = AttendanceFactory(session__service__description="Omówiono budżet.")
    service = Service.objects.for_papers().get()
    filled = text(cards.service_card(service).pdf())
    blank = text(cards.service_card(service, is_blank=True).pdf())
    for words in (str(attendance.person), "Omówiono budżet."):
        assert (words in filled, words in blank) == (True, False)
    for words in (str(attendance.entity), service.printed_number):
        assert (words in filled, words in blank) == (True, True)


def test_card_of_each_kind_is_called_as_people_call_it():
    names = {type.name: cards.card_words(type) for type in ServiceType.objects.all()}
    assert names["doradztwo prawne"] == "Karta doradztwa"
    assert names["spotkanie animacyjne"] == names["coaching"] == "Karta usługi"


def test_service_of_many_meetings_has_a_row_and_signatures_for_each(project):
    service = SessionFactory(day=date(2024, 12, 31)).service
    SessionFactory(service=service, day=date(2025, 1, 1))
    paper = text(cards.service_card(Service.objects.for_papers().get()).pdf())
    assert "1 31.12.2024 09:00–11:00 2 h" in paper
    assert "Razem 4 h" in paper
    assert "Podpis odbiorcy Podpis osoby z kadry" in paper
    assert "Poza okresem projektu, więc nie w jego godzinach: 01.01.2025." in paper


@pytest.mark.parametrize(
    ("mode", "is_free", "note"),
    [
        ("online", False, "Usługa zdalna (online). Potwierdzenie odbiorcy:"),
        ("phone", True, "Usługa zdalna (telefonicznie). Podpis odbiorcy nie jest wymagany."),
        ("email", True, "Usługa zdalna (e-mail). Podpis odbiorcy nie jest wymagany."),
        ("on_site", True, ""),
        ("hybrid", True, ""),
    ],
)
def test_remote_service_needs_no_signature_where_the_project_says_so(project, mode, is_free, note):
    project.remote_needs_no_signature = is_free
    project.save()
    SessionFactory(service__mode=mode)
    paper = text(cards.service_card(Service.objects.for_papers().get()).pdf())
    assert note in paper
    assert ("Usługa zdalna" in paper) == bool(note)


def test_cancelled_service_says_so_on_every_page():
    SessionFactory(service__state="cancelled")
    assert "usługa anulowana" in text(cards.service_card(Service.objects.for_papers().get()).pdf())


def test_long_texts_and_many_people_run_over_pages_with_their_heads():
    session = SessionFactory(
        service__description="Długi opis przebiegu spotkania. " * 150,
        service__outcome="Ustalenie. " * 200,
        service__topic="Temat " * 49,
    )
    AttendanceFactory.create_batch(40, session=session)
    content = cards.service_card(Service.objects.for_papers().get()).pdf()
    paper = pages(content)
    assert len(paper) >= 4
    assert [f"strona {n} z {len(paper)}" in page for n, page in enumerate(paper, 1)] == [
        True
    ] * len(paper)
    assert "Imię i nazwisko Podmiot Podpis" in paper[1]


def test_empty_service_still_prints():
    ServiceFactory(place="", mode="")
    content = cards.service_card(Service.objects.for_papers().get()).pdf()
    assert len(pages(content)) == 1
    assert len(pages(cards.empty_card(sputnik()).pdf())) == 1


def test_paper_of_nothing_yet_has_a_code_that_leads_to_no_record(project):
    for printout, paper in (
        (cards.empty_card(project), Paper.SERVICE),
        (empty_list(project), Paper.ATTENDANCE),
    ):
        assert (read(printout.code).paper, read(printout.code).keys) == (paper, (BLANK,))
        assert printout.code in text(printout.pdf())


def test_markup_typed_by_people_is_text():
    SessionFactory(service__topic="<b>Temat</b> & <script>")
    paper = text(cards.service_card(Service.objects.for_papers().get()).pdf())
    assert "<b>Temat</b> & <script>" in paper


@pytest.mark.parametrize(
    ("state", "is_told"),
    [("draft", True), ("returned", True), ("submitted", False), ("approved", False)],
)
def test_card_says_that_its_service_was_not_handed_in(state, is_told):
    SessionFactory(service__state=state)
    paper = text(cards.service_card(Service.objects.for_papers().get()).pdf())
    assert ("Wydrukowano przed złożeniem usługi w programie" in paper) == is_told


def advised(entity, adviser, day=date(2024, 3, 5), **fields):
    session = SessionFactory(day=day, **{f"service__{name}": v for name, v in fields.items()})
    session.service.recipient_links.create(entity=entity)
    session.service.adviser_links.create(staff_member=adviser)
    return session


def test_collective_card_sums_its_rows_and_marks_what_is_not_approved(client, staff, project):
    entity, adviser = EntityFactory(name="Łąka"), StaffMemberFactory(name="Ewa Ż")
    advised(entity, adviser, state="approved", topic="Statut")
    advised(entity, adviser, date(2024, 3, 6), state="submitted", topic="Budżet")
    advised(entity, adviser, date(2024, 4, 1), state="approved")
    advised(EntityFactory(), adviser, state="approved")
    card = cards.collective_card(project, entity, adviser, MARCH)
    assert (card.count, card.minutes, card.waiting_minutes) == (2, 120, 120)
    client.force_login(staff)
    paper = text(client.get(card.get_absolute_url()).content)
    assert "1 05.03.2024 09:00–11:00 2 h Statut" in paper
    assert "2 06.03.2024 09:00–11:00 2 h* Budżet" in paper
    assert "Suma godzin 2 h" in paper
    assert "* Usługa jeszcze niezatwierdzona, poza sumą: 2 h." in paper
    assert (card.code in paper, "marzec 2024" in paper) == (True, True)
    blank = text(client.get(card.get_absolute_url(), {"blank": "1"}).content)
    assert ("Łąka" in blank, "Statut" in blank, "12" in blank) == (True, False, True)


def test_collective_card_of_a_month_without_meetings_is_empty(client, staff, auditor, project):
    card = cards.collective_card(project, EntityFactory(), StaffMemberFactory(), MARCH)
    client.force_login(staff)
    assert client.get(card.get_absolute_url()).status_code == 200
    client.force_login(auditor)
    assert client.get(card.get_absolute_url()).status_code == 403


@pytest.mark.parametrize(
    ("entity", "expected"),
    [
        ("Koło Gospodyń „Łąka”", "2024-03-05_kolo-gospodyn-laka_12-2024.pdf"),
        ("A" * 90, f"2024-03-05_{'a' * 40}_12-2024.pdf"),
        ("../../etc", "2024-03-05_etc_12-2024.pdf"),
        (None, "2024-03-05_bez-podmiotu_12-2024.pdf"),
    ],
)
def test_file_name_sorts_by_day_and_opens_anywhere(entity, expected):
    assert cards.file_name(date(2024, 3, 5), entity, "12/2024") == expected
