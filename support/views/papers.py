"""Papers printed of the records: files shown in the browser, and the page that lists them."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from support.access import project_for
from support.papers import cards
from support.papers.printing import answered

PERMISSION = "support.print_papers"


def paper_list(request, slug):
    """What may be printed."""
    project = project_for(request.user, slug, PERMISSION)
    return render(request, "support/paper_list.html", {"project": project})


@require_safe
def service_card(request, slug, pk):
    project = project_for(request.user, slug, PERMISSION)
    service = get_object_or_404(project.services.for_papers(), pk=pk)
    return answered(request, cards.service_card(service, is_blank="blank" in request.GET))


@require_safe
def empty_card(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    return answered(request, cards.empty_card(project))
