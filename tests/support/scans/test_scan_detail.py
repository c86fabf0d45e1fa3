from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from owes.looks.collecting import STRANGERS
from owes.models import Look
from support.models import Certificate, Evidence, Scan, ServiceType
from support.papers.codes import Paper, code_of, read
from support.papers.scanning import deliver, read_scan
from tests.factories import (
    AdoptionFactory,
    EntityFactory,
    MembershipFactory,
    PartnershipFactory,
    PersonFactory,
    ProjectFactory,
    ScanFactory,
    ServiceFactory,
    SessionFactory,
    StaffMemberFactory,
    sputnik,
)
from tests.support.files import GOOD


def page_of(scan, page="detail"):
    return reverse(f"support:scan_{page}", args=["sputnik-ii", scan.pk])


def service_of(adviser, *entities, day=date(2024, 3, 5), **fields):
    service = ServiceFactory(state="approved", **fields)
    service.adviser_links.create(staff_member=adviser)
    for entity in entities:
        service.recipient_links.create(entity=entity)
    SessionFactory(service=service, day=day)
    return service


@pytest.fixture
def scan(staff):
    row = ScanFactory(added_by=staff, state="unread", file_name="skan.pdf")
    row.file.save("x.pdf", ContentFile(GOOD["karta.pdf"]))
    return row


def typed(client, scan, code):
    return client.post(page_of(scan, "attach"), {"code": code})


def proven(scan):
    scan.refresh_from_db()
    return {(row.record, row.kind) for row in scan.evidence.for_list()}


def test_a_scan_that_was_not_recognised_is_a_look_at_people_without_a_record(client, staff, scan):
    client.force_login(staff)
    client.get(page_of(scan, "file"))
    person = PersonFactory()
    typed(client, scan, code_of(Paper.DECLARATION, sputnik(), person.pk))
    client.get(page_of(scan, "file"))
    looks = Look.objects.filter(path=page_of(scan, "file")).order_by("pk")
    assert [[row.person for row in look.people.all()] for look in looks] == [
        [STRANGERS],
        [person.pk],
    ]


@pytest.mark.parametrize(
    ("paper", "make", "kind"),
    [
        (Paper.SERVICE, ServiceFactory, "karta podpisana"),
        (Paper.APPLICATION, EntityFactory, "formularz zgłoszeniowy"),
        (Paper.DECLARATION, PersonFactory, "deklaracja uczestnika"),
        (Paper.ADOPTION, AdoptionFactory, "oświadczenie o wdrożeniu"),
        (Paper.MEETING, PartnershipFactory, "notatka ze spotkania"),
        (Paper.AGREEMENT, PartnershipFactory, "porozumienie z JST"),
    ],
)
def test_typed_code_leads_to_its_record(client, staff, scan, paper, make, kind):
    record = make()
    client.force_login(staff)
    code = code_of(paper, scan.project, record)
    typed(client, scan, f" {code.lower().replace('-', ' ')} ")
    assert proven(scan) == {(record, kind)}
    assert (scan.state, scan.codes, scan.error) == ("attached", code, "")
    assert Evidence.objects.get().file.name == scan.file.name


def test_attendance_list_leads_to_the_service_of_its_session(client, staff, scan):
    session = SessionFactory()
    client.force_login(staff)
    typed(client, scan, code_of(Paper.ATTENDANCE, scan.project, session))
    assert proven(scan) == {(session.service, "lista obecności")}


def test_collective_card_and_monthly_sheet_lead_to_all_their_services(client, staff, scan):
    adviser, other = StaffMemberFactory.create_batch(2)
    entity, stranger = EntityFactory.create_batch(2)
    first = service_of(adviser, entity, day=date(2024, 3, 1))
    last = service_of(adviser, entity, stranger, day=date(2024, 3, 31))
    elsewhere = service_of(adviser, stranger)
    training = service_of(adviser, entity, type=ServiceType.objects.get(name="szkolenie"))
    waiting = service_of(adviser, entity)
    waiting.state = "submitted"
    waiting.save()
    service_of(other, entity)
    service_of(adviser, entity, day=date(2024, 4, 1))
    service_of(adviser, entity, day=date(2023, 3, 1))
    cancelled = service_of(adviser, entity)
    cancelled.state = "cancelled"
    cancelled.save()
    client.force_login(staff)
    typed(client, scan, code_of(Paper.COLLECTIVE, scan.project, entity, adviser, 2024, 3))
    cards = {(service, "karta podpisana") for service in (first, last, waiting)}
    assert proven(scan) == cards
    sheet = ScanFactory()
    typed(client, sheet, code_of(Paper.MONTH, scan.project, adviser, 2024, 3))
    hours = "miesięczne zestawienie godzin"
    expected = (first, last, elsewhere, training)
    assert proven(sheet) == {(service, hours) for service in expected}


