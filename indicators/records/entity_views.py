from django.shortcuts import get_object_or_404, render

from entities.models import Entity
from indicators.counting.scope import Scope
from indicators.records.dates import DatesForm
from indicators.records.entity_indicators import CountedEntities, EntityInProject
from indicators.records.filters import ProjectEntityFilter
from indicators.records.lines import services_behind
from indicators.records.tables import ProjectEntityTable
from owes.lists.exporting import export
from owes.tables import paged
from support.access import demand, project_for
from support.frame import project as project_of_frame
from support.models import Project

PERMISSION = "indicators.view_indicators"


def project_entity_list(request, slug):
    """The register as the project sees it: what each entity counts in, and what it received."""
    project = project_for(request.user, slug, PERMISSION)
    dates = DatesForm(request.GET, project)
    standings = CountedEntities(Scope.of(project, dates.day), dates.day)
    entity_filter = ProjectEntityFilter(request.GET, standings)
    services = services_behind(standings.scope, dates.day)
    table = ProjectEntityTable(
        entity_filter.qs, standings=standings, services=services, user=request.user
    )
    table = paged(request, table)
    if file := export(request, table, "podmioty-projektu", entity_filter.in_words()):
        return file
    context = {"project": project, "dates": dates, "filter": entity_filter, "table": table}
    return render(request, "indicators/records/project_entity_list.html", context)


def entity_indicators(request, pk):
    """What the entity counts in, in each project of the user, and why not elsewhere.

    The project opened last comes first.
    """
    entity = get_object_or_404(Entity.objects.select_related("seat"), pk=pk)
    demand(request.user, "entities.view_entity", entity)
    opened = project_of_frame(request)
    projects = sorted(
        Project.objects.of_member(request.user), key=lambda project: project != opened
    )
    standings = [EntityInProject.of(entity, project, request.user) for project in projects]
    context = {"entity": entity, "standings": standings}
    return render(request, "indicators/records/entity_indicators.html", context)
