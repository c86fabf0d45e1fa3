import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from owes.models import Centre

URL = reverse("owes:centre_settings")
LOGO = reverse("owes:centre_logo")
FORM = {"name": " OWES  Kutno ", "address": "Rynek 1, 99-300 Kutno"}


def picture(kind="PNG"):
    file = io.BytesIO()
    Image.new("RGB", (40, 10), "green").save(file, kind)
    return SimpleUploadedFile("../../x.html", file.getvalue())


def test_centre_settings_begin_with_the_name_of_the_environment(client, administrator, settings):
    settings.CENTRE = "OWES Próbny"
    client.force_login(administrator)
    assert client.get(URL).context["form"]["name"].value() == "OWES Próbny"
    assert not Centre.objects.exists()


def test_centre_settings_save_what_every_page_shows(client, administrator, staff):
    client.force_login(administrator)
    client.post(URL, FORM)
    client.post(URL, FORM | {"name": "OWES Łęczyca"})
    [centre] = Centre.objects.all()
    assert (centre.name, centre.address) == ("OWES Łęczyca", "Rynek 1, 99-300 Kutno")
    assert [row.history_user for row in centre.history.all()] == [administrator] * 2
    client.force_login(staff)
    page = client.get(reverse("account_change_password")).content.decode()
    assert "· OWES Łęczyca" in page
    assert "OWES Łęczyca, Rynek 1, 99-300 Kutno" in " ".join(page.split())


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", "png"), ("JPEG", "jpg")])
def test_centre_settings_keep_a_logo_under_a_name_of_its_own(
    client, administrator, staff, kind, suffix
):
    client.force_login(administrator)
    assert client.get(LOGO).status_code == 404
    client.post(URL, FORM | {"logo": picture(kind)})
    assert Centre.current().logo.name == f"centre/logo.{suffix}"
    client.force_login(staff)
    response = client.get(LOGO)
    assert response["Content-Type"] == f"image/{kind.lower()}"
    assert b"".join(response.streaming_content)[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0")
    assert LOGO in client.get(reverse("account_change_password")).content.decode()


def test_centre_settings_refuse_what_is_not_a_picture_and_an_empty_name(client, administrator):
    client.force_login(administrator)
    form = client.post(URL, {"name": "", "logo": picture("GIF")}).context["form"]
    assert form.errors == {
        "name": ["Uzupełnij to pole."],
        "logo": ["To nie jest obraz PNG ani JPEG. Wybierz inny plik."],
    }
    assert not Centre.objects.exists()


@pytest.mark.parametrize("role", ["staff", "coordinator", "auditor"])
def test_centre_settings_are_for_administrators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert [client.get(URL).status_code, client.post(URL, FORM).status_code] == [403, 403]


def test_centre_settings_ask_for_the_second_step_until_told_otherwise(client, administrator):
    client.force_login(administrator)
    assert client.get(URL).context["form"]["asks_second_factor"].value() is True
    client.post(URL, FORM)
    assert Centre.current().asks_second_factor is False
    client.post(URL, FORM | {"asks_second_factor": "on"})
    assert Centre.current().asks_second_factor is True
