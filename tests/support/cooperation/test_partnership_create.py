import pytest
from django.urls import reverse

from support.models import Partnership
from tests.factories import EntityFactory

URL = reverse("support:partnership_create", args=["sputnik-ii"])


def payload(**changes):
    return {
        "local_government": "Gostynin (miejska) (140401)",
        "kind": "agreement",
        "day": "9.03.2023",
        "document_number": "12/2023",
        "description": "Wspólne szkolenie",
        "entities": [],
    } | changes


def test_partnership_create_saves_with_a_code_and_its_entities(client, staff, project):
    entity = EntityFactory()
    client.force_login(staff)
    client.post(URL, payload(entities=[entity.code]))
    client.post(URL, payload())
    first, second = Partnership.objects.order_by("code")
    assert [first.code, second.code] == ["NJ0001", "NJ0002"]
    assert (first.project, str(first.day), first.document_number) == (
        project,
        "2023-03-09",
        "12/2023",
    )
    assert list(first.entities.all()) == [entity]
    assert first.entity_links.get().history.get().history_user == staff


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"day": "04.04.2022"}, "Podaj dzień z okresu projektu, 05.04.2022–31.12.2024."),
        ({"day": "01.01.2025"}, "Podaj dzień z okresu projektu, 05.04.2022–31.12.2024."),
        ({"day": "31.02.2023"}, "Nie ma takiego dnia: 31.02.2023."),
        ({"day": ""}, "Uzupełnij to pole."),
        ({"kind": ""}, "Uzupełnij to pole."),
        ({"local_government": ""}, "Uzupełnij to pole."),
    ],
)
def test_partnership_create_refuses_at_the_field(client, staff, changes, sentence):
    client.force_login(staff)
    form = client.post(URL, payload(**changes)).context["form"]
    assert form.errors == {next(iter(changes)): [sentence]}
    assert form["document_number"].value() == "12/2023"
    assert not Partnership.objects.exists()


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_partnership_create_is_for_those_who_work_in_the_project(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert [client.get(URL).status_code, client.post(URL, payload()).status_code] == [403, 403]
