"""The page of one package: how far it is, what is in it, and whose the numbers are."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from entities.models import Person
from indicators.models import Package
from owes.models import Job
from tests.factories import MembershipFactory, ProjectFactory
from tests.indicators.reports.report_pages import closed_by, url

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def package(coordinator):
    row = Package.objects.create(
        report=closed_by(coordinator),
        purpose="kontrola",
        by=coordinator,
        indicators=["pes"],
        documents=["karta podpisana"],
    )
    Job.objects.create(kind="package", key="package:1", params={"package": row.pk})
    return row


def make(package):
    package.file.save("x.zip", ContentFile(b"PK"), save=False)
    package.sha256, package.contents = "ab" * 32, [["raport.pdf", "cd" * 32]]
    package.people = {"1": "O-1", "2": "O-2"}
    package.save()


def test_a_package_being_made_asks_again_until_it_is(client, coordinator, package):
    client.force_login(coordinator)
    here = url("package_detail", package.pk)
    assertContains(client.get(here), 'hx-trigger="load delay:1s"')
    Job.objects.update(created_at=package.at - 2 * Job.PATIENCE)
    assertContains(client.get(here), "Program, który robi to w tle, nie odpowiada.")
    assert client.get(url("package_file", package.pk)).status_code == 404
    make(package)
    Job.objects.update(state="done")
    part = client.get(here, headers={"HX-Request": "true"})
    assertNotContains(part, "<html")
    assertNotContains(part, "hx-trigger")
    assertContains(part, "raport.pdf")


def test_a_package_that_failed_says_why(client, coordinator, package):
    Job.objects.update(state="failed", error="Plik „karta.pdf” nie jest już taki, jaki był.")
    client.force_login(coordinator)
    assertContains(client.get(url("package_detail", package.pk)), "nie jest już taki, jaki był.")


def test_the_coordinator_reads_the_key_and_saves_the_file(client, coordinator, package):
    make(package)
    client.force_login(coordinator)
    page = client.get(url("package_detail", package.pk))
    person = Person.objects.get(code="O-1")
    assert page.context["key"] == [("1", "O-1", person), ("2", "O-2", None)]
    assertContains(page, str(person))
    assertContains(page, "PES objęte wsparciem")
    file = client.get(url("package_file", package.pk))
    assert b"".join(file.streaming_content) == b"PK"
    assert f"sputnik-ii-pakiet-{package.pk}.zip" in file["Content-Disposition"]


@pytest.mark.parametrize("role", ["staff", "administrator"])
def test_others_of_the_centre_neither_read_the_key_nor_save_the_file(
    request, client, package, role
):
    make(package)
    client.force_login(request.getfixturevalue(role))
    for page in ("package_detail", "package_file"):
        assert client.get(url(page, package.pk)).status_code == 403


def test_the_auditor_saves_a_released_package_and_never_sees_the_key(client, auditor, package):
    make(package)
    client.force_login(auditor)
    page = client.get(url("package_detail", package.pk))
    assert page.context["key"] == []
    assertNotContains(page, "Klucz numerów")
    assertNotContains(page, "O-1")
    file = client.get(url("package_file", package.pk))
    assert b"".join(file.streaming_content) == b"PK"


def test_the_auditor_gets_nothing_of_a_package_with_a_file_held_back(client, auditor, package):
    make(package)
    Package.objects.update(contents=[["dowody/karta.pdf", "ef" * 32]])
    client.force_login(auditor)
    for page in ("package_detail", "package_file"):
        assert client.get(url(page, package.pk)).status_code == 404


def test_a_package_of_another_project_is_not_there(client, package):
    make(package)
    other = MembershipFactory(project=ProjectFactory(slug="inny"), role="coordinator").user
    client.force_login(other)
    for page in ("package_detail", "package_file"):
        assert client.get(url(page, package.pk)).status_code == 404
        address = reverse(f"indicators:{page}", args=["inny", package.pk])
        assert client.get(address).status_code == 404
