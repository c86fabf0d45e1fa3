"""Options of the pickers of a project's records, requested while a user types."""

from django.views.decorators.http import require_safe

from entities.lookups import EntityLookup, LocalGovernmentLookup, PersonLookup
from entities.models.local_government import within
from owes.lookups import Option
from owes.options import offer, typed_in
from support.access import project_for
from support.records.lookups import (
    RosterEntityLookup,
    ServiceLookup,
    received_by,
    recent_services,
    recently_attended,
    recently_received,
)
from support.roster.newcomers import Newcomer


@require_safe
def record_entities(request, slug):
    """Entities of the whole register; among equal matches those served lately come first."""
    project = project_for(request.user, slug, "support.add_record")
    text = typed_in(request)
    known = EntityLookup([text])
    recent = recently_received(recent_services(request.user, project))
    return offer(request, known, known.suggested(text, [recent]))


@require_safe
def record_services(request, slug):
    """Services; among equal matches those of the entity typed in the form come first."""
    project = project_for(request.user, slug, "support.add_record")
    text = typed_in(request)
    known = ServiceLookup(project, [text])
    own = received_by(request.GET.get("entity", ""))
    return offer(request, known, known.suggested(text, [own]))


@require_safe
def record_local_governments(request, slug):
    """Local governments of every level; among equal matches those of the area come first."""
    project = project_for(request.user, slug, "support.add_record")
    text = typed_in(request)
    known = LocalGovernmentLookup([text])
    of_area = within(project.area.all())
    return offer(request, known, known.suggested(text, [of_area]))


@require_safe
def service_entities(request, slug):
    """The recipients chosen in the form of a service first, then the rest of the register."""
    project_for(request.user, slug, "support.add_record")
    text = typed_in(request)
    known = RosterEntityLookup([text], request.GET.getlist("recipients"))
    return offer(request, known, known.suggested(text))


@require_safe
def service_people(request, slug):
    """People; among equal matches those of the recipients and those met lately come first.

    The last option is somebody new.
    """
    project = project_for(request.user, slug, "support.add_record")
    text = typed_in(request)
    known = PersonLookup([text], codes=request.GET.getlist("recipients"))
    recent = recently_attended(recent_services(request.user, project))
    newcomer = Newcomer.from_name(text)
    suggestions = newcomer.suggestions() if newcomer else []
    new = [Option(written, words, data={"new": ""}) for words, written in suggestions]
    return offer(request, known, known.suggested(text, [recent]), new)
