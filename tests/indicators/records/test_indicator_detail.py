import csv
import io
from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from python_calamine import CalamineWorkbook

from support.models import Attendance, Enrolment, Service
from tests.factories import (
    AdoptionFactory,
    EntityFactory,
    EvidenceFactory,
    PartnershipFactory,
    PersonFactory,
    StaffTrainingFactory,
    jst,
    sputnik,
)
from tests.indicators.given import DAY, attend, counted, reasons, service_of, supported
from tests.indicators.reports.report_pages import closed_by
from tests.indicators.rules import CODES, annex
from tests.markup import tight


def url(code="pes"):
    return reverse("indicators:indicator_detail", args=["sputnik-ii", code])


def tables(response):
    """Codes of the counted and of the others, as they stand on the page."""
    counted, others = response.context["counted"], response.context["others"]
    return [row.record.code for row in counted.rows], [row.record.code for row in others.rows]


def texts(response):
    details = response.context["others"].details.values()
    return {
        explanation.record.code: [reason.text for reason in explanation.reasons]
        for explanation in details
    }


def test_indicator_detail_lists_the_counted_and_the_others(client, staff):
    supported(date(2023, 3, 9), entity=EntityFactory(code="A"))
    supported(date(2023, 3, 10), entity=EntityFactory(code="B"))
    joined(code="C")
    client.force_login(staff)
    response = client.get(url())
    assert tables(response) == (["B", "A"], ["C"])
    composition = response.context["composition"]
    assert (composition.value, composition.others_count, composition.line.candidates) == (2, 1, 3)
    assert set(counted("pes")) == {"A", "B"}
    assert set(reasons("pes")) == {"C"}


def joined(**columns):
    """An entity that the project knows by its application only."""
    entity = EntityFactory(**columns)
    Enrolment.objects.create(project=sputnik(), entity=entity)
    return entity


def absent(**columns):
    """A person whose absence is all that is written of them."""
    entity = EntityFactory()
    service = service_of(date(2023, 3, 9), entity=entity)
    return attend(service, entity, PersonFactory(**columns), state="absent")


def test_indicator_detail_lists_what_the_project_never_touched_where_asked(client, staff):
    supported(date(2023, 3, 9), entity=EntityFactory(code="A"))
    joined(code="B")
    EntityFactory(code="C", name="Klon")
    EntityFactory(code="D", seat=None)
    client.force_login(staff)
    response = client.get(url())
    composition = response.context["composition"]
    assert (tables(response)[1], composition.outside_count) == (["B"], 2)
    assertContains(response, "w rejestrze, poza projektem")
    response = client.get(url(), {"outside": "yes"})
    assert tables(response) == (["A"], ["C", "D"])
    assert texts(response)["D"] == ["Nie podano gminy siedziby.", "Brak usługi."]
    assertContains(response, "niezaliczone: w rejestrze, poza projektem")
    assert tables(client.get(url(), {"outside": "yes", "q": "klon"}))[1] == ["C"]
    assert tables(client.get(url(), {"outside": "yes", "reason": "no_gmina"}))[1] == ["D"]


def test_indicator_detail_shows_the_day_beside_what_its_report_said(client, coordinator):
    report = closed_by(coordinator)
    client.force_login(coordinator)
    same = "podaje<strong>1</strong>; zapisy dają tyle samo."
    assert same in tight(client.get(url(), {"on": "2023-12-31"}))
    supported(DAY)
    page = client.get(url(), {"on": "2023-12-31"})
    assert "podaje<strong>1</strong>; zapisy dają dziś<strong>2</strong>." in tight(page)
    assertContains(page, report.get_absolute_url())
    assertNotContains(client.get(url(), {"on": "2023-12-30"}), report.title)
    period = {"from": "2023-01-01", "to": "2023-12-31"}
    assertNotContains(client.get(url(), period), report.title)


def test_indicator_detail_shows_what_decided(client, staff):
    entity = supported(date(2023, 3, 9), date(2023, 4, 9))
    supported(date(2023, 3, 1), entity=entity, state="draft")
    decided = Service.objects.get(state="approved")
    client.force_login(staff)
    response = client.get(url())
    [decision] = response.context["counted"].details.values()
    assert decision.service == decided
    assertContains(response, decided.get_absolute_url())
    assertContains(response, "09.03.2023")


