import pytest
from django.urls import reverse

from support.models import EvidenceRequirement
from tests.factories import ProjectFactory, ServiceFactory


@pytest.fixture
def requirement(project):
    return project.evidence_requirements.get(subject="service", is_required=True)


def url(row):
    return reverse("support:evidence_requirement_edit", args=["sputnik-ii", row.pk])


def test_evidence_requirement_edit_changes_what_is_missing(client, coordinator, requirement):
    service = ServiceFactory(state="approved")
    client.force_login(coordinator)
    client.post(url(requirement), {"subject": "service", "documents": "notatka służbowa"})
    assert list(service.project.evidence_requirements.all().missing(service)) == []
    client.post(
        url(requirement),
        {"subject": "service", "documents": "notatka służbowa", "is_required": "on"},
    )
    missing = service.project.evidence_requirements.all().missing(service)
    assert [row["requirement"] for row in missing] == [requirement.pk]
    page = client.get(service.get_absolute_url()).content.decode()
    assert page.count("brakuje: notatka służbowa") == 1


def test_evidence_requirement_of_another_project_is_not_there(client, coordinator):
    row = EvidenceRequirement.objects.create(
        project=ProjectFactory(), subject="entity", documents="x"
    )
    client.force_login(coordinator)
    assert client.get(url(row)).status_code == 404


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_evidence_requirement_edit_is_for_coordinators(client, request, role, requirement):
    client.force_login(request.getfixturevalue(role))
    assert client.get(url(requirement)).status_code == 403
