from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from indicators.board import Board, drawn
from indicators.definitions import INDICATORS
from indicators.forms.dates import DatesForm
from support.access import project_for
from support.frame import project as project_of_frame

PERMISSION = "indicators.view_indicators"


def home(request):
    """Where a signed-in person begins: their newest project, or what an account is for."""
    project = project_of_frame(request)
    if project and request.user.has_perm(PERMISSION, project):
        return redirect("indicators:dashboard", project.slug)
    if project and request.user.has_perm("support.change_team", project):
        return redirect("support:team_settings", project.slug)
    return render(request, "indicators/home.html")


def dashboard(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    dates = DatesForm(request.GET, project)
    code = request.GET.get("chart", "pes")
    if code not in INDICATORS:
        raise Http404
    board = Board.of(project, dates.day, request.user, timezone.localdate())
    context = {
        "project": project,
        "dates": dates,
        "board": board,
        "rows": drawn(board.lines, board.scope, board.on),
        "chart": board.chart(code),
        "forecasts": board.forecasts(),
        "reported": board.reported(),
        "kept": [("chart", code)],
        "may_close": request.user.has_perm("indicators.close_report", project),
        "may_add": request.user.has_perm("support.add_record", project),
    }
    return render(request, "indicators/dashboard.html", context)