def test_the_search_finds_what_the_row_shows(client, staff):
    for number, name, state in ((1, "Kalina", "approved"), (2, "Brzoza", "submitted")):
        entity = EntityFactory(code=f"P{number}", name=name)
        person = PersonFactory(code=f"O{number}")
        supported(entity=entity, person=person, state=state, code=f"U/015{number}/2023")
    eco = EntityFactory(code="P3", name="Fundacja Trzy")
    supported(entity=eco, code="U/0153/2023")
    AdoptionFactory(
        entity=eco,
        kind="eco",
        day=DAY,
        services=[Service.objects.get(code="U/0153/2023")],
        code="W27",
    )
    partnership = PartnershipFactory(code="PJ7", day=DAY)

    def search(code, text):
        return tables(client.get(url(code), {"q": text}))

    client.force_login(staff)
    assert search("pes", "U/0151/2023") == (["P1"], [])
    assert search("pes", "u/0152") == ([], ["P2"])
    assert search("eco", "W27") == search("eco", "0153/2023") == (["P3"], [])
    assert search("local_governments", "PJ7")[0] == [partnership.local_government.code]
    assert search("representatives", "Kalina") == (["O1"], [])
    assert search("pes", "Kalina") == (["P1"], [])


def test_the_search_finds_no_draft_for_those_who_do_not_see_it(client, auditor):
    supported(entity=EntityFactory(code="P1"), state="submitted", code="U/0152/2023")
    client.force_login(auditor)
    assert tables(client.get(url(), {"q": "U/0152/2023"})) == ([], [])


@pytest.mark.parametrize(("code", "subject"), [("pes", "service"), ("eco", "adoption")])
def test_indicator_detail_counts_the_verified_documents_of_what_decided(
    client, staff, code, subject
):
    entity = supported(date(2023, 3, 9))
    service = entity.services.get()
    record = {"service": service}
    record["adoption"] = AdoptionFactory(entity=entity, kind="eco", services=[service])
    for state in ("waiting", "verified", "verified"):
        EvidenceFactory(state=state, **{"service": None, subject: record[subject]})
    client.force_login(staff)
    page = reverse("support:record_evidence", args=["sputnik-ii", subject, record[subject].pk])
    assertContains(client.get(url(code)), f'<a href="{page}">2\u00a0sprawdzone</a>', count=1)
    text = client.get(url(code), {"format": "csv"}).content.decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(text), delimiter=";")
    assert dict(zip(header, row, strict=True))["Dowody"] == "2"


@pytest.mark.parametrize("code", CODES)
def test_indicator_detail_shows_the_numbers_of_its_indicator(client, auditor, code):
    entity = supported(date(2023, 3, 9), entity=EntityFactory(registered_on=date(2023, 3, 9)))
    for kind in ("digital", "eco"):
        AdoptionFactory(entity=entity, kind=kind, services=[entity.services.get()])
    PartnershipFactory(local_government=jst("1462"))
    PartnershipFactory(local_government=jst("14"))
    StaffTrainingFactory()
    client.force_login(auditor)
    response = client.get(url(code))
    assert response.context["composition"].value == len(counted(code))
    assert len(response.context["counted"].rows) == len(counted(code))
    assert len(response.context["others"].rows) == len(reasons(code))


def test_indicator_detail_speaks_of_a_day_or_of_a_period(client, staff):
    supported(date(2023, 3, 9), entity=EntityFactory(code="A"))
    supported(date(2024, 3, 9), entity=EntityFactory(code="B"))
    client.force_login(staff)
    assert tables(client.get(url(), {"on": "09.03.2023"})) == (["A"], ["B"])
    assert tables(client.get(url(), {"on": "08.03.2023"})) == ([], ["A", "B"])
    response = client.get(url(), {"from": "2024-01-01", "to": "31.12.2024"})
    assert tables(response) == (["B"], ["A"])
    assert texts(response) == {"A": ["Policzono już 09.03.2023."]}
    assert tables(client.get(url(), {"from": "01.01.2024"})) == (["B"], ["A"])
    assert tables(client.get(url(), {"to": "31.12.2023"})) == (["A"], ["B"])


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"from": "2024-01-01", "to": "2023-01-01"}, "start"),
        ({"from": "2025-06-01"}, "start"),
        ({"to": "2020-01-01"}, "end"),
        ({"to": "kiedyś"}, "end"),
        ({"on": "30.02.2023"}, "on"),
    ],
)
def test_indicator_detail_tells_wrong_dates_and_answers(client, staff, asked, field):
    supported()
    client.force_login(staff)
    response = client.get(url(), asked)
    assert list(response.context["dates"].errors) == [field]
    assertContains(response, "is-invalid", count=1)


