from datetime import timedelta
from urllib.parse import quote

import pytest
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone

from owes import drafts, jobs, submissions
from owes.models import FormDraft, Submission
from tests.factories import UserFactory

pytestmark = pytest.mark.usefixtures("db")
KEY = "/entities/add/?entity=P1"


def typed(text):
    return QueryDict(text, mutable=True)


def keep(user, text, opening="one", key=KEY):
    return drafts.keep(user.pk, key, typed(text), opening)


def kept_fields(user, key=KEY):
    return dict(drafts.typed_in(drafts.waiting(user, key).get()).lists())


def test_draft_gives_back_every_field_with_all_its_values(staff):
    keep(staff, "name=Ko%C5%82o&services=U/1&services=U/2&note=a%00b")
    assert kept_fields(staff) == {
        "name": ["Koło"],
        "services": ["U/1", "U/2"],
        "note": ["a\0b"],
    }


def test_draft_is_of_one_person_and_one_form(staff):
    draft = keep(staff, "name=A")
    assert not drafts.waiting(UserFactory()).exists()
    assert not drafts.waiting(staff, "/entities/add/").exists()
    assert list(drafts.waiting(staff)) == [draft]


def test_draft_holds_what_was_typed_last_in_its_opening(staff):
    for text in ("name=A", "name=B"):
        keep(staff, text)
    assert (kept_fields(staff), FormDraft.objects.count()) == ({"name": ["B"]}, 1)


def test_each_opening_has_a_draft_of_its_own_the_latest_first(staff):
    first, second = keep(staff, "name=A", "one"), keep(staff, "name=B", "two")
    assert [drafts.typed_in(draft)["name"] for draft in drafts.waiting(staff, KEY)] == ["B", "A"]
    assert list(drafts.waiting(staff, KEY)) == [second, first]


def test_draft_holds_the_day_that_a_word_meant(staff, time_machine):
    time_machine.move_to("2026-11-28 12:00 +0100")
    keep(staff, "topic=wczoraj&day=wczoraj&end=5.4.22&draft-days=day&draft-days=end")
    time_machine.move_to("2026-11-30 12:00 +0100")
    assert kept_fields(staff) == {"topic": ["wczoraj"], "day": ["27.11.2026"], "end": ["5.4.22"]}
    assert "27.11.2026" in drafts.waiting(staff).get().label


def test_draft_never_holds_passwords_or_tokens_of_the_session(staff):
    data = typed("csrfmiddlewaretoken=x&password=a&new_password1=b&seen=c&act=submit&name=A")
    drafts.keep(staff.pk, KEY, data, "one")
    assert kept_fields(staff) == {"name": ["A"]}
    assert "password" in data  # what the view gets is left whole


def test_draft_that_is_too_long_is_refused_and_the_last_one_stays(staff):
    keep(staff, "name=A")
    with pytest.raises(drafts.TooLong):
        keep(staff, f"name={'x' * drafts.LIMIT}")
    assert kept_fields(staff) == {"name": ["A"]}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("type=3&topic=Plan+marketingowy&act=draft&mode=on_site", "Plan marketingowy"),
        ("first_name=Jan&last_name=Kowalski&phone=24+1&sex=m", "Jan, Kowalski, 24 1"),
        ("editing-token=1.A.B&sessions-0-day=8.05.2024&sessions-0-start=9:00", "8.05.2024"),
        ("note=a%0A%0Ab++c", "a b c"),
        ("entity=P1&entity=P1&services=U/1&topic=T&place=M", "P1, U/1, T"),
        ("name=on", ""),
        ("name=A%00B", "AB"),
        (f"name={'Ą' * 200}", "Ą" * 120),
    ],
)
def test_label_is_the_first_words_of_the_form(staff, text, label):
    keep(staff, text)
    assert drafts.waiting(staff).get().label == label


def test_title_tells_what_the_form_is_of_and_is_nothing_typed(staff):
    keep(staff, f"name=A&draft-title={'x' * 300}")
    assert (drafts.waiting(staff).get().title, kept_fields(staff)) == ("x" * 200, {"name": ["A"]})


def test_draft_of_a_form_already_saved_is_not_given_back(staff):
    keep(staff, "name=A", "opening")
    Submission.objects.create(token="token", opening="opening", user=staff, url="/")
    assert not drafts.waiting(staff, KEY).exists()


def test_saving_one_form_leaves_the_draft_of_another_of_the_same_address(staff):
    keep(staff, "name=A", "second")
    drafts.forget(submissions.Token(staff.pk, "saving", "first", KEY))
    assert kept_fields(staff) == {"name": ["A"]}
    drafts.forget(submissions.Token(staff.pk, "saving", "second", KEY))
    assert not drafts.waiting(staff, KEY).exists()


def test_an_opening_that_goes_on_with_a_draft_takes_it_along(staff):
    first = keep(staff, "name=A", "first")
    keep(staff, f"name=B&draft-continues={quote(drafts.continuing(first))}", "second")
    assert kept_fields(staff) == {"name": ["B"]}


def test_a_draft_typed_on_meanwhile_is_not_taken_along(staff):
    first = keep(staff, "name=A", "first")
    keep(staff, "name=A2", "first")
    keep(staff, f"name=B&draft-continues={quote(drafts.continuing(first))}", "second")
    assert {draft.label for draft in drafts.waiting(staff)} == {"A2", "B"}


@pytest.mark.parametrize("continued", ["", "first", "first:", "first:x", ":", "%00:%00"])
def test_what_is_continued_may_be_anything(staff, continued):
    keep(staff, "name=A", "first")
    keep(staff, f"name=B&draft-continues={continued}", "second")
    assert drafts.waiting(staff).count() == 2


def test_a_dropped_draft_waits_no_more_and_comes_back_when_restored(staff):
    draft = keep(staff, "name=A")
    drafts.drop(staff, KEY, ["one"])
    assert (list(drafts.waiting(staff)), list(drafts.dropped(staff))) == ([], [draft])
    drafts.restore(staff, KEY, ["one"])
    assert (list(drafts.waiting(staff)), list(drafts.dropped(staff))) == ([draft], [])


def test_sweeping_is_on_the_clock():
    assert settings.CELERY_BEAT_SCHEDULE["sweep-drafts"]["task"] == jobs.sweep_drafts.name


def test_drafts_and_submissions_of_a_month_ago_are_swept(staff):
    now = timezone.now()
    for days in (29, 31):
        keep(staff, "name=A", key=f"/{days}/")
        Submission.objects.create(token=days, user=staff, url=f"/{days}/")
        at = now - timedelta(days=days)
        FormDraft.objects.filter(key=f"/{days}/").update(updated_at=at)
        Submission.objects.filter(token=days).update(at=at)
    jobs.sweep_drafts()
    assert list(FormDraft.objects.values_list("key", flat=True)) == ["/29/"]
    assert list(Submission.objects.values_list("url", flat=True)) == ["/29/"]
