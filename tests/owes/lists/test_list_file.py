import csv
import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains
from python_calamine import CalamineWorkbook

from owes import tables
from owes.jobs import HANDLERS, JobProgress, drop_list_files, run
from owes.lists import exporting
from owes.models import Job, Look
from support.models import Membership, Recipient
from tests.factories import (
    EntityFactory,
    EvidenceFactory,
    PartnershipFactory,
    PersonFactory,
    ServiceFactory,
)

SERVICES = reverse("support:service_list", args=["sputnik-ii"])
PEOPLE = reverse("entities:person_list")


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """A list is long from three rows, a chunk of a file has two."""
    monkeypatch.setattr(exporting, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(tables, "IN_A_CHUNK", 2)


def services(count=3, **fields):
    return [ServiceFactory(topic=f"Temat {number}", **fields) for number in range(count)]


def ordered(client, url, **query):
    """The job that the list leads to."""
    response = client.get(url, query)
    job = Job.objects.get(pk=response.url.split("/")[-2])
    assert response.url == reverse("owes:list_file", args=[job.pk])
    return job


def made(client, url, **query):
    job = ordered(client, url, **query)
    run(job.pk)
    job.refresh_from_db()
    return job


def taken(client, job):
    return client.get(reverse("owes:list_file_download", args=[job.pk]))


def lines(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_short_list_is_a_file_at_once(client, staff):
    services(2)
    client.force_login(staff)
    response = client.get(SERVICES, {"format": "csv"})
    assert (response["Content-Type"], Job.objects.count()) == ("text/csv; charset=utf-8", 0)


@pytest.mark.parametrize("wanted", ["csv", "xlsx"])
def test_file_of_a_worker_is_that_of_the_request(client, staff, monkeypatch, wanted):
    services(5)
    ServiceFactory(topic="Inny")
    client.force_login(staff)
    query = {"format": wanted, "q": "temat", "sort": "-topic", "page": "2"}
    job = made(client, SERVICES, **query)
    response = taken(client, job)
    monkeypatch.setattr(exporting, "MOST_AT_ONCE", 5)
    at_once = client.get(SERVICES, query)
    assert response["Content-Disposition"] == at_once["Content-Disposition"]
    content = b"".join(response.streaming_content)
    if wanted == "csv":
        assert content == at_once.content
        assert len(content.splitlines()) == 6
    else:
        found, expected = (
            [
                book.get_sheet_by_index(0).to_python()
                for book in map(CalamineWorkbook.from_filelike, map(io.BytesIO, pair))
            ]
            for pair in ([content], [at_once.content])
        )
        assert found == expected
    assert (job.progress, job.total) == (5, 5)


def test_list_file_asks_again_until_the_file_is_made(client, staff):
    services()
    client.force_login(staff)
    job = ordered(client, SERVICES, format="xlsx", q="temat", page="2")
    url = reverse("owes:list_file", args=[job.pk])
    assertContains(client.get(url), "czeka w kolejce")
    Job.objects.update(state="running", progress=4000, total=20000)
    response = client.get(url, headers={"HX-Request": "true"})
    assertContains(response, "4000 z 20\u00a0000\u00a0wierszy")
    assertNotContains(response, "<html")
    Job.objects.update(state="queued")
    run(job.pk)
    page = client.get(url)
    assertContains(page, "Pobierz xlsx")
    assertContains(page, "3\u00a0wiersze")
    assertContains(page, f'href="{SERVICES}?q=temat"')


def test_file_that_waits_is_ordered_once_and_a_later_one_anew(client, staff):
    services()
    client.force_login(staff)
    first = ordered(client, SERVICES, format="csv")
    assert ordered(client, SERVICES, format="csv") == first
    assert ordered(client, SERVICES, format="csv", q="temat") != first
    run(first.pk)
    assert ordered(client, SERVICES, format="csv") != first


def test_file_is_only_for_the_one_who_ordered_it(client, staff, coordinator):
    services()
    client.force_login(staff)
    job = made(client, SERVICES, format="csv")
    client.force_login(coordinator)
    page = reverse("owes:list_file", args=[job.pk])
    assert [client.get(page).status_code, taken(client, job).status_code] == [404, 404]


def test_who_lost_the_project_gets_neither_the_file_nor_the_work(client, staff):
    services()
    client.force_login(staff)
    job, waiting = made(client, SERVICES, format="csv"), ordered(client, SERVICES, format="csv")
    Membership.objects.filter(user=staff).update(is_active=False)
    assert taken(client, job).status_code == 403
    run(waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.error) == ("failed", "Nie masz już dostępu do tej listy.")


def test_account_switched_off_gets_no_work(client, coordinator):
    PersonFactory.create_batch(3)
    client.force_login(coordinator)
    job = ordered(client, PEOPLE, format="csv", purpose="support")
    coordinator.is_active = False
    coordinator.save()
    run(job.pk)
    assert Job.objects.get().state == "failed"


def test_texts_are_withheld_from_the_auditor_by_the_worker_too(client, auditor):
    services(state="approved", place="u Anny Tajnej")
    client.force_login(auditor)
    job = made(client, SERVICES, format="csv", columns="place")
    head, *rows = lines(taken(client, job))
    assert (head, rows) == (
        ["Usługa", "Miejsce"],
        [[row[0], "treść zasłonięta"] for row in rows],
    )
    assert len(rows) == 3


def test_texts_made_for_another_role_are_not_given(client, staff):
    services(state="approved", place="u Anny Tajnej")
    client.force_login(staff)
    job = made(client, SERVICES, format="csv", columns="place")
    Membership.objects.filter(user=staff).update(role="auditor")
    assert taken(client, job).status_code == 403


def test_taking_the_file_is_a_look_at_the_list(client, coordinator, monkeypatch):
    people = PersonFactory.create_batch(3)
    client.force_login(coordinator)
    query = {"format": "csv", "purpose": "support", "sex": people[0].sex}
    monkeypatch.setattr(exporting, "MOST_AT_ONCE", 9)
    client.get(PEOPLE, query)
    monkeypatch.setattr(exporting, "MOST_AT_ONCE", 2)
    job = made(client, PEOPLE, **query)
    assert Look.objects.count() == 1
    response = taken(client, job)
    assert len(lines(response)) == 4
    at_once, later = (
        (*values, set(look.people.values_list("person", flat=True)))
        for look in Look.objects.order_by("pk")
        for values in [(look.user, look.kind, look.path, look.asked, look.purpose, look.count)]
    )
    assert later == at_once
    assert at_once == (
        *(coordinator, "export", PEOPLE, "sex", "support", 3),
        {person.pk for person in people},
    )


def test_a_day_later_the_file_and_whom_it_named_are_gone(client, coordinator):
    people = PersonFactory.create_batch(3, last_name="Tajna")
    client.force_login(coordinator)
    job = made(client, PEOPLE, format="csv", purpose="support", q=people[0].last_name)
    assert people[0].last_name in QueryDict(job.params["query"])["q"]
    storage, name = job.file.storage, job.file.name
    drop_list_files()
    assert storage.exists(name)
    Job.objects.update(finished_at=timezone.now() - timedelta(hours=24, minutes=1))
    assert taken(client, job).status_code == 404
    assertContains(client.get(reverse("owes:list_file", args=[job.pk])), "Pliku już nie ma")
    drop_list_files()
    job.refresh_from_db()
    assert (storage.exists(name), job.file.name, job.people) == (False, "", [])
    assert job.params["query"] == "format=csv"  # what was searched may name somebody
    drop_list_files()
    assertContains(client.get(reverse("owes:list_file", args=[job.pk])), "Nowy zamówisz z listy.")


def test_files_of_other_work_are_kept(db):
    job = Job.objects.create(kind="papers", key="a", state="done")
    job.file.save("k.pdf", ContentFile(b"%PDF-1"))
    Job.objects.update(finished_at=timezone.now() - timedelta(days=9))
    drop_list_files()
    assert Job.objects.get().file


def test_chunk_of_a_file_is_always_as_many_queries(client, staff, monkeypatch):
    """Two rows of a chunk or six: the queries of the file hang on the number of chunks alone."""
    for service in services(6):
        Recipient.objects.create(service=service, entity=EntityFactory())
    client.force_login(staff)
    job = ordered(client, SERVICES, format="csv")

    def asked(rows):
        monkeypatch.setattr(tables, "IN_A_CHUNK", rows)
        with CaptureQueriesContext(connection) as queries:
            HANDLERS["list_file"](job, lambda done, total: None)
        return len(queries)

    asked(6)  # roles are read once
    three, two, one = asked(2), asked(3), asked(6)
    assert three - two == two - one
    assert two - one == 4  # the rows, their kinds, recipients and staff


def test_progress_is_told_of_each_chunk(client, staff):
    services(5)
    client.force_login(staff)
    job = ordered(client, SERVICES, format="csv")
    told = []
    HANDLERS["list_file"](job, lambda done, total: told.append((done, total)))
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_evidence_of_every_page_is_counted_in_the_file(client, staff, monkeypatch):
    """Also below the first page, which alone has its evidence looked up for the screen."""
    acts = [PartnershipFactory(code=f"J{number:02}") for number in range(30)]
    for act in acts:
        EvidenceFactory(partnership=act, service=None)
    client.force_login(staff)
    monkeypatch.setattr(exporting, "MOST_AT_ONCE", 99)
    url = reverse("support:partnership_list", args=["sputnik-ii"])
    text = client.get(url, {"format": "csv"}).content.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text), delimiter=";")
    assert [row[head.index("Dowody")] for row in rows] == ["1"] * 30


