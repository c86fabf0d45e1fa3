from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from owes.models import Job
from support.models import ServiceType
from support.papers.batches import make_batch
from tests.factories import (
    EntityFactory,
    SessionFactory,
    StaffMemberFactory,
)
from tests.support.papers.printed import text

URL = reverse("support:meeting_paper_list", args=["sputnik-ii"])
ORDER = {"batch": "collective", "format": "zip", "token": "6f1f0c1e-94a6-4f38-bb6c-0d8b9c5a1f10"}


def meeting(day=date(2024, 3, 5), entity=None, adviser=None, **service):
    session = SessionFactory(day=day, **{f"service__{name}": v for name, v in service.items()})
    session.service.recipient_links.create(entity=entity or EntityFactory())
    session.service.adviser_links.create(staff_member=adviser or StaffMemberFactory())
    return session


def names(response):
    return [(str(row.entity), str(row.staff_member)) for row in response.context["table"].data]


@pytest.mark.parametrize(("role", "status"), [("auditor", 403), ("administrator", 403)])
def test_cards_are_not_for_those_who_may_not_see_names(client, request, role, status):
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).status_code == status


def test_page_opens_on_the_last_month_with_a_meeting(client, staff):
    meeting(date(2023, 5, 9))
    client.force_login(staff)
    response = client.get(URL)
    assertContains(response, "01.05.2023–31.05.2023")
    assert len(names(response)) == 1


def test_cards_are_of_each_recipient_and_adviser(client, staff):
    session = meeting(entity=EntityFactory(name="Łąka"), adviser=StaffMemberFactory(name="Ewa Ż"))
    session.service.recipient_links.create(entity=EntityFactory(name="Brzeg"))
    session.service.adviser_links.create(staff_member=StaffMemberFactory(name="Jan Ąk"))
    meeting(date(2024, 4, 1))
    client.force_login(staff)
    response = client.get(URL, {"month": "2024-03"})
    assert names(response) == [
        ("Brzeg", "Jan Ąk"),
        ("Brzeg", "Ewa Ż"),
        ("Łąka", "Jan Ąk"),
        ("Łąka", "Ewa Ż"),
    ]
    card = response.context["table"].data[0]
    assertContains(response, card.get_absolute_url())


def test_what_is_cancelled_planned_or_proved_by_a_list_has_no_card(client, staff):
    meeting(state="cancelled")
    meeting(type=ServiceType.objects.get(name="szkolenie"))
    meeting(type=ServiceType.objects.get(name="informacja i promocja"))
    client.force_login(staff)
    assert names(client.get(URL, {"month": "2024-03"})) == []


def test_cards_of_one_entity_are_found_in_the_whole_project(client, staff):
    entity = EntityFactory(code="P777")
    meeting(entity=entity)
    meeting(date(2023, 7, 1), entity=entity)
    meeting()
    client.force_login(staff)
    response = client.get(URL, {"month": "all", "entity": "P777"})
    assert [row.month_words for row in response.context["table"].data] == [
        "lipiec 2023",
        "marzec 2024",
    ]


def test_cards_of_one_adviser(client, staff):
    adviser = StaffMemberFactory(name="Ewa Ż")
    session = meeting(adviser=adviser)
    session.service.adviser_links.create(staff_member=StaffMemberFactory(), position=1)
    meeting()
    client.force_login(staff)
    response = client.get(URL, {"month": "2024-03", "staff_member": adviser.pk})
    assert [adviser for _, adviser in names(response)] == ["Ewa Ż"]


