from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from owes.editing import form_page
from support.access import project_for
from support.evidence.requirement_forms import EvidenceRequirementForm
from support.models import EvidenceRequirement


def evidence_settings(request, slug):
    """What evidence the records of a project need."""
    project = project_for(request.user, slug, "support.change_project")
    requirements = project.evidence_requirements.select_related("service_type")
    context = {"project": project, "requirements": requirements.order_by("subject", "pk")}
    return render(request, "support/evidence/evidence_settings.html", context)


@form_page
def evidence_requirement_create(request, slug):
    project = project_for(request.user, slug, "support.change_project")
    return _evidence_requirement_form(request, project, EvidenceRequirement())


@form_page
def evidence_requirement_edit(request, slug, pk):
    project = project_for(request.user, slug, "support.change_project")
    requirement = get_object_or_404(project.evidence_requirements, pk=pk)
    return _evidence_requirement_form(request, project, requirement)


def _evidence_requirement_form(request, project, requirement):
    editing = request.editing.of(requirement)
    form = EvidenceRequirementForm(editing.data, instance=requirement, project=project)
    if editing.is_ready(form):
        form.save()
        if editing.saved():
            messages.success(request, f"Zapisano: {requirement}.")
            return redirect("support:evidence_settings", project.slug)
    context = {"project": project, "form": form, "row": requirement}
    return render(request, "support/evidence/evidence_requirement_form.html", context)


@require_POST
def evidence_requirement_delete(request, slug, pk):
    """Deletes a requirement; evidence already added stays."""
    project = project_for(request.user, slug, "support.change_project")
    requirement = get_object_or_404(project.evidence_requirements, pk=pk)
    requirement.delete()
    messages.success(request, f"Usunięto wymaganie: {requirement}.")
    return redirect("support:evidence_settings", slug)
