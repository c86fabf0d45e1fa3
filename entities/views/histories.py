"""Who changed what in a record of the registers, from what to what."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from entities.access import demand
from entities.models import Entity, Person
from owes.record_history.page import history_page


@require_safe
def entity_history(request: HttpRequest, pk: int) -> HttpResponse:
    entity = get_object_or_404(Entity, pk=pk)
    demand(request.user, "entities.view_entity", entity)
    demand(request.user, "entities.see_names")
    may_change = request.user.has_perm("entities.change_entity")
    edit_url = reverse("entities:entity_edit", args=[entity.pk]) if may_change else ""
    template, parts = "entities/entity_history.html", ("statuses", "activities")
    return history_page(request, template, entity, *parts, edit_url=edit_url, entity=entity)


@require_safe
def person_history(request: HttpRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person, pk=pk)
    demand(request.user, "entities.view_person", person)
    demand(request.user, "entities.see_names")
    may_change = request.user.has_perm("entities.change_person")
    edit_url = reverse("entities:person_edit", args=[person.pk]) if may_change else ""
    template, parts = "entities/person_history.html", ("representations",)
    return history_page(request, template, person, *parts, edit_url=edit_url, person=person)
