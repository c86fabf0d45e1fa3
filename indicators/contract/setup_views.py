from django.shortcuts import render

from indicators.contract.steps import INDICATORS
from indicators.contract.targets import timelines
from support.access import project_for
from support.project.steps import context_of


def setup_indicators(request, slug):
    """The step of a new project: its indicators with their targets."""
    project = project_for(request.user, slug, "support.set_up_project")
    context = context_of(project, INDICATORS)
    context["timelines"] = timelines(project, project.ends_on)
    context["may_change"] = request.user.has_perm("indicators.change_target", project)
    context["may_add"] = request.user.has_perm("indicators.change_projectindicator", project)
    return render(request, "indicators/contract/setup_indicators.html", context)
