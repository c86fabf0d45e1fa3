"""Anonymisations carried out one after another, by a worker that may be killed between two."""

import pytest

from entities.merging import merge
from owes.models import Anonymisation
from owes.privacy.carrying_out import GONE, carry_out
from owes.privacy.deciding import is_anonymised
from tests.factories import PersonFactory, UserFactory

pytestmark = pytest.mark.usefixtures("db")


def decided(person):
    return Anonymisation.objects.create(
        model="entities.person", record=person.pk, words="osoba", basis="b", proposed_by=by()
    ).pk


def by():
    return UserFactory()


class Killed(Exception):
    pass


def test_work_that_was_killed_goes_on_where_it_stopped():
    people = PersonFactory.create_batch(3)
    keys = [decided(person) for person in people]

    def killed(done, total):
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        carry_out(keys, killed)
    assert [is_anonymised(person) for person in people] == [True, True, False]
    first = list(Anonymisation.objects.exclude(done_at=None).values_list("done_at", flat=True))
    told = []
    carry_out(keys, lambda *progress: told.append(progress))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert all(map(is_anonymised, people))
    done = Anonymisation.objects.filter(pk__in=keys[:2]).values_list("done_at", flat=True)
    assert sorted(done) == sorted(first)


def test_a_record_that_was_merged_away_meanwhile_is_told_of():
    person, other = PersonFactory.create_batch(2)
    key = decided(other)
    merge(person, other, by=by())
    carry_out([key], lambda *progress: None)
    row = Anonymisation.objects.get(pk=key)
    assert (row.obstacle, row.done_at, row.is_open) == (GONE, None, False)
