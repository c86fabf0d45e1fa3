"""The form of a package: which report, what for, which evidence."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from indicators.models import Package
from owes.models import Job
from tests.factories import EvidenceFactory, ProjectFactory
from tests.indicators.reports.report_pages import closed_by, draft_of, url

pytestmark = pytest.mark.usefixtures("db")
URL = reverse("indicators:package_create", args=["sputnik-ii"])


@pytest.fixture
def signed_in(client, coordinator):
    client.force_login(coordinator)
    return client


def test_a_package_is_ordered_and_logged(signed_in, coordinator):
    report = closed_by(coordinator)
    EvidenceFactory(state="verified", kind="karta podpisana")
    sent = {
        "report": report.pk,
        "purpose": "  kontrola,  pismo 12/2026 ",
        "indicators": ["pes", "representatives"],
        "documents": ["karta podpisana"],
    }
    answer = signed_in.post(URL, sent)
    package = Package.objects.get()
    assertRedirects(answer, url("package_detail", package.pk))
    assert (package.report, package.by, package.purpose) == (
        report,
        coordinator,
        "kontrola, pismo 12/2026",
    )
    assert (package.indicators, package.documents) == (sent["indicators"], sent["documents"])
    assert Job.objects.get(kind="package").params == {"package": package.pk}


def test_a_draft_and_a_report_of_another_project_are_not_offered(signed_in, coordinator):
    closed = closed_by(coordinator)
    draft = draft_of(coordinator)
    form = signed_in.get(f"{URL}?report={closed.pk}").context["form"]
    assert list(form.fields["report"].queryset) == [closed]
    assert form["report"].value() == str(closed.pk)
    page = signed_in.post(URL, {"report": draft.pk, "purpose": "x"})
    assert page.context["form"].errors.keys() == {"report"}


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"purpose": " "}, {"purpose"}),
        ({"purpose": "x" * 501}, {"purpose"}),
        ({"documents": ["karta podpisana"]}, {"indicators"}),
        ({"indicators": ["pes"]}, {"documents"}),
        ({"indicators": ["pes"], "documents": ["odpis KRS"]}, {"documents"}),
        ({"indicators": ["inny"], "documents": ["karta podpisana"]}, {"indicators"}),
    ],
)
def test_a_mistake_is_told_beside_its_field(signed_in, coordinator, sent, wrong):
    report = closed_by(coordinator)
    EvidenceFactory(state="verified", kind="karta podpisana")
    EvidenceFactory(state="waiting", kind="odpis KRS")
    page = signed_in.post(URL, {"report": report.pk, "purpose": "kontrola"} | sent)
    assert wrong <= page.context["form"].errors.keys()
    assert not Package.objects.exists()


def test_without_evidence_none_is_asked_about(signed_in, coordinator):
    closed_by(coordinator)
    EvidenceFactory(state="verified", project=ProjectFactory())
    page = signed_in.get(URL)
    assert page.context["form"].fields.keys() == {"report", "purpose"}
    assertContains(page, "Klucz numerów zostaje tutaj.")


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_only_the_coordinator_makes_packages(request, client, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).status_code == 403
    assert client.post(URL, {}).status_code == 403
