from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from owes.models import Anonymisation
from owes.privacy.deciding import approve, is_anonymised, kept, propose, withdraw
from support.models import Declaration
from tests.factories import PersonFactory, UserFactory, sputnik

pytestmark = pytest.mark.usefixtures("db")


def declared(until):
    """Somebody with a declaration in a project whose documents are kept until a day."""
    project, person = sputnik(), PersonFactory()
    project.documents_kept_until = until
    project.save()
    Declaration.objects.create(project=project, person=person, signed_on=date(2023, 1, 9))
    return person


def sentences(person):
    return [each.sentence for each in kept(person)]


def test_while_documents_are_kept_two_people_decide(django_capture_on_commit_callbacks):
    person, first, second = declared(date(2099, 12, 31)), UserFactory(), UserFactory()
    assert sentences(person) == ["SPUTNIK II: dokumenty przechowuje się do 31.12.2099."]
    row = propose(person, "art. 17 ust. 1 lit. d", first)
    assert not is_anonymised(person)
    with pytest.raises(ValidationError, match="Zatwierdza inna osoba"):
        approve(row, first)
    with django_capture_on_commit_callbacks(execute=True):
        approve(row, second)
    assert is_anonymised(person)
    with pytest.raises(ValidationError, match="już zatwierdzony"):
        approve(row, second)


def test_the_database_itself_wants_two_people():
    row = propose(declared(date(2099, 12, 31)), "podstawa", UserFactory())
    row.approved_by, row.done_at = row.proposed_by, timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize(("age", "count"), [(0, 1), (1, 0)])
def test_documents_are_kept_until_the_end_of_their_day(age, count):
    person = declared(timezone.localdate() - timedelta(days=age))
    assert len(sentences(person)) == count


def test_a_day_nobody_wrote_keeps_them():
    assert sentences(declared(None)) == [
        "SPUTNIK II: nie wpisano dnia, do którego przechowuje się dokumenty."
    ]


def test_afterwards_one_person_decides(django_capture_on_commit_callbacks):
    person = declared(date(2020, 1, 1))
    with django_capture_on_commit_callbacks(execute=True):
        propose(person, "koniec przechowywania", UserFactory())
    assert is_anonymised(person)
    with pytest.raises(ValidationError, match="już czeka albo jest zrobiona"):
        propose(person, "jeszcze raz", UserFactory())


def test_a_withdrawn_proposal_may_be_made_again():
    person = declared(date(2099, 12, 31))
    row = propose(person, "pierwszy", UserFactory())
    withdraw(row)
    with pytest.raises(ValidationError, match="wycofany"):
        withdraw(row)
    with pytest.raises(ValidationError, match="wycofany"):
        approve(row, UserFactory())
    propose(person, "drugi", UserFactory())
    assert Anonymisation.objects.waiting().get().basis == "drugi"
