from django.shortcuts import get_object_or_404, render

from entities.access import demand
from entities.filters import LocalGovernmentFilter
from entities.lookups import suggested_local_governments, suggested_seats
from entities.models import Entity, LocalGovernment
from entities.tables import LocalGovernmentTable
from owes.exports import export
from owes.lookups import label_of, typed_in
from owes.tables import paged


def local_government_list(request):
    demand(request.user, "entities.list_registers")
    rows = LocalGovernment.objects.select_related("powiat")
    filters = LocalGovernmentFilter(request.GET, rows)
    table = paged(request, LocalGovernmentTable(filters.qs))
    if file := export(request, table, "samorzady", filters.asked()):
        return file
    context = {"filters": filters, "table": table}
    return render(request, "entities/local_government_list.html", context)


def local_government_options(request):
    """Options of a field that takes a local government of any level."""
    return _options(request, suggested_local_governments)


def seat_options(request):
    """Options of a field that takes a seat or a gmina where somebody lives."""
    return _options(request, suggested_seats)


def _options(request, suggested):
    demand(request.user, "entities.list_registers")
    options = [label_of(row) for row in suggested(typed_in(request))]
    return render(request, "components/_options.html", {"options": options})


def local_government_detail(request, code):
    rows = LocalGovernment.objects.select_related("parent", "powiat")
    government = get_object_or_404(rows, code=code)
    demand(request.user, "entities.view_localgovernment", government)
    context = {
        "government": government,
        "codes": government.teryt_codes.all(),
        "children": government.children.all(),
        "seated": Entity.objects.seated_in(government).select_related("seat"),
        "units": government.units.all(),
    }
    return render(request, "entities/local_government_detail.html", context)
