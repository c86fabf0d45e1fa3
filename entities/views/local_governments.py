from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from entities.access import demand
from entities.filters import LocalGovernmentFilter
from entities.lookups import LocalGovernmentLookup, PowiatLookup, SeatLookup
from entities.models import Entity, LocalGovernment
from entities.tables import LocalGovernmentTable
from owes.lists.exporting import export
from owes.options import offer, typed_in
from owes.tables import paged


def local_government_list(request: HttpRequest) -> HttpResponse:
    demand(request.user, "entities.list_registers")
    rows = LocalGovernment.objects.select_related("powiat")
    filters = LocalGovernmentFilter(request.GET, rows)
    table = paged(request, LocalGovernmentTable(filters.qs))
    if file := export(request, table, "samorzady", filters.in_words()):
        return file
    context = {"filters": filters, "table": table}
    return render(request, "entities/local_government_list.html", context)


def local_government_options(request: HttpRequest) -> HttpResponse:
    """The list of a picker of a local government of any level."""
    return _options(request, LocalGovernmentLookup)


def seat_options(request: HttpRequest) -> HttpResponse:
    """The list of a picker of a seat or of a gmina where somebody lives."""
    return _options(request, SeatLookup)


def powiat_options(request: HttpRequest) -> HttpResponse:
    """The list of a picker of the powiats that make an area."""
    return _options(request, PowiatLookup)


def area_options(request: HttpRequest) -> HttpResponse:
    """The list of a picker of what an area is chosen of."""
    return _options(request, LocalGovernmentLookup, "entities.choose_area")


def _options(
    request: HttpRequest,
    lookup: type[LocalGovernmentLookup],
    permission: str = "entities.list_registers",
) -> HttpResponse:
    """A field never offers what it would refuse."""
    demand(request.user, permission)
    text = typed_in(request)
    known = lookup([text])
    return offer(request, known, known.suggested(text))


def local_government_detail(request: HttpRequest, code: str) -> HttpResponse:
    rows = LocalGovernment.objects.select_related("parent", "powiat")
    government = get_object_or_404(rows, code=code)
    demand(request.user, "entities.view_localgovernment", government)
    context = {
        "government": government,
        "codes": government.teryt_codes.all(),
        "children": government.children.all(),
        "seated_entities": Entity.objects.seated_in(government).select_related("seat"),
        "units": government.units.all(),
    }
    return render(request, "entities/local_government_detail.html", context)
