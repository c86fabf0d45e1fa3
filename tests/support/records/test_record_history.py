from datetime import date

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from owes.record_history.lines import Line
from tests.factories import (
    AdoptionFactory,
    EntityFactory,
    MembershipFactory,
    PartnershipFactory,
    PersonFactory,
    ProjectFactory,
    ServiceFactory,
    StaffTrainingFactory,
    sputnik,
)
from tests.indicators.given import attend, service_of

pytestmark = pytest.mark.usefixtures("db")


def url(kind, record, slug="sputnik-ii"):
    return reverse("support:record_history", args=[slug, kind, record.pk])


def told(client, kind, record):
    savings = client.get(url(kind, record)).context["table"].data
    return [line for saving in savings for line in saving.lines]


def test_record_history_of_a_service_tells_who_was_added_and_taken_away(client, staff):
    entity = EntityFactory()
    service = service_of(date(2024, 5, 8), entity=entity)
    person = PersonFactory(last_name="Zielińska")
    attend(service, entity, person)
    person.attendances.get().delete()
    service.topic = "Statut"
    service.save()
    client.force_login(staff)
    lines = told(client, "service", service)
    present = [line for line in lines if line.label == "obecność"]
    assert {bool(line.before) for line in present} == {True, False}
    assert all("Zielińska" in line.before + line.after for line in present)
    [term] = [line.after for line in lines if line.label == "termin"]
    assert term.endswith("czas netto (min) 120")
    assert [line.after for line in lines if line.label == "temat"][0] == "Statut"
    assertContains(client.get(service.get_absolute_url()), url("service", service))


@pytest.mark.parametrize(
    ("kind", "make", "field", "label"),
    [
        ("adoption", AdoptionFactory, "description", "opis"),
        ("partnership", PartnershipFactory, "description", "opis"),
        ("staff_training", StaffTrainingFactory, "topic", "temat"),
    ],
)
def test_record_history_is_one_click_from_the_form(client, staff, kind, make, field, label):
    record = make()
    setattr(record, field, "inaczej")
    record.save()
    client.force_login(staff)
    assert [line.after for line in told(client, kind, record) if line.after == "inaczej"]
    assertContains(client.get(record.get_absolute_url()), url(kind, record))


def test_record_history_of_a_project_tells_of_its_area_and_team(client, coordinator, project):
    project.save()
    gone = project.area.order_by("name").first()
    project.area.remove(gone)
    project.save()
    MembershipFactory(user__name="Ala Nowa", role="staff")
    client.force_login(coordinator)
    lines = told(client, "project", project)
    assert Line("obszar", str(gone), "") in lines
    assert [line for line in lines if "Ala Nowa" in line.after]


def test_record_history_of_another_project_is_not_found(client, staff):
    adoption = AdoptionFactory()
    MembershipFactory(user=staff, project=ProjectFactory(slug="inny"), role="staff")
    client.force_login(staff)
    answers = [client.get(url("adoption", adoption, "inny")), client.get(url("status", adoption))]
    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        ("partnership", PartnershipFactory),
        ("adoption", AdoptionFactory),
        ("staff_training", StaffTrainingFactory),
        ("project", sputnik),
    ],
)
def test_record_history_of_other_records_is_not_for_auditors(client, auditor, kind, make):
    client.force_login(auditor)
    record = make()
    assert client.get(url(kind, record)).status_code == 403


def test_an_auditor_sees_which_columns_of_an_approved_service_changed(client, auditor, staff):
    service = ServiceFactory(state="approved", description="Rozmowa z Łucją")
    service.description, service.place = "Inna rozmowa", "Płock"
    service._change_reason, service._history_user = "Łucja dzwoniła", staff
    service.save()
    client.force_login(auditor)
    page = client.get(url("service", service))
    [changed, _] = [row.record for row in page.context["table"].rows]
    assert [(line.label, line.before, line.after) for line in changed.lines] == [
        ("miejsce", "", ""),
        ("przebieg", "", ""),
    ]
    assert (changed.by, changed.reason) == (str(staff), "")
    for word in ("ozmowa", "Łucj", "?restore="):
        assertNotContains(page, word)
    assert client.get(f"{url('service', service)}?format=xlsx").status_code == 200
    assertContains(client.get(service.get_absolute_url()), url("service", service))
    draft = ServiceFactory()
    assert client.get(url("service", draft)).status_code == 403
