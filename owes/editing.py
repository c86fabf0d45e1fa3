"""A page with a form, so that nothing typed in it is lost, overwritten unseen or saved twice.

    @form_page
    def adoption_edit(request, slug, pk):
        ...
        editing = request.editing.of(adoption, "service_links")
        form = AdoptionForm(editing.data, instance=adoption, project=project)
        if editing.is_ready(form):
            form.save()
            return redirect(...)
        return render(request, "support/adoption_form.html", {"form": form, ...})

The view runs in one transaction, which is kept only when it answers by a redirect: that is what
saving means here. The page includes `components/editing_notices.html` above its form and
`components/editing_fields.html` in it, and the form is marked with `data-draft`.

A saving that moves the records away from a closed report is undone unless a reason came with it;
the view then runs once more, `is_ready` answers no, and the page asks for the reason.
"""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.utils import ErrorDict, ErrorList
from django.shortcuts import redirect

from owes import drafts, submissions, versions
from owes.history import explained_by
from owes.reasons import Why, forget_messages
from owes.rehearsal import reported
from owes.untouched import take_over

VERSION = "editing-version"
ACT = "editing-act"
ALREADY = "Ten formularz był już zapisany. Drugi raz nic nie dodano."


class Editing:
    """One filling-in of a form: what is typed, against which version, in which submission.

    `draft` is what was given back on opening the page, `conflict` what somebody else saved
    meanwhile, `used` the saving of this very form with other content, and `why` the reason for
    changing what closed reports said; `is_reported` is made false for a record no report counts.
    """

    def __init__(self, request):
        self.user, self.key = request.user, submissions.key_of(request)
        self.is_sent = request.method == "POST"
        self.draft = self.conflict = self.claimed = self.used = None
        self.record, self.parts, self.version = None, (), None
        self.why, self.reports, self.is_reported = Why(request.POST), {}, True
        if self.is_sent:
            self.data = request.POST
            self.given = submissions.read(self.data.get(submissions.FIELD), self.key)
            if self.given and self.given.user_id != self.user.pk:
                self.given = None
        else:
            self.draft = drafts.kept(self.user, self.key)
            self.data = self.draft and drafts.typed_in(self.draft)
            self.given = None

    def of(self, record, *parts):
        """Says which record the form is of; `parts` as in `owes.versions`."""
        self.record, self.parts = record, parts
        if record.pk:
            self.version = self.data.get(VERSION) if self.data else None
            if self.version is None:
                self.version = versions.version_of(record, *parts)
        return self

    @property
    def token(self):
        """For the form as shown now: the one it had while that may still be saved."""
        if self.data and not self.used:
            text = self.data.get(submissions.FIELD)
            token = submissions.read(text, self.key)
            if token and token.user_id == self.user.pk:
                return text
        return submissions.issue(self.user, self.key)

    @property
    def is_new(self):
        return self.record is None or self.record.pk is None

    @property
    def earlier(self):
        """What was saved before by this form of a new record; another record needs an own one."""
        return self.used if self.is_new else None

    @property
    def is_stale(self):
        """Whether a draft given back was typed against a version saved over since."""
        return bool(
            self.draft
            and self.version
            and self.version != versions.version_of(self.record, *self.parts)
        )

    def is_ready(self, *parts, save=None):
        """Whether to save now: sent, right, not saved before, and nobody saved it meanwhile.

        Each part (a form, a formset) has `is_valid()`; `save()` writes them all and is called
        here only to show, undone at once, what saving over somebody else's version would give.
        """
        if not self._is_right(parts, save) or self.why.touched:
            return False
        self.reports = reported() if self.is_reported else {}
        return True

    def _is_right(self, parts, save):
        if not self.is_sent:
            if self.draft:
                for part in parts:
                    _hush(part)
            return False
        # Each part is asked, so that the page tells all the errors at once.
        is_valid = [part.is_valid() for part in parts].count(False) == 0
        if self.is_new:
            return is_valid and self.used is None
        current = versions.lock(self.record, *self.parts)
        is_same = self.data.get(VERSION, current) == current
        if is_same or not versions.changed_since(self.record, self.parts, self.version):
            return is_valid
        typed = None
        if is_valid:
            take_over(self.record, self.parts, self.version, parts)
            typed = self._tried(save or (lambda: [part.save() for part in parts]))
        self.conflict = versions.conflict(self.record, self.parts, self.version, typed)
        # What cannot be saved yet keeps its version, to be compared when it can.
        if typed:
            self.version = current
        return False

    def _tried(self, save):
        """What saving would give, undone at once; None when the record refuses it."""
        try:
            with transaction.atomic():
                save()
                typed = versions.state(self.record, *self.parts)
                transaction.set_rollback(True)
        except ValidationError:
            return None
        return typed

    def keep(self, record, url, data):
        """Leaves what could not be saved in the form at `url`, against the record as it is now."""
        data = data.copy()
        data.pop(submissions.FIELD, None)
        data[VERSION] = versions.version_of(record, *self.parts)
        drafts.keep(self.user.pk, url, data)

    def claim(self):
        """The submission in which this very content is saved already, if it is."""
        if not self.given:
            return None
        submission, is_first = submissions.once(self.given, self.data)
        if not is_first and submission.fingerprint == submissions.fingerprint(self.data):
            return submission
        if is_first:
            self.claimed = submission
        else:
            self.used = submission
        return None

    def finish(self, url):
        """Writes, in the transaction of the record, that it is saved and where it is."""
        if self.claimed:
            self.claimed.url = url
            self.claimed.save(update_fields=["url"])
        if self.given:
            drafts.drop_of(self.given)


def form_page(view):
    """Makes a view the page of a form; it has `request.editing`."""

    @wraps(view)
    def answered(request, *args, **kwargs):
        request.editing = editing = Editing(request)
        if not editing.is_sent:
            return view(request, *args, **kwargs)
        if request.POST.get(ACT) == "drop":
            drafts.drop(request.user, editing.key)
            return redirect(editing.key)
        response, is_kept = _answered(view, request, *args, **kwargs)
        if response.status_code == 302 and not is_kept:
            forget_messages(request)
            response, _ = _answered(view, request, *args, **kwargs)
        if editing.conflict or (editing.earlier and response.status_code == 200):
            response.status_code = 409
        return response

    answered.is_form_page = True
    return answered


def _answered(view, request, *args, **kwargs):
    """`(the answer of the view, whether what it saved is kept)`."""
    editing = request.editing
    with transaction.atomic(), explained_by(editing.why.reason):
        if saved := editing.claim():
            drafts.drop_of(editing.given)
            messages.info(request, ALREADY)
            return redirect(saved.url), True
        response = view(request, *args, **kwargs)
        is_kept = response.status_code == 302 and editing.why.suffices(
            editing.reports, editing.user
        )
        if is_kept:
            editing.finish(response.url)
        else:
            transaction.set_rollback(True)
    return response, is_kept


def _hush(part):
    """Shows what is typed without saying yet what is wrong with it."""
    for form in getattr(part, "forms", []):
        form._errors = ErrorDict()
    if hasattr(part, "forms"):
        part._errors, part._non_form_errors = [{} for _ in part.forms], ErrorList()
    else:
        part._errors = ErrorDict()
