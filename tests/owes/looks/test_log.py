from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from owes.jobs import drop_looks
from owes.looks.collecting import collecting, saw
from owes.looks.log import KEPT_MONTHS
from owes.models import Job, Look, LookedAt
from support.papers.batches import Batch
from tests.factories import PersonFactory

LIST = reverse("entities:person_list")


def look(at=None, people=(1, 2)):
    Look.objects.keep(set(people), kind=Look.Kind.LIST, path="/people/", at=at or timezone.now())
    return Look.objects.latest("pk")


def oldest_kept():
    now = datetime.now(UTC)
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return first.replace(year=now.year - KEPT_MONTHS // 12)


def test_a_list_is_one_look_at_all_of_its_page(client, staff):
    people = PersonFactory.create_batch(30)
    client.force_login(staff)
    client.get(LIST, {"sex": people[0].sex, "q": "", "Jan Kowalski": "1", "page": "1"})
    kept = Look.objects.get()
    assert (kept.user, kept.kind, kept.path, kept.count) == (staff, "list", LIST, 25)
    assert (kept.asked, kept.purpose) == ("sex", "")
    assert kept.people.count() == 25


def test_a_search_is_kept_without_the_words(client, staff):
    person = PersonFactory(last_name="Gżegżółka")
    client.force_login(staff)
    client.get(reverse("owes:search"), {"q": "gżegżółka"})
    kept = Look.objects.get()
    assert (kept.kind, kept.path, kept.asked) == ("search", reverse("owes:search"), "q")
    assert [row.person for row in kept.people.all()] == [person.pk]


@pytest.mark.django_db
def test_a_look_takes_two_queries_however_many_people(django_assert_num_queries):
    with django_assert_num_queries(2):
        Look.objects.keep(set(range(3000)), kind=Look.Kind.LIST, path="/people/")
    assert LookedAt.objects.count() == 3000


def test_nothing_is_kept_of_an_answer_that_shows_nobody(client, staff, auditor):
    person = PersonFactory()
    client.force_login(staff)
    client.head(person.get_absolute_url())
    client.get(reverse("entities:entity_list"))
    client.get(reverse("entities:person_detail", args=[person.pk + 1]))
    client.force_login(auditor)
    assert client.get(person.get_absolute_url()).status_code == 403
    assert not Look.objects.exists()


@pytest.mark.django_db
def test_the_program_refuses_to_change_and_to_delete():
    kept = look()
    for row in (kept, kept.people.first()):
        for act in (
            row.save,
            row.delete,
            type(row).objects.all().delete,
            lambda row=row: type(row).objects.update(pk=9),
        ):
            with pytest.raises(TypeError):
                act()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE owes_look SET path = ''",
        "UPDATE owes_lookedat SET person = 5",
        "DELETE FROM owes_lookedat",
        "DELETE FROM owes_look",
    ],
)
def test_the_database_refuses_to_change_and_to_delete(statement):
    look()
    with (
        pytest.raises(IntegrityError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db
def test_months_older_than_the_log_is_kept_are_dropped():
    old = look(oldest_kept() - timedelta(microseconds=1), people=[7])
    kept = look(oldest_kept(), people=[8])
    new = look(people=[9])
    drop_looks()
    assert list(Look.objects.order_by("pk")) == [kept, new]
    assert list(LookedAt.objects.order_by("pk").values_list("person", flat=True)) == [8, 9]
    assert old.at < kept.at


def test_people_of_a_file_made_in_the_background_are_seen_when_it_is_taken(
    client, staff, project, media
):
    people = PersonFactory.create_batch(2)
    job = Job.objects.create(
        kind="papers",
        key="papers:1",
        params={"project": project.slug, "batch": Batch.CARDS},
        people=[person.pk for person in people],
        state=Job.State.DONE,
    )
    job.file.save("karty.pdf", ContentFile(b"%PDF-1.4\n"))
    client.force_login(staff)
    client.get(reverse("support:paper_file", args=[project.slug, job.pk]))
    assert set(LookedAt.objects.values_list("person", flat=True)) == set(job.people)


def test_what_is_read_inside_and_not_shown_stays_inside():
    with collecting() as outer:
        saw([1, None])
        with collecting() as inner:
            saw([2])
    assert (outer, inner) == ({1}, {2})
