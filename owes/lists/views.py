"""The file of a long list: how far it is, and the file; for the one who ordered it alone."""

from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from owes.lists.exporting import KINDS
from owes.lists.opening import KEPT, demand_list, files_of, is_over, page_of
from owes.looks.collecting import saw
from owes.requests import Request


@require_GET
def list_file(request: Request, pk: int) -> HttpResponse:
    """How far the file is; htmx asks for the inner part until it is made."""
    job = get_object_or_404(files_of(request.user), pk=pk)
    query = QueryDict(job.params["query"], mutable=True)
    query.pop("format", None)
    query.pop("purpose", None)
    context = {
        "job": job,
        "is_over": is_over(job),
        "kept_hours": KEPT.total_seconds() / 3600,
        "list_url": f"{job.params['path']}?{query.urlencode()}",
    }
    page = "owes/lists/_list_file.html" if request.htmx else "owes/lists/list_file.html"
    return render(request, page, context)


@require_GET
def list_file_download(request: Request, pk: int) -> FileResponse:
    """The file, while its list may still be seen: a look at whom it names."""
    job = get_object_or_404(files_of(request.user).exclude(file=""), pk=pk)
    if is_over(job):
        raise Http404
    demand_list(request.user, job.params)
    saw(job.people)
    request.look_of = page_of(job.params)
    kind = KINDS[job.params["format"]]
    return FileResponse(
        job.file.open("rb"), as_attachment=True, filename=job.file_name, content_type=kind
    )
