import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from entities.models import Merge
from owes.models import Look
from tests.factories import PersonFactory


def url(person):
    return reverse("entities:person_looks", args=[person.pk])


def rows(page):
    """Those before the look that the page itself is, which stands first when it is read again."""
    return [row.record for row in page.context["table"].rows][1:]


def test_the_card_tells_who_saw_the_data_the_newest_first(client, staff, coordinator):
    person, other = PersonFactory(), PersonFactory()
    client.force_login(staff)
    client.get(person.get_absolute_url())
    client.get(other.get_absolute_url())
    client.get(reverse("entities:person_list"), {"sex": person.sex})
    client.force_login(coordinator)
    page = client.get(url(person))
    assertContains(page, "płeć")
    assert [(row.user, row.kind, row.asked, row.count) for row in rows(page)] == [
        (staff, "list", "sex", 2),
        (staff, "card", "", 1),
    ]
    assert rows(client.get(url(person)))[0].path == url(person)


def test_looks_at_a_record_merged_into_this_one_are_told_too(client, coordinator):
    person = PersonFactory()
    for survivor, loser in [(person.pk, 1001), (1001, 1002)]:
        Merge.objects.create(
            kind="person", survivor_key=survivor, loser_key=loser, merged_by=coordinator
        )
    for key in (1001, 1002, 1003):
        Look.objects.keep({key}, user=coordinator, kind=Look.Kind.CARD, path=f"/people/{key}/")
    client.force_login(coordinator)
    paths = [row.path for row in rows(client.get(url(person)))]
    assert paths == ["/people/1002/", "/people/1001/"]


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_person_looks_are_for_coordinators_and_administrators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(url(PersonFactory())).status_code == 403


def test_an_administrator_reads_the_code_alone(client, administrator):
    person = PersonFactory(first_name="Jan", last_name="Lis", code="O7")
    client.force_login(administrator)
    page = client.get(url(person))
    assertContains(page, "O7")
    assertNotContains(page, "Lis")
    assertNotContains(page, person.get_absolute_url() + '"')


def test_person_looks_have_the_same_queries_with_more_rows(client, coordinator, query_count):
    person = PersonFactory()
    client.force_login(coordinator)

    def look(count):
        for _ in range(count):
            Look.objects.keep({person.pk}, user=coordinator, kind=Look.Kind.CARD, path="/")

    look(2)
    few = query_count(url(person))
    look(20)
    assert query_count(url(person)) == few
