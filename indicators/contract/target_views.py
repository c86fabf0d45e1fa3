from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from indicators.contract.milestone_forms import arranged, button_of, milestone_rows
from indicators.contract.steps import way_back_of
from indicators.contract.target_entry import TargetEntry
from indicators.contract.targets import effect_of, timelines
from indicators.counting.units import unit_of
from owes.editing import form_page
from owes.submissions import fingerprint
from support.access import project_for
from support.project.confirmation import is_confirmed


def target_settings(request, slug):
    project = project_for(request.user, slug, "indicators.change_target")
    on = min(timezone.localdate(), project.ends_on)
    context = {"project": project, "timelines": timelines(project, on), "on": on}
    return render(request, "indicators/contract/target_settings.html", context)


@form_page
def target_create(request, slug):
    project = project_for(request.user, slug, "indicators.change_target")
    entry = TargetEntry(request.editing, project, request.GET.get("indicator", ""))
    effect = None
    if entry.is_ready():
        effect = effect_of(entry.form.instance, timezone.localdate())
        if effect is None or is_confirmed(request):
            target = entry.save()
            if request.editing.saved():
                name = project.indicators.get(code=target.indicator).name
                messages.success(request, f"Zapisano wartość docelową: {name}.")
                return redirect("indicators:target_settings", slug)
    context = {"project": project, "entry": entry, "form": entry.form, "effect": effect}
    context["seen"] = fingerprint(request.POST)
    return render(request, "indicators/contract/target_form.html", context)


@form_page
def milestone_edit(request, slug, pk):
    """The milestones of a target that is there; closed reports keep what they were measured by."""
    project = project_for(request.user, slug, "indicators.change_target")
    target = get_object_or_404(project.targets, pk=pk)
    indicator = get_object_or_404(project.indicators, code=target.indicator)
    way_back = way_back_of(request, project, "Wartości docelowe", "indicators:target_settings")
    editing = request.editing.of(target, "milestones")
    is_arranged = editing.is_sent and bool(button_of(editing.data))
    unit = unit_of(indicator)
    data = arranged(editing.data, target.value, project, unit) if is_arranged else editing.data
    rows = milestone_rows(data, target, unit=unit)
    if is_arranged:
        editing.show_unjudged(rows)
    elif editing.is_ready(rows):
        rows.save()
        if editing.saved():
            messages.success(request, f"Zapisano wartości pośrednie: {indicator.name}.")
            return redirect(way_back.url)
    context = {"project": project, "target": target, "rows": rows, "indicator": indicator}
    context |= {"unit": unit, "way_back": way_back, "back": way_back.url}
    return render(request, "indicators/contract/milestone_form.html", context)