def test_indicator_detail_tells_the_state_of_the_service_that_came_nearest(client, coordinator):
    states = {
        "draft": "jest szkicem.",
        "submitted": "czeka na zatwierdzenie.",
        "returned": "wróciła do poprawy.",
        "cancelled": "jest anulowana.",
    }
    labels = {
        "draft": "Otwórz usługę",
        "submitted": "Zatwierdź usługę",
        "returned": "Otwórz usługę",
        "cancelled": "Dodaj usługę",
    }
    for state in states:
        service_of(
            date(2023, 3, 9),
            entity=EntityFactory(code=state),
            code=f"U/{state}",
            state=state,
            state_reason="bo tak",
        )
    client.force_login(coordinator)
    response = client.get(url())
    assert texts(response) == {
        state: [f"Usługa U/{state} z 09.03.2023 {words}"] for state, words in states.items()
    }
    shown = response.context["others"].details.values()
    assert {
        explanation.record.code: explanation.reasons[0].label for explanation in shown
    } == labels


def test_indicator_detail_makes_each_reason_concrete(client, staff):
    joined(code="form", legal_form="not_pes")
    joined(code="area", seat=jst("142802"))
    joined(code="gmina", seat=None)
    supported(date(2023, 3, 9), entity=EntityFactory(code="late", registered_on=date(2023, 4, 1)))
    service_of(date(2023, 3, 9), entity=EntityFactory(code="empty"), code="U/1")
    informed = {"code": "U/2", "type": "informacja i promocja"}
    supported(date(2023, 3, 9), entity=EntityFactory(code="info"), **informed)
    supported(date(2021, 3, 9), entity=EntityFactory(code="early"), code="U/3")
    client.force_login(staff)
    sentences = texts(client.get(url()))
    assert sentences["form"] == [
        "Forma prawna „inny podmiot (nie PES)” nie jest formą PES.",
        "Brak usługi.",
    ]
    assert sentences["area"][0].startswith("Siedziba (")
    assert sentences["gmina"] == ["Nie podano gminy siedziby.", "Brak usługi."]
    assert sentences["late"][0].endswith("była przed rejestracją podmiotu (01.04.2023).")
    assert sentences["empty"] == ["Na usłudze U/1 z 09.03.2023 nikt z podmiotu nie był obecny."]
    assert sentences["info"] == [
        "Usługa U/2 z 09.03.2023 jest rodzaju „informacja i promocja”, który nie jest wsparciem."
    ]
    assert sentences["early"] == ["Usługa U/3 z 09.03.2021 nie ma terminu w okresie projektu."]


def test_indicator_detail_links_each_remedy(client, staff, project):
    gmina = EntityFactory(seat=None)
    supported(entity=gmina)
    empty = service_of(date(2023, 3, 9), entity=EntityFactory())
    idle = joined(code="P 7")
    client.force_login(staff)
    response = client.get(url())
    create = reverse("support:service_create", args=[project.slug])
    for address in (
        reverse("entities:entity_edit", args=[gmina.pk]) + "?finding=pes.no_gmina",
        empty.get_absolute_url() + "?finding=pes.nobody_present",
        f"{create}?entity=P+7&amp;finding=pes.no_service",
    ):
        assertContains(response, f'href="{address}"')
    assert idle.code in texts(response)


def test_indicator_detail_narrows_by_text_split_and_reason(client, staff):
    supported(entity=EntityFactory(code="A", name="Źródło", seat=jst("1462")))
    supported(entity=EntityFactory(code="B", name="Most"))
    joined(code="C", name="Źrebię")
    joined(code="D", name="Brama", seat=None)
    client.force_login(staff)
    assert tables(client.get(url(), {"q": "zr"})) == (["A"], ["C"])
    assert tables(client.get(url(), {"powiat": "Płock"})) == (["A"], ["C", "D"])
    assert tables(client.get(url(), {"reason": "no_gmina"})) == (["B", "A"], ["D"])
    assert tables(client.get(url(), {"reason": "no_service"})) == (["B", "A"], ["C", "D"])
    assert tables(client.get(url(), {"reason": "nearest"})) == (["B", "A"], ["C"])
    assert tables(client.get(url(), {"reason": "unknown"})) == (["B", "A"], ["C", "D"])


