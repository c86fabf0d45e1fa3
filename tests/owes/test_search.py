"""The search of the bar: what it finds, how it is typed, and what each role may find."""

import re
from datetime import date

import pytest
from django.urls import reverse

from indicators.models import Report
from support.models import Service
from tests.factories import (
    AdoptionFactory,
    AttendanceFactory,
    EntityFactory,
    EvidenceFactory,
    MembershipFactory,
    PartnershipFactory,
    PersonFactory,
    ProjectFactory,
    ServiceFactory,
    StaffTrainingFactory,
    sputnik,
)

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def project():
    return ProjectFactory()


@pytest.fixture
def staff(client, project):
    user = MembershipFactory(project=project, role="staff").user
    client.force_login(user)
    return client


def hits(client, text, **headers):
    page = client.get(reverse("owes:search"), {"q": text}, headers=headers)
    assert page.status_code == 200
    return re.findall(r'<a class="hit"\s+href="[^"]+"><span>([^<]+)<', page.content.decode())


@pytest.mark.parametrize("text", ["Łąck", "lack", "ŁĄCK", "łącK"])
def test_case_and_diacritics_do_not_matter(staff, text):
    EntityFactory(name="Koło Gospodyń w Łącku")
    assert hits(staff, text)[:1] == ["Koło Gospodyń w Łącku"]


@pytest.mark.parametrize("text", ["kgw róża", "KGW „Róża”", 'kgw "roza', "róża kgw"])
def test_quotes_and_the_order_of_words_do_not_matter(staff, text):
    EntityFactory(name="KGW „Róża”")
    assert hits(staff, text) == ["KGW „Róża”"]


@pytest.mark.parametrize(
    "text", ["7740001454", "774-000-14-54", "NIP 774-000-14-54", "PL 774 000 14 54"]
)
def test_a_number_is_found_with_and_without_dashes(staff, text):
    EntityFactory(name="Spółdzielnia", nip="7740001454")
    assert hits(staff, text) == ["Spółdzielnia"]


@pytest.mark.parametrize("text", ["", "ł", "   "])
def test_too_short_a_text_finds_nothing_and_says_so(staff, text):
    EntityFactory(name="Łąka")
    page = staff.get(reverse("owes:search"), {"q": text}).content.decode()
    assert "Wpisz co najmniej dwa znaki." in page
    assert "Łąka" not in page


@pytest.mark.parametrize("text", ["a\x00b", "x" * 201])
def test_what_no_record_can_hold_finds_nothing(staff, text):
    assert hits(staff, text) == []


def test_nothing_found_is_said_with_what_was_asked(staff):
    page = staff.get(reverse("owes:search"), {"q": "<b>zzzz"}).content.decode()
    assert "Nie znaleziono „&lt;b&gt;zzzz”." in page


def test_all_kinds_of_records_are_found_in_the_order_of_the_house(staff, project):
    entity = EntityFactory(name="Fundacja Żurawka")
    PersonFactory(first_name="Anna", last_name="Żurawka")
    ServiceFactory(project=project, topic="Statut dla Żurawki")
    PartnershipFactory(project=project, description="Żurawka w gminie")
    AdoptionFactory(project=project, entity=entity)
    page = staff.get(reverse("owes:search"), {"q": "zurawk"}).content.decode()
    titles = re.findall(r"<h2 id=\"found-\d\"><svg.*?</svg>([^<]+)</h2>", page)
    assert titles == ["Podmioty", "Osoby", "Usługi", "Współpraca z JST", "Wdrożenia"]


def test_a_file_is_found_by_its_name_and_not_by_the_funder(staff, project, client):
    EvidenceFactory(project=project, file_name="Umowa z Gminą Łąck.pdf")
    assert hits(staff, "umowa gmina lack") == ["Umowa z Gminą Łąck.pdf"]
    client.force_login(MembershipFactory(project=project, role="auditor").user)
    assert hits(client, "umowa gmina lack") == []


def test_a_name_that_begins_with_the_text_comes_first(staff):
    for name in ("Zielone Ćwikłowisko", "Ćwikłowisko", "Ala i Ćwikłowisko"):
        EntityFactory(name=name)
    assert hits(staff, "ćwikłowi") == [
        "Ćwikłowisko",
        "Ala i Ćwikłowisko",
        "Zielone Ćwikłowisko",
    ]


def test_more_than_a_few_lead_to_the_list(staff):
    EntityFactory.create_batch(9, name="Nasze Koło")
    page = staff.get(reverse("owes:search"), {"q": "nasze koło"}).content.decode()
    assert page.count("Nasze Koło") == 8
    assert 'href="/entities/?q=nasze+ko%C5%82o"' in page


def test_records_of_a_project_one_is_not_in_are_not_found(staff):
    ServiceFactory(topic="Obca usługa")
    assert hits(staff, "obca usługa") == []


@pytest.fixture
def auditor(client, project):
    client.force_login(MembershipFactory(project=project, role="auditor").user)
    return client


