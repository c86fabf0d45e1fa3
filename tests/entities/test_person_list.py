import pytest
from django.urls import reverse

from entities.models import Representation
from tests.factories import EntityFactory, PersonFactory, jst

URL = reverse("entities:person_list")


def names(response):
    return [str(row.record) for row in response.context["table"].rows]


def test_person_list_is_ordered_by_surname_and_searched_without_diacritics(client, staff):
    client.force_login(staff)
    PersonFactory(first_name="Anna", last_name="Żak")
    PersonFactory(first_name="Zofia", last_name="Łącka")
    PersonFactory(first_name="Jan", last_name="Lis")
    assert names(client.get(URL)) == ["Jan Lis", "Zofia Łącka", "Anna Żak"]
    assert names(client.get(URL, {"q": "lacka zof"})) == ["Zofia Łącka"]


def test_person_list_filters_by_sex(client, staff):
    client.force_login(staff)
    PersonFactory(sex="M", first_name="Jan", last_name="Lis")
    PersonFactory(sex="K")
    assert names(client.get(URL, {"sex": "M"})) == ["Jan Lis"]


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_person_list_is_refused_to_those_who_may_not_see_names(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).status_code == 403


def test_person_list_has_the_same_queries_with_more_rows(client, staff, query_count):
    client.force_login(staff)

    def add(count):
        for person in PersonFactory.create_batch(count):
            Representation.objects.create(person=person, entity=EntityFactory())

    add(3)
    few = query_count(URL)
    add(20)
    assert query_count(URL) == few == 12


@pytest.mark.parametrize("words", ["600 700 800", "600-700-800", "o77"])
def test_person_list_finds_by_code_and_by_a_number_as_it_is_written(client, staff, words):
    PersonFactory(first_name="Jan", last_name="Lis", code="O77", phone="600700800")
    PersonFactory()
    client.force_login(staff)
    assert names(client.get(URL, {"q": words})) == ["Jan Lis"]


def test_person_list_filters_by_the_powiat_of_residence(client, staff):
    PersonFactory(gmina=jst("140401"))
    PersonFactory(first_name="Jan", last_name="Lis", gmina=jst("1462"))
    client.force_login(staff)
    assert names(client.get(URL, {"powiat": jst("1462").pk})) == ["Jan Lis"]


def test_person_list_as_a_file_holds_exactly_the_rows_asked_for(client, staff):
    person = PersonFactory(first_name="Jan", last_name="Lis", code="O1", gmina=jst("140401"))
    person.representations.create(entity=EntityFactory(name="=Koło"))
    PersonFactory()
    client.force_login(staff)
    file = client.get(URL, {"q": "lis", "format": "csv", "purpose": "support"}).content.decode(
        "utf-8-sig"
    )
    assert file.splitlines() == [
        "Imię i nazwisko;Kod;Płeć;Kogo zwykle reprezentuje;Gmina",
        "Jan Lis;O1;kobieta;'=Koło;Gostynin (miejska)",
    ]
