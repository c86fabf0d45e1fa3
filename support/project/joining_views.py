"""The day an entity joined a project, and the day a person signed the declaration."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render

from entities.models import Entity, Person
from owes.editing import form_page
from support.access import demand, project_for
from support.models import Declaration, Enrolment
from support.project.joining_forms import DeclarationForm, EnrolmentForm


@form_page
def enrolment_edit(request, slug, pk):
    project = project_for(request.user, slug, "support.add_record")
    entity = get_object_or_404(Entity, pk=pk)
    rows = Enrolment.objects.filter(project=project, entity=entity)
    enrolment = rows.first() or Enrolment(project=project, entity=entity)
    editing = request.editing.of(enrolment)
    form = EnrolmentForm(editing.data, instance=enrolment, project=project)
    if editing.is_ready(form):
        form.save()
        if editing.saved():
            messages.success(request, "Zapisano zgłoszenie do projektu.")
            return redirect("support:entity_support", pk)
    context = {"project": project, "form": form, "entity": entity}
    return render(request, "support/project/enrolment_form.html", context)


@form_page
def declaration_edit(request, slug, pk):
    project = project_for(request.user, slug, "support.add_record")
    person = get_object_or_404(Person, pk=pk)
    demand(request.user, "entities.see_names")
    rows = Declaration.objects.filter(project=project, person=person)
    declaration = rows.first() or Declaration(project=project, person=person)
    service = _service_asked(request, project)
    editing = request.editing.of(declaration)
    form = DeclarationForm(editing.data, instance=declaration, project=project)
    if editing.is_ready(form):
        form.save()
        if editing.saved():
            messages.success(request, f"Zapisano deklarację uczestnika: {person}.")
            return redirect(service) if service else redirect("support:person_support", pk)
    context = {"project": project, "form": form, "person": person, "service": service}
    return render(request, "support/project/declaration_form.html", context)


def _service_asked(request, project):
    """The service from whose page the user came and to which they return, or None."""
    key = request.GET.get("service", "")
    return project.services.filter(pk=key[:18]).first() if key.isdecimal() else None