def test_indicator_detail_counts_splits_and_reasons(client, staff):
    supported(entity=EntityFactory(seat=jst("1462")))
    supported()
    supported()
    joined(seat=None)
    joined()
    client.force_login(staff)
    composition = client.get(url()).context["composition"]
    assert composition.splits() == [("powiat", "powiatu", [("płocki", 2), ("Płock", 1)])]
    counts = {code: len(records) for code, (_, records) in composition.reasons.items()}
    assert counts == {"no_service": 2, "no_gmina": 1}
    assert len(composition.near) == 1


def test_indicator_detail_puts_what_is_easy_to_mend_first(client, staff):
    joined(code="A", legal_form="not_pes")
    joined(code="B")
    client.force_login(staff)
    assert tables(client.get(url()))[1] == ["B", "A"]
    assert tables(client.get(url(), {"n-sort": "-record"}))[1] == ["B", "A"]
    assert tables(client.get(url(), {"n-sort": "record"}))[1] == ["A", "B"]


def test_indicator_detail_names_people_only_to_those_who_may_read_names(client, staff, auditor):
    entity = EntityFactory(name="Klon")
    attend(
        service_of(date(2023, 3, 9), entity=entity),
        entity,
        PersonFactory(code="O1", first_name="Żaneta", last_name="Bąk", sex="K"),
    )
    absent(code="O2", first_name="Zenon", last_name="Bąk", sex="M")
    address = url("representatives")
    client.force_login(staff)
    for name in ("Żaneta Bąk", "Zenon Bąk"):
        assertContains(client.get(address), name)
    assert tables(client.get(address, {"q": "bak"})) == (["O1"], ["O2"])
    client.force_login(auditor)
    response = client.get(address)
    assertContains(response, "O1 (K)")
    assertContains(response, "O2 (M)")
    assertNotContains(response, "Bąk")
    assert tables(client.get(address, {"q": "bak"})) == ([], [])
    assert tables(client.get(address, {"q": "o1"})) == (["O1"], [])


def test_indicator_detail_orders_people_by_code_for_an_auditor(client, auditor):
    entity = EntityFactory()
    service = service_of(date(2023, 3, 9), entity=entity)
    attend(service, entity, PersonFactory(code="O1", last_name="Żuk"))
    attend(service, entity, PersonFactory(code="O2", last_name="Adamek"))
    client.force_login(auditor)
    assert tables(client.get(url("representatives"), {"sort": "record"}))[0] == ["O1", "O2"]


def test_indicator_detail_links_an_auditor_only_to_what_he_may_open(client, auditor):
    service_of(date(2023, 3, 9), entity=EntityFactory(code="A"), state="draft")
    joined(code="B")
    counted_one = supported(entity=EntityFactory(code="C"))
    client.force_login(auditor)
    response = client.get(url())
    others = {
        explanation.record.code: explanation.record
        for explanation in response.context["others"].details.values()
    }
    assertNotContains(response, f'href="{others["A"].get_absolute_url()}"')
    assert client.get(others["A"].get_absolute_url()).status_code == 403
    assertContains(response, f'href="{counted_one.get_absolute_url()}"')
    assertNotContains(response, f'href="{others["B"].get_absolute_url()}"')
    assertNotContains(response, "/edit/")
    assertNotContains(response, "services/add/")


def test_indicator_detail_opens_to_an_auditor_what_counted_by_its_group(client, auditor):
    group = EntityFactory(legal_form="initiative_group", seat=None)
    supported(date(2023, 3, 1), entity=group)
    grown = EntityFactory(founding_group=group, registered_on=date(2023, 3, 9))
    client.force_login(auditor)
    response = client.get(url("new_entities"))
    assertContains(response, f'href="{grown.get_absolute_url()}"')
    assert client.get(grown.get_absolute_url()).status_code == 200


def sheets(response):
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_indicator_detail_writes_both_lists_with_what_was_asked(client, auditor):
    entity = EntityFactory(name="=Klon", code="P1")
    person = PersonFactory(code="O1", last_name="Bąk", sex="K")
    attend(service_of(date(2023, 3, 9), entity=entity, code="U/1", topic="Statut"), entity, person)
    for _ in range(30):
        absent(last_name="Bąk")
    client.force_login(auditor)
    book = sheets(client.get(url("representatives"), {"format": "xlsx", "on": "2024-01-01"}))
    assert list(book) == ["Zaliczone", "Niezaliczone", "Parametry"]
    header, row = book["Zaliczone"]
    assert header[:4] == ["Osoba", "Kod", "Płeć", "Podmiot"]
    assert row[:5] == ["O1 (K)", "O1", "kobieta", "=Klon", date(2023, 3, 9)]
    assert row[5] == "U/1 doradztwo ogólne Statut"
    assert len(book["Niezaliczone"]) == 31
    assert book["Niezaliczone"][1][-1] == "Nie zapisano obecności na żadnej usłudze."
    assert "Bąk" not in str(book)
    assert dict(book["Parametry"][1:])["Zaliczone do"] == date(2024, 1, 1)


