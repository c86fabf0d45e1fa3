"""A page with a form, so that nothing typed in it is lost, overwritten unseen or saved twice.

    @form_page
    def adoption_edit(request, slug, pk):
        ...
        editing = request.editing.of(adoption, "service_links")
        form = AdoptionForm(editing.data, instance=adoption, project=project)
        if editing.is_ready(form):
            form.save()
            if editing.saved():
                return redirect(...)
        return render(request, "support/cooperation/adoption_form.html", {"form": form, ...})

The view runs once, in one transaction. It is kept only when the view says that it saved, by
`saved`, or that it moved the text to another form, by `move`. The page includes
`components/editing_notices.html` above its form and `components/editing_fields.html` in it, and
the form is marked with `data-draft`.

Each opening has a draft of its own. A form of a new record opens empty and offers what waits; one
of a record that is there opens with the only text that waits, and offers several. `?draft=` opens
one of them, `?dropped=` says which was just put away.

A saving that moves the records away from a closed report needs a reason. Without one `saved`
undoes it and answers False; the view then shows the form again, and the page asks for the reason.
"""

from collections.abc import Callable, Iterable
from copy import copy
from functools import cached_property, wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme

from owes import drafts, submissions, versions
from owes.change_reasons import ChangeReason
from owes.concurrent_edits import take_over
from owes.forms import CORRECTS
from owes.history import explained_by
from owes.models import FormDraft, Submission
from owes.record_history.restoring import EarlierState
from owes.rehearsal import ReportsWatch, watch_reports
from owes.requests import Request

VERSION = "editing-version"
ACT = "editing-act"
DRAFT = "editing-draft"
SAVED = "editing-saved"
BACK = "editing-back"
ALREADY = "Ten formularz był już zapisany. Drugi raz nic nie dodano."


