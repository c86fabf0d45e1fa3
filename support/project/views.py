"""Settings of a project: its data, texts of papers, period and area."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from owes.editing import form_page
from owes.submissions import fingerprint
from support.access import project_for
from support.models import Project
from support.project.confirmation import save_knowingly
from support.project.forms import ProjectForm, ProjectScopeForm, WordingForm
from support.project.reporting_forms import ReportingForm


@form_page
def project_settings(request, slug):
    project = project_for(request.user, slug, "support.change_project")
    editing = request.editing.of(project)
    form = ProjectForm(editing.data, request.FILES or None, instance=project)
    if editing.is_ready(form):
        form.save()
        if editing.saved():
            messages.success(request, "Zapisano dane projektu.")
            return redirect("support:project_settings", slug)
    context = {"project": project, "form": form, "area": project.area.all()}
    return render(request, "support/project/project_settings.html", context)


@form_page
def wording_settings(request, slug):
    project = project_for(request.user, slug, "support.change_project")
    editing = request.editing.of(project)
    form = WordingForm(editing.data, instance=project)
    if editing.is_ready(form):
        form.save()
        if editing.saved():
            messages.success(request, "Zapisano treść druków.")
            return redirect("support:wording_settings", slug)
    return render(
        request, "support/project/wording_settings.html", {"project": project, "form": form}
    )


@form_page
def project_scope_edit(request, slug):
    project = project_for(request.user, slug, "support.change_project")
    editing = request.editing.of(project)
    form = ProjectScopeForm(editing.data, instance=Project.objects.get(pk=project.pk))
    effects = []
    if editing.is_ready(form):
        effects = save_knowingly(request, form.save, [project])
        if editing.is_saved:
            messages.success(request, "Zapisano okres i obszar projektu.")
            return redirect("support:project_settings", slug)
    context = {"project": project, "form": form, "effects": effects}
    context["seen"] = fingerprint(request.POST)
    return render(request, "support/project/project_scope_form.html", context)


@form_page
def reporting_settings(request, slug):
    """Periods and due days; "Pokaż okresy" shows those of what is typed and saves nothing."""
    project = project_for(request.user, slug, "support.change_project")
    editing = request.editing.of(project)
    form = ReportingForm(editing.data, instance=Project.objects.get(pk=project.pk))
    is_preview = editing.is_sent and "preview" in request.POST
    if not is_preview and editing.is_ready(form):
        form.save()
        if editing.saved():
            messages.success(request, "Zapisano okresy i terminy sprawozdań.")
            return redirect("support:reporting_settings", slug)
    context = {"project": project, "form": form} | form.shown_terms(project, is_preview)
    return render(request, "support/project/reporting_settings.html", context)


@require_safe
def project_logotypes(request, slug):
    """The picture; no file has an address of its own."""
    project = project_for(request.user, slug, "support.view_record")
    if not project.logotype_strip:
        raise Http404
    return FileResponse(project.logotype_strip.open())
