from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from owes.centre_forms import CentreForm
from owes.editing import form_page
from owes.jobs import REPEATABLE, order_again
from owes.models import Centre, Job
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


@form_page
def centre_settings(request: Request) -> HttpResponse:
    """For administrators: what every page shows of the centre."""
    if not request.user.has_perm("owes.change_centre"):
        raise PermissionDenied
    centre = Centre.current()
    editing = request.editing.of(centre)
    form = CentreForm(editing.data, request.FILES or None, instance=centre)
    if editing.is_ready(form):
        form.save()
        if editing.saved():
            messages.success(request, "Zapisano dane ośrodka.")
            return redirect("owes:centre_settings")
    return render(request, "owes/centre_settings.html", {"form": form})


@require_safe
def centre_logo(request: HttpRequest) -> FileResponse:
    """The picture; no file has an address of its own."""
    centre = Centre.current()
    if not centre.logo:
        raise Http404
    return FileResponse(centre.logo.open())


@require_POST
def job_retry(request: Request, pk: int) -> HttpResponse:
    """Orders the user's own failed work again, and goes back to the page that shows it."""
    own = Job.objects.filter(owner=request.user, kind__in=REPEATABLE)
    order_again(get_object_or_404(own, pk=pk, state=Job.State.FAILED))
    messages.success(request, "Zlecono ponownie.")
    back = request.POST.get("back", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, None) else "/")


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
