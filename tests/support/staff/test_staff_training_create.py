from decimal import Decimal

import pytest
from django.urls import reverse

from support.models import StaffTraining
from tests.factories import StaffMemberFactory, StaffTrainingFactory

URL = reverse("support:staff_training_create", args=["sputnik-ii"])


def payload(**changes):
    return {
        "staff_member": "",
        "topic": "RODO",
        "organiser": "",
        "starts_on": "08.01.2024",
        "ends_on": "9.01.2024",
        "hours": "7,5",
        "certificate_number": "Z/7",
    } | changes


def test_staff_training_create_saves(client, staff, project):
    member = StaffMemberFactory()
    client.force_login(staff)
    client.post(URL, payload(staff_member=member.pk))
    training = StaffTraining.objects.get()
    assert (training.project, training.staff_member) == (project, member)
    assert (training.hours, str(training.ends_on)) == (Decimal("7.5"), "2024-01-09")
    assert training.certificate_number == "Z/7"


@pytest.mark.parametrize(
    ("changes", "is_long"),
    [
        ({"ends_on": "", "hours": "10"}, False),
        ({"ends_on": "", "hours": "10,5"}, True),
        ({"ends_on": "08.01.2024", "hours": "10,5"}, True),
        ({"hours": "10,5"}, False),
        ({"ends_on": "", "hours": ""}, False),
    ],
)
def test_a_training_of_one_long_day_is_saved_and_asked_about(client, staff, changes, is_long):
    client.force_login(staff)
    answer = client.post(
        URL, payload(staff_member=StaffMemberFactory().pk, **changes), follow=True
    )
    warned = "Szkolenie jednego dnia ma 10\u00a0h\u00a030\u00a0min, więcej niż 10 h."
    assert (warned in answer.text) is is_long
    assert StaffTraining.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        (
            {"ends_on": "07.01.2024"},
            "ends_on",
            "Koniec szkolenia jest wcześniejszy niż początek.",
        ),
        ({"hours": "siedem"}, "hours", "Podaj czas, na przykład 2 h, 1:30 albo 90 min."),
        (
            {"hours": "48:30"},
            "hours",
            "W 2 dniach mieści się najwyżej 48 h. Sprawdź godziny albo dni.",
        ),
        ({"hours": "-1"}, "hours", "Podaj czas, na przykład 2 h, 1:30 albo 90 min."),
        ({"topic": ""}, "topic", "Uzupełnij to pole."),
        ({"staff_member": ""}, "staff_member", "Uzupełnij to pole."),
        ({"topic": "Twice"}, "topic", "To szkolenie tej osoby jest już zapisane."),
    ],
)
def test_staff_training_create_refuses_at_the_field(client, staff, changes, field, sentence):
    there = StaffTrainingFactory(topic="Twice", starts_on="2024-01-08")
    client.force_login(staff)
    data = payload(staff_member=there.staff_member_id) | changes
    form = client.post(URL, data).context["form"]
    assert form.errors == {field: [sentence]}
    assert form["certificate_number"].value() == "Z/7"
    assert StaffTraining.objects.count() == 1


@pytest.mark.parametrize("role", ["auditor", "administrator"])
def test_staff_training_create_is_for_those_who_work_in_the_project(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert [client.get(URL).status_code, client.post(URL, payload()).status_code] == [403, 403]
