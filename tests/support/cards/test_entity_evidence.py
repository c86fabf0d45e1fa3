import pytest
from django.urls import reverse

from entities.models import SocialEnterpriseStatus
from tests.factories import EntityFactory, EvidenceFactory, ServiceFactory
from tests.owes.form_page import opened


def url(entity):
    return reverse("support:entity_evidence", args=[entity.pk])


@pytest.fixture
def entity(db):
    """An entity that the project supported, with two statuses, one of them proven."""
    entity = EntityFactory()
    ServiceFactory(state="approved").recipient_links.create(entity=entity)
    for day in ("2022-05-01", "2023-05-01"):
        SocialEnterpriseStatus.objects.create(entity=entity, basis="owes", valid_from=day)
    kind = "dokument potwierdzający status PS"
    EvidenceFactory(service=None, status=entity.statuses.earliest("valid_from"), kind=kind)
    return entity


def test_entity_evidence_shows_what_proves_the_entity_and_its_statuses(client, staff, entity):
    EvidenceFactory(service=None, entity=entity, kind="odpis KRS", file_name="krs.pdf")
    client.force_login(staff)
    page = client.get(url(entity))
    assert [status.pk in page.context["lacking"] for status in entity.statuses.all()] == [
        True,
        False,
    ]
    text = page.content.decode()
    assert [text.count(word) for word in ("krs.pdf", "brakuje: formularz zgłoszeniowy")] == [1, 1]


def test_entity_evidence_has_a_tab_on_the_card(client, staff, entity):
    client.force_login(staff)
    assert client.get(entity.get_absolute_url()).content.decode().count(url(entity)) == 1


def test_entity_evidence_names_no_file_to_an_auditor(client, auditor, entity):
    EvidenceFactory(service=None, entity=entity, file_name="krs.pdf")
    client.force_login(auditor)
    assert client.get(url(entity)).content.decode().count("krs.pdf") == 0
    assert client.get(url(EntityFactory())).status_code == 403


def test_entity_evidence_is_closed_to_those_without_a_project(client, administrator, entity):
    client.force_login(administrator)
    assert client.get(url(entity)).status_code == 403


def test_status_that_is_proven_is_not_deleted(client, staff, entity):
    """The form of the entity says so; it is no error of the program."""
    client.force_login(staff)
    page = reverse("entities:entity_edit", args=[entity.pk])
    rows = list(entity.statuses.order_by("-valid_from"))
    data = opened(client, page) | {
        "name": entity.name,
        "legal_form": entity.legal_form,
        "activities-TOTAL_FORMS": "0",
        "activities-INITIAL_FORMS": "0",
        "statuses-TOTAL_FORMS": "2",
        "statuses-INITIAL_FORMS": "2",
    }
    for number, row in enumerate(rows):
        data |= {
            f"statuses-{number}-id": row.pk,
            f"statuses-{number}-basis": row.basis,
            f"statuses-{number}-valid_from": f"{row.valid_from:%d.%m.%Y}",
        }
    answer = client.post(page, data | {"statuses-1-DELETE": "on"})
    assert answer.context["statuses"].non_form_errors() == [
        "Nie można usunąć wiersza „status PS od 01.05.2022”: odwołują się do niego inne zapisy, "
        "na przykład dowody."
    ]
    assert client.post(page, data | {"statuses-0-DELETE": "on"}).status_code == 302
    assert [row.pk for row in entity.statuses.all()] == [rows[1].pk]
