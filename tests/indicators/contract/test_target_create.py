import pytest
from django.urls import reverse

from indicators.models import Target
from tests.factories import PartnershipFactory, jst

URL = reverse("indicators:target_create", args=["sputnik-ii"])


def payload(**changes):
    return {
        "indicator": "local_governments",
        "value": "12",
        "valid_from": "1.01.2023",
        "means_of_verification": "porozumienia",
    } | changes


def values(indicator="local_governments"):
    rows = Target.objects.filter(indicator=indicator).order_by("valid_from")
    return list(rows.values_list("value", flat=True))


def save(client, data):
    """Through the page that shows the effect, as a person would."""
    seen = client.post(URL, data).context["seen"]
    return client.post(URL, data | {"seen": seen})


def test_target_create_shows_the_effect_and_adds_a_row_when_seen(client, coordinator):
    for code in ("140401", "141908"):
        PartnershipFactory(local_government=jst(code))
    client.force_login(coordinator)
    shown = client.post(URL, payload())
    effect = shown.context["effect"]
    assert (effect.before, effect.after, effect.value) == (10, 12, 2)
    assert (effect.missing_before, effect.missing_after) == (8, 10)
    assert values() == [10]
    client.post(URL, payload() | {"seen": shown.context["seen"]})
    assert values() == [10, 12]


def test_target_create_shows_the_effect_again_when_what_was_typed_changed(client, coordinator):
    client.force_login(coordinator)
    seen = client.post(URL, payload()).context["seen"]
    again = client.post(URL, payload(value="13") | {"seen": seen})
    assert (again.context["effect"].after, values()) == (13, [10])


def test_target_create_takes_no_number_for_a_value(client, coordinator):
    client.force_login(coordinator)
    save(client, payload(value=""))
    assert values() == [10, None]


def test_target_create_saves_at_once_what_changes_nothing(client, coordinator):
    client.force_login(coordinator)
    client.post(URL, payload(value="10"))
    assert values() == [10, 10]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"value": "0"}, "value", "Wartość docelowa musi być większa od zera."),
        ({"value": "dużo"}, "value", "Podaj liczbę całkowitą, na przykład 15."),
        (
            {"valid_from": "05.04.2022"},
            "valid_from",
            "Ten wskaźnik ma już wartość docelową od tego dnia.",
        ),
        (
            {"valid_from": "01.01.2025"},
            "valid_from",
            "Podaj dzień z okresu projektu, 05.04.2022–31.12.2024.",
        ),
        ({"indicator": ""}, "indicator", "Uzupełnij to pole."),
    ],
)
def test_target_create_refuses_at_the_field(client, coordinator, changes, field, sentence):
    client.force_login(coordinator)
    form = client.post(URL, payload(**changes)).context["form"]
    assert form.errors == {field: [sentence]}
    assert form["means_of_verification"].value() == "porozumienia"
    assert values() == [10]


def test_target_create_begins_with_the_words_of_the_last_row(client, coordinator):
    client.force_login(coordinator)
    form = client.get(URL, {"indicator": "eco"}).context["form"]
    assert form["means_of_verification"].value() == "oświadczenie o wdrożeniu, karta usługi"


def test_target_create_keeps_the_words_when_they_are_left_out(client, coordinator):
    client.force_login(coordinator)
    save(client, payload(indicator="eco", means_of_verification=""))
    means = Target.objects.filter(indicator="eco").values_list("means_of_verification", flat=True)
    assert set(means) == {"oświadczenie o wdrożeniu, karta usługi"}


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_target_create_is_for_coordinators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert [client.get(URL).status_code, client.post(URL, payload()).status_code] == [403, 403]


def test_target_create_proposes_the_first_day_and_the_usual_means(client, coordinator, project):
    project.targets.filter(indicator="eco").delete()
    client.force_login(coordinator)
    form = client.get(URL, {"indicator": "eco"}).context["form"]
    assert form["valid_from"].value() == "05.04.2022"
    assert form["means_of_verification"].value() == "oświadczenie o wdrożeniu, karta usługi"