def test_entity_is_asked_for_with_a_picker(client, staff):
    EntityFactory(code="P777", name="Zagon Wiśniowy")
    client.force_login(staff)
    response = client.get(URL, {"month": "2024-03", "entity": "wisn"})
    source = reverse("support:record_entities", args=["sputnik-ii"])
    assertContains(response, f'data-picker="{source}"')
    assertContains(response, 'name="entity-pick"')
    picked = {"month": "2024-03", "entity": "wisn", "entity-pick": "Zagon Wiśniowy (P777)"}
    assert client.get(URL, picked).context["meetings"].entity.code == "P777"


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"month": "2031-13"}, "Wybierz poprawną wartość"),
        ({"month": "2024-03", "entity": "NIE-MA"}, "Nie ma w rejestrze podmiotu „NIE-MA”."),
        ({"month": "2024-03", "entity": "P\0"}, "Nie ma w rejestrze podmiotu „P”."),
        ({"month": "2024-03", "staff_member": "9" * 40}, "Wybierz poprawną wartość"),
    ],
)
def test_mistake_in_the_address_is_told_at_the_field(client, staff, asked, sentence):
    client.force_login(staff)
    assertContains(client.get(URL, asked), sentence)


def test_two_clicks_order_one_file(client, staff):
    meeting()
    client.force_login(staff)
    for _ in range(2):
        response = client.post(f"{URL}?month=2024-03", ORDER)
        job = Job.objects.get()
        assert response.url == reverse("support:paper_job", args=["sputnik-ii", job.pk])
    assert job.params == {
        "project": "sputnik-ii",
        "batch": "collective",
        "start": "2024-03-01",
        "end": "2024-03-31",
        "entity": None,
        "staff_member": None,
        "format": "zip",
    }


def test_page_asks_as_often_for_many_cards(client, staff, query_count):
    client.force_login(staff)
    meeting()
    few = query_count(URL, month="2024-03")
    for _ in range(24):
        meeting()
    assert query_count(URL, month="2024-03") == few


def test_without_a_month_there_is_nothing_to_order(client, staff):
    client.force_login(staff)
    assertNotContains(client.get(URL, {"month": "x"}), "Utwórz plik")


# Those that have not come back signed


def printed(job):
    pages = text(make_batch(job.params, Heard())[1])
    return {word for word in ("Statut", "Budżet", "Media", "Szkic", "Podpisana") if word in pages}


class Heard:
    def __call__(self, *numbers):
        pass


def of_all_kinds(adviser):
    teaching = ServiceType.objects.get(name="szkolenie")
    meeting(adviser=adviser, topic="Statut", state="approved")
    meeting(date(2024, 3, 6), adviser=adviser, topic="Budżet", state="submitted")
    meeting(date(2024, 3, 7), adviser=adviser, topic="Media", state="approved", type=teaching)
    meeting(date(2024, 3, 8), adviser=adviser, topic="Szkic")
    signed = {"state": "approved", "signed_on": date(2024, 3, 9)}
    meeting(date(2024, 3, 9), adviser=adviser, topic="Podpisana", **signed)


@pytest.mark.pdf
def test_what_did_not_come_back_signed_is_printed_trainings_too(client, staff):
    of_all_kinds(StaffMemberFactory(user=staff))
    client.force_login(staff)
    client.post(f"{URL}?month=2024-03", ORDER | {"batch": "unsigned", "format": "pdf"})
    assert printed(Job.objects.get()) == {"Statut", "Budżet", "Media"}


def test_what_cards_are_without_is_told(client, staff):
    of_all_kinds(StaffMemberFactory(user=staff))
    client.force_login(staff)
    page = client.get(URL, {"month": "2024-03"})
    assertContains(page, "1\u00a0usługa ma listy obecności zamiast karty")
    assertContains(page, "1\u00a0karta jest z usług niezłożonych")
    assertNotContains(client.get(URL, {"month": "2024-02"}), "zamiast karty")


def test_page_begins_with_an_adviser_for_an_adviser(client, staff, coordinator):
    own, other = StaffMemberFactory(name="Ewa Ż", user=staff), StaffMemberFactory(name="Jan")
    meeting(adviser=own)
    meeting(adviser=other)
    client.force_login(staff)
    assert [adviser for _, adviser in names(client.get(URL))] == ["Ewa Ż"]
    assert len(names(client.get(URL, {"staff_member": ""}))) == 2
    client.force_login(coordinator)
    assert len(names(client.get(URL))) == 2


def test_page_opens_with_the_papers_a_link_asks_for(client, staff):
    meeting()
    client.force_login(staff)
    assert client.get(URL, {"batch": "unsigned"}).context["form"]["batch"].value() == "unsigned"
