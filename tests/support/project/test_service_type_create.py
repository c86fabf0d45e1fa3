import pytest
from django.urls import reverse

from support.models import ServiceType

URL = reverse("support:service_type_create", args=["sputnik-ii"])


def payload(**changes):
    flags = {"counts_as_support": "on", "needs_attendance": "on"}
    return {"name": "hackathon", "position": "30", "hour_kind": "60"} | flags | changes


def test_service_type_create_saves(client, administrator):
    client.force_login(administrator)
    client.post(URL, payload())
    kind = ServiceType.objects.get(name="hackathon")
    assert (kind.counts_as_support, kind.needs_attendance, kind.is_open_event) == (
        True,
        True,
        False,
    )


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": "Doradztwo  PRAWNE"}, "name", "Taka nazwa już jest w słowniku."),
        (
            {"is_open_event": "on"},
            "needs_attendance",
            "Wydarzenie otwarte nie ma listy osób, więc nie może wymagać obecności.",
        ),
        ({"position": "-1"}, "position", "Najmniej 0."),
    ],
)
def test_service_type_create_refuses_at_the_field(client, coordinator, changes, field, sentence):
    count = ServiceType.objects.count()
    client.force_login(coordinator)
    form = client.post(URL, payload(**changes)).context["form"]
    assert form.errors == {field: [sentence]}
    assert ServiceType.objects.count() == count


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_service_type_create_is_not_for_others(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert [client.get(URL).status_code, client.post(URL, payload()).status_code] == [403, 403]
