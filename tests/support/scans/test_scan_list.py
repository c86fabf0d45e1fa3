from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from owes.models import Job
from support.models import Evidence, Scan, Service
from support.papers.cards import service_card
from support.papers.codes import Paper, code_of
from tests.factories import (
    EvidenceFactory,
    ProjectFactory,
    ScanFactory,
    ServiceFactory,
    SessionFactory,
)
from tests.support.files import ATTACKS, GOOD, sent
from tests.support.papers.scanned import blank, paper, photographed, saved, scanned

URL = reverse("support:scan_list", args=["sputnik-ii"])


@pytest.fixture
def send(client, django_capture_on_commit_callbacks):
    """Sends files; the background work runs at once, as it would a moment later."""

    def sending(*files):
        with django_capture_on_commit_callbacks(execute=True):
            page = client.post(URL, {"files": [sent(name, content) for name, content in files]})
        sentences = client.get(URL).context["messages"]
        return page, [str(message) for message in sentences]

    return sending


def test_scan_list_refuses_nothing_before_something_is_sent(client, staff):
    client.force_login(staff)
    assert client.get(URL).context["form"].errors == {}
    assert client.post(URL).context["form"].errors.keys() == {"files"}


@pytest.mark.pdf
def test_scan_list_takes_many_and_each_goes_to_its_record(client, staff, send):
    first, second = ServiceFactory.create_batch(2)
    client.force_login(staff)
    codes = [code_of(Paper.SERVICE, row.project, row) for row in (first, second)]
    _, sentences = send(
        ("a.pdf", paper(codes[0])),
        ("b.jpg", saved(photographed(paper(codes[1])), "JPEG", quality=70)),
    )
    assert sentences == ["Przyjęto 2\u00a0skany. Kody czyta program."]
    rows = Evidence.objects.order_by("service__pk")
    assert [(row.service, row.kind, row.file_name) for row in rows] == [
        (first, "karta podpisana", "a.pdf"),
        (second, "karta podpisana", "b.jpg"),
    ]
    assert [(row.state, row.added_by, row.scan.state) for row in rows] == [
        ("waiting", staff, "attached")
    ] * 2
    assert sorted(Scan.objects.values_list("codes", flat=True)) == sorted(codes)


@pytest.mark.pdf
def test_card_the_program_printed_comes_back_to_its_service(client, staff, send):
    """Printed, signed, put askew on a cheap scanner: the whole way of a paper."""
    session = SessionFactory(service__state="approved")
    card = service_card(Service.objects.for_papers().get(pk=session.service.pk))
    client.force_login(staff)
    send(("skan.png", saved(scanned(card.pdf(), dpi=150, turn=-4, noise=0.02))))
    assert [row.service for row in Evidence.objects.all()] == [session.service]


@pytest.mark.pdf
def test_scan_list_keeps_what_was_not_recognised_with_a_sentence(client, staff, send):
    client.force_login(staff)
    foreign = code_of(Paper.SERVICE, ProjectFactory(), 1)
    gone = code_of(Paper.SERVICE, ServiceFactory().project, 999_999)
    send(
        ("bez.pdf", blank()),
        ("obcy.pdf", paper("https://example.org/x")),
        ("inny.pdf", paper(foreign)),
        ("brak.pdf", paper(gone)),
    )
    errors = dict(Scan.objects.values_list("file_name", "error"))
    assert errors == {
        "bez.pdf": "W pliku nie znaleziono kodu. Wpisz kod, który jest wydrukowany obok znaku QR.",
        "obcy.pdf": "Kod QR w pliku nie jest z dokumentu tego programu. Wpisz kod z wydruku.",
        "inny.pdf": f"Kod {foreign} jest z dokumentu innego projektu.",
        "brak.pdf": f"Nie ma zapisu, do którego prowadzi kod {gone}.",
    }
    assert set(Scan.objects.values_list("state", flat=True)) == {"unread"}
    assert Evidence.objects.count() == 0


def test_scan_list_does_not_wait_for_the_reading(client, staff):
    """Without a worker the scan stays open: its code can be typed."""
    client.force_login(staff)
    client.post(URL, {"files": [sent("a.pdf", GOOD["karta.pdf"])]})
    scan = Scan.objects.get()
    assert (scan.state, Job.objects.get().params) == ("waiting", {"scan": scan.pk})
    assert client.get(scan.get_absolute_url()).context["scan"].is_open


@pytest.mark.pdf
def test_scan_list_takes_the_same_file_once(client, staff, send):
    client.force_login(staff)
    send(("a.pdf", GOOD["karta.pdf"]))
    _, sentences = send(("b.pdf", GOOD["karta.pdf"]), ("c.svg", ATTACKS["obraz.svg"][0]))
    assert sentences == [
        "b.pdf: ten plik jest już wśród skanów.",
        "c.svg: Takiego pliku nie przyjmujemy. Dodaj pdf, png albo jpg.",
    ]
    assert Scan.objects.count() == 1


