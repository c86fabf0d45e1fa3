"""Pages of adoptions: the list and the form."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from entities.lookups import EntityLookup
from owes.editing import form_page
from owes.lists.exporting import export
from owes.tables import paged
from support.access import demand, project_for
from support.cooperation.adoption_filters import AdoptionFilter
from support.cooperation.adoption_forms import AdoptionForm
from support.cooperation.adoption_tables import AdoptionTable
from support.models import Adoption


def adoption_list(request, slug):
    project = project_for(request.user, slug, "support.view_record")
    may_add = request.user.has_perm("support.add_record", project)
    filters = AdoptionFilter(request.GET, project.adoptions.for_list(), project=project)
    table = paged(request, AdoptionTable(filters.qs, may_change=may_add))
    if file := export(request, table, "wdrozenia", filters.in_words()):
        return file
    context = {"project": project, "filters": filters, "table": table, "may_add": may_add}
    return render(request, "support/cooperation/adoption_list.html", context)


@form_page
def adoption_create(request, slug):
    project = project_for(request.user, slug, "support.add_record")
    return _adoption_form(request, project, Adoption())


@form_page
def adoption_edit(request, slug, pk):
    project = project_for(request.user, slug)
    adoption = get_object_or_404(project.adoptions, pk=pk)
    demand(request.user, "support.change_adoption", adoption)
    return _adoption_form(request, project, adoption)


def _initial(request, adoption):
    """The entity named in the address by its code, as in the link "Dodaj wdrożenie"."""
    code = request.GET.get("entity")
    return {"entity": EntityLookup.label(code)} if code and adoption.pk is None else {}


def _adoption_form(request, project, adoption):
    editing = request.editing.of(adoption, "service_links")
    form = AdoptionForm(
        editing.data, instance=adoption, project=project, initial=_initial(request, adoption)
    )
    if editing.is_ready(form):
        adoption = form.save()
        if editing.saved():
            messages.success(request, f"Zapisano {adoption.code}: {adoption.entity}.")
            return redirect("support:adoption_list", project.slug)
    context = {"project": project, "form": form, "adoption": adoption}
    return render(request, "support/cooperation/adoption_form.html", context)
