"""The log of packages made for the funder."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from indicators.models import Package
from tests.factories import EvidenceFactory, MembershipFactory, ProjectFactory
from tests.indicators.reports.report_pages import closed_by, url

pytestmark = pytest.mark.usefixtures("db")


def package_of(report, by, **fields):
    return Package.objects.create(**{"report": report, "by": by, "purpose": "kontrola"} | fields)


def test_every_package_is_listed_with_who_what_for_and_what(client, coordinator):
    report = closed_by(coordinator)
    package_of(report, coordinator, purpose="pismo 12/2026")
    done = {"sha256": "0" * 64, "contents": [["raport.pdf", "0" * 64]]}
    package_of(report, coordinator, documents=["karta podpisana"], **done)
    client.force_login(coordinator)
    page = client.get(url("package_list"))
    for text in (
        "pismo 12/2026",
        coordinator.name,
        "Raport częściowy nr 1",
        "w przygotowaniu",
        "1\u00a0plik",
        "karta podpisana",
    ):
        assertContains(page, text)
    assertContains(client.get(url("report_list")), url("package_list"))


def test_an_auditor_sees_packages_whose_every_file_was_released(client, coordinator, auditor):
    report = closed_by(coordinator)
    shown = EvidenceFactory(state="verified")
    held = EvidenceFactory(state="verified")
    shown.release(coordinator)

    def package_with(purpose, *evidence):
        contents = [["raport.pdf", "0" * 64]]
        contents += [[f"dowody/{row.pk}.pdf", row.sha256] for row in evidence]
        return package_of(report, coordinator, purpose=purpose, sha256="0" * 64, contents=contents)

    without_evidence = package_with("bez dowodów")
    released = package_with("udostępniony", shown)
    package_with("zatrzymany", shown, held)
    package_of(report, coordinator, purpose="w robocie")
    client.force_login(auditor)
    page = client.get(url("package_list"))
    assert [package.pk for package in page.context["packages"]] == [
        released.pk,
        without_evidence.pk,
    ]
    # What a package is for is written freely; the funder reads only that it was.
    assert {package.purpose for package in page.context["packages"]} == {"treść zasłonięta"}
    assertNotContains(page, url("package_create"))
    assertContains(client.get(url("report_list")), url("package_list"))
    held.release(coordinator)
    assert len(client.get(url("package_list")).context["packages"]) == 3
    shown.hold_back()
    page = client.get(url("package_list"))
    assert [package.pk for package in page.context["packages"]] == [without_evidence.pk]


def test_evidence_released_in_another_project_opens_nothing(client, coordinator, auditor):
    held = EvidenceFactory(state="verified")
    other = EvidenceFactory(state="verified", project=ProjectFactory(slug="inny"))
    type(other).objects.filter(pk=other.pk).update(sha256=held.sha256)
    other.refresh_from_db()
    other.release(coordinator)
    contents = [["dowody/1.pdf", held.sha256]]
    package_of(closed_by(coordinator), coordinator, sha256="0" * 64, contents=contents)
    client.force_login(auditor)
    assert not client.get(url("package_list")).context["packages"]


def test_a_project_without_packages_says_so(client, coordinator):
    client.force_login(coordinator)
    assertContains(client.get(url("package_list")), "Nie ma jeszcze żadnego pakietu")


def test_packages_of_another_project_are_not_listed(client, coordinator):
    package_of(closed_by(coordinator), coordinator, purpose="pismo 12/2026")
    other = MembershipFactory(project=ProjectFactory(slug="inny"), role="coordinator").user
    client.force_login(other)
    page = client.get("/p/inny/reports/packages/")
    assert "pismo 12/2026" not in page.content.decode()
    assert client.get(url("package_list")).status_code == 404


def test_the_queries_do_not_grow(client, coordinator, query_count):
    report = closed_by(coordinator)
    client.force_login(coordinator)
    package_of(report, coordinator)
    few = query_count(url("package_list"))
    for _ in range(10):
        package_of(report, coordinator)
    assert query_count(url("package_list")) == few


@pytest.mark.parametrize("role", ["staff", "administrator"])
def test_the_list_is_not_for_others_of_the_centre(request, client, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(url("package_list")).status_code == 403
