import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from support.models import Evidence
from tests.factories import (
    EntityFactory,
    EvidenceFactory,
    PersonFactory,
    ProjectFactory,
    ServiceFactory,
    StaffTrainingFactory,
    UserFactory,
)

URL = reverse("support:evidence_list", args=["sputnik-ii"])
JUDGE = reverse("support:evidence_judge", args=["sputnik-ii"])


def names(response):
    return [row.record.file_name for row in response.context["table"].rows]


@pytest.fixture
def rows(project):
    entity = EntityFactory(name="Koło „Łąka”")
    return [
        EvidenceFactory(file_name="a.pdf", service__topic="Statut spółdzielni"),
        EvidenceFactory(file_name="b.pdf", service=None, entity=entity, kind="odpis KRS"),
        EvidenceFactory(
            file_name="c.pdf",
            service=None,
            person=PersonFactory(),
            state="verified",
            released_by=UserFactory(),
            released_at=timezone.now(),
        ),
    ]


def test_evidence_list_finds_a_training_by_who_took_part(client, staff):
    training = StaffTrainingFactory(staff_member__name="Ewa Łącka")
    EvidenceFactory(service=None, staff_training=training, file_name="z.pdf")
    EvidenceFactory()
    client.force_login(staff)
    assert names(client.get(URL, {"q": "lacka"})) == ["z.pdf"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"q": "KOLO laka"}, ["b.pdf"]),
        ({"q": "spoldzielni"}, ["a.pdf"]),
        ({"q": "C.PDF"}, ["c.pdf"]),
        ({"subject": "entity"}, ["b.pdf"]),
        ({"kind": "odpis KRS"}, ["b.pdf"]),
        ({"state": "verified"}, ["c.pdf"]),
        ({"released": "yes"}, ["c.pdf"]),
        ({"released": "no"}, ["b.pdf", "a.pdf"]),
        ({"sort": "file_name"}, ["a.pdf", "b.pdf", "c.pdf"]),
        ({"state": "x", "subject": "y"}, ["c.pdf", "b.pdf", "a.pdf"]),
        ({"q": "\0"}, []),
    ],
)
def test_evidence_list_filters_by_the_address(client, staff, rows, asked, expected):
    client.force_login(staff)
    assert names(client.get(URL, asked)) == expected


def test_evidence_list_of_an_auditor_names_nobody(client, auditor, rows):
    person = rows[2].person
    client.force_login(auditor)
    page = client.get(URL).content.decode()
    words = ["c.pdf", person.last_name, person.code, 'name="rows"', "sprawdzony"]
    assert [page.count(word) > 0 for word in words] == [False, False, True, False, True]
    assert names(client.get(URL, {"q": "c.pdf"})) == []
    assert names(client.get(URL, {"q": person.last_name})) == []
    file = client.get(URL, {"format": "csv", "columns": ["file_name", "sha256"]})
    assert "c.pdf" not in file.content.decode()


def test_evidence_list_as_a_file_has_what_is_shown(client, coordinator, rows):
    client.force_login(coordinator)
    text = client.get(URL, {"format": "csv", "subject": "entity"}).content.decode("utf-8-sig")
    header, *lines = csv.reader(io.StringIO(text), delimiter=";")
    assert header == ["Dokument", "Plik", "Zapis", "Stan", "Powód", "Dodano", "Kto dodał"]
    assert [line[:4] for line in lines] == [
        ["odpis KRS", "b.pdf", "Koło „Łąka”", "do sprawdzenia"]
    ]


def test_evidence_list_keeps_to_its_project(client, staff, rows):
    EvidenceFactory(project=ProjectFactory())
    client.force_login(staff)
    assert len(names(client.get(URL))) == 3


@pytest.mark.parametrize("role", ["staff", "coordinator", "auditor"])
def test_evidence_list_asks_the_database_as_often_for_many(request, client, role, query_count):
    client.force_login(request.getfixturevalue(role))
    EvidenceFactory(service__state="approved")
    queries = query_count(URL)
    EvidenceFactory.create_batch(30, service__state="approved")
    EvidenceFactory.create_batch(3, service=None, entity=EntityFactory())
    assert query_count(URL) == queries


# Judging many at once


def test_evidence_judge_verifies_many_and_keeps_the_list(client, coordinator, rows):
    client.force_login(coordinator)
    data = {"rows": [rows[0].pk, rows[1].pk], "state": "verified", "back": "subject=service&x=1"}
    answer = client.post(JUDGE, data)
    assert answer.url == f"{URL}?subject=service&x=1"
    states = Evidence.objects.order_by("file_name").values_list("state", "judged_by__name")
    assert list(states) == [
        ("verified", coordinator.name),
        ("verified", coordinator.name),
        ("verified", None),
    ]
    assert rows[0].history.first().history_user == coordinator


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"state": "refused"}, "Aby odrzucić, podaj powód."),
        ({"state": "refused", "reason": "  "}, "Aby odrzucić, podaj powód."),
        ({"state": "verified", "rows": []}, "Zaznacz dowody na liście."),
        ({"state": "withdrawn"}, "Wybierz poprawną wartość."),
    ],
)
def test_evidence_judge_refuses_with_a_sentence(client, coordinator, rows, data, sentence):
    client.force_login(coordinator)
    page = client.post(JUDGE, {"rows": [rows[0].pk]} | data, follow=True)
    texts = [str(message) for message in page.context["messages"]]
    assert (len(texts), texts[0][: len(sentence)]) == (1, sentence)
    assert Evidence.objects.filter(judged_by=None).count() == 3


def test_evidence_judge_refuses_with_the_reason_kept(client, coordinator, rows):
    client.force_login(coordinator)
    client.post(JUDGE, {"rows": [rows[0].pk], "state": "refused", "reason": " bez podpisu "})
    rows[0].refresh_from_db()
    assert (rows[0].state, rows[0].reason) == ("refused", "bez podpisu")


def test_evidence_judge_is_all_or_nothing(client, coordinator, rows):
    rows[1].withdraw(coordinator, "pomyłka")
    client.force_login(coordinator)
    data = {"rows": [row.pk for row in rows], "state": "refused", "reason": "x"}
    page = client.post(JUDGE, data, follow=True)
    assert [str(message) for message in page.context["messages"]] == [
        "Dowód „b.pdf” jest już w stanie „wycofany”."
    ]
    assert Evidence.objects.filter(state="refused").count() == 0


def test_evidence_judge_leaves_other_projects_alone(client, coordinator):
    row = EvidenceFactory(project=ProjectFactory())
    client.force_login(coordinator)
    client.post(JUDGE, {"rows": [row.pk], "state": "verified"})
    row.refresh_from_db()
    assert row.state == "waiting"


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_evidence_judge_is_for_coordinators(request, client, role, rows):
    client.force_login(request.getfixturevalue(role))
    assert client.post(JUDGE, {"rows": [rows[0].pk], "state": "verified"}).status_code == 403
    assert Evidence.objects.filter(judged_by=None).count() == 3


def test_service_page_shows_its_evidence(client, staff):
    row = EvidenceFactory(service=ServiceFactory(), file_name="karta Łąck.pdf")
    client.force_login(staff)
    assert client.get(row.service.get_absolute_url()).content.decode().count(row.file_name) == 1
