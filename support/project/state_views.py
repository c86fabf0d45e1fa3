"""All projects, and what is done with a whole one: copied, put into the archive, removed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from support.access import changes_nothing, project_for
from support.frame import first_page
from support.models import Project
from support.project.steps import first_undone

PERMISSION = "support.keep_project"


def project_list(request):
    """The projects of the user; where one is still being set up, the step to go on with."""
    rows = [
        (project, first_page(request.user, project), _next_step(request.user, project))
        for project in Project.objects.of_user(request.user)
    ]
    context = {"rows": rows, "may_add": request.user.has_perm("support.add_project")}
    return render(request, "support/project/project_list.html", context)


def _next_step(user, project):
    """`(step, its address)`; None when the user has nothing to set up."""
    if not user.has_perm("support.set_up_project", project):
        return None
    step = first_undone(project)
    return step and (step, step.url(project))


def project_state(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    context = {"project": project}
    context["may_add"] = request.user.has_perm("support.add_project")
    return render(request, "support/project/project_state.html", context)


@require_POST
def project_archive(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    project.archived_on = timezone.localdate()
    project.save()
    messages.success(request, f"Projekt {project} jest w archiwum.")
    return redirect("support:project_state", slug)


@changes_nothing
@require_POST
def project_restore(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    project.archived_on = None
    project.save()
    messages.success(request, f"Projekt {project} wrócił z archiwum.")
    return redirect("support:project_state", slug)


@require_POST
def project_delete(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    try:
        project.remove()
    except ValidationError as error:
        messages.error(request, error.message)
        return redirect("support:project_state", slug)
    messages.success(request, f"Usunięto projekt {project.name}.")
    return redirect("support:project_list")
