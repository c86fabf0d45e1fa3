from contextlib import contextmanager

from django.shortcuts import render

from owes.free_text import withheld, withhold
from owes.personal_data import names_read_once
from support.access import projects_of, reads_texts

SAFE = {"GET", "HEAD", "OPTIONS"}


@contextmanager
def reading(user, keywords):
    """Reads inside as the page with these arguments of its address is read for the user."""
    with withheld(not reads_texts(user, keywords.get("slug"))), names_read_once():
        yield


class WithheldTexts:
    """Withholds free texts on pages of users who only look into a project.

    Pages without a sign-in are left alone: a calendar is for anybody who has its address.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        with withheld(False), names_read_once():
            return self.get_response(request)

    def process_view(self, request, view, arguments, keywords):
        if request.user.is_authenticated:
            withhold(not reads_texts(request.user, keywords.get("slug")))


class ArchivedProjects:
    """Refuses whatever is sent to an address of a project in the archive."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, arguments, keywords):
        slug = keywords.get("slug")
        if request.method in SAFE or not slug or getattr(view, "changes_nothing", False):
            return None
        own = projects_of(request.user)
        project = next((each for each in own if each.slug == slug), None)
        if project is None or not project.is_archived:
            return None
        context = {"project": project}
        return render(request, "support/project/archived.html", context, status=403)
