from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from owes.readback import FIELDS, ReadBackForm
from owes.requests import Request
from owes.samples import SAMPLES, WRONG, SampleForm, SampleTable
from owes.search import SearchForm, find
from owes.tables import paged


def components(request: HttpRequest) -> HttpResponse:
    """Shows every component of the interface with its states; for developers only."""
    if not settings.SHOWS_COMPONENTS:
        raise Http404
    parts = {
        "table": paged(request, SampleTable(SAMPLES), per_page=3),
        "empty_table": SampleTable([]),
        "sample_form": SampleForm(WRONG),
    }
    return render(request, "owes/components.html", parts)


def search(request: Request) -> HttpResponse:
    """Everything that holds the words asked for; the field of the bar asks for the list alone."""
    form = SearchForm(request.GET)
    groups = find(request.user, form.text) if form.is_long_enough else []
    context = {"form": form, "groups": groups}
    page = "owes/_search_results.html" if request.htmx else "owes/search.html"
    return render(request, page, context)


@require_safe
def read_back(request: HttpRequest) -> JsonResponse:
    """Answers `static/js/spoken.js` how a text being typed is read."""
    if request.GET.get("kind") not in FIELDS:
        raise Http404
    return JsonResponse(ReadBackForm(request.GET).answer)
