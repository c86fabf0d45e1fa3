from datetime import date

import pytest
import time_machine
from pytest_django.asserts import assertRedirects

from indicators.models import TrialControl
from tests.indicators.given import DAY, supported
from tests.indicators.reports.report_pages import url
from tests.owes.form_page import hidden

pytestmark = pytest.mark.usefixtures("db")
URL = "/p/sputnik-ii/control/add/"
SENT = {"on": "31.12.2023", "size": "3", "seed": "  pismo  7 "}


def test_control_create_draws_a_sample(client, coordinator):
    supported(DAY)
    client.force_login(coordinator)
    answer = client.post(URL, SENT)
    control = TrialControl.objects.get()
    assertRedirects(answer, url("control_detail", control.pk))
    assert (control.on, control.size, control.seed, control.created_by) == (
        date(2023, 12, 31),
        3,
        "pismo 7",
        coordinator,
    )
    assert control.records.count() == 2


def test_control_create_offers_the_day_of_now_and_its_date_for_a_seed(client, coordinator):
    client.force_login(coordinator)
    with time_machine.travel("2023-05-06 10:00+02:00"):
        form = client.get(URL).context["form"]
    assert (form["on"].value(), form["seed"].value()) == ("06.05.2023", "06.05.2023")
    with time_machine.travel("2026-05-06 10:00+02:00"):
        form = client.get(URL).context["form"]
    assert form["on"].value() == "31.12.2024"


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({"size": "0"}, {"size": ["Najmniej 1."]}),
        ({"size": "201"}, {"size": ["Najwięcej 200."]}),
        ({"seed": "  "}, {"seed": ["Uzupełnij to pole."]}),
        (
            {"on": "04.04.2022"},
            {"on": ["Podaj dzień z okresu projektu, 05.04.2022–31.12.2024."]},
        ),
        ({"on": "02.03.2023"}, {"on": ["Ten dzień jeszcze nie nadszedł."]}),
    ],
)
def test_control_create_refuses_with_a_sentence(client, coordinator, sent, errors):
    client.force_login(coordinator)
    with time_machine.travel("2023-03-01 10:00+01:00"):
        page = client.post(URL, SENT | {"on": "01.03.2023"} | sent)
    assert page.context["form"].errors == errors
    assert not TrialControl.objects.exists()


def test_control_create_refuses_a_day_by_which_nothing_counts(client, coordinator):
    supported(DAY)
    client.force_login(coordinator)
    page = client.post(URL, SENT | {"on": "31.12.2022"})
    assert page.context["form"].errors == {
        "on": ["Do tego dnia nie zaliczono jeszcze żadnego zapisu."]
    }
    assert not TrialControl.objects.exists()
    fields = hidden(page)
    assert client.post(URL, SENT | fields).status_code == 302


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_control_create_is_for_coordinators(request, client, role):
    client.force_login(request.getfixturevalue(role))
    assert client.post(URL, SENT).status_code == 403