class Editing:
    """One user filling in one form: the data, the version it began with, and the submission.

    `draft` is what was given back on opening the page, `other_drafts` what else waits, `dropped`
    what was just put away together; `conflict` what somebody else saved meanwhile, `used` the
    saving of this very form before, and `change_reason` why what closed reports said is changed;
    `is_reported` is made false for a record no report counts.
    """

    def __init__(self, request: Request) -> None:
        self.user, self.key = request.user, submissions.key_of(request)
        self.match: Any = request.resolver_match
        self.is_sent = request.method == "POST"
        self.draft: FormDraft | None = None
        self.conflict: versions.Conflict | None = None
        self.claimed: Submission | None = None
        self.used: Submission | None = None
        self.data: Any = None
        self.record: Any = None
        self.parts: tuple[str, ...] = ()
        self.version: Any = None
        self.dropped: list[FormDraft] = []
        self.waiting: list[FormDraft] = []
        self.is_asked = False
        self.given: Any = None
        self.is_saved = self.is_moved = False
        self.change_reason, self.is_reported = ChangeReason(request.POST), True
        self.reports: ReportsWatch | None = None
        self.earlier_state = EarlierState(request)
        if self.is_sent:
            self.data = request.POST
            self.given = submissions.read(self.data.get(submissions.FIELD), self.key)
            if self.given and self.given.user_id != self.user.pk:
                self.given = None
        else:
            self._open(request.GET)

    def _open(self, asked: QueryDict) -> None:
        self.waiting = list(drafts.waiting(self.user, self.key)[: drafts.SHOWN])
        for opening in drafts.openings([asked.get("draft", "")]):
            self._take([draft for draft in self.waiting if draft.opening == opening])
            if not self.draft:
                self.used = submissions.saved_of(self.user, self.key, opening)
        for opening in drafts.openings([asked.get("dropped", "")]):
            dropped = drafts.dropped(self.user).filter(key=self.key)
            # Those dropped together are taken back together.
            moments = dropped.filter(opening=opening).values("dropped_at")
            self.dropped = list(dropped.filter(dropped_at__in=moments))

    def _take(self, candidates: list[FormDraft]) -> None:
        """Gives back the draft, if there is just one."""
        if len(candidates) == 1:
            [draft] = candidates
            self.draft, self.data = draft, drafts.typed_in(draft)

    def of(self, record: Any, *parts: str) -> "Editing":
        """Says which record the form is of; `parts` as in `owes.versions`."""
        self.record, self.parts = record, parts
        self.earlier_state.fill(record, self.change_reason.reason)
        if record.pk:
            if not self.draft and not self.used:
                self._take(self.waiting)
            self.version = self.data.get(VERSION) if self.data else None
            if self.version is None:
                self.version = versions.version_of(record, *parts)
        return self

    @cached_property
    def token(self) -> str:
        """For the form as shown now: the one it had while that may still be saved.

        A draft given back goes on in an opening of its own, towards the same saving.
        """
        text = self.data.get(submissions.FIELD, "") if self.data else ""
        token = submissions.read(text, self.key)
        if not token or token.user_id != self.user.pk or self.earlier:
            return submissions.issue(self.user, self.key)
        return submissions.issue(self.user, self.key, token.value) if self.draft else text

    @property
    def opening(self) -> str:
        return submissions.read(self.token, self.key).opening  # type: ignore[union-attr]

    @property
    def continued(self) -> str:
        """The draft that the first draft of this opening replaces; empty when there is none."""
        return drafts.continuing(self.draft) if self.draft else ""

    @property
    def other_drafts(self) -> list[FormDraft]:
        return [draft for draft in self.waiting if draft != self.draft]

    @property
    def title(self) -> str:
        """What the form is of, for the lists of what waits."""
        if self.record is None:
            return ""
        noun = versions.label_of(self.record._meta)
        return f"{noun}, nowy wpis" if self.is_new else f"{noun}: {self.record}"

    @property
    def is_new(self) -> bool:
        return self.record is None or self.record.pk is None

    @property
    def earlier(self) -> Submission | None:
        """The submission this form of a new record was already saved in, or None."""
        return self.used if self.is_new and (self.is_asked or not self.is_sent) else None

    @property
    def is_stale(self) -> bool:
        """Whether the record was saved by somebody since the shown draft was begun."""
        return bool(
            self.draft
            and self.version
            and self.version != versions.version_of(self.record, *self.parts)
        )

    def is_ready(self, *parts: Any, save: Callable[[], Any] | None = None) -> bool:
        """Whether to save now: sent, right, not saved before, and nobody saved it meanwhile.

        Each part (a form, a formset) has `is_valid()`; `save()` writes them all and is called
        here only to show, undone at once, what saving over somebody else's version would give.
        """
        if not self._is_right(parts, save):
            return False
        self.reports = watch_reports() if self.is_reported else None
        if self.reports:
            self.unsaved, self.savepoint = copy(self.record), transaction.savepoint()
        return True

    def saved(self) -> bool:
        """Says that all is written; answers whether it stays. Messages of success come after.

        Without a reason that closed reports ask for, all since `is_ready` is undone, and the
        record is as it was: a new one has no key.
        """
        self.is_saved = self.change_reason.suffices(self.reports, self.user)
        if not self.is_saved:
            transaction.savepoint_rollback(self.savepoint)
            _restore(self.record, self.unsaved)
        return self.is_saved

    def _is_right(self, parts: Iterable[Any], save: Callable[[], Any] | None) -> bool:
        if not self.is_sent:
            if self.draft:
                self.show_unjudged(*parts)
            else:
                self.earlier_state.show_rows(self.record, self.parts, parts)
            return False
        # Each part is asked, so that the page tells all the errors at once.
        is_valid = [part.is_valid() for part in parts].count(False) == 0
        if self.is_new:
            self.is_asked = self.used is not None
            return is_valid and not self.is_asked
        current = versions.lock(self.record, *self.parts)
        is_same = self.data.get(VERSION, current) == current
        if is_same or not versions.changed_since(self.record, self.parts, self.version):
            return is_valid
        typed = None
        if is_valid:
            take_over(self.record, self.parts, self.version, parts)
            if all(part.is_valid() for part in parts):
                typed = self._tried(save or (lambda: [part.save() for part in parts]))
        self.conflict = versions.conflict(self.record, self.parts, self.version, typed)
        # What cannot be saved yet keeps its version, to be compared when it can.
        if typed:
            self.version = current
        return False

    def show_unjudged(self, *parts: Any) -> None:
        """Lets the parts show what is typed without saying yet what is wrong with it."""
        # Reading the errors writes what is typed into the record.
        unread = copy(self.record)
        for part in parts:
            for form in getattr(part, "forms", [part]):
                form.errors.clear()
            if hasattr(part, "non_form_errors"):
                part.non_form_errors().clear()
        _restore(self.record, unread)

    def _tried(self, save: Callable[[], Any]) -> dict[str, list] | None:
        """The state that saving would give, rolled back; None when the record refuses it."""
        try:
            with transaction.atomic():
                save()
                typed = versions.state(self.record, *self.parts)
                transaction.set_rollback(True)
        except ValidationError:
            return None
        return typed

    def keep(self, record: Any, url: str, data: QueryDict) -> str:
        """Keeps what could not be saved as a draft of the form at `url`, with the current version.

        Answers the address of the form with it.
        """
        data = data.copy()
        data.pop(submissions.FIELD, None)
        data[VERSION] = versions.version_of(record, *self.parts)
        return drafts.keep(self.user.pk, url, data, drafts.new_opening()).get_absolute_url()

    def move(self, url: str, data: QueryDict) -> str:
        """Moves what is typed to the form at `url`, unsaved; returns the draft's address."""
        if self.claimed:
            self.claimed.delete()
            self.claimed = None
        self.is_moved = True
        data = data.copy()
        data.pop(submissions.FIELD, None)
        return drafts.keep(self.user.pk, url, data, drafts.new_opening()).get_absolute_url()

    def claim(self) -> Submission | None:
        """The submission that has saved this content already, or None."""
        if not self.given:
            return None
        submission, is_first = submissions.once(self.given, self.data)
        if not is_first and submission.fingerprint == submissions.fingerprint(self.data):
            return submission
        if is_first:
            self.claimed = submission
            # Asked about already, or opened anew by going back: the same once more is a question.
            self.used = None if SAVED in self.data else submissions.same_content(submission)
        else:
            self.used = submission
        return None

    def finish(self, url: str) -> None:
        """Writes, in the transaction of the record, that it is saved and where it is."""
        if self.claimed:
            self.claimed.url, self.claimed.edit_url = url, self._edit_url()
            self.claimed.save(update_fields=["url", "edit_url"])
        if self.given:
            drafts.forget(self.given)

    def _edit_url(self) -> str:
        """The form that corrects the record made here: `x_edit` beside `x_create`, if any."""
        name, is_create, _ = self.match.url_name.partition("_create")
        if not is_create or self.is_new:
            return ""
        try:
            return reverse(
                f"{self.match.namespace}:{name}_edit",
                kwargs=self.match.kwargs | {"pk": self.record.pk},
            )
        except NoReverseMatch:
            return ""

    def ask(self) -> None:
        """Keeps the data of a form saved before as a draft, until the user says what it is."""
        data = self.data.copy()
        data[submissions.FIELD] = self.token
        drafts.move(self.given, self.key, data, self.opening)

    def correct(self) -> str | None:
        """Moves the data to the form of the record saved before; returns its address, or None."""
        saved = self.data.get(SAVED, "")
        rows = Submission.objects.filter(user=self.user, key=self.key).exclude(edit_url="")
        earlier = rows.filter(pk=saved[:18]).first() if saved.isdecimal() else None
        if not (earlier and self.given):
            return None
        data = self.data.copy()
        del data[submissions.FIELD]
        data[CORRECTS] = "1"
        draft = drafts.move(self.given, earlier.edit_url, data, drafts.new_opening())
        return draft.get_absolute_url()


