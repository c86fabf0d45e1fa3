"""How many of the counted have no proof: no verified document of those the project requires."""

import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains
from python_calamine import CalamineWorkbook

from indicators.closing import closing
from indicators.counting.decisions import unproven
from indicators.reports.builder import build_report
from indicators.reports.files import render_xlsx
from indicators.reports.indicator_report import IndicatorReport
from owes.periods import Period
from support.models import Service
from tests.factories import (
    AdoptionFactory,
    EntityFactory,
    EvidenceFactory,
    PartnershipFactory,
    PersonFactory,
    StaffTrainingFactory,
    UserFactory,
    sputnik,
)
from tests.indicators.given import DAY, scope, supported
from tests.indicators.reports.report_pages import draft_of, url

pytestmark = pytest.mark.usefixtures("db")


def without_proof():
    here = scope()
    return {code: len(keys) for code, keys in unproven(here, here.period).items() if keys}


def prove(service, **fields):
    return EvidenceFactory(**{"service": service, "state": "verified"} | fields)


@pytest.fixture
def service(db):
    """The one service of an entity and of two people."""
    entity = supported(DAY, entity=EntityFactory(code="P1"), person=PersonFactory(code="O1"))
    service = entity.services.get()
    session = service.sessions.get()
    session.attendances.create(person=PersonFactory(code="O2"), entity=entity)
    return service


def test_a_counted_record_is_without_proof_until_a_required_document_is_verified(service):
    assert without_proof() == {"pes": 1, "representatives": 2}
    evidence = prove(service, state="waiting")
    assert without_proof() == {"pes": 1, "representatives": 2}
    evidence.judge(UserFactory(), "verified")
    assert without_proof() == {}
    evidence.judge(UserFactory(), "refused", "nieczytelna")
    assert without_proof() == {"pes": 1, "representatives": 2}


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "program szkolenia"},  # no document that is required
        {"state": "withdrawn", "reason": "pomyłka"},
        {"service": None, "entity": True, "kind": "odpis KRS"},  # not of what decided
    ],
)
def test_what_proves_something_else_proves_nothing(service, fields):
    if fields.get("entity"):
        fields = fields | {"entity": service.recipients.get()}
    prove(**{"service": service} | fields)
    assert without_proof() == {"pes": 1, "representatives": 2}


def test_one_of_several_required_documents_is_proof(service):
    adoption = AdoptionFactory(entity=service.recipients.get(), services=[service], kind="eco")
    prove(service)
    assert without_proof() == {"eco": 1}
    prove(None, adoption=adoption, kind="protokół wdrożenia")
    assert without_proof() == {}


def test_acts_and_trainings_are_proven_by_their_own_documents(db):
    act, training = PartnershipFactory(), StaffTrainingFactory()
    assert without_proof() == {"local_governments": 1, "staff": 1}
    prove(None, partnership=act, kind="list intencyjny")
    prove(None, staff_training=training, kind="zaświadczenie")
    assert without_proof() == {}


def test_where_nothing_is_required_any_verified_document_is_proof(service):
    sputnik().evidence_requirements.filter(subject="service").delete()
    assert without_proof() == {"pes": 1, "representatives": 2}
    evidence = prove(service, state="waiting", kind="ankiety")
    assert without_proof() == {"pes": 1, "representatives": 2}
    evidence.judge(UserFactory(), "verified")
    assert without_proof() == {}


def test_what_no_requirement_asks_about_is_not_proven_by_that(db):
    """Asysta needs nobody present, so no list and no signed card is required of it."""
    service = supported(DAY, type="asysta").services.get()
    assert without_proof() == {"pes": 1, "representatives": 1}
    prove(None, entity=service.recipients.get(), kind="odpis KRS")
    assert without_proof() == {"pes": 1, "representatives": 1}
    prove(service)
    assert without_proof() == {}


def test_page_list_and_report_tell_the_same_number(client, coordinator):
    """All of a project without a file, an asysta among them."""
    supported(DAY, type="asysta")
    supported(DAY)
    client.force_login(coordinator)
    board = client.get(url("dashboard")).context["board"]
    listed = client.get(url("indicator_detail", "pes"), {"proof": "none"}).context["counted"]
    report = build_report(sputnik(), "final", sputnik().period)
    line = next(line for line in report.lines if line.code == "pes")
    numbers = [board.without_proof["pes"], len(listed.rows), line.without_proof, line.cumulative]
    assert numbers == [2, 2, 2, 2]


def test_only_the_counted_of_the_period_are_told(service):
    supported(date(2024, 1, 1))
    here = scope()
    keys_by_code = unproven(here, Period(DAY, date(2023, 12, 31)))
    assert {code: len(keys) for code, keys in keys_by_code.items() if keys} == {
        "pes": 1,
        "representatives": 2,
    }


def test_the_queries_do_not_grow(service):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            unproven(scope(), sputnik().period)
        return len(queries)

    asked()
    prove(supported(DAY).services.get())
    few = asked()
    for _ in range(5):
        prove(supported(DAY).services.get())
    assert asked() == few


def test_the_pages_tell_it_and_lead_to_those_records(client, auditor, service):
    supported(DAY, entity=EntityFactory(code="P2", name="Fundacja z Kartą"))
    prove(Service.objects.exclude(pk=service.pk).get())
    client.force_login(auditor)
    link = "indicators/pes/?on=2024-12-31&amp;proof=none#zaliczone"
    for page in ("dashboard", "indicator_list"):
        shown = client.get(url(page))
        assertContains(shown, link, 1)
        # Said once: 1 PES and 2 people, who both came for it.
        assertContains(shown, "Bez dowodu: 3\u00a0zaliczone zapisy.", 1)
        assertNotContains(shown, "w tym")
    page = client.get(url("indicator_detail", "pes"), {"proof": "none"})
    assert [row.record.code for row in page.context["counted"].rows] == ["P1"]
    assertContains(page, "w tym bez dowodu")
    whole = client.get(url("indicator_detail", "pes"))
    assert {row.record.code for row in whole.context["counted"].rows} == {"P1", "P2"}
    prove(service)
    assertNotContains(client.get(url("indicator_detail", "pes")), "bez dowodu")


def test_a_closed_report_keeps_what_was_lacking(service, coordinator):
    report = closing.close(draft_of(coordinator), coordinator, "próba")
    prove(service)
    closed = IndicatorReport.of_json(report.document)
    assert [line.without_proof for line in closed.lines[:3]] == [1, 0, 2]
    book = CalamineWorkbook.from_filelike(io.BytesIO(render_xlsx(closed)))
    results = book.get_sheet_by_name("Wyniki").to_python()
    column = results[0].index("W tym bez dowodu")
    assert [row[column] for row in results[1:4]] == [1, 0, 2]
    live = build_report(report.project, report.kind, report.period)
    assert [line.without_proof for line in live.lines[:3]] == [0, 0, 0]