def test_scan_list_refuses_what_is_no_scan(client, staff, send):
    client.force_login(staff)
    page, _ = send(("a.docx", GOOD["umowa.docx"]))
    assert page.context["form"].errors == {
        "files": ["a.docx: Takiego pliku nie przyjmujemy. Dodaj pdf, png albo jpg."]
    }
    page, _ = send()
    assert page.context["form"].errors == {"files": ["Wybierz plik."]}


def test_scan_list_filters_by_state(client, staff):
    for state in Scan.State:
        ScanFactory(state=state, file_name=state)
    client.force_login(staff)
    rows = client.get(URL, {"state": "unread"}).context["table"].rows
    assert [row.record.file_name for row in rows] == ["unread"]
    assert len(client.get(URL, {"state": "\0x"}).context["table"].rows) == 4


def test_scan_list_counts_in_the_menu_what_waits(client, staff):
    ScanFactory(state="unread")
    ScanFactory(state="attached")
    client.force_login(staff)
    entries = [entry for _, lines in client.get(URL).context["menu"] for entry in lines]
    assert [entry.count for entry in entries if entry.label == "Skany"] == [1]


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_scan_list_is_for_those_who_may_see_names(request, client, role):
    client.force_login(request.getfixturevalue(role))
    assert [client.get(URL).status_code, client.post(URL).status_code] == [403, 403]


def test_scan_list_asks_the_database_as_often_for_many(client, staff, query_count):
    client.force_login(staff)
    ScanFactory()
    queries = query_count(URL)
    ScanFactory.create_batch(30)
    assert query_count(URL) == queries


# The day of signing of what came back


def scanned_card(**fields):
    session = SessionFactory(day=date(2024, 3, 5), **{"service__state": "approved"} | fields)
    EvidenceFactory(service=session.service, kind="karta podpisana")
    return session.service


def days_of(*services):
    return [Service.objects.get(pk=service.pk).signed_on for service in services]


@pytest.mark.pdf
def test_scan_list_asks_the_day_of_the_cards_just_sent(client, staff, send):
    fields = {"day": date(2024, 3, 5), "service__created_by": staff}
    services = [
        SessionFactory(service__state=state, **fields).service for state in ("approved", "draft")
    ]
    client.force_login(staff)
    codes = [code_of(Paper.SERVICE, service.project, service) for service in services]
    send(("karty.pdf", paper(*codes)))
    page = client.get(URL)
    assert page.context["signing"].shown == services
    for service in services:
        assertContains(page, f'id="karta-{service.pk}" checked')
    sent_form = {"act": "sign", "service": [row.pk for row in services], "day": "6.3.2024"}
    page = client.post(URL, sent_form, follow=True)
    assertContains(page, "Zapisano dzień podpisu: 2\u00a0karty.")
    assert days_of(*services) == [date(2024, 3, 6)] * 2
    assertNotContains(page, "Kiedy podpisano te karty?")


def test_scan_list_asks_nothing_while_codes_are_read(client, staff):
    scanned_card(service__created_by=staff)
    client.force_login(staff)
    scan = ScanFactory(state="waiting")
    assertContains(client.get(URL), 'hx-trigger="load delay:2s"')
    assertNotContains(client.get(URL), "Kiedy podpisano te karty?")
    scan.added_at = timezone.now() - timedelta(minutes=3)
    scan.save()
    assertContains(client.get(URL), "Kiedy podpisano te karty?")


@pytest.mark.parametrize(("role", "count"), [("staff", 1), ("coordinator", 2)])
def test_scan_list_asks_of_the_cards_one_may_sign(request, client, staff, role, count):
    own, other = scanned_card(service__created_by=staff), scanned_card()
    scanned_card(service__created_by=staff, service__signed_on=date(2024, 3, 5))
    scanned_card(service__created_by=staff, service__state="cancelled")
    SessionFactory(service__created_by=staff, service__state="approved")
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).context["signing"].shown == [own, other][:count]


def test_scan_list_refuses_a_day_before_the_card(client, staff):
    service = scanned_card(service__created_by=staff)
    client.force_login(staff)
    form = {"act": "sign", "service": [service.pk], "day": "4.3.2024"}
    page = client.post(URL, form, follow=True)
    assertContains(page, "Karta nie mogła być podpisana przed usługą (05.03.2024).")
    page = client.post(URL, form | {"day": ""})
    assert page.context["signing"].errors == {"day": ["Uzupełnij to pole."]}
    assert page.context["form"].errors == {}
    assert days_of(service) == [None]
