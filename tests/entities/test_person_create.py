import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from entities.models import NotDuplicate, Person
from tests.entities.register_pages import person_form
from tests.factories import EntityFactory, PersonFactory
from tests.markup import tight

URL = reverse("entities:person_create")


def test_person_create_saves_the_person_and_whom_they_represent(client, staff):
    entity = EntityFactory(code="P1")
    client.force_login(staff)
    row = {"entity": "P1", "role": "prezes", "since": "01.02.2023"}
    response = client.post(URL, person_form([row], birth_year="1980"))
    person = Person.objects.get()
    assertRedirects(response, person.get_absolute_url())
    assert (person.code, str(person), person.birth_year) == ("NO0001", "Łucja Żak", 1980)
    assert [row.entity for row in person.representations.all()] == [entity]


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"sex": ""}, "sex", "Uzupełnij to pole."),
        ({"first_name": "12"}, "first_name", "Podaj nazwę z literami."),
        ({"last_name": "34"}, "last_name", "Podaj nazwę z literami."),
        ({"birth_year": "1e3"}, "birth_year", "Podaj liczbę całkowitą, na przykład 15."),
        ({"birth_year": "1899"}, "birth_year", "Najmniej 1900."),
        (
            {"birth_year": "1980", "birth_date": "01.01.1980"},
            "birth_year",
            "Podaj datę urodzenia albo sam rok, nie oba.",
        ),
    ],
)
def test_person_create_explains_what_is_wrong(client, staff, fields, field, sentence):
    client.force_login(staff)
    errors = client.post(URL, person_form(**fields)).context["form"].errors
    assert errors == {field: [sentence]}
    assert not Person.objects.exists()


def test_person_create_saves_nothing_when_a_row_is_wrong(client, staff):
    EntityFactory(code="P1")
    client.force_login(staff)
    row = {"entity": "P1", "since": "02.02.2023", "until": "01.02.2023"}
    response = client.post(URL, person_form([row]))
    assertContains(response, "Koniec reprezentacji jest wcześniejszy niż początek.")
    assert not Person.objects.exists()


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_person_create_is_refused_to_those_who_may_not_see_names(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.post(URL, person_form()).status_code == 403


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Gostynin (wiejska)", "140402"),
        ("gostynin (MIEJSKA) (140401)", "140401"),
        ("1404022", "140402"),
        ("1419022", "141902"),
        ("Płock", "1462"),
    ],
)
def test_person_create_reads_a_gmina_as_people_name_it(client, staff, typed, code):
    client.force_login(staff)
    client.post(URL, person_form(gmina=typed))
    assert Person.objects.get().gmina.code == code


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"gmina": "Gostynin"},
            "Jest więcej niż jeden samorząd o tej nazwie. Wybierz z listy ten właściwy.",
        ),
        (
            {"gmina": "powiat gostyniński"},
            "Nie ma gminy „powiat gostyniński”. Wybierz z listy albo podaj kod TERYT.",
        ),
        ({"birth_date": "01.01.2099"}, "Ten dzień jeszcze nie nadszedł."),
        ({"email": "bez małpy"}, "Wprowadź poprawny adres email."),
    ],
)
def test_person_create_keeps_what_it_does_not_understand(client, staff, fields, sentence):
    client.force_login(staff)
    form = client.post(URL, person_form(**fields)).context["form"]
    ((field, typed),) = fields.items()
    assert form.errors == {field: [sentence]}
    assert form[field].value() == typed


def test_person_create_asks_which_of_two_entities_of_one_name(client, staff):
    EntityFactory.create_batch(2, name="Koło Łąka")
    client.force_login(staff)
    row = client.post(URL, person_form([{"entity": "koło łąka"}])).context["representations"][0]
    assert row.errors == {
        "entity": ["Więcej niż jeden wpis o tej nazwie. Wybierz z listy wpis z właściwym kodem."]
    }
    assert row["entity"].value() == "koło łąka"


def test_person_create_asks_about_a_likely_twin(client, staff):
    entity = EntityFactory(code="P1")
    twin = PersonFactory(first_name="Łucja", last_name="Żak")
    twin.representations.create(entity=entity)
    client.force_login(staff)
    form = person_form([{"entity": "P1"}], first_name="lucja", last_name="zak")
    response = client.post(URL, form)
    assertContains(response, "Podobna osoba jest już w rejestrze: Łucja Żak")
    assertContains(response, "wspólne: imię i nazwisko, podmiot")
    assert Person.objects.count() == 1
    client.post(URL, form | {"not_twin": twin.pk})
    assert Person.objects.count() == 2
    assert [pair.first_key for pair in NotDuplicate.objects.all()] == [twin.pk]


def test_person_twins_answers_while_typing(client, staff):
    entity = EntityFactory(code="P1")
    twin = PersonFactory(last_name="Kowalska", sex="K")
    twin.representations.create(entity=entity)
    client.force_login(staff)
    url = reverse("entities:person_twins")
    form = person_form(
        [{"entity": "P1"}], last_name="Kowlaska", first_name=twin.first_name, sex=""
    )
    response = client.post(url, form)
    assert f'name="not_twin" value="{twin.pk}"' in tight(response)
    assertContains(response, "wspólne: podobne imię i nazwisko, podmiot")


def test_person_create_begins_with_the_entity_asked_for(client, staff):
    EntityFactory(code="P1", name="Koło Łąka")
    client.force_login(staff)
    row = client.get(URL, {"entity": "P1"}).context["representations"][0]
    assert row["entity"].value() == "Koło Łąka (P1)"
    answer = client.post(f"{URL}?entity=P1", person_form([{"entity": "Koło Łąka (P1)"}]))
    person = Person.objects.get()
    assertRedirects(answer, person.get_absolute_url())
    assert [row.entity.code for row in person.representations.all()] == ["P1"]


def test_person_create_lets_the_entity_asked_for_be_cleared(client, staff):
    EntityFactory(code="P1")
    client.force_login(staff)
    client.post(f"{URL}?entity=P1", person_form([{"entity": ""}]))
    assert Person.objects.get().representations.count() == 0


@pytest.mark.parametrize("code", ["NIE", "P\x001", "%"])
def test_person_create_shows_a_wrong_entity_asked_for_as_it_is(client, staff, code):
    client.force_login(staff)
    row = client.get(URL, {"entity": code}).context["representations"][0]
    assert row["entity"].value() == code.replace("\x00", "")
