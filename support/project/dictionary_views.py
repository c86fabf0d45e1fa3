"""Dictionaries: kinds of services, themes, activities, kinds of adoptions."""

from functools import partial

from django.contrib import messages
from django.db.models import ProtectedError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from owes.editing import form_page
from owes.submissions import fingerprint
from support.access import demand, project_for
from support.models import Activity, AdoptionKind, Project, ServiceType, Theme
from support.project.confirmation import save_knowingly
from support.project.forms import ActivityForm, AdoptionKindForm, ServiceTypeForm, ThemeForm


def _project(request, slug):
    """Types, themes and kinds of adoptions belong to all projects, activities to this one."""
    demand(request.user, "support.change_dictionaries")
    return project_for(request.user, slug, "support.change_team")


def dictionary_settings(request, slug):
    project = _project(request, slug)
    context = {
        "project": project,
        "service_types": ServiceType.objects.all(),
        "themes": Theme.objects.all(),
        "activities": project.activities.all(),
        "adoption_kinds": AdoptionKind.objects.all(),
    }
    return render(request, "support/project/dictionary_settings.html", context)


@form_page
def service_type_create(request, slug):
    project = _project(request, slug)
    return _service_type_form(request, project, ServiceType())


@form_page
def service_type_edit(request, slug, pk):
    project = _project(request, slug)
    return _service_type_form(request, project, get_object_or_404(ServiceType, pk=pk))


def _service_type_form(request, project, service_type):
    """Types belong to all projects, so the effect is shown for each; a new type has none."""
    editing = request.editing.of(service_type)
    form = ServiceTypeForm(editing.data, instance=service_type)
    effects = []
    if editing.is_ready(form):
        projects = Project.objects.all() if service_type.pk else []
        effects = save_knowingly(request, form.save, projects)
        if editing.is_saved:
            return _saved(request, project, service_type)
    context = {"project": project, "form": form, "row": service_type, "effects": effects}
    context["seen"] = fingerprint(request.POST)
    return render(request, "support/project/service_type_form.html", context)


@form_page
def theme_create(request, slug):
    project = _project(request, slug)
    return _theme_form(request, project, Theme())


@form_page
def theme_edit(request, slug, pk):
    project = _project(request, slug)
    return _theme_form(request, project, get_object_or_404(Theme, pk=pk))


def _theme_form(request, project, theme):
    template = "support/project/theme_form.html"
    return _entry_form(request, project, ThemeForm, theme, template)


@form_page
def activity_create(request, slug):
    project = _project(request, slug)
    return _activity_form(request, project, Activity())


@form_page
def activity_edit(request, slug, pk):
    project = _project(request, slug)
    return _activity_form(request, project, get_object_or_404(project.activities, pk=pk))


def _activity_form(request, project, activity):
    template = "support/project/activity_form.html"
    return _entry_form(
        request, project, partial(ActivityForm, project=project), activity, template
    )


@form_page
def adoption_kind_create(request, slug):
    project = _project(request, slug)
    return _adoption_kind_form(request, project, AdoptionKind())


@form_page
def adoption_kind_edit(request, slug, pk):
    project = _project(request, slug)
    return _adoption_kind_form(request, project, get_object_or_404(AdoptionKind, pk=pk))


def _adoption_kind_form(request, project, kind):
    template = "support/project/adoption_kind_form.html"
    return _entry_form(request, project, AdoptionKindForm, kind, template)


def _entry_form(request, project, make_form, entry, template):
    """The form of an entry that moves no number."""
    editing = request.editing.of(entry)
    form = make_form(editing.data, instance=entry)
    if editing.is_ready(form):
        form.save()
        if editing.saved():
            return _saved(request, project, entry)
    context = {"project": project, "form": form, "row": entry}
    return render(request, template, context)


@require_POST
def service_type_delete(request, slug, pk):
    return _delete(request, slug, ServiceType, pk)


@require_POST
def theme_delete(request, slug, pk):
    return _delete(request, slug, Theme, pk)


@require_POST
def adoption_kind_delete(request, slug, pk):
    return _delete(request, slug, AdoptionKind, pk)


def _delete(request, slug, model, pk):
    """Of an entry that nothing uses: what uses another is said."""
    project = _project(request, slug)
    entry = get_object_or_404(model, pk=pk)
    try:
        entry.delete()
    except ProtectedError as error:
        messages.error(request, error.args[0])
    else:
        messages.success(request, f"Usunięto ze słownika: {entry}.")
    return redirect("support:dictionary_settings", project.slug)


def _saved(request, project, row):
    messages.success(request, f"Zapisano w słowniku: {row}.")
    return redirect("support:dictionary_settings", project.slug)
