from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from indicators.dashboard.answers import answers, gravest
from indicators.dashboard.dashboard import Dashboard
from indicators.records.dates import DatesForm
from indicators.records.lines import with_charts
from support.access import project_for
from support.frame import project as project_of_frame
from support.models import Service

PERMISSION = "indicators.view_indicators"
# `(permission, page)`: a person begins at the first page that they may open.
HOME_PAGES = [
    ("support.approve_service", "indicators:dashboard"),
    ("support.add_record", "support:mine"),
    (PERMISSION, "indicators:report_list"),
    ("support.change_team", "support:team_settings"),
]


def home(request):
    """Where a signed-in person begins: in the project opened last, at the work of their role.

    An administrator of an installation without a service begins with the first steps.
    """
    project = project_of_frame(request)
    if request.user.is_administrator and not Service.objects.exists():
        return redirect("indicators:start")
    for permission, page in HOME_PAGES:
        if project and request.user.has_perm(permission, project):
            return redirect(page, project.slug)
    return render(request, "indicators/dashboard/home.html")


def dashboard(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    if request.user.has_perm("support.set_up_project", project):
        return redirect("indicators:project_start", slug)
    dates = DatesForm(request.GET, project)
    board = Dashboard.of(project, dates.day, request.user, timezone.localdate())
    codes = [line.indicator.code for line in board.lines]
    code = request.GET.get("chart", next(iter(codes), ""))
    if codes and code not in codes:
        raise Http404
    opening = list(answers(board, request.user))
    context = {
        "project": project,
        "dates": dates,
        "board": board,
        "answers": opening,
        "gravest": gravest(opening),
        "rows": with_charts(board.lines, board.scope, board.on),
        "chart": board.chart(code) if codes else None,
        "forecasts": board.forecasts(),
        "reported": board.reported(),
        "kept": [("chart", code)],
        "may_close": request.user.has_perm("indicators.close_report", project),
        "may_add": request.user.has_perm("support.add_record", project),
    }
    return render(request, "indicators/dashboard/dashboard.html", context)
