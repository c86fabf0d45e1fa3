import pytest
from django.urls import reverse

from entities.models import SocialEnterpriseStatus
from support.models import EvidenceRequirement, ServiceType
from tests.factories import (
    AdoptionFactory,
    AttendanceFactory,
    EntityFactory,
    EvidenceFactory,
    PartnershipFactory,
    ServiceFactory,
    SessionFactory,
    StaffTrainingFactory,
)

URL = reverse("support:evidence_missing", args=["sputnik-ii"])


def rows(response):
    table = response.context["table"]
    return {
        (table.render_subject(row.record), table.render_missing(row.record)) for row in table.rows
    }


def supported():
    """An approved service with somebody there for an entity."""
    session = SessionFactory(service=ServiceFactory(state="approved"))
    return AttendanceFactory(session=session, state="present")


def test_evidence_missing_asks_by_the_settings_of_the_project(client, staff):
    entity = supported().entity
    SocialEnterpriseStatus.objects.create(entity=entity, basis="owes", valid_from="2022-05-01")
    AdoptionFactory(), PartnershipFactory(), StaffTrainingFactory()
    client.force_login(staff)
    assert rows(client.get(URL)) == {
        ("usługa", "karta podpisana albo lista obecności"),
        ("podmiot", "formularz zgłoszeniowy"),
        ("podmiot", "odpis KRS albo wpis do ewidencji"),
        ("osoba", "deklaracja uczestnika"),
        ("status PS", "dokument potwierdzający status PS"),
        ("wdrożenie", "oświadczenie o wdrożeniu"),
        ("wdrożenie", "zrzut ekranu albo zdjęcie albo protokół wdrożenia"),
        (
            "współpraca z JST",
            "porozumienie z JST albo list intencyjny albo notatka ze spotkania "
            "albo lista obecności",
        ),
        ("szkolenie kadry", "zaświadczenie albo lista obecności"),
    }


@pytest.mark.parametrize(
    ("changes", "is_missing"),
    [
        ({}, False),
        ({"kind": "lista obecności", "state": "verified"}, False),
        ({"kind": "zdjęcie"}, True),
        ({"state": "refused", "reason": "x"}, True),
        ({"state": "withdrawn", "reason": "x"}, True),
    ],
)
def test_evidence_missing_is_met_by_one_that_holds(client, staff, changes, is_missing):
    service = ServiceFactory(state="approved")
    EvidenceFactory(service=service, **changes)
    client.force_login(staff)
    assert len(rows(client.get(URL, {"subject": "service"}))) == is_missing


def services_asked(requirement):
    return set(requirement.lacking().values_list("topic", flat=True))


def test_requirement_asks_of_services_that_are_done(project):
    for state in ("draft", "submitted", "returned", "approved", "cancelled"):
        ServiceFactory(topic=state, state=state)
    asked = EvidenceRequirement.objects.get(subject="service", is_required=True)
    assert services_asked(asked) == {"submitted", "approved"}


def test_requirement_without_a_type_asks_where_people_are_written_down(project):
    for name in ("asysta", "szkolenie", "spotkanie informacyjne dla mieszkańców"):
        kind = ServiceType.objects.get(name=name)
        ServiceFactory(topic=name, state="approved", type=kind)
    asked = EvidenceRequirement.objects.get(subject="service", is_required=True)
    assert services_asked(asked) == {"szkolenie"}
    asked.service_type = ServiceType.objects.get(name="asysta")
    assert services_asked(asked) == {"asysta"}


def test_requirement_of_a_register_asks_of_what_the_project_supported(project):
    EntityFactory()
    supported = ServiceFactory(state="approved"), ServiceFactory(state="draft")
    for service in supported:
        service.recipient_links.create(entity=EntityFactory(name=service.state))
    asked = EvidenceRequirement.objects.filter(subject="entity").first()
    assert [entity.name for entity in asked.lacking()] == ["approved"]


def test_evidence_missing_leaves_out_what_is_not_required(client, staff):
    EvidenceRequirement.objects.update(is_required=False)
    supported()
    client.force_login(staff)
    assert rows(client.get(URL)) == set()


def test_evidence_missing_filters_by_the_address(client, staff, project):
    supported()
    AdoptionFactory()
    client.force_login(staff)
    assert len(rows(client.get(URL, {"subject": "adoption"}))) == 2
    requirement = project.evidence_requirements.get(documents="oświadczenie o wdrożeniu")
    assert len(rows(client.get(URL, {"requirement": requirement.pk}))) == 1
    assert len(rows(client.get(URL, {"requirement": "x", "subject": "\0"}))) > 2


def test_evidence_missing_as_a_file(client, staff):
    AdoptionFactory(code="W1", entity__name="Koło Łąka")
    client.force_login(staff)
    text = client.get(URL, {"format": "csv", "subject": "adoption"}).content.decode("utf-8-sig")
    assert text.splitlines()[1] == "W1 Koło Łąka;wdrożenie;oświadczenie o wdrożeniu"


def test_evidence_missing_names_nobody_to_an_auditor(client, auditor):
    person = supported().person
    client.force_login(auditor)
    page = client.get(URL, {"subject": "person"}).content.decode()
    assert (page.count(person.last_name), page.count(person.code)) == (0, 1)


@pytest.mark.parametrize("subject", ["adoption", "service", "person"])
def test_evidence_missing_asks_the_database_as_often_for_many(client, staff, query_count, subject):
    client.force_login(staff)
    supported(), AdoptionFactory()
    queries = query_count(URL, subject=subject)
    AdoptionFactory.create_batch(30)
    for _ in range(30):
        supported()
    assert query_count(URL, subject=subject) == queries


def test_a_project_may_require_as_many_documents_as_it_likes(client, coordinator, project):
    """SQLite reads a hundred levels of a query at most."""
    supported()
    EvidenceRequirement.objects.bulk_create(
        EvidenceRequirement(project=project, subject="service", documents=f"dokument {number}")
        for number in range(60)
    )
    client.force_login(coordinator)
    for page in (URL, reverse("indicators:dashboard", args=["sputnik-ii"])):
        assert client.get(page).status_code == 200
    numbered = {row for row in rows(client.get(f"{URL}?per_page=100")) if "dokument" in row[1]}
    assert len(numbered) > 20