def test_certificate_leads_to_its_service(client, staff, scan):
    service = ServiceFactory()
    certificate = Certificate.objects.create(
        project=scan.project,
        service=service,
        person=PersonFactory(),
        year=2024,
        ordinal=1,
        starts_on=date(2024, 3, 5),
        ends_on=date(2024, 3, 5),
        minutes=120,
        total_minutes=120,
        threshold=80,
        issued_on=date(2024, 3, 6),
        issued_by=staff,
    )
    client.force_login(staff)
    typed(client, scan, code_of(Paper.CERTIFICATE, scan.project, certificate))
    assert proven(scan) == {(service, "zaświadczenie")}


def test_several_codes_are_typed_between_commas(client, staff, scan):
    services = ServiceFactory.create_batch(2)
    client.force_login(staff)
    codes = [code_of(Paper.SERVICE, scan.project, service) for service in services]
    typed(client, scan, ", ".join(codes))
    assert proven(scan) == {(service, "karta podpisana") for service in services}


def test_codes_that_lead_nowhere_are_told_beside_those_that_do(staff, scan):
    service = ServiceFactory()
    good, gone = (code_of(Paper.SERVICE, scan.project, key) for key in (service.pk, 999_999))
    deliver(scan, [read(good), read(gone), read(good)], staff)
    assert proven(scan) == {(service, "karta podpisana")}
    assert (scan.state, scan.error) == (
        "attached",
        f"Nie ma zapisu, do którego prowadzi kod {gone}.",
    )


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("", "Wpisz kod z wydruku."),
        (" , ;", "Wpisz kod z wydruku."),
        ("KD-3JXA-J", "Kod „KD-3JXA-J” ma błąd. Sprawdź znaki na wydruku."),
        ("<b>\0", "Kod „<b>” ma błąd. Sprawdź znaki na wydruku."),
    ],
)
def test_wrong_code_is_refused_and_stays_in_the_field(client, staff, scan, code, sentence):
    client.force_login(staff)
    page = typed(client, scan, code)
    assert page.context["form"].errors["code"][0] in (sentence, "Znaki null są niedozwolone.")
    assert page.context["form"]["code"].value() == code
    scan.refresh_from_db()
    assert (scan.state, Evidence.objects.count()) == ("unread", 0)


def test_code_of_another_project_and_of_a_register_are_refused(client, staff, scan):
    foreign = code_of(Paper.SERVICE, ProjectFactory(), ServiceFactory())
    register = code_of(Paper.REGISTER, scan.project, 1)
    client.force_login(staff)
    errors = [typed(client, scan, code).context["form"].errors for code in (foreign, register)]
    assert errors == [
        {"code": [f"Kod {foreign} jest z dokumentu innego projektu."]},
        {"code": [f"Kod {register} to rejestr: taki dokument nie należy do jednego zapisu."]},
    ]


def test_file_that_is_evidence_already_is_not_doubled(client, staff, scan):
    service = ServiceFactory()
    Evidence.objects.create(
        project=scan.project,
        service=service,
        kind="karta podpisana",
        file="x.pdf",
        file_name="x.pdf",
        sha256=scan.sha256,
        added_by=staff,
    )
    client.force_login(staff)
    typed(client, scan, code_of(Paper.SERVICE, scan.project, service))
    scan.refresh_from_db()
    assert (scan.state, service.evidence.count()) == ("attached", 1)


def test_reading_that_comes_late_changes_nothing(client, staff, scan):
    """A person was quicker than the program."""
    service = ServiceFactory()
    client.force_login(staff)
    typed(client, scan, code_of(Paper.SERVICE, scan.project, service))

    class Silent:
        def alive(self):
            pass

    read_scan(Scan.objects.get(pk=scan.pk), staff, Silent())
    assert proven(scan) == {(service, "karta podpisana")}
    assert (scan.state, scan.error) == ("attached", "")


# The day of signing


def test_scan_sign_gives_the_day_to_services_without_one(client, staff, scan):
    adviser, entity = StaffMemberFactory(user=staff), EntityFactory()
    unsigned = service_of(adviser, entity)
    signed = service_of(adviser, entity, signed_on=date(2024, 3, 6))
    client.force_login(staff)
    typed(client, scan, code_of(Paper.COLLECTIVE, scan.project, entity, adviser, 2024, 3))
    page = client.get(page_of(scan))
    assert page.context["signed_form"].services == [unsigned]
    client.post(page_of(scan, "sign"), {"signed_on": "30.03.2024"})
    for service in (unsigned, signed):
        service.refresh_from_db()
    assert (unsigned.signed_on, signed.signed_on) == (date(2024, 3, 30), date(2024, 3, 6))
    assert (unsigned.state, unsigned.history.first().history_user) == ("approved", staff)
    assert client.get(page_of(scan)).context["signed_form"].services == []


