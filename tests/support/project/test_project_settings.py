import io
from datetime import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

URL = reverse("support:project_settings", args=["sputnik-ii"])
PICTURE = reverse("support:project_logotypes", args=["sputnik-ii"])


def payload(**changes):
    return {
        "name": "SPUTNIK II",
        "title": "SPUTNIK II",
        "funder": "Województwo Mazowieckie",
        "contractor": "Centrum",
        "contract_number": "W/7/2022",
        "contract_date": "5.04.2022",
        "legal_citation": "ustawa",
        "funding_sentence": "Zdanie o finansowaniu.",
        "documents_kept_until": "31.12.2029",
        "logotypes": "znak",
        "most_hours_a_day": "10",
        "most_hours_a_month": "168",
        "earliest_hour": "6:00",
        "latest_hour": "22:00",
        "days_to_sign": "14",
        "meeting_presence_share": "50",
    } | changes


def picture(kind="PNG", name="znaki.png", size=(40, 10)):
    file = io.BytesIO()
    Image.new("RGB", size, "green").save(file, kind)
    return SimpleUploadedFile(name, file.getvalue())


def test_project_settings_saves_what_documents_print(client, coordinator, project):
    client.force_login(coordinator)
    client.post(URL, payload(needs_two_people="on"))
    project.refresh_from_db()
    assert (project.contract_number, str(project.contract_date)) == ("W/7/2022", "2022-04-05")
    assert (project.funding_sentence, project.needs_two_people) == ("Zdanie o finansowaniu.", True)
    assert project.history.first().history_user == coordinator


def test_project_settings_hold_the_office_that_papers_print(client, coordinator, project):
    client.force_login(coordinator)
    office = {"office_street": "Rynek 1", "office_postal_code": "09402"}
    office |= {"office_locality": "Płock", "office_phone": "24 262 10 20"}
    office |= {"office_email": "biuro@example.org", "office_hours": "pn.–pt. 8:00–16:00"}
    client.post(URL, payload(**office))
    project.refresh_from_db()
    assert project.office == (
        "Rynek 1, 09-402 Płock, tel. 24 262 10 20, e-mail: biuro@example.org, "
        "czynne: pn.–pt. 8:00–16:00"
    )
    wrong = client.post(URL, payload(office_postal_code="094", office_email="biuro"))
    assert wrong.context["form"].errors.keys() == {"office_postal_code", "office_email"}
    project.office_street = project.office_hours = project.office_email = ""
    assert project.office == "09-402 Płock, tel. 24 262 10 20"


def test_project_settings_hold_the_limits_of_work(client, coordinator, project):
    client.force_login(coordinator)
    limits = {"most_hours_a_day": "8", "most_hours_a_month": "276", "days_to_sign": "7"}
    client.post(URL, payload(**limits, earliest_hour="7.30", latest_hour="20:00"))
    project.refresh_from_db()
    assert (project.most_hours_a_day, project.most_hours_a_month, project.days_to_sign) == (
        8,
        276,
        7,
    )
    assert (project.earliest_hour, project.latest_hour) == (time(7, 30), time(20))


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"most_hours_a_day": "25"}, {"most_hours_a_day": ["Najwięcej 24."]}),
        ({"most_hours_a_month": "0"}, {"most_hours_a_month": ["Najmniej 1."]}),
        (
            {"earliest_hour": "20:00", "latest_hour": "20:00"},
            {"latest_hour": ["Późniejsza godzina musi być po wcześniejszej."]},
        ),
    ],
)
def test_project_settings_refuse_a_limit_that_is_none(
    client, coordinator, project, changes, errors
):
    client.force_login(coordinator)
    assert client.post(URL, payload(**changes)).context["form"].errors == errors


def test_project_settings_changes_neither_the_slug_nor_the_scope(client, coordinator, project):
    client.force_login(coordinator)
    client.post(URL, payload(slug="inny", starts_on="01.01.2020", area=[]))
    before, project = project, type(project).objects.get()
    assert (project.slug, project.starts_on) == (before.slug, before.starts_on)
    assert project.area.count() == 4


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", "png"), ("JPEG", "jpg")])
def test_project_settings_keeps_a_picture_under_a_name_of_its_own(
    client, coordinator, auditor, project, kind, suffix
):
    client.force_login(coordinator)
    client.post(URL, payload(logotype_strip=picture(kind, name="../../x.html")))
    project.refresh_from_db()
    assert project.logotype_strip.name == f"logotypes/sputnik-ii.{suffix}"
    client.force_login(auditor)
    response = client.get(PICTURE)
    assert response["Content-Type"] == f"image/{kind.lower()}"
    assert b"".join(response.streaming_content)[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0")


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (
            SimpleUploadedFile("znaki.png", b"<svg onload=alert(1)>"),
            "To nie jest obraz PNG ani JPEG. Wybierz inny plik.",
        ),
        (picture("GIF"), "To nie jest obraz PNG ani JPEG. Wybierz inny plik."),
        (
            SimpleUploadedFile("znaki.png", picture().read()[:60]),
            "To nie jest obraz PNG ani JPEG. Wybierz inny plik.",
        ),
        (picture(size=(8001, 1)), "Obraz jest za duży: najwyżej 8000 punktów z boku."),
        (
            SimpleUploadedFile("znaki.png", picture().read() + b"0" * 2 * 1024 * 1024),
            "Plik jest większy niż 2 MB. Zapisz go w mniejszym rozmiarze.",
        ),
    ],
)
def test_project_settings_refuses_what_is_not_a_picture(
    client, coordinator, project, file, sentence
):
    file.seek(0)
    client.force_login(coordinator)
    form = client.post(URL, payload(logotype_strip=file)).context["form"]
    assert form.errors == {"logotype_strip": [sentence]}
    assert form["contract_number"].value() == "W/7/2022"
    project.refresh_from_db()
    assert (project.logotype_strip.name, project.contract_number) == ("", "")


def test_project_settings_without_a_picture_show_none(client, coordinator):
    client.force_login(coordinator)
    assert (client.get(PICTURE).status_code, PICTURE in client.get(URL).content.decode()) == (
        404,
        False,
    )


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_project_settings_are_for_coordinators(client, request, role):
    client.force_login(request.getfixturevalue(role))
    assert [client.get(URL).status_code, client.post(URL, payload()).status_code] == [403, 403]