@pytest.mark.parametrize(
    ("wanted", "name", "line"),
    [
        ("csv", "representatives-2024-01-01-zaliczone.csv", "O1 (K);O1;kobieta;'=Klon;09.03.2023"),
        ("csv-niezaliczone", "representatives-2024-01-01-niezaliczone.csv", "O2 (K);O2;kobieta"),
    ],
)
def test_indicator_detail_writes_each_list_as_text(client, auditor, wanted, name, line):
    entity = EntityFactory(name="=Klon", code="P1")
    attend(service_of(date(2023, 3, 9), entity=entity), entity, PersonFactory(code="O1"))
    absent(code="O2")
    client.force_login(auditor)
    answer = client.get(url("representatives"), {"format": wanted, "on": "2024-01-01"})
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    header, row, end = answer.content.decode("utf-8-sig").split("\r\n")
    assert (row.startswith(line), end) == (True, "")


def test_indicator_detail_makes_the_same_queries_for_any_number_of_records(
    client, staff, query_count
):
    client.force_login(staff)
    for code in ("pes", "representatives", "eco", "local_governments"):
        counts = []
        for number in (3, 9):
            for _ in range(number):
                entity = supported()
                service_of(date(2023, 3, 9), entity=EntityFactory(), state="draft")
                EntityFactory(seat=None)
                PersonFactory()
                AdoptionFactory(entity=entity, kind="eco", services=[entity.services.get()])
                AdoptionFactory(kind="eco")
            for jst_code in ("140401", "140402", "14"):
                PartnershipFactory(local_government=jst(jst_code))
            counts.append(query_count(url(code)))
        assert counts[0] == counts[1], code


def test_indicator_detail_shows_pages_of_each_list(client, staff):
    for _ in range(26):
        supported()
    for _ in range(27):
        joined()
    client.force_login(staff)
    response = client.get(url(), {"page": 2, "n-page": 2})
    assert len(response.context["counted"].shown) == 1
    assert len(response.context["others"].shown) == 2
    assert len(response.context["others"].details) == 2


def test_indicator_detail_of_an_unknown_code_is_not_there(client, staff):
    client.force_login(staff)
    assert client.get(url("profit")).status_code == 404


@pytest.mark.parametrize(
    ("role", "status"), [("coordinator", 200), ("auditor", 200), ("administrator", 403)]
)
def test_indicator_detail_is_for_the_team(client, request, project, role, status):
    client.force_login(request.getfixturevalue(role))
    assert client.get(url()).status_code == status


def test_indicator_detail_tells_what_only_expected_people_wait_for(client, staff):
    entity = EntityFactory()
    service = service_of(date(2023, 3, 9), entity=entity, code="U/9")
    attend(service, entity, PersonFactory(code="O1"), state=Attendance.State.EXPECTED)
    client.force_login(staff)
    assert texts(client.get(url("representatives"))) == {
        "O1": ["Nie zapisano obecności na żadnej usłudze."]
    }


def test_indicator_detail_says_since_when_it_counts_otherwise(client, staff):
    annex(date(2024, 1, 1), "aneks nr 3", least_services=2)
    client.force_login(staff)
    page = client.get(url("pes"), {"on": "2024-01-01"})
    assertContains(page, "Od 01.01.2024 liczy się inaczej (aneks nr 3).")
    assertNotContains(client.get(url("pes"), {"on": "2023-12-31"}), "liczy się inaczej")


def test_indicator_detail_names_the_basis_of_a_rule_without_a_source(client, staff, project):
    client.force_login(staff)
    assertContains(client.get(url("eco")), "Podstawa: umowa, zasady liczenia wskaźnika 6.")
    project.indicators.filter(code="eco").update(source="")
    assertContains(client.get(url("eco")), "Podstawa: umowa.")


def test_indicator_detail_of_one_that_ended_shows_its_last_day(client, staff, project):
    project.indicators.filter(code="pes").update(retired_on=date(2024, 1, 1))
    client.force_login(staff)
    last = f"{url()}?on=2023-12-31"
    assertRedirects(client.get(url()), last)
    assertRedirects(client.get(url(), {"on": "2024-01-01"}), last)
    assert client.get(url("profit"), {"on": "2024-01-01"}).status_code == 404
