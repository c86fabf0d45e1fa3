import pytest
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from entities.models import LocalGovernment
from entities.models.local_government import within
from tests.factories import jst
from tests.support.project.new_project import answers, is_closed_by_the_first_record, new

__all__ = ["new"]
URL = reverse("support:setup_area", args=["kuznia-2025"])


def codes(project):
    return sorted(project.area.values_list("code", flat=True))


@pytest.mark.parametrize("role", ["coordinator", "administrator"])
def test_setup_area_takes_powiats_by_name_and_code(client, request, new, role):
    client.force_login(request.getfixturevalue(role))
    answer = client.post(URL, {"area": ["1462", "powiat płocki"]})
    assertRedirects(answer, "/p/kuznia-2025/setup/indicators/")
    assert codes(new) == ["1419", "1462"]


def test_setup_area_takes_a_voivodeship_for_all_its_powiats(client, coordinator, new):
    client.force_login(coordinator)
    client.post(URL, {"area": ["województwo opolskie", "1462"]})
    opolskie = LocalGovernment.objects.powiats().filter(code__startswith="16")
    assert codes(new) == sorted(["1462", *opolskie.values_list("code", flat=True)])
    assert len(codes(new)) == 13
    places = LocalGovernment.objects.filter(within(new.area.all()))
    assert [jst(code) in places for code in ("160102", "141908")] == [True, False]


def test_setup_area_takes_gminas_and_leaves_out_those_of_a_powiat_chosen_too(
    client, coordinator, new
):
    client.force_login(coordinator)
    client.post(URL, {"area": ["141908", "powiat sierpecki", "142702", "1462"]})
    assert codes(new) == ["141908", "1427", "1462"]
    places = LocalGovernment.objects.filter(within(new.area.all()))
    held = {code: jst(code) in places for code in ("141908", "141902", "1419", "142702", "14")}
    assert held == {"141908": True, "141902": False, "1419": False, "142702": True, "14": False}
    powiats = LocalGovernment.objects.powiats_of(new.area.all())
    assert set(powiats.values_list("code", flat=True)) == {"1419", "1427", "1462"}


def test_setup_area_refuses_what_is_no_place_and_asks_for_one(client, coordinator, new):
    client.force_login(coordinator)
    form = client.post(URL, {"area": ["Nibylandia"]}).context["form"]
    assert form.errors == {
        "area": ["Nie ma samorządu „Nibylandia”. Wybierz z listy albo podaj kod TERYT."]
    }
    form = client.post(URL, {"area": []}).context["form"]
    assert form.errors == {"area": ["Wskaż obszar: bez niego żaden podmiot się nie liczy."]}
    assert codes(new) == []


def test_the_picker_of_an_area_offers_places_of_every_level(client, administrator):
    client.force_login(administrator)
    url = reverse("entities:area_options")
    names = [option.name for option in client.get(url, {"q": "opolski"}).context["options"]]
    assert {"województwo opolskie", "powiat opolski"} <= set(names)
    [option] = client.get(url, {"q": "gmina Bodzanów"}).context["options"]
    assert option.name == str(jst("141902"))


def test_setup_area_is_for_those_who_set_it_up(client, staff, administrator, new):
    form = {"area": ["1462"]}
    assert answers(client, URL, staff, form) == [404, 404]
    assert is_closed_by_the_first_record(client, URL, administrator, form, new)
