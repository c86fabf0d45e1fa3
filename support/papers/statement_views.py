"""The forms that entities, people and local governments sign, as PDF; blank without a key."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from entities.models import Person
from support.access import project_for
from support.papers import statements
from support.papers.printing import pdf_response

PERMISSION = "support.print_papers"


@require_safe
def application_paper(request, slug, pk=None):
    project = project_for(request.user, slug, PERMISSION)
    entity = pk and get_object_or_404(statements.entities(), pk=pk)
    return pdf_response(request, statements.application(project, entity))


@require_safe
def declaration_paper(request, slug, pk=None):
    project = project_for(request.user, slug, PERMISSION)
    person = pk and get_object_or_404(Person.objects.select_related("gmina"), pk=pk)
    return pdf_response(request, statements.declaration(project, person))


@require_safe
def adoption_paper(request, slug, pk=None):
    project = project_for(request.user, slug, PERMISSION)
    record = pk and get_object_or_404(project.adoptions.for_papers(), pk=pk)
    return pdf_response(request, statements.adoption(project, record))


@require_safe
def partnership_paper(request, slug, pk):
    """An agreement or a note of a meeting, by the kind of the act."""
    project = project_for(request.user, slug, PERMISSION)
    record = get_object_or_404(project.partnerships.for_list(), pk=pk)
    return pdf_response(request, statements.cooperation(project, record))


@require_safe
def agreement_paper(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    return pdf_response(request, statements.agreement(project))


@require_safe
def meeting_paper(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    return pdf_response(request, statements.meeting(project))
