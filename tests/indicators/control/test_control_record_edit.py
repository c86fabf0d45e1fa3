import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from entities.models import Entity
from indicators.control import trial
from indicators.models import ControlledDocument
from support.models import Evidence
from tests.factories import (
    EntityFactory,
    EvidenceFactory,
    MembershipFactory,
    PersonFactory,
    ProjectFactory,
)
from tests.indicators.control.control_pages import control_of, documents_of
from tests.indicators.control.trials import ask_only, begun
from tests.indicators.given import DAY, supported
from tests.indicators.reports.report_pages import url

pytestmark = pytest.mark.usefixtures("db")


def sent(document, verdict, note=""):
    return {
        "documents-TOTAL_FORMS": "1",
        "documents-INITIAL_FORMS": "1",
        "documents-0-id": document.pk,
        "documents-0-verdict": verdict,
        "documents-0-note": note,
    }


def test_control_record_edit_keeps_what_was_found_and_goes_on_to_the_next(client, coordinator):
    control = control_of(coordinator)
    first, second = documents_of(control)
    client.force_login(coordinator)
    answer = client.post(first.record.get_absolute_url(), sent(first, "missing", " w  archiwum? "))
    assertRedirects(answer, second.record.get_absolute_url())
    first.refresh_from_db()
    assert (first.verdict, first.note) == ("missing", "w archiwum?")
    assert first.history.first().history_user == coordinator
    page = client.get(second.record.get_absolute_url())
    assertContains(page, "Deklaracja")
    assertNotContains(page, "Sekretny")
    answer = client.post(second.record.get_absolute_url(), sent(second, "found"))
    assertRedirects(answer, url("control_detail", control.pk))


@pytest.mark.parametrize(
    ("verdict", "field", "sentence"),
    [
        ("wrong", "note", "Napisz, na czym polega wada."),
        ("inny", "verdict", "Wybierz poprawną wartość. inny nie jest żadną z dostępnych opcji."),
    ],
)
def test_control_record_edit_refuses_with_a_sentence(
    client, coordinator, verdict, field, sentence
):
    document = documents_of(control_of(coordinator))[0]
    client.force_login(coordinator)
    page = client.post(document.record.get_absolute_url(), sent(document, verdict))
    assert page.context["rows"].errors == [{field: [sentence]}]
    assertContains(page, sentence)
    assert not ControlledDocument.objects.exclude(verdict="").exists()


def test_control_record_edit_adds_no_paper(client, coordinator):
    document = documents_of(control_of(coordinator))[0]
    client.force_login(coordinator)
    more = {"documents-TOTAL_FORMS": "2", "documents-1-verdict": "missing"}
    client.post(document.record.get_absolute_url(), sent(document, "found") | more)
    assert [one.verdict for one in document.record.documents.all()] == ["found"]


def test_control_record_edit_shows_a_second_editor_what_was_found_meanwhile(client, coordinator):
    document = documents_of(control_of(coordinator))[0]
    client.force_login(coordinator)
    here = document.record.get_absolute_url()
    version = client.get(here).wsgi_request.editing.version
    client.post(here, sent(document, "found"))
    page = client.post(here, sent(document, "missing") | {"editing-version": version})
    assert page.status_code == 409
    assert page.wsgi_request.editing.conflict.differences != []
    document.refresh_from_db()
    assert document.verdict == "found"


def test_control_record_edit_leads_to_the_files_the_program_has(client, coordinator):
    document = documents_of(control_of(coordinator))[0]
    entity = Entity.objects.get(code="P-1")
    ours = EvidenceFactory(service=None, entity=entity, kind="odpis KRS", state="verified")
    EvidenceFactory(service=None, entity=entity, kind="odpis", state="verified")
    EvidenceFactory(service=None, entity=entity, kind="odpis KRS", state="refused", reason="zły")
    EvidenceFactory(service=None, entity=EntityFactory(), kind="odpis KRS")
    client.force_login(coordinator)
    page = client.get(document.record.get_absolute_url())
    assert [form.files_held for form in page.context["rows"]] == [[ours]]
    assertContains(page, ours.get_absolute_url())


