"""The pages of what to do first, and the button that makes the project of a known contract."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from indicators.dashboard.start import contracts_to_load, of_installation, of_project
from indicators.reference import load_project
from support.access import demand, project_for
from support.contracts import KNOWN


def start(request):
    """For an administrator, until somebody entered a service."""
    demand(request.user, "support.start_installation")
    context = _counted(of_installation()) | {"contracts": contracts_to_load()}
    return render(request, "indicators/dashboard/start.html", context)


def project_start(request, slug):
    """The dashboard of a project without records: a guide instead of warnings."""
    project = project_for(request.user, slug)
    if not request.user.has_perm("support.set_up_project", project):
        return redirect("indicators:dashboard", slug)
    context = _counted(of_project(project, request.user)) | {"project": project}
    return render(request, "indicators/dashboard/project_start.html", context)


def _counted(steps):
    """The steps, how many are done, and the one to take next."""
    steps = list(steps)
    undone = [step for step in steps if not step.is_done]
    return {
        "steps": steps,
        "done": len(steps) - len(undone),
        "current": next((step for step in undone if step.url), None),
    }


@require_POST
def contract_load(request):
    demand(request.user, "support.start_installation")
    slug = request.POST.get("contract", "")
    if slug not in KNOWN:
        raise Http404
    load_project(slug)
    messages.success(request, f"Założono projekt {KNOWN[slug].project['name']}.")
    return redirect("indicators:start")
