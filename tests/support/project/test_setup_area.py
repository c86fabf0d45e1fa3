import pytest
from django.urls import reverse
from pytest_django.asserts import assertRedirects

from entities.models import LocalGovernment
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
    inside, outside = jst("160102"), jst("141908")
    area = new.area.all()
    within = LocalGovernment.objects.of_area(area)
    assert (inside in within, outside in within) == (True, False)


def test_setup_area_refuses_a_gmina_and_says_what_to_choose(client, coordinator, new):
    client.force_login(coordinator)
    form = client.post(URL, {"area": ["Bodzanów (wiejska) nie ma"]}).context["form"]
    assert form.errors == {
        "area": [
            "„Bodzanów (wiejska) nie ma” to nie powiat, miasto na prawach powiatu ani "
            "województwo. Wybierz z listy; zamiast gminy wskaż jej powiat."
        ]
    }
    form = client.post(URL, {"area": []}).context["form"]
    assert form.errors == {"area": ["Wskaż obszar: bez niego żaden podmiot się nie liczy."]}
    assert codes(new) == []


def test_the_picker_of_an_area_offers_voivodeships_and_no_gmina(client, administrator):
    client.force_login(administrator)
    url = reverse("entities:area_options")
    names = [option.name for option in client.get(url, {"q": "opolski"}).context["options"]]
    assert {"województwo opolskie", "powiat opolski"} <= set(names)
    assert not client.get(url, {"q": "gmina Bodzanów"}).context["options"]


def test_setup_area_is_for_those_who_set_it_up(client, staff, administrator, new):
    form = {"area": ["1462"]}
    assert answers(client, URL, staff, form) == [404, 404]
    assert is_closed_by_the_first_record(client, URL, administrator, form, new)
