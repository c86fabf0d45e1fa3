"""Pages of entities."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from entities.access import demand
from entities.filters import EntityFilter
from entities.forms.entity import ActivityFormSet, EntityForm, StatusFormSet
from entities.forms.twins import Twins
from entities.lookups import EntityLookup
from entities.models import Entity, Kind, survivor_of
from entities.tables import EntityTable
from owes.editing import form_page
from owes.lists.exporting import export
from owes.options import offer, typed_in
from owes.record_history.changes import changes_of
from owes.requests import Request
from owes.tables import paged


def entity_list(request: HttpRequest) -> HttpResponse:
    demand(request.user, "entities.list_registers")
    filters = EntityFilter(request.GET, Entity.objects.all())
    counts = filters.qs.counts()
    table = EntityTable(filters.qs)
    table.know_count(counts["all"])
    table = paged(request, table)
    if file := export(request, table, "podmioty", filters.in_words()):
        return file
    context = {"filters": filters, "table": table, "groups": counts["groups"]}
    return render(request, "entities/entity_list.html", context)


def entity_options(request: HttpRequest) -> HttpResponse:
    """The list of a picker of an entity."""
    demand(request.user, "entities.list_registers")
    text = typed_in(request)
    known = EntityLookup([text])
    return offer(request, known, known.suggested(text))


def entity_detail(request: HttpRequest, pk: int) -> HttpResponse:
    if keeper := survivor_of(Kind.ENTITY, pk):
        return redirect(keeper)
    entity = get_object_or_404(Entity.objects.for_card(), pk=pk)
    demand(request.user, "entities.view_entity", entity)
    sees_names = request.user.has_perm("entities.see_names")
    context = {
        "entity": entity,
        "may_change": request.user.has_perm("entities.change_entity"),
        "may_merge": request.user.has_perm("entities.merge_entity"),
        "sees_names": sees_names,
        "changes": changes_of(entity, "statuses", "activities") if sees_names else [],
    }
    return render(request, "entities/entity_detail.html", context)


@form_page
def entity_create(request: Request) -> HttpResponse:
    demand(request.user, "entities.add_entity")
    return _entity_form(request, Entity(name=request.GET.get("name", "")))


@form_page
def entity_edit(request: Request, pk: int) -> HttpResponse:
    demand(request.user, "entities.change_entity")
    return _entity_form(request, get_object_or_404(Entity, pk=pk))


def _entity_form(request: Request, entity: Entity) -> HttpResponse:
    editing = request.editing.of(entity, "statuses", "activities")
    form = EntityForm(editing.data, instance=entity)
    statuses = StatusFormSet(editing.data, instance=entity, prefix="statuses")
    activities = ActivityFormSet(editing.data, instance=entity, prefix="activities")
    twins = Twins(request, form)
    if editing.is_ready(form, statuses, activities, twins):
        form.save()
        statuses.save()
        activities.save()
        twins.save()
        if editing.saved():
            messages.success(request, f"Zapisano podmiot {entity.code}.")
            return redirect(entity)
    context = {
        "entity": entity,
        "form": form,
        "statuses": statuses,
        "activities": activities,
        "twins": twins,
    }
    return render(request, "entities/entity_form.html", context)


@require_POST
def entity_twins(request: HttpRequest) -> HttpResponse:
    """Likely twins of the new entity being typed, a part of its form."""
    demand(request.user, "entities.add_entity")
    twins = Twins(request, EntityForm(request.POST, instance=Entity()))
    return render(request, "entities/_twins.html", {"twins": twins})
