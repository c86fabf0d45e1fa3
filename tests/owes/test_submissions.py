from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.http import QueryDict

from owes import submissions
from owes.models import Submission
from owes.submissions import Token
from tests.factories import UserFactory

KEY = "/entities/add/"


@pytest.fixture
def user(db):
    return UserFactory()


def test_token_says_whose_form_it_is(user):
    token = submissions.read(submissions.issue(user, KEY), KEY)
    assert token.user_id == user.pk
    assert token != submissions.read(submissions.issue(user, KEY), KEY)


@pytest.mark.parametrize("text", [None, "", "1.abc", "1.abc:x:y", "\0", "ł" * 5000])
def test_token_made_up_is_none(text):
    assert submissions.read(text, KEY) is None


def test_token_is_good_for_one_form_and_a_month(user):
    text = submissions.issue(user, KEY)
    assert submissions.read(text, "/people/add/") is None
    with time_machine.travel(timedelta(days=31)):
        assert submissions.read(text, KEY) is None


def test_fingerprint_is_of_what_was_typed():
    first = QueryDict("name=A&services=1&services=2&editing-token=x&csrfmiddlewaretoken=y")
    same = QueryDict("services=1&services=2&name=A&editing-token=z")
    other = QueryDict("services=2&services=1&name=A")
    assert submissions.fingerprint(first) == submissions.fingerprint(same)
    assert submissions.fingerprint(first) != submissions.fingerprint(other)


def test_second_submission_finds_the_first(user):
    token, data = Token(user.pk, "abc", "def", KEY), QueryDict("name=A")
    first, is_first = submissions.once(token, data)
    assert (is_first, submissions.once(token, data)) == (True, (first, False))


def test_submission_taken_back_may_be_sent_again(user):
    token, data = Token(user.pk, "abc", "def", KEY), QueryDict("name=A")
    with transaction.atomic():
        submissions.once(token, data)
        transaction.set_rollback(True)
    assert (submissions.once(token, data)[1], Submission.objects.count()) == (True, 1)
