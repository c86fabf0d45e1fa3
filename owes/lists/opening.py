"""A page of a list opened once more, in the background, as the one who ordered its file opens it.

So the file has the filters, the rights and the withheld texts of the page, without a second rule
for any of them.
"""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, QueryDict
from django.urls import resolve
from django.utils import timezone
from django.utils.module_loading import import_string
from django_htmx.middleware import HtmxDetails

from owes.free_text import are_withheld
from owes.looks.collecting import collecting
from owes.models import Job, User

LIST_FILE = "list_file"  # the kind of the job
KEPT = timedelta(hours=24)


class ListReached(Exception):
    """The page came to its list, so the user may have it; raised where no file is wanted."""


@dataclass
class FileInMaking:
    """Where a page opened so writes its list; the page sets `name`."""

    file: IO[bytes]
    progress: Callable[[int, int], object]
    name: str = ""


def page_of(params: dict[str, Any]) -> HttpRequest:
    """The request for the list that a file was ordered from."""
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = params["path"]
    request.GET = QueryDict(params["query"])  # type: ignore[assignment]
    return request


def make_file(job: Job, progress: Callable[[int, int], object]) -> tuple[str, File]:
    """`(its name, the file)`, which lives as long as somebody holds it."""
    making = FileInMaking(tempfile.TemporaryFile(), progress)  # noqa: SIM115
    _open(job.owner, job.params, making)
    if not making.name:
        raise Http404
    making.file.seek(0)
    return making.name, File(making.file)


def demand_list(user: User, params: dict[str, Any]) -> None:
    """Opens the page as far as its list; raises what it raises for those who may not see it."""
    with collecting(), suppress(ListReached):
        _open(user, params, None)


def _open(user: Any, params: dict[str, Any], making: FileInMaking | None) -> None:
    request: Any = page_of(params)
    request.user, request.htmx, request.list_file = user, HtmxDetails(request), making
    request.resolver_match = match = resolve(request.path)
    with import_string(settings.READING)(user, match.kwargs):
        if not user.is_active or are_withheld() != params["withheld"]:
            raise PermissionDenied
        match.func(request, *match.args, **match.kwargs)


def files_of(user: User) -> QuerySet[Job]:
    return Job.objects.filter(kind=LIST_FILE, owner=user)


def is_over(job: Job) -> bool:
    """Whether the file is no longer kept."""
    return bool(job.finished_at and job.finished_at < _oldest())


def drop_old_files() -> None:
    """Deletes the files that are no longer kept, whose data were in them and what was searched."""
    old = Job.objects.filter(kind=LIST_FILE, finished_at__lt=_oldest())
    bare = {"csv": "format=csv", "xlsx": "format=xlsx"}
    rows = list(old.exclude(file="", people=[], params__query__in=list(bare.values())))
    files = [(row.file.storage, row.file.name) for row in rows if row.file]
    for row in rows:
        row.file, row.people = "", []  # type: ignore[assignment]
        row.params["query"] = bare[row.params["format"]]
    Job.objects.bulk_update(rows, ["file", "people", "params"])
    for storage, name in files:
        storage.delete(name)


def _oldest() -> datetime:
    return timezone.now() - KEPT
