"""The indicators of a project and their rules, as the contract asks for them."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from indicators.contract.indicators import counted_now, rule_versions
from support.access import project_for

PERMISSION = "indicators.change_projectindicator"


def indicator_settings(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    context = {"project": project, "rows": counted_now(project, timezone.localdate())}
    return render(request, "indicators/contract/indicator_settings.html", context)


def indicator_rules(request, slug, code):
    """Every rule that an indicator has had, the newest first."""
    project = project_for(request.user, slug, PERMISSION)
    row = get_object_or_404(project.indicators.prefetch_related("rules"), code=code)
    context = {"project": project, "row": row, "versions": rule_versions(row)}
    return render(request, "indicators/contract/indicator_rules.html", context)