def form_page(view: Callable) -> Callable:
    """Makes a view the page of a form; it has `request.editing`."""

    @wraps(view)
    def answered(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        request.editing = editing = Editing(request)
        if not editing.is_sent:
            return view(request, *args, **kwargs)
        if led := _put_by(request):
            return redirect(led)
        response = _answered(view, request, *args, **kwargs)
        if editing.earlier and response.status_code == 200:
            editing.ask()
            response.status_code = 409
        if editing.conflict:
            response.status_code = 409
        return response

    answered.is_form_page = True  # type: ignore[attr-defined]
    return answered


def _restore(record: Any, copied: Any) -> None:
    """Takes back what was written into the record, if there is one, since it was copied."""
    if record:
        vars(record).clear()
        vars(record).update(vars(copied))


def _put_by(request: Request) -> str | None:
    """The address after a button that drops, restores or moves a draft; None for other buttons."""
    editing, act = request.editing, request.POST.get(ACT)
    if act == "correct":
        return editing.correct()
    if BACK in request.POST:
        return _left(request)
    if act not in ("drop", "restore"):
        return None
    openings = drafts.openings(request.POST.getlist(DRAFT))
    (drafts.drop if act == "drop" else drafts.restore)(request.user, editing.key, openings)
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, None):
        return back
    moved = FormDraft.objects.filter(user=request.user, key=editing.key, opening__in=openings)
    if not (draft := moved.order_by("-updated_at").first()):
        return editing.key
    return draft.address("dropped" if act == "drop" else "draft")


def _left(request: Request) -> str:
    """Drops the draft of the form that the user leaves; returns where to go."""
    editing, back = request.editing, request.POST[BACK]
    draft = request.draft if editing.given else None
    if draft:
        drafts.drop(editing.user, editing.key, [draft.opening])
        sentence = f"Odrzucono wpis: {draft.label}." if draft.label else "Odrzucono wpis."
        link = format_html('{} <a href="{}">Przywróć</a>', sentence, draft.address("dropped"))
        messages.info(request, link)
    return back if url_has_allowed_host_and_scheme(back, None) else editing.key


def _answered(view: Callable, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
    """The answer of the view; what it wrote is kept if it says that it saved or moved the text."""
    editing = request.editing
    with transaction.atomic(), explained_by(editing.change_reason.reason):
        if saved := editing.claim():
            drafts.forget(editing.given)
            messages.info(request, ALREADY)
            return redirect(saved.url)
        response = view(request, *args, **kwargs)
        if editing.is_saved or editing.is_moved:
            editing.finish(response.url)
        else:
            transaction.set_rollback(True)
    return response
