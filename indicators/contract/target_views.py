from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone

from indicators.contract.target_forms import TargetForm
from indicators.contract.targets import effect_of, timelines
from indicators.models import Target
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
    initial = Target.objects.words_of(project, request.GET.get("indicator", ""))
    form = TargetForm(request.editing.data, initial=initial, project=project)
    effect = None
    if request.editing.is_ready(form):
        effect = effect_of(form.instance, timezone.localdate())
        if effect is None or is_confirmed(request):
            target = form.save()
            if request.editing.saved():
                name = project.indicators.get(code=target.indicator).name
                messages.success(request, f"Zapisano wartość docelową: {name}.")
                return redirect("indicators:target_settings", slug)
    context = {"project": project, "form": form, "effect": effect}
    context["seen"] = fingerprint(request.POST)
    return render(request, "indicators/contract/target_form.html", context)
