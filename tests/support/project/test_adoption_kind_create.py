import pytest
from django.urls import reverse

from support.models import AdoptionKind

URL = reverse("support:adoption_kind_create", args=["sputnik-ii"])
FORM = {"name": " Nowa   usługa ", "needs_service": "on", "position": "9"}


def test_adoption_kind_create_saves(client, coordinator):
    client.force_login(coordinator)
    client.post(URL, FORM)
    kind = AdoptionKind.objects.get(name="Nowa usługa")
    assert (kind.pk, kind.words, kind.needs_service) == ("nowa-usluga", "Nowa usługa", True)


def test_adoption_kind_create_gives_a_key_that_nobody_had(client, coordinator):
    AdoptionKind.objects.create(pk="nowa-usluga", name="Dawna nazwa")
    client.force_login(coordinator)
    client.post(URL, FORM)
    assert AdoptionKind.objects.get(name="Nowa usługa").pk == "nowa-usluga-2"


def test_adoption_kind_create_refuses_a_name_that_is_there(client, administrator):
    assert AdoptionKind.objects.filter(name="ekologiczne").exists()
    client.force_login(administrator)
    form = client.post(URL, FORM | {"name": "EKOLOGICZNE"}).context["form"]
    assert form.errors == {"name": ["Taka nazwa już jest w słowniku."]}


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_adoption_kind_create_is_not_for_others(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert [client.get(URL).status_code, client.post(URL, FORM).status_code] == [403, 403]