def test_lease_that_was_lost_ends_the_writing(client, staff):
    services(5)
    client.force_login(staff)
    job = ordered(client, SERVICES, format="csv")
    with pytest.raises(Exception, match="^$") as error:
        HANDLERS["list_file"](job, JobProgress(job))  # nobody holds the row
    assert type(error.value).__name__ == "LeaseLost"


@pytest.mark.parametrize(
    ("page", "arguments", "wanted"),
    [
        ("entities:entity_list", [], "xlsx"),
        ("support:partnership_list", ["sputnik-ii"], "csv"),
        ("support:evidence_list", ["sputnik-ii"], "csv"),
        ("support:evidence_missing", ["sputnik-ii"], "csv"),
        ("indicators:check_list", ["sputnik-ii"], "csv"),
        ("indicators:project_entity_list", ["sputnik-ii"], "csv"),
        ("indicators:indicator_detail", ["sputnik-ii", "pes"], "xlsx"),
        ("indicators:indicator_detail", ["sputnik-ii", "pes"], "csv"),
        ("indicators:indicator_detail", ["sputnik-ii", "pes"], "csv-niezaliczone"),
    ],
)
def test_every_long_list_is_made_by_a_worker(
    client, coordinator, monkeypatch, page, arguments, wanted
):
    evidence = EvidenceFactory(service=ServiceFactory(state="approved"))
    Recipient.objects.create(service=evidence.service, entity=EntityFactory())
    PartnershipFactory()
    client.force_login(coordinator)
    url = reverse(page, args=arguments)
    monkeypatch.setattr(exporting, "MOST_AT_ONCE", 99)
    at_once = client.get(url, {"format": wanted})
    monkeypatch.setattr(exporting, "MOST_AT_ONCE", -1)
    later = taken(client, made(client, url, format=wanted))
    assert (later["Content-Disposition"], later["Content-Type"]) == (
        at_once["Content-Disposition"],
        at_once["Content-Type"],
    )
    if wanted != "xlsx":
        assert b"".join(later.streaming_content) == at_once.content
