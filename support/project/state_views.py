"""What is done with a whole project: it is copied, put into the archive, removed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from support.access import changes_nothing, project_for

PERMISSION = "support.keep_project"


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
    return redirect("indicators:project_list")
