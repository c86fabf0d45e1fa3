import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains
from python_calamine import CalamineWorkbook

from owes.record_history.lines import Line
from tests.entities.register_pages import entity_form
from tests.factories import EntityFactory

pytestmark = pytest.mark.usefixtures("db")


def url(entity):
    return reverse("entities:entity_history", args=[entity.pk])


@pytest.fixture
def changed(client, staff):
    """An entity that Ewa Piórkowska gave a phone and took an e-mail away from."""
    entity = EntityFactory(name="Koło", email="kolo@example.org")
    client.force_login(staff)
    client.post(
        reverse("entities:entity_edit", args=[entity.pk]),
        entity_form(name="Koło", legal_form=entity.legal_form, phone="602 000 344"),
    )
    return entity


def lines(page):
    return [list(saving.lines) for saving in page.context["table"].data]


def test_entity_history_tells_from_what_to_what(client, changed, staff):
    page = client.get(url(changed))
    first, last = list(page.context["table"].data)[::-1]
    assert Line("telefon", "", "602 000 344") in last.lines
    assert Line("e-mail", "kolo@example.org", "") in last.lines
    assert (last.by, last.is_first) == (staff.name, False)
    assert (first.by, first.is_first) == ("program", True)
    assertContains(page, "<del>kolo@example.org</del> → puste")
    assertContains(page, "puste → <ins>602 000 344</ins>")


def test_entity_history_tells_of_rows_under_it_and_of_what_they_lead_to(client, changed):
    status = changed.statuses.create(basis="owes", valid_from="2023-01-05", decision_number="7")
    changed.parent = EntityFactory(name="Fundacja Matka")
    changed.save()
    status.delete()
    told = lines(client.get(url(changed)))[0]
    assert Line("podmiot prowadzący", "", str(changed.parent)) in told
    statuses = [(line.before, line.after) for line in told if line.label == "status PS"]
    assert [bool(before) for before, _ in statuses] == [False, True]
    assert "05.01.2023" in statuses[0][1]


def test_entity_history_is_narrowed(client, changed, staff):
    def count(**asked):
        return len(client.get(url(changed), asked).context["table"].data)

    assert count(by=staff.name) == count(field="telefon") == 1
    assert count(by="program", field="telefon") == 0
    assert (count(since="1.1.2020"), count(until="1.1.2020")) == (2, 0)


def test_entity_history_explains_days_that_it_cannot_read(client, changed):
    page = client.get(url(changed), {"since": "2.1.2020", "until": "1.1.2020"})
    assertContains(page, "Ten dzień jest wcześniejszy niż „Od dnia”.")
    assert client.get(url(changed), {"since": "wczoraj rano"}).context["form"].errors["since"]


def test_entity_history_is_a_file_of_what_is_shown(client, changed, staff):
    answer = client.get(url(changed), {"format": "xlsx", "by": staff.name})
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    head, [_, by, what, _] = sheets.get_sheet_by_index(0).to_python()
    assert head == ["Kiedy", "Kto", "Co: z → na", "Dlaczego"]
    assert by == staff.name
    assert "telefon: puste → 602 000 344" in what.splitlines()


def test_entity_history_asks_as_often_for_any_number_of_changes(client, changed):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(url(changed))
        return len(captured)

    changed.statuses.create(basis="owes", valid_from="2023-01-05")
    before = queries()
    for number in range(1, 10):
        changed.phone, changed.parent = str(number), EntityFactory()
        changed.save()
        changed.statuses.create(basis="owes", valid_from=f"2023-02-0{number}")
    assert queries() == before + 1  # the entities that run it, once there are any


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_entity_history_is_for_those_who_work_on_registers(client, changed, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(url(changed)).status_code == 403


def test_the_card_leads_to_the_history(client, changed, auditor):
    assertContains(client.get(changed.get_absolute_url()), url(changed))
    client.force_login(auditor)
    assertNotContains(client.get(changed.get_absolute_url()), url(changed), status_code=403)
