import pytest
from django.urls import reverse

from support.models import EvidenceRequirement, ServiceType

URL = reverse("support:evidence_requirement_create", args=["sputnik-ii"])


def payload(**changes):
    return {"subject": "adoption", "documents": "zdjęcie", "is_required": "on"} | changes


def test_evidence_requirement_create_takes_one_of_several_documents(client, coordinator):
    client.force_login(coordinator)
    documents = " Karta  Podpisaną \n\nfilm\nfilm\n".replace("ą", "a")
    client.post(URL, payload(documents=documents))
    row = EvidenceRequirement.objects.latest("pk")
    assert (row.subject, row.kinds, row.is_required) == (
        "adoption",
        ["karta podpisana", "film"],
        True,
    )
    assert (row.project.slug, row.history.get().history_user) == ("sputnik-ii", coordinator)


def test_evidence_requirement_create_narrows_to_a_kind_of_service(client, coordinator):
    kind = ServiceType.objects.get(name="coaching")
    client.force_login(coordinator)
    client.post(URL, payload(subject="service", service_type=kind.pk, is_required=""))
    row = EvidenceRequirement.objects.latest("pk")
    assert (row.service_type, row.is_required) == (kind, False)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"subject": ""}, {"subject": ["Uzupełnij to pole."]}),
        ({"documents": " \n "}, {"documents": ["Uzupełnij to pole."]}),
        (
            {"documents": "x" * 101},
            {"documents": ["Nazwa dokumentu może mieć najwyżej 100 znaków."]},
        ),
        (
            {"service_type": "10"},
            {"service_type": ["Rodzaj usługi podaje się tylko dla usług."]},
        ),
    ],
)
def test_evidence_requirement_create_refuses_with_a_sentence(client, coordinator, changes, errors):
    before = EvidenceRequirement.objects.count()
    if "service_type" in changes:
        changes = {"service_type": ServiceType.objects.first().pk}
    client.force_login(coordinator)
    assert client.post(URL, payload(**changes)).context["form"].errors == errors
    assert EvidenceRequirement.objects.count() == before


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_evidence_requirement_create_is_for_coordinators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert [client.get(URL).status_code, client.post(URL, payload()).status_code] == [403, 403]
