"""Options of the fields that take rows of the registers: partials, asked for while one types."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from entities.lookups import suggested_entities
from owes.lookups import label_of, typed
from support.access import project_for
from support.lookups import suggested_services


@require_safe
def record_entities(request, slug):
    project_for(request.user, slug, "support.add_record")
    text = request.GET.get("entities") or request.GET.get("entity", "")
    options = map(label_of, suggested_entities(typed(text)))
    return render(request, "components/_options.html", {"options": options})


@require_safe
def record_services(request, slug):
    project = project_for(request.user, slug, "support.add_record")
    text, entity = request.GET.get("services", ""), request.GET.get("entity", "")
    options = map(label_of, suggested_services(project, typed(text), entity))
    return render(request, "components/_options.html", {"options": options})
