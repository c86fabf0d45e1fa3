from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from entities.models import Entity, LocalGovernment, NotDuplicate
from tests.entities.register_pages import entity_form
from tests.factories import EntityFactory

URL = reverse("entities:entity_create")


@pytest.fixture
def client(client, staff):
    client.force_login(staff)
    return client


def test_entity_create_saves_everything_and_shows_the_card(client):
    form = entity_form(
        nip="PL 776-290-99-59",
        krs="0000 039 541",
        postal_code="09402",
        seat="1419022",
        registered_on="1.05.2023",
        statuses=[{"basis": "owes", "valid_from": "01.06.2023"}],
        activities=[{"kind": "paid", "since": "2023-07-01"}],
    )
    response = client.post(URL, form)
    entity = Entity.objects.get()
    assertRedirects(response, entity.get_absolute_url())
    assert (entity.code, entity.nip, entity.krs) == ("NP0001", "7762909959", "0000039541")
    assert (entity.postal_code, entity.registered_on) == ("09-402", date(2023, 5, 1))
    assert entity.seat == LocalGovernment.objects.get(code="141902")
    assert [status.valid_from for status in entity.statuses.all()] == [date(2023, 6, 1)]
    assert [activity.kind for activity in entity.activities.all()] == ["paid"]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("nip", "776-290-99-58", "Ostatnia cyfra numeru NIP się nie zgadza."),
        ("nip", "000-000-00-00", "NIP ma 10 cyfr"),
        ("regon", "123456789", "Cyfra kontrolna numeru REGON się nie zgadza."),
        ("krs", "12345678901", "Numer KRS ma 10 cyfr, na przykład 0000098765."),
        ("krs", "12", "Numer KRS ma 10 cyfr, na przykład 0000098765."),
        ("postal_code", "9402", "Podaj kod pocztowy w postaci 09-402"),
        ("registered_on", "30.02.2023", "Nie ma takiego dnia: 30.02.2023."),
        ("registered_on", "٣.05.2023", "Podaj datę w postaci 05.04.2022."),
        ("seat", "9999999", "Nie ma gminy „9999999”."),
        ("parent", "P-nieznany", "Nie ma w rejestrze podmiotu „P-nieznany”."),
        ("name", "", "Uzupełnij to pole."),
        ("name", "a\x00b", "Znaki null są niedozwolone."),
    ],
)
def test_entity_create_explains_what_is_wrong_and_keeps_what_was_typed(
    client, field, typed, sentence
):
    response = client.post(URL, entity_form(**{field: typed}))
    assertContains(response, sentence)
    assert response.context["form"][field].value() == typed
    assert not Entity.objects.exists()


def test_entity_create_refuses_a_strike_off_before_the_registration_at_its_field(client):
    dates = {"registered_on": "02.05.2023", "struck_off_on": "01.05.2023"}
    errors = client.post(URL, entity_form(**dates)).context["form"].errors
    assert errors == {
        "struck_off_on": ["Data wykreślenia jest wcześniejsza niż data rejestracji."]
    }


def test_entity_create_saves_nothing_when_one_row_is_wrong(client):
    status = {"basis": "owes", "valid_from": "02.06.2023", "valid_until": "01.06.2023"}
    response = client.post(URL, entity_form(statuses=[status]))
    assertContains(response, "Koniec statusu jest wcześniejszy niż początek.")
    assert not Entity.objects.exists()


def test_entity_create_guards_the_numbers_of_unrelated_entities(client):
    EntityFactory(name="Pierwszy", code="P1", nip="7762909959")
    response = client.post(URL, entity_form(nip="7762909959"))
    assertContains(response, "Ten sam NIP ma Pierwszy (P1).")
    client.post(URL, entity_form(nip="7762909959", shared_identifier_reason="oddział"))
    assert Entity.objects.filter(nip="7762909959").count() == 2


def test_entity_create_lets_a_unit_share_the_numbers_of_its_parent(client):
    EntityFactory(code="P1", nip="7762909959")
    client.post(URL, entity_form(nip="7762909959", parent="P1", legal_form="wtz"))
    assert Entity.objects.get(legal_form="wtz").parent.code == "P1"


def test_entity_create_takes_only_a_group_for_a_founding_group(client):
    EntityFactory(code="P1")
    response = client.post(URL, entity_form(founding_group="P1"))
    assertContains(response, "Wskaż podmiot o formie „grupa inicjatywna”.")


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_entity_create_is_refused_to_those_who_do_not_work_on_registers(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.post(URL, entity_form()).status_code == 403
    assert not Entity.objects.exists()


def test_entity_create_asks_about_a_likely_twin_and_remembers_the_answer(client, staff):
    twin = EntityFactory(name="KGW „Łąka”", legal_form="kgw")
    form = entity_form(name="Koło Gospodyń Wiejskich Łąka", seat="141908")
    response = client.post(URL, form)
    assertContains(response, "Podobny podmiot jest już w rejestrze: KGW „Łąka”")
    assertContains(response, "wspólne: nazwa")
    assertContains(response, 'value="Koło Gospodyń Wiejskich Łąka"')
    assert Entity.objects.count() == 1
    client.post(URL, form | {"not_twin": twin.pk})
    entity = Entity.objects.exclude(pk=twin.pk).get()
    pair = NotDuplicate.objects.get()
    assert (pair.first_key, pair.second_key, pair.said_by) == (twin.pk, entity.pk, staff)


def test_entity_twins_answers_while_typing_even_what_is_not_right_yet(client):
    twin = EntityFactory(nip="7740001454")
    url = reverse("entities:entity_twins")
    response = client.post(url, entity_form(name="", nip="774-000-14-54", seat="nieznana"))
    assertContains(response, f'value="{twin.pk}"')
    assertContains(response, "wspólne: NIP")
    response = client.post(url, entity_form(nip="774-000-14-54", not_twin=twin.pk))
    assertContains(response, "checked")
    assert client.post(url, {}).content.strip() == b""
    assert client.get(url).status_code == 405


def test_entity_create_shows_a_postal_code_in_its_one_form(client):
    form = client.post(URL, entity_form(postal_code="09400", name="")).context["form"]
    assert (form["postal_code"].value(), list(form.errors)) == ("09-400", ["name"])
