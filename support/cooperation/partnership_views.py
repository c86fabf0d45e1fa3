from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from owes.editing import form_page
from owes.lists.exporting import export
from owes.tables import paged
from support.access import demand, project_for
from support.cooperation.partnership_filters import PartnershipFilter
from support.cooperation.partnership_forms import PartnershipForm
from support.cooperation.partnership_tables import PartnershipTable
from support.models import Partnership


def partnership_list(request, slug):
    project = project_for(request.user, slug, "support.view_record")
    may_add = request.user.has_perm("support.add_record", project)
    filters = PartnershipFilter(request.GET, project.partnerships.for_list(), project=project)
    table = paged(request, PartnershipTable(filters.qs, may_change=may_add))
    if file := export(request, table, "wspolpraca-jst", filters.in_words()):
        return file
    context = {"project": project, "filters": filters, "table": table, "may_add": may_add}
    return render(request, "support/cooperation/partnership_list.html", context)


@form_page
def partnership_create(request, slug):
    project = project_for(request.user, slug, "support.add_record")
    return _partnership_form(request, project, Partnership())


@form_page
def partnership_edit(request, slug, pk):
    project = project_for(request.user, slug)
    partnership = get_object_or_404(project.partnerships, pk=pk)
    demand(request.user, "support.change_partnership", partnership)
    return _partnership_form(request, project, partnership)


def _partnership_form(request, project, partnership):
    editing = request.editing.of(partnership, "entity_links")
    form = PartnershipForm(editing.data, instance=partnership, project=project)
    if editing.is_ready(form):
        partnership = form.save()
        if editing.saved():
            messages.success(
                request, f"Zapisano {partnership.code}: {partnership.local_government}."
            )
            return redirect("support:partnership_list", project.slug)
    context = {"project": project, "form": form, "partnership": partnership}
    return render(request, "support/cooperation/partnership_form.html", context)
