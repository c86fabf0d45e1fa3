"""One person more on the list: of the register, new, asked about, of an entity not yet helped."""

import pytest
from pytest_django.asserts import assertContains

from entities.models import NotDuplicate, Person, Representation
from support.models import Attendance
from tests.factories import EntityFactory, PersonFactory
from tests.owes.form_page import opened
from tests.support.attendance.test_service_attendance import (  # noqa: F401
    service,
    signed_in,
    states,
    url,
)


def added(client, service, person, **fields):  # noqa: F811
    page = url(service, "attendance_create")
    form = {"person": person, "entity": str(service.recipients.get().code), "s0": "yes"}
    return client.post(page, form | opened(client, page) | fields)


def errors(page):
    return {name: list(found) for name, found in page.context["form"].errors.items()}


def test_somebody_of_the_register_is_added(signed_in, service):  # noqa: F811
    PersonFactory(first_name="Ewa", last_name="Sowa")
    answer = added(signed_in, service, "Ewa Sowa")
    assert (answer.status_code, answer.url) == (302, url(service))
    assert states(service) == {("Mak", 9): "present", ("Sowa", 9): "present"}


def test_the_day_in_sight_is_marked_and_the_only_recipient_stands_there(
    signed_in,  # noqa: F811
    service,  # noqa: F811
):
    second = service.sessions.last()
    page = signed_in.get(url(service, "attendance_create", session=second.pk))
    form = page.context["form"]
    assert [cell["is_checked"] for cell in form.cells()] == [False, True]
    entity = service.recipients.get()
    assert form["entity"].value() == f"{entity} ({entity.code})"
    assert page.context["back"] == url(service, session=second.pk)


def test_a_new_person_is_made_as_in_the_roster(signed_in, service):  # noqa: F811
    page = added(signed_in, service, "Ewa Nowa")
    assert "Nie ma w rejestrze osoby „Ewa Nowa”." in errors(page)["person"][0]
    picks = page.context["form"].suggestions
    assert [words for _, words, _ in picks] == ["nowa osoba: kobieta", "nowa osoba: mężczyzna"]
    answer = added(signed_in, service, "Ewa Nowa", **{"person-pick": picks[0][2]})
    assert answer.status_code == 302
    person = Person.objects.get(last_name="Nowa")
    assert (person.sex, states(service)["Nowa", 9]) == ("K", "present")
    assert Representation.objects.get(person=person).entity == service.recipients.get()


def test_a_likely_twin_is_asked_about(signed_in, service):  # noqa: F811
    page = added(signed_in, service, "Anna Mąk (nowa osoba, K)")
    assert errors(page) == {
        "person": ["Podobna osoba jest już w rejestrze (wspólne: imię i nazwisko). Kto to jest?"]
    }
    _, words, text = page.context["form"].suggestions[-1]
    assert words == "to inna, nowa osoba"
    assert added(signed_in, service, "Anna Mąk", **{"person-pick": text}).status_code == 302
    assert NotDuplicate.objects.count() == 1


def test_an_entity_that_is_no_recipient_is_added_when_wanted(signed_in, service):  # noqa: F811
    PersonFactory(first_name="Ewa", last_name="Sowa")
    other = EntityFactory(code="P900")
    refused = added(signed_in, service, "Ewa Sowa", entity="P900")
    assert errors(refused) == {
        "entity": ["Ten podmiot nie jest odbiorcą usługi. Dopisz go do odbiorców."]
    }
    page = url(service, "attendance_create")
    form = {"person": "Ewa Sowa", "entity": "P900", "s0": "yes", "adds_recipient": "on"}
    assert signed_in.post(page, form | opened(signed_in, page)).status_code == 302
    assert other in service.recipients.all()


def test_all_that_is_missing_is_told_at_once(signed_in, service):  # noqa: F811
    page = added(signed_in, service, "", entity="", s0="")
    assert errors(page) == {
        "person": ["Podaj imię i nazwisko osoby.", "Zaznacz choć jeden termin."],
        "entity": ["Podaj podmiot, który ta osoba reprezentuje."],
    }


def test_a_double_click_adds_once(signed_in, service):  # noqa: F811
    page = url(service, "attendance_create")
    form = {"person": "Ewa Nowa (nowa osoba, K)", "s0": "yes"}
    form |= {"entity": service.recipients.get().code} | opened(signed_in, page)
    for _ in range(2):
        assert signed_in.post(page, form).status_code == 302
    assert Person.objects.filter(last_name="Nowa").count() == 1
    assert Attendance.objects.count() == 2


@pytest.mark.parametrize("state", ["submitted", "approved", "cancelled"])
def test_only_a_service_still_edited_takes_people(signed_in, service, state):  # noqa: F811
    type(service).objects.update(state=state)
    assert signed_in.get(url(service, "attendance_create")).status_code == 403


def test_the_form_offers_people_and_entities(signed_in, service):  # noqa: F811
    page = signed_in.get(url(service, "attendance_create"))
    assertContains(page, "/p/sputnik-ii/services/people/")
