import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from entities.models import Person
from owes.models import Anonymisation, User
from owes.privacy.forgetting import forget
from support.models import StaffMember
from tests.factories import PersonFactory, StaffMemberFactory

pytestmark = pytest.mark.usefixtures("db")
LIST = reverse("owes:anonymisation_list")


def page_of(record):
    return reverse("owes:anonymisation_create", args=[record._meta.label_lower, record.pk])


def test_a_coordinator_anonymises_somebody_of_no_project(
    client, coordinator, django_capture_on_commit_callbacks
):
    client.force_login(coordinator)
    person = PersonFactory()
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(page_of(person), {"basis": "wniosek z 3.11.2026"})
    assertRedirects(answer, LIST)
    assert str(Person.objects.get(pk=person.pk)) == "osoba zanonimizowana"
    assert Anonymisation.objects.get().words == f"osoba {person.code}"
    assertContains(client.get(page_of(person)), "Te dane już usunięto.")
    assertContains(client.get(person.get_absolute_url()), "Dane osobowe usunięto")
    assert client.get(reverse("entities:person_edit", args=[person.pk])).status_code == 404


def test_a_member_of_staff_and_an_account_have_the_same_page(client, administrator, staff):
    client.force_login(administrator)
    member = StaffMemberFactory(user=staff)
    assertContains(client.get(page_of(staff)), "konto nr")
    client.post(page_of(member), {"basis": "koniec współpracy"})
    [row] = Anonymisation.objects.all()
    assert row.done_at is None  # the documents of the project are kept
    assert StaffMember.objects.get(pk=member.pk).name == member.name


def test_a_basis_is_asked_for_and_one_proposal_is_enough(client, coordinator, person_kept):
    client.force_login(coordinator)
    assertContains(client.get(page_of(person_kept)), "dokumenty przechowuje się do 31.12.2029")
    assertContains(client.post(page_of(person_kept), {"basis": ""}), "Uzupełnij to pole.")
    client.post(page_of(person_kept), {"basis": "wniosek"})
    again = client.post(page_of(person_kept), {"basis": "wniosek drugi"})
    assertContains(again, "Anonimizacja tego zapisu już czeka albo jest zrobiona.")
    assert Anonymisation.objects.count() == 1


def test_other_records_have_no_such_page(client, coordinator):
    client.force_login(coordinator)
    person = PersonFactory()
    entity = reverse("owes:anonymisation_create", args=["entities.entity", person.pk])
    missing = reverse("owes:anonymisation_create", args=["entities.person", 10**6])
    assert [client.get(page).status_code for page in (entity, missing)] == [404, 404]


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_others_do_not_anonymise(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(page_of(PersonFactory())).status_code == 403


def test_a_member_of_staff_and_an_account_are_not_filled_again(staff):
    member = StaffMemberFactory(user=staff)
    forget(member)
    for record in (StaffMember.objects.get(pk=member.pk), User.objects.get(pk=staff.pk)):
        record.name = "Jan Inny"
        with pytest.raises(ValidationError, match="usunięto na zawsze"):
            record.full_clean()
