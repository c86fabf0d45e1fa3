import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from entities.models import Person
from owes.jobs import run
from owes.models import Anonymisation, Job
from owes.privacy.deciding import propose

PAGE = reverse("owes:anonymisation_list")


def acts(act, row):
    return reverse(f"owes:anonymisation_{act}", args=[row.pk])


def test_another_person_approves(
    client, coordinator, administrator, person_kept, django_capture_on_commit_callbacks
):
    row = propose(person_kept, "wniosek z 3.11.2026", coordinator)
    client.force_login(coordinator)
    assertNotContains(client.get(PAGE), acts("approve", row))
    refused = client.post(acts("approve", row), follow=True)
    assertContains(refused, "Zatwierdza inna osoba niż ta, która wniosła o anonimizację.")
    client.force_login(administrator)
    page = client.get(PAGE)
    assertContains(page, acts("approve", row))
    assertContains(page, "wniosek z 3.11.2026")
    ordered = client.post(acts("approve", row), follow=True)
    assertContains(ordered, f"Zlecono anonimizację: osoba {person_kept.code}.")
    assertContains(ordered, "Usuwam dane…")
    assertContains(client.get(PAGE, headers={"HX-Request": "true"}), "czeka w kolejce")
    with django_capture_on_commit_callbacks(execute=True):
        run(Job.objects.get().pk)
    assertContains(client.get(PAGE), "zrobiona")
    assertContains(client.get(PAGE, headers={"HX-Request": "true"}), "Odśwież listę")
    assert str(Person.objects.get(pk=person_kept.pk)) == "osoba zanonimizowana"


def test_a_proposal_is_withdrawn(client, coordinator, person_kept):
    row = propose(person_kept, "wniosek", coordinator)
    client.force_login(coordinator)
    assertContains(client.post(acts("withdraw", row), follow=True), "Wycofano wniosek")
    assertContains(client.post(acts("withdraw", row), follow=True), "już zatwierdzony albo")
    assert not Anonymisation.objects.waiting().exists()


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_others_decide_nothing(client, request, role, coordinator, person_kept):
    row = propose(person_kept, "wniosek", coordinator)
    client.force_login(request.getfixturevalue(role))
    pages = [
        client.get(PAGE),
        client.post(acts("approve", row)),
        client.post(acts("withdraw", row)),
    ]
    assert [page.status_code for page in pages] == [403, 403, 403]
