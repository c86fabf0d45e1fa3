from django.shortcuts import render

from indicators.dashboard.over_projects import counted_once, lines_of


def project_list(request):
    """The projects of the user; where one is still being set up, the step to go on with."""
    lines = lines_of(request.user)
    context = {"lines": lines, "once": counted_once(lines)}
    context["may_add"] = request.user.has_perm("support.add_project")
    return render(request, "indicators/dashboard/project_list.html", context)
