from django.shortcuts import get_object_or_404, render

from entities.models import Entity, Person
from support import frame
from support.access import demand
from support.cards import timelines
from support.models import Declaration, Enrolment, Subject


def entity_support(request, pk):
    entity = get_object_or_404(Entity.objects.select_related("seat"), pk=pk)
    demand(request.user, "entities.view_entity", entity)
    timeline = timelines.of_entity(entity, request.user)
    project = frame.project(request)
    enrolment = Enrolment.objects.filter(project=project, entity=entity).first()
    context = {"entity": entity, "timeline": timeline, "project": project, "enrolment": enrolment}
    return render(request, "support/cards/entity_support.html", context)


def entity_evidence(request, pk):
    """The evidence of the entity and of its statuses, in the project of the frame."""
    entity = get_object_or_404(Entity.objects.select_related("seat"), pk=pk)
    demand(request.user, "entities.view_entity", entity)
    project = frame.project(request)
    demand(request.user, "support.view_evidence", project)
    statuses = list(entity.statuses.select_related("entity"))
    keys = [status.pk for status in statuses]
    requirements = project.evidence_requirements.filter(subject=Subject.STATUS)
    context = {
        "entity": entity,
        "project": project,
        "statuses": statuses,
        "proofs": project.evidence.holding().counts(Subject.STATUS, keys),
        "lacking": {row["row"] for row in requirements.missing(records=keys)},
    }
    return render(request, "support/cards/entity_evidence.html", context)


def person_support(request, pk):
    person = get_object_or_404(Person, pk=pk)
    demand(request.user, "entities.view_person", person)
    timeline = timelines.of_person(person, request.user)
    project = frame.project(request)
    signed = Declaration.objects.filter(project=project, person=person).first()
    context = {"person": person, "timeline": timeline, "project": project, "declaration": signed}
    return render(request, "support/cards/person_support.html", context)
