from django.shortcuts import get_object_or_404, render

from entities.models import Entity, Person
from support import timelines
from support.access import demand


def entity_support(request, pk):
    entity = get_object_or_404(Entity.objects.select_related("seat"), pk=pk)
    demand(request.user, "entities.view_entity", entity)
    timeline = timelines.of_entity(entity, request.user)
    context = {"entity": entity, "timeline": timeline}
    return render(request, "support/entity_support.html", context)


def person_support(request, pk):
    person = get_object_or_404(Person, pk=pk)
    demand(request.user, "entities.view_person", person)
    timeline = timelines.of_person(person, request.user)
    context = {"person": person, "timeline": timeline}
    return render(request, "support/person_support.html", context)
