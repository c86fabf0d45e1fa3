from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from tests.support.project.new_project import answers, is_closed_by_the_first_record, new
from tests.support.project.test_project_create import FORM

__all__ = ["new"]
URL = reverse("support:setup_contract", args=["kuznia-2025"])


def test_setup_contract_is_taken_up_again(client, coordinator, new):
    client.force_login(coordinator)
    assertContains(client.get(URL), "Krok 1 z 5")
    answer = client.post(URL, FORM | {"name": "Kuźnia 2", "slug": "inny"})
    assertRedirects(answer, "/p/kuznia-2025/setup/area/")
    new.refresh_from_db()
    assert (new.slug, new.name, str(new.ends_on)) == ("kuznia-2025", "Kuźnia 2", "2027-12-31")


def test_setup_contract_shows_an_administrator_every_text(client, administrator, new):
    new.legal_citation = "ustawa o ekonomii społecznej"
    new.save()
    client.force_login(administrator)
    form = client.get(URL).context["form"]
    assert form["legal_citation"].value() == "ustawa o ekonomii społecznej"


def test_setup_contract_is_for_those_who_set_it_up(client, staff, administrator, coordinator, new):
    assert answers(client, URL, staff, FORM) == [404, 404]
    assert answers(client, URL, administrator, FORM) == [200, 302]
    assert is_closed_by_the_first_record(client, URL, administrator, FORM, new)
    assert answers(client, URL, coordinator, FORM) == [403, 403]
