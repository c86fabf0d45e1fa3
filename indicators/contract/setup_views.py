from django.contrib import messages
from django.shortcuts import redirect, render

from indicators.contract.steps import FROM_STEP, INDICATORS
from indicators.contract.target_table import TargetTable
from owes.editing import form_page
from support.access import demand, project_for
from support.project.steps import context_of


@form_page
def setup_indicators(request, slug):
    """The step of a new project: its indicators, and the table of their targets."""
    project = project_for(request.user, slug, "support.set_up_project")
    editing = request.editing.of(project, "targets")
    if editing.is_sent:
        demand(request.user, "indicators.change_target", project)
    context, table = context_of(project, INDICATORS), TargetTable(editing.data, project)
    if editing.is_ready(table):
        table.save()
        if editing.saved():
            messages.success(request, "Zapisano cele.")
            stays = "stay" in request.POST
            return redirect(INDICATORS.url(project) if stays else context["following"])
    context |= {"table": table, "from_step": FROM_STEP}
    context["may_change"] = request.user.has_perm("indicators.change_target", project)
    context["may_add"] = request.user.has_perm("indicators.change_projectindicator", project)
    return render(request, "indicators/contract/setup_indicators.html", context)