def test_scan_sign_takes_no_monthly_sheet_for_a_signed_card(client, staff, scan):
    adviser = StaffMemberFactory(user=staff)
    service_of(adviser, EntityFactory())
    client.force_login(staff)
    typed(client, scan, code_of(Paper.MONTH, scan.project, adviser, 2024, 3))
    assert client.get(page_of(scan)).context["signed_form"].services == []


def test_scan_sign_leaves_services_of_others_to_them(client, staff, scan):
    service = ServiceFactory()
    client.force_login(staff)
    typed(client, scan, code_of(Paper.SERVICE, scan.project, service))
    client.post(page_of(scan, "sign"), {"signed_on": "30.03.2024"})
    service.refresh_from_db()
    assert service.signed_on is None


def test_scan_sign_writes_down_a_declaration(client, staff, scan):
    person = PersonFactory()
    client.force_login(staff)
    typed(client, scan, code_of(Paper.DECLARATION, scan.project, person))
    client.post(page_of(scan, "sign"), {"signed_on": "30.03.2024"})
    client.post(page_of(scan, "sign"), {"signed_on": "31.03.2024"})
    declared = person.declarations.values_list("signed_on", "clause_version")
    assert list(declared) == [(date(2024, 3, 30), "1")]


@pytest.mark.parametrize(
    ("day", "sentence"),
    [("30.03.2099", "Ten dzień jeszcze nie nadszedł."), ("", "Uzupełnij to pole.")],
)
def test_scan_sign_refuses_a_day_that_cannot_be(client, staff, scan, day, sentence):
    client.force_login(staff)
    page = client.post(page_of(scan, "sign"), {"signed_on": day})
    assert page.context["signed_form"].errors == {"signed_on": [sentence]}


def test_scan_sign_refuses_a_day_before_a_service_of_the_scan(client, staff, scan):
    service = service_of(StaffMemberFactory(user=staff), EntityFactory())
    first = service.sessions.get().day
    client.force_login(staff)
    typed(client, scan, code_of(Paper.SERVICE, scan.project, service))
    day = f"{first - timedelta(days=1):%d.%m.%Y}"
    page = client.post(page_of(scan, "sign"), {"signed_on": day})
    sentence = f"Karta nie mogła być podpisana przed usługą ({first:%d.%m.%Y})."
    assert page.context["signed_form"].errors == {"signed_on": [sentence]}
    service.refresh_from_db()
    assert service.signed_on is None


# Putting aside, and who may


def test_scan_discard_puts_aside_and_lets_the_file_be_sent_again(client, staff, scan):
    client.force_login(staff)
    client.post(page_of(scan, "discard"))
    scan.refresh_from_db()
    assert scan.state == "discarded"
    assert ScanFactory(sha256=scan.sha256).pk
    page = typed(client, scan, code_of(Paper.SERVICE, scan.project, ServiceFactory()))
    assert page.context["form"].errors == {"code": ["Ten skan jest odłożony."]}


def test_scan_discard_leaves_what_found_its_record(client, staff, scan):
    client.force_login(staff)
    typed(client, scan, code_of(Paper.SERVICE, scan.project, ServiceFactory()))
    client.post(page_of(scan, "discard"))
    scan.refresh_from_db()
    assert scan.state == "attached"


def test_scan_file_is_shown_alone_and_never_run(client, staff, scan):
    client.force_login(staff)
    response = client.get(page_of(scan, "file"))
    assert b"".join(response.streaming_content) == GOOD["karta.pdf"]
    assert response["Content-Disposition"] == 'attachment; filename="skan.pdf"'
    assert "sandbox" in response["Content-Security-Policy"]


PAGES = [("detail", "get"), ("file", "get"), ("attach", "post"), ("sign", "post")]
PAGES += [("discard", "post")]


@pytest.mark.parametrize(("page", "method"), PAGES)
def test_scan_is_for_those_who_may_see_names(client, auditor, scan, page, method):
    client.force_login(auditor)
    assert getattr(client, method)(page_of(scan, page)).status_code == 403


@pytest.mark.parametrize(("page", "method"), PAGES)
def test_scan_of_another_project_is_not_there(client, staff, scan, page, method):
    project = ProjectFactory(slug="inny")
    MembershipFactory(user=staff, project=project)
    client.force_login(staff)
    url = reverse(f"support:scan_{page}", args=["inny", scan.pk])
    assert getattr(client, method)(url).status_code == 404


def test_scan_detail_asks_the_database_as_often_for_many(client, coordinator, scan, query_count):
    adviser, entity = StaffMemberFactory(), EntityFactory()
    service_of(adviser, entity)
    client.force_login(coordinator)
    code = code_of(Paper.COLLECTIVE, scan.project, entity, adviser, 2024, 3)
    typed(client, scan, code)
    queries = query_count(page_of(scan))
    for _ in range(20):
        service_of(adviser, entity)
    many = ScanFactory()
    typed(client, many, code)
    assert many.evidence.count() == 21
    assert query_count(page_of(many)) == queries
