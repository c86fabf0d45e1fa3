import csv
import io

import pytest
from django.urls import reverse

from tests.factories import StaffMemberFactory, StaffTrainingFactory

URL = reverse("support:staff_list", args=["sputnik-ii"])


def topics(response):
    return [row.record.topic for row in response.context["table"].rows]


def test_staff_list_shows_the_staff_with_their_trainings(client, staff):
    trained = StaffMemberFactory(name="Ewa Łącka")
    StaffMemberFactory(name="Adam Próba")
    StaffTrainingFactory.create_batch(2, staff_member=trained)
    client.force_login(staff)
    members = client.get(URL).context["staff"]
    assert [(member.name, member.training_count) for member in members] == [
        ("Ewa Łącka", 2),
        ("Adam Próba", 0),
    ]


@pytest.mark.parametrize(
    "asked", [{"q": "lacka"}, {"q": "rodo PŁOCK"}, {"q": "z/7"}, {"year": "2024"}]
)
def test_staff_list_filters_by_the_address(client, staff, asked):
    StaffTrainingFactory(topic="Inne")
    StaffTrainingFactory(
        topic="RODO",
        organiser="Akademia w Płocku",
        certificate_number="Z/7",
        starts_on="2024-01-08",
        staff_member__name="Ewa Łącka",
    )
    client.force_login(staff)
    assert topics(client.get(URL, asked)) == ["RODO"]


def test_staff_list_sorts_people_by_last_name_in_polish(client, staff):
    for name in ["Adam Żak", "Zofia Łąka", "Jan Lis"]:
        StaffTrainingFactory(topic=name, staff_member__name=name)
    client.force_login(staff)
    expected = ["Jan Lis", "Zofia Łąka", "Adam Żak"]
    assert topics(client.get(URL, {"sort": "staff_member"})) == expected


def test_staff_list_as_a_file_has_decimal_hours(client, staff):
    StaffTrainingFactory(topic="RODO", hours="7.50", staff_member__name="Ewa Łącka")
    client.force_login(staff)
    file = client.get(URL, {"format": "csv"}).content.decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(file), delimiter=";")
    assert dict(zip(header, row, strict=True)) == {
        "Temat": "RODO",
        "Organizator": "",
        "Kadra": "Ewa Łącka",
        "Od": "09.03.2023",
        "Do": "",
        "Dowody": "0",
        "Godziny": "7,50",
        "Nr zaświadczenia": "",
    }


def test_staff_list_lets_an_auditor_read_and_not_change(client, auditor):
    StaffTrainingFactory(topic="RODO")
    client.force_login(auditor)
    response = client.get(URL)
    page = response.content.decode()
    assert topics(response) == ["RODO"]
    assert [text in page for text in ("/edit/", "/add/")] == [False, False]


def test_staff_list_is_not_for_administrators(client, administrator):
    client.force_login(administrator)
    assert client.get(URL).status_code == 403


def test_staff_list_makes_the_same_queries_for_any_number_of_rows(client, staff, query_count):
    client.force_login(staff)
    counts = []
    for more in (3, 17):
        StaffTrainingFactory.create_batch(more)
        counts.append(query_count(URL, q="szkolenie"))
    assert counts[0] == counts[1]
