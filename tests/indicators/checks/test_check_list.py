"""The page of data control: rules and counts, records with links, accepting and withdrawing."""

import io
from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains
from python_calamine import CalamineWorkbook

from indicators.checks.findings import findings, keep_run
from indicators.models import AcceptedFinding, CheckRun
from support.models import AcceptedWarning
from tests.factories import AdoptionFactory, PartnershipFactory, StaffMemberFactory, sputnik
from tests.indicators.checks.test_checks import NIP, NOW, serviced
from tests.markup import tight

pytestmark = pytest.mark.usefixtures("db")
URL = reverse("indicators:check_list", args=["sputnik-ii"])


def address(name):
    return reverse(f"indicators:{name}", args=["sputnik-ii"])


def lines(response):
    return {line.check.code: line.count for line in response.context["listing"].lines()}


def chips(response):
    return {words: count for words, _, count, _ in response.context["chips"]}


def message_texts(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def given(finding, **fields):
    code, record, facts = finding.identity
    return {"code": code, "record": record, "facts": facts} | fields


def findings_of(code):
    return [finding for finding in findings(sputnik()) if finding.check.code == code]


def test_check_list_counts_what_breaks_each_rule_and_leads_to_its_records(client, staff):
    PartnershipFactory()
    shop = AdoptionFactory(entity__nip=NIP)
    AdoptionFactory(entity=shop.entity)
    client.force_login(staff)
    response = client.get(URL)
    assert lines(response) == {"V21": 1, "V22": 2, "V38": 1, "V34": 7, "V37": 3}
    assertContains(response, '<a href="?check=V22#zapisy">2\u00a0wdrożenia</a>')
    assertContains(response, "stan na")
    assert chips(response) == {"Wszystkie": 14, "Blokują sprawozdanie": 4, "Ostrzeżenia": 10}


def test_check_list_leads_to_the_field_where_a_record_is_mended(client, staff):
    adoption = AdoptionFactory(description="")
    draft = serviced(date(2023, 3, 12), state="draft")
    approved = serviced(date(2023, 3, 12))
    client.force_login(staff)
    place = f"{adoption.get_absolute_url()}?finding=V22#id_description"
    assertContains(client.get(f"{URL}?check=V22"), place)
    response = client.get(f"{URL}?check=V06")
    editing = reverse("support:service_edit", args=["sputnik-ii", draft.pk])
    assertContains(response, f"{editing}?finding=V06#terminy")
    assertContains(response, f"{approved.get_absolute_url()}?finding=V06#terminy")


def test_check_list_asks_as_often_for_any_number_of_rows(client, coordinator):
    def asked():
        client.get(f"{URL}?check=V06")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{URL}?check=V06")
        return len(queries)

    client.force_login(coordinator)
    serviced(date(2023, 3, 12))
    few = asked()
    for _ in range(5):
        serviced(date(2023, 3, 12))
    assert asked() == few


def test_check_list_narrows_to_a_severity_and_to_an_adviser(client, staff):
    serviced(date(2023, 3, 12), adviser="Ewa", signed_on=date(2023, 3, 13))
    serviced(date(2023, 3, 12), adviser="Jan", signed_on=date(2023, 3, 13))
    client.force_login(staff)
    assert lines(client.get(f"{URL}?show=W"))["V06"] == 2
    assert set(lines(client.get(f"{URL}?show=R"))) == {"V38", "V45"}
    ewa = StaffMemberFactory._meta.model.objects.get(name="Ewa")
    assert lines(client.get(f"{URL}?adviser={ewa.pk}")) == {"V06": 1, "V45": 1}
    assert lines(client.get(f"{URL}?adviser=x&check=x&show=x"))["V06"] == 2


def test_check_list_as_a_file_has_the_records_shown(client, staff):
    serviced(date(2023, 3, 12), code="U/7", adviser="Ewa")
    client.force_login(staff)
    content = client.get(f"{URL}?show=W&check=V06&format=xlsx").content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    header, row = book.get_sheet_by_index(0).to_python()
    cells = dict(zip(header, row, strict=True))
    assert (cells["Reguła"], cells["Zapis"], cells["Kadra"], cells["Waga"]) == (
        "V06",
        "U/7",
        "Ewa",
        "ostrzeżenie",
    )
    assert cells["Co jest nie tak"] == "Termin 12.03.2023: niedziela."
    asked = dict(book.get_sheet_by_name("Parametry").to_python()[1:])
    assert (asked["Waga"], asked["Reguła"], asked["Liczba wierszy"]) == ("Ostrzeżenia", "V06", 1)
    text = client.get(f"{URL}?format=csv").content.decode("utf-8-sig")
    assert "V38;" in text
    assert "V06;" in text


def test_check_list_sets_accepted_apart_with_who_and_why(client, coordinator):
    AdoptionFactory(code="W1")
    (finding,) = findings_of("V22")
    client.force_login(coordinator)
    client.post(address("finding_accept"), given(finding, reason="Usługa sprzed programu"))
    response = client.get(f"{URL}?show=accepted&check=V22")
    assert lines(response) == {"V22": 1}
    assert chips(response)["Przyjęte z powodem"] == 1
    assertContains(response, "Usługa sprzed programu")
    assertContains(response, "Kinga Łącka")
    assert "V22" not in lines(client.get(URL))
    answer = client.post(address("finding_withdraw"), given(finding))
    assert message_texts(answer) == ["Cofnięto przyjęcie."]
    assert lines(client.get(URL))["V22"] == 1
    assert AcceptedFinding.history.filter(history_type="-").get().history_user == coordinator


def test_a_warning_of_a_service_is_withdrawn_too(client, coordinator):
    serviced(date(2023, 3, 12))
    (finding,) = findings_of("V06")
    client.force_login(coordinator)
    client.post(address("finding_accept"), given(finding, reason="Zjazd"))
    assert AcceptedWarning.objects.get().reason == "Zjazd"
    client.post(address("finding_withdraw"), given(finding))
    assert not AcceptedWarning.objects.exists()


def test_all_records_of_a_rule_are_accepted_as_they_were_shown(client, coordinator):
    AdoptionFactory()
    AdoptionFactory()
    client.force_login(coordinator)
    digest = client.get(f"{URL}?check=V22").context["listing"].digest()
    AdoptionFactory()
    post = {"code": "V22", "digest": digest, "reason": "Bez usług"}
    answer = client.post(address("finding_accept"), post)
    assert message_texts(answer) == ["Zapisy zmieniły się tymczasem. Sprawdź je jeszcze raz."]
    assert not AcceptedFinding.objects.exists()
    post["digest"] = client.get(f"{URL}?check=V22").context["listing"].digest()
    answer = client.post(address("finding_accept"), post)
    assert message_texts(answer) == ["Przyjęto: 3\u00a0niezgodności."]
    assert AcceptedFinding.objects.count() == 3


def test_all_of_an_adviser_are_accepted_and_no_others(client, coordinator):
    serviced(date(2023, 3, 12), adviser="Ewa")
    serviced(date(2023, 3, 12), adviser="Jan")
    ewa = StaffMemberFactory._meta.model.objects.get(name="Ewa").pk
    client.force_login(coordinator)
    page = client.get(f"{URL}?check=V06&adviser={ewa}")
    post = {"code": "V06", "adviser": ewa, "reason": "Zjazd"}
    client.post(address("finding_accept"), post | {"digest": page.context["listing"].digest()})
    assert [bool(finding.acceptance) for finding in findings_of("V06")] == [True, False]


@pytest.mark.parametrize("reason", ["", "x" * 301])
def test_without_a_fitting_reason_nothing_is_accepted(client, coordinator, reason):
    AdoptionFactory()
    client.force_login(coordinator)
    answer = client.post(address("finding_accept"), given(findings_of("V22")[0], reason=reason))
    assert answer.status_code == 302
    assert len(message_texts(answer)) == 1
    assert not AcceptedFinding.objects.exists()


def test_what_is_not_there_is_neither_accepted_nor_withdrawn(client, coordinator):
    client.force_login(coordinator)
    nothing = {"code": "V22", "record": "adoption:1", "facts": "", "reason": "x"}
    for name in ("finding_accept", "finding_withdraw"):
        answer = client.post(address(name), nothing)
    client.post(address("finding_accept"), {"code": "x", "reason": "x"})
    assert message_texts(answer) == [
        "Zapisy zmieniły się tymczasem. Sprawdź je jeszcze raz.",
        "Tego przyjęcia już nie ma.",
    ]
    assert not AcceptedFinding.objects.exists()


def test_only_a_coordinator_accepts_and_the_funder_sees_no_checks(client, staff, auditor):
    AdoptionFactory()
    (finding,) = findings_of("V22")
    client.force_login(staff)
    assertNotContains(client.get(f"{URL}?check=V22"), "Przyjmij z powodem")
    for name in ("finding_accept", "finding_withdraw"):
        assert client.post(address(name), given(finding, reason="x")).status_code == 403
        assert client.get(address(name)).status_code == 405
    client.force_login(auditor)
    assert client.get(URL).status_code == 403
    assert client.post(address("check_run")).status_code == 403


def test_the_menu_has_the_count_of_the_last_look_and_lines_their_change(client, staff):
    keep_run(sputnik(), findings(sputnik(), NOW), NOW)
    client.force_login(staff)
    AdoptionFactory(entity__nip=NIP)
    response = client.get(URL)
    changes = {line.check.code: line.change for line in response.context["listing"].lines()}
    assert (changes["V22"], changes["V37"], changes["V38"]) == (
        "1 więcej",
        "2 więcej",
        "bez zmian",
    )
    assertContains(response, "zmiana od 01.06.2023")
    answer = client.post(address("check_run"))
    assert message_texts(answer) == ["Sprawdzono: 12\u00a0niezgodności."]
    assert CheckRun.objects.first().total == 12
    assertContains(client.get(URL), '12<span class="visually-hidden"> niezgodności</span>')


def test_the_records_of_the_rule_asked_for_come_first(client, coordinator):
    AdoptionFactory()
    client.force_login(coordinator)
    page = tight(client.get(URL, {"check": "V22"}))
    assert "<title>V22 · Kontrola danych" in page
    heading = page.index('<h2 id="zapisy">V22 Wdrożenie bez połączonej usługi')
    sentence = page.index("Nie ma połączonej usługi ani opisu.")
    assert heading < sentence < page.index('<form class="filters"')
    chips = page[page.index('aria-label="Waga"') :]
    assert 'aria-current="true"' not in chips[: chips.index("</ul>")]
    page = tight(client.get(URL))
    assert 'aria-current="true">Wszystkie' in page
    assert 'id="zapisy"' not in page
