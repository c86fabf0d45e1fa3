from django.shortcuts import render
from django.utils import timezone

from indicators.counting.scope import Scope
from indicators.dashboard.what_if_forms import WhatIfForm
from indicators.records.dates import DatesForm
from indicators.records.lines import progress_lines
from owes.rehearsal import rehearse
from support.access import project_for
from support.models import Service


def what_if(request, slug):
    """Each indicator as it would be with records more or fewer; nothing is written."""
    project = project_for(request.user, slug, "indicators.view_indicators")
    dates = DatesForm(request.GET, project)
    scope = Scope.of(project, dates.day)
    form = WhatIfForm(request.GET, progress_lines(scope, dates.day))
    waiting = project.services.waiting()
    # What waits now belongs to no past day.
    is_latest = dates.day == scope.as_of(timezone.localdate())
    changes = []
    if is_latest and form.is_valid() and form.cleaned_data["approve"]:
        changes = rehearse(
            lambda: waiting.update(state=Service.State.APPROVED), project=project
        ).effects.changes
    context = {
        "project": project,
        "dates": dates,
        "form": form,
        "rows": form.supposed(changes),
        "changes": changes,
        "waiting": waiting.count() if is_latest else 0,
    }
    return render(request, "indicators/dashboard/what_if.html", context)
