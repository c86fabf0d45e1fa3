from django.urls import reverse
from pytest_django.asserts import assertRedirects

from owes.models import Look
from tests.factories import PersonFactory

LIST = reverse("entities:person_list")
URL = reverse("entities:person_export")


def test_a_file_of_people_is_made_after_its_purpose_is_given(client, staff):
    PersonFactory(last_name="Lis")
    PersonFactory(last_name="Żak")
    client.force_login(staff)
    asked = {"q": "lis", "columns": ["sex", "phone"], "format": "csv"}
    page = client.get(LIST, asked)
    assertRedirects(page, f"{URL}?q=lis&columns=sex&columns=phone&format=csv")
    page = client.get(page.url)
    again = {
        name: [value for key, value in page.context["asked"] if key == name] for name in asked
    }
    assert again == {"q": ["lis"], "columns": ["sex", "phone"], "format": ["csv"]}
    assert not Look.objects.exists()
    file = client.get(LIST, again | {"purpose": Look.Purpose.PERSON})
    assert len(file.content.decode().splitlines()) == 2
    look = Look.objects.get()
    assert (look.kind, look.purpose, look.asked, look.count) == ("export", "person", "q", 1)


def test_an_invented_purpose_is_asked_for_again(client, staff):
    client.force_login(staff)
    page = client.get(LIST, {"format": "xlsx", "purpose": "Jan Kowalski"})
    assertRedirects(page, f"{URL}?format=xlsx&purpose=Jan+Kowalski")
    assert client.get(page.url).context["asked"] == [("format", "xlsx")]


def test_person_export_is_refused_to_those_who_may_not_list_people(client, auditor):
    client.force_login(auditor)
    assert client.get(URL).status_code == 403
