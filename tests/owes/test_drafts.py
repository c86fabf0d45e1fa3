from datetime import timedelta

import pytest
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from owes import drafts, jobs, submissions
from owes.models import FormDraft, Submission
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
KEY = "/entities/add/?entity=P1"


def typed(text):
    return QueryDict(text, mutable=True)


def kept_fields(user, key=KEY):
    return dict(drafts.typed_in(drafts.kept(user, key)).lists())


def test_draft_gives_back_every_field_with_all_its_values(staff):
    drafts.keep(staff.pk, KEY, typed("name=Ko%C5%82o&services=U/1&services=U/2&note=a%00b"))
    assert kept_fields(staff) == {
        "name": ["Koło"],
        "services": ["U/1", "U/2"],
        "note": ["a\0b"],
    }


def test_draft_is_of_one_person_and_one_form(staff):
    drafts.keep(staff.pk, KEY, typed("name=A"))
    assert drafts.kept(UserFactory(), KEY) is None
    assert drafts.kept(staff, "/entities/add/") is None


def test_draft_holds_what_was_typed_last(staff):
    for text in ("name=A", "name=B"):
        drafts.keep(staff.pk, KEY, typed(text))
    assert (kept_fields(staff), FormDraft.objects.count()) == ({"name": ["B"]}, 1)


def test_draft_never_holds_passwords_or_tokens_of_the_session(staff):
    data = typed("csrfmiddlewaretoken=x&password=a&new_password1=b&seen=c&act=submit&name=A")
    drafts.keep(staff.pk, KEY, data)
    assert kept_fields(staff) == {"name": ["A"]}
    assert "password" in data  # what the view gets is left whole


def test_draft_that_is_too_long_is_refused_and_the_last_one_stays(staff):
    drafts.keep(staff.pk, KEY, typed("name=A"))
    with pytest.raises(drafts.TooLong):
        drafts.keep(staff.pk, KEY, typed(f"name={'x' * drafts.LIMIT}"))
    assert kept_fields(staff) == {"name": ["A"]}


def test_draft_of_a_form_already_saved_is_not_given_back(staff):
    drafts.keep(staff.pk, KEY, typed("name=A"), "token")
    Submission.objects.create(token="token", user=staff, url="/")
    assert drafts.kept(staff, KEY) is None


def test_saving_one_form_leaves_the_draft_of_another_of_the_same_address(staff):
    drafts.keep(staff.pk, KEY, typed("name=A"), "second")
    drafts.drop_of(submissions.Token(staff.pk, "first"))
    assert kept_fields(staff) == {"name": ["A"]}
    drafts.drop_of(submissions.Token(staff.pk, "second"))
    assert drafts.kept(staff, KEY) is None


def test_sweeping_is_on_the_clock():
    assert settings.CELERY_BEAT_SCHEDULE["sweep-drafts"]["task"] == jobs.sweep_drafts.name


def test_drafts_and_submissions_of_a_month_ago_are_swept(staff):
    now = timezone.now()
    for days in (29, 31):
        drafts.keep(staff.pk, f"/{days}/", typed("name=A"))
        Submission.objects.create(token=days, user=staff, url=f"/{days}/")
        at = now - timedelta(days=days)
        FormDraft.objects.filter(key=f"/{days}/").update(updated_at=at)
        Submission.objects.filter(token=days).update(at=at)
    jobs.sweep_drafts()
    assert list(FormDraft.objects.values_list("key", flat=True)) == ["/29/"]
    assert list(Submission.objects.values_list("url", flat=True)) == ["/29/"]
