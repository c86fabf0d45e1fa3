import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from owes.models import Job, LookedAt
from owes.privacy.deciding import is_anonymised
from support.models import Membership
from support.retention.plan import CHANGED
from tests.factories import ProjectFactory, sputnik
from tests.support.retention.people import declared, ended

pytestmark = pytest.mark.usefixtures("db")
PAGE = reverse("support:retention_detail", args=["sputnik-ii"])
APPROVE = reverse("support:retention_approve", args=["sputnik-ii"])


def test_retention_detail_is_a_dry_run_without_names(client, administrator):
    project, person = ended(), declared(sputnik(), last_name="Wścieklica")
    stays = declared(project, ProjectFactory(name="Następny"))
    client.force_login(administrator)
    page = client.get(PAGE)
    assertContains(page, 'Do anonimizacji: <b class="num">1</b>')
    assertContains(page, f"osoba {person.code}")
    assertContains(page, f"osoba {stays.code}")
    assertContains(page, "Następny: nie wpisano dnia")
    assertNotContains(page, "Wścieklica")
    assert set(LookedAt.objects.values_list("person", flat=True)) == {person.pk, stays.pk}
    assert not is_anonymised(person)
    assert client.get(f"{PAGE}?format=xlsx").status_code == 200


def test_the_list_that_was_seen_is_approved_and_carried_out(
    client, coordinator, django_capture_on_commit_callbacks
):
    ended()
    person = declared(sputnik())
    client.force_login(coordinator)
    seen = client.get(PAGE).context["plan"].fingerprint
    assertContains(client.post(APPROVE, {"seen": "x"}, follow=True), CHANGED)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(APPROVE, {"seen": seen})
    assertRedirects(answer, reverse("owes:anonymisation_list"))
    assert is_anonymised(person)
    assert Job.objects.get().owner == coordinator


def test_a_project_in_the_archive_comes_to_its_end_too(client, administrator):
    project = ended()
    person = declared(project)
    project.archived_on = project.ends_on
    project.save()
    client.force_login(administrator)
    seen = client.get(PAGE).context["plan"].fingerprint
    assert client.post(APPROVE, {"seen": seen}).status_code == 302
    assert not is_anonymised(person)  # the worker has not come yet
    assert Job.objects.get().is_unfinished


def test_others_do_not_come_to_it(client, coordinator, staff, auditor):
    stranger = ProjectFactory(slug="inny")
    for user in (staff, auditor):
        client.force_login(user)
        assert [client.get(PAGE).status_code, client.post(APPROVE).status_code] == [403, 403]
    client.force_login(coordinator)
    assert not Membership.objects.filter(user=coordinator, project=stranger).exists()
    other = reverse("support:retention_detail", args=["inny"])
    assert client.get(other).status_code == 404
