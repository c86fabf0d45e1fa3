import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains
from python_calamine import CalamineWorkbook

from owes.looks.collecting import STRANGERS
from owes.models import Look
from tests.factories import PersonFactory

URL = reverse("entities:look_list")
DAYS = {"since": "05.03.2026", "until": "06.03.2026"}


def look(user, day, people, kind=Look.Kind.LIST, hour=12):
    at = datetime(2026, 3, day, hour, tzinfo=ZoneInfo("Europe/Warsaw"))
    Look.objects.keep({person.pk for person in people}, user=user, at=at, kind=kind, path="/x/")


def seen(page):
    keys = ("person", "looks", "taken")
    return [tuple(row.record[key] for key in keys) for row in page.context["table"].rows]


def test_it_tells_whose_data_an_account_saw_in_the_days(client, administrator, staff):
    first, second = PersonFactory(), PersonFactory()
    look(staff, 4, [first], hour=23)
    look(staff, 5, [first, second], hour=0)
    look(staff, 6, [second], Look.Kind.EXPORT, hour=23)
    look(staff, 7, [first], hour=0)
    look(administrator, 5, [first])
    client.force_login(administrator)
    page = client.get(URL, {"account": staff.pk, **DAYS})
    assert seen(page) == [(first.pk, 1, 0), (second.pk, 2, 1)]
    row = page.context["table"].rows[1].record
    assert (row["first"].day, row["last"].day) == (4, 6)  # moments of UTC
    assertContains(page, second.code)
    assert Look.objects.latest("pk").user == administrator


def test_a_file_names_everybody_also_those_who_are_gone(client, administrator, staff):
    people = PersonFactory.create_batch(30)
    look(staff, 5, people)
    gone = people[0].pk
    people[0].delete()
    client.force_login(administrator)
    file = client.get(URL, {"account": staff.pk, **DAYS, "format": "xlsx"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(file.content))
    rows, told = (book.get_sheet_by_index(place).to_python()[1:] for place in (0, 1))
    names = [row[0] for row in rows]
    assert names[0] == f"osoby nie ma w rejestrze (klucz {gone})"
    assert names[1:] == [person.code for person in people[1:]]
    assert dict(told)["Konto"] == f"{staff} ({staff.email})"


def test_people_of_a_file_that_nobody_recognised_are_one_row(client, administrator, staff):
    at = datetime(2026, 3, 5, 12, tzinfo=ZoneInfo("Europe/Warsaw"))
    Look.objects.keep({STRANGERS}, user=staff, at=at, kind=Look.Kind.FILE, path="/x/")
    client.force_login(administrator)
    page = client.get(URL, {"account": staff.pk, **DAYS})
    assert seen(page) == [(STRANGERS, 1, 1)]
    assertContains(page, "osoby z plików, których program nie rozpoznał")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"since": "06.03.2026", "until": "05.03.2026"}, "Ten dzień jest wcześniejszy"),
        ({"since": "x", "until": "05.03.2026"}, 'value="x"'),
        ({"account": "0", **DAYS}, "invalid-feedback"),
    ],
)
def test_a_mistake_is_told_of_beside_the_field(client, administrator, asked, sentence):
    client.force_login(administrator)
    page = client.get(URL, {"account": administrator.pk} | asked)
    assertContains(page, sentence)
    assert page.context["table"] is None


@pytest.mark.parametrize("role", ["staff", "coordinator", "auditor"])
def test_look_list_is_for_administrators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert client.get(URL).status_code == 403