def test_the_funder_finds_by_no_text_that_is_hidden_from_them(auditor, staff, project):
    entity = EntityFactory(name="Fundacja", email="zurawka@poczta.example")
    service = ServiceFactory(project=project, topic="Statut", place="u Żurawki", state="approved")
    service.recipients.add(entity)
    ServiceFactory(project=project, topic="Szkic Żurawki")
    AdoptionFactory(project=project, entity=entity, description="Sklep Żurawki", code="W7")
    PartnershipFactory(project=project, description="Żurawka", document_number="ŻURAWKA/1")
    StaffTrainingFactory(project=project, organiser="Żurawka")
    auditor.force_login(MembershipFactory(project=project, role="auditor").user)
    assert hits(auditor, "zurawk") == []
    assert hits(auditor, "Statut") == ["Statut"]
    assert hits(auditor, "W7") == ["Fundacja: cyfrowe"]
    auditor.force_login(MembershipFactory(project=project, role="staff").user)
    assert len(hits(auditor, "zurawk")) == 5


def test_the_code_of_an_annex_leads_the_funder_to_its_record(auditor, project):
    entity = EntityFactory(code="P12", name="KGW Łąka")
    person = PersonFactory(code="O0059", last_name="Skryta", sex="K")
    came = AttendanceFactory(
        person=person,
        entity=entity,
        session__service__project=project,
        session__day=date(2025, 3, 9),
    )
    assert hits(auditor, "o0059") == []  # of a draft
    Service.objects.update(state="approved")
    page = auditor.get(reverse("owes:search"), {"q": "o0059"}).content.decode()
    assert "KGW Łąka, pierwsza obecność 09.03.2025" in page
    assert "Skryta" not in page
    assert hits(auditor, "O0059") == ["O0059 (K)"]
    assert auditor.get(person.get_absolute_url()).status_code == 200
    assert hits(auditor, "P12")[0] == "KGW Łąka"
    assert hits(auditor, came.session.service.code)[0] == came.session.service.topic
    assert hits(auditor, "O005") == []


def test_the_exact_number_comes_first(staff, project):
    for number in ("11/2024", "1/2024", "1/20245"):
        ServiceFactory(project=project, number=number, topic=number)
    EntityFactory(name="Umowa 1/2024 i 2")
    ServiceFactory(project=project, code="U/0001/2024", topic="U/0001/2024")
    ServiceFactory(project=project, code="Z/1/2024", topic="Z/1/2024")
    PartnershipFactory(project=project, document_number="21/2024")
    assert hits(staff, "1/2024")[:2] == ["1/2024", "Z/1/2024"]
    EntityFactory(name="Fundacja", nip="7740001454")
    ServiceFactory(project=project, topic="NIP 7740001454")
    assert hits(staff, "774-000-14-54")[0] == "Fundacja"


def test_certificates_and_reports_are_found(staff, client, coordinator):
    project = sputnik()
    closed = Report.objects.create(
        project=project,
        kind="partial",
        number="7/1",
        starts_on=date(2023, 1, 1),
        ends_on=date(2023, 12, 31),
        state="closed",
        closed_at="2024-01-10T12:00+01:00",
        created_by=coordinator,
    )
    Report.objects.create(
        project=project,
        kind="final",
        starts_on=date(2022, 4, 5),
        ends_on=date(2024, 12, 31),
        created_by=coordinator,
    )
    client.force_login(coordinator)
    assert hits(client, "sprawozdanie") == ["Raport końcowy", "Raport częściowy nr 7/1"]
    assert hits(client, "7/1") == ["Raport częściowy nr 7/1"]
    client.force_login(MembershipFactory(project=project, role="auditor").user)
    assert hits(client, "raport") == [closed.title]
    client.force_login(MembershipFactory(project=ProjectFactory(), role="staff").user)
    assert hits(client, "raport") == []


def test_the_funder_finds_entities_of_the_project_and_no_people(client, project):
    client.force_login(MembershipFactory(project=project, role="auditor").user)
    service = ServiceFactory(project=project, topic="Statut dla Żurawki", state="approved")
    service.recipients.add(EntityFactory(name="Fundacja Żurawka"))
    EntityFactory(name="Żurawka bez wsparcia")
    PersonFactory(last_name="Żurawka")
    assert hits(client, "zurawk") == ["Fundacja Żurawka", "Statut dla Żurawki"]


def test_the_bar_gets_the_list_alone(staff):
    EntityFactory(name="Fundacja Żurawka")
    page = staff.get(reverse("owes:search"), {"q": "żurawk"}, headers={"HX-Request": "true"})
    assert "Fundacja Żurawka" in page.content.decode()
    assert "<html" not in page.content.decode()


def test_a_stranger_signs_in_first(client):
    assert client.get(reverse("owes:search"), {"q": "łąck"}).status_code == 302


def test_queries_do_not_grow_with_what_is_found(staff, django_assert_max_num_queries):
    EntityFactory.create_batch(30, name="Nasze Koło")
    PersonFactory.create_batch(30, last_name="Kołodziej")
    with django_assert_max_num_queries(19):
        staff.get(reverse("owes:search"), {"q": "koło"})
