import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from support.models import Enrolment, Project
from tests.factories import EntityFactory, ProjectFactory, ServiceFactory, StaffMemberFactory

URL = reverse("support:project_state", args=["sputnik-ii"])
ARCHIVE, RESTORE, DELETE = (
    reverse(f"support:project_{act}", args=["sputnik-ii"])
    for act in ("archive", "restore", "delete")
)
STAFF = reverse("support:staff_member_create", args=["sputnik-ii"])
REFUSED = "jest w archiwum od 30.06.2026: można go oglądać, nie zmieniać."


@pytest.fixture
def archived(project):
    project.archived_on = "2026-06-30"
    project.save()
    project.refresh_from_db()
    return project


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_project_state_archives_and_restores(client, request, project, role):
    client.force_login(request.getfixturevalue(role))
    assertRedirects(client.post(ARCHIVE), URL)
    project.refresh_from_db()
    assert project.is_archived
    assertContains(client.get(URL), "Przywróć z archiwum")
    assertRedirects(client.post(RESTORE), URL)
    project.refresh_from_db()
    assert (project.archived_on, project.refusal) == (None, "")


def test_a_project_of_the_archive_is_read_and_not_written(client, coordinator, archived):
    client.force_login(coordinator)
    assertContains(client.get(STAFF), REFUSED)
    answer = client.post(STAFF, {"name": "Nowa Osoba"})
    assertContains(answer, "Nie zapisano: projekt jest w archiwum", status_code=403)
    assertContains(answer, REFUSED, status_code=403)
    assert not archived.activities.model.objects.exists()
    before = archived.name
    form = {"name": "Zmieniona", "title": "x", "starts_on": "1.1.2022", "ends_on": "1.1.2023"}
    for page in ("project_settings", "membership_create", "service_create", "project_delete"):
        url = reverse(f"support:{page}", args=["sputnik-ii"])
        assert client.post(url, form).status_code == 403
    assert Project.objects.get().name == before


def test_a_project_of_the_archive_still_gives_its_files(client, coordinator, archived):
    ServiceFactory()
    client.force_login(coordinator)
    for name in ("support:paper_list", "indicators:report_list", "indicators:report_verify"):
        assert client.post(reverse(name, args=["sputnik-ii"]), {}).status_code == 200


def test_a_project_of_the_archive_takes_no_workbook(archived, tmp_path):
    with pytest.raises(CommandError) as refused:
        call_command("import_workbook", str(tmp_path / "x.xlsx"), project="sputnik-ii")
    assert str(refused.value) == archived.refusal


def test_other_projects_are_written_as_before(client, coordinator, archived):
    other = ProjectFactory()
    other.memberships.create(user=coordinator, role="coordinator")
    client.force_login(coordinator)
    url = reverse("support:staff_member_create", args=[other.slug])
    assert client.post(url, {"name": "Nowa Osoba"}).status_code == 302


def test_a_stranger_is_not_told_that_a_project_is_in_the_archive(client, archived, staff):
    staff.memberships.all().delete()
    client.force_login(staff)
    assert client.post(STAFF, {"name": "x"}).status_code == 404


def test_a_project_without_records_is_removed(client, coordinator, project):
    StaffMemberFactory()
    client.force_login(coordinator)
    assertRedirects(client.post(DELETE), "/projects/")
    assert not Project.objects.exists()


def test_a_project_with_records_says_what_it_holds(client, coordinator, project):
    ServiceFactory.create_batch(2)
    Enrolment.objects.create(project=project, entity=EntityFactory())
    client.force_login(coordinator)
    page = client.post(DELETE, follow=True)
    kinds = "usługi (2), zgłoszenia do projektu (1)"
    assertContains(page, f"Projekt ma zapisy: {kinds}. Można go przenieść do archiwum.")
    assert Project.objects.get() == project


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_project_state_is_for_coordinators_and_administrators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).status_code == 403
    assert [client.post(url).status_code for url in (ARCHIVE, RESTORE, DELETE)] == [403] * 3