def test_a_paper_of_several_kinds_is_met_by_each_of_them():
    document = ControlledDocument(
        name="zrzut ekranu albo zdjęcie albo protokół", subject="service", subject_key=7
    )
    kinds = ["zrzut ekranu albo zdjęcie", "protokół", "zdjęcie", "zrzut", "lista"]
    met = [kind for kind in kinds if document.is_met_by(Evidence(kind=kind, service_id=7))]
    assert met == ["zrzut ekranu albo zdjęcie", "protokół", "zdjęcie"]
    assert not document.is_met_by(Evidence(kind="protokół", service_id=8))


def test_control_record_edit_is_closed_with_the_control(client, coordinator):
    control = control_of(coordinator)
    document = documents_of(control)[0]
    ControlledDocument.objects.update(verdict="found")
    trial.finish(control, coordinator)
    client.force_login(coordinator)
    assert client.get(document.record.get_absolute_url()).status_code == 404
    answer = client.post(document.record.get_absolute_url(), sent(document, "missing"))
    assert answer.status_code == 404


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_control_record_edit_is_for_coordinators(request, client, coordinator, role):
    document = documents_of(control_of(coordinator))[0]
    client.force_login(request.getfixturevalue(role))
    assert client.get(document.record.get_absolute_url()).status_code == 403


def test_a_record_of_another_project_is_not_there(client, coordinator):
    document = documents_of(control_of(coordinator))[0]
    project = ProjectFactory(slug="inny")
    client.force_login(MembershipFactory(project=project, role="coordinator").user)
    assert client.get(f"/p/inny/control/records/{document.record_id}/").status_code == 404


def test_one_paper_has_one_outcome_at_every_record_that_rests_on_it(client, coordinator):
    ask_only(("service", "karta"))
    person, entity = PersonFactory(code="O-1"), EntityFactory(code="P-1")
    supported(DAY, entity=entity, person=person, code="U/1")
    attendances = entity.services.get().sessions.get().attendances
    attendances.create(person=PersonFactory(code="O-9"), entity=entity)
    supported(DAY, entity=EntityFactory(code="P-2"), code="U/2")
    control = begun(coordinator)
    record = control.records.get(indicator="pes", code="P-1")
    document = record.documents.get()
    client.force_login(coordinator)
    page = client.get(record.get_absolute_url())
    assert page.context["rows"][0].twins == [
        "O-9 (Przedstawiciele PES i PS)",
        "O-1 (Przedstawiciele PES i PS)",
    ]
    assertContains(page, "opierają się w próbie także: O-9 (Przedstawiciele PES i PS), O-1")
    client.post(record.get_absolute_url(), sent(document, "missing", "nie ma"))
    found = ControlledDocument.objects.order_by("pk").values_list("about", "verdict", "note")
    assert set(found) == {("usługa U/1", "missing", "nie ma"), ("usługa U/2", "", "")}
    twin = ControlledDocument.objects.get(record__code="O-9")
    assert (twin.history.first().verdict, twin.history.first().history_user) == (
        "missing",
        coordinator,
    )
    control.refresh_from_db()
    lost = {code: sorted(codes) for code, codes in control.lost.items() if codes}
    assert lost == {"pes": ["P-1"], "representatives": ["O-1", "O-9"]}


def test_a_source_that_nobody_named_is_no_paper_of_another_record(client, coordinator):
    ask_only()
    supported(DAY, entity=EntityFactory(code="P-1"))
    control = begun(coordinator)
    record = control.records.get(indicator="pes")
    client.force_login(coordinator)
    assertNotContains(client.get(record.get_absolute_url()), "Na tym samym dokumencie")
    client.post(record.get_absolute_url(), sent(record.documents.get(), "missing"))
    assert ControlledDocument.objects.filter(verdict="missing").count() == 1
