"""The lists of the pickers of a project's records, asked for while one types."""

from functools import partial

from django.db.models import Q
from django.views.decorators.http import require_safe

from entities.lookups import (
    EntityLookup,
    LocalGovernmentLookup,
    PersonLookup,
    entity_option,
    local_government_option,
    person_option,
    suggested_entities,
    suggested_local_governments,
    suggested_people,
)
from entities.models import Entity
from owes.options import Option, offer, typed_in
from support.access import project_for
from support.lookups import (
    ServiceLookup,
    recent_services,
    recently_attended,
    recently_received,
    service_option,
    suggested_services,
)
from support.newcomers import offered


@require_safe
def record_entities(request, slug):
    """Of the whole register, those served lately first among equals."""
    project = project_for(request.user, slug, "support.add_record")
    text = typed_in(request)
    known = EntityLookup([text])
    recent = recently_received(recent_services(request.user, project))
    rows = suggested_entities(text, known.allowed(), [recent])
    return offer(request, known, rows, partial(entity_option, text=text))


@require_safe
def record_services(request, slug):
    """Those of the entity typed in the form first among equals."""
    project = project_for(request.user, slug, "support.add_record")
    text = typed_in(request)
    known = ServiceLookup(project, [text])
    rows = suggested_services(known.allowed(), text, request.GET.get("entity", ""))
    return offer(request, known, rows, service_option)


@require_safe
def record_local_governments(request, slug):
    """Of every level, those of the project's area first among equals."""
    project = project_for(request.user, slug, "support.add_record")
    text = typed_in(request)
    known = LocalGovernmentLookup([text])
    of_area = Q(powiat__in=project.area.all())
    rows = suggested_local_governments(text, known.allowed(), [of_area])
    return offer(request, known, rows, local_government_option)


@require_safe
def service_entities(request, slug):
    """The recipients chosen in the form of a service: only they may stand in its roster."""
    project_for(request.user, slug, "support.add_record")
    text = typed_in(request)
    recipients = Entity.objects.filter(code__in=request.GET.getlist("recipients"))
    known = EntityLookup([text], among=recipients)
    rows = suggested_entities(text, recipients)
    return offer(request, known, rows, partial(entity_option, text=text))


@require_safe
def service_people(request, slug):
    """Those of the recipients and those met lately first among equals; last, somebody new."""
    project = project_for(request.user, slug, "support.add_record")
    text = typed_in(request)
    recent = recently_attended(recent_services(request.user, project))
    rows = suggested_people(text, request.GET.getlist("recipients"), [recent])
    newcomer = offered(text)
    picks = newcomer.picks() if newcomer else []
    new = [Option(written, words, data={"new": ""}) for words, written in picks]
    return offer(request, PersonLookup([text]), rows, person_option, new)
