from copy import copy

from django.contrib import messages
from django.forms import model_to_dict
from django.shortcuts import redirect, render
from django.utils import timezone

from indicators.contract.reading_forms import ReadingForm
from indicators.counting.scope import Scope
from indicators.models import Reading
from owes.editing import form_page
from owes.submissions import fingerprint
from support.access import project_for
from support.project.confirmation import save_knowingly

PERMISSION = "indicators.change_reading"


def reading_settings(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    scope = Scope.of(project, timezone.localdate())
    context = {"project": project, "reading": scope.reading, "readings": scope.readings[::-1]}
    return render(request, "indicators/contract/reading_settings.html", context)


@form_page
def reading_create(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    last = model_to_dict(Scope.of(project).reading, exclude=["valid_from", "basis"])
    form = ReadingForm(request.editing.data, initial=last, project=project)
    effects = []
    if request.editing.is_ready(form):
        reading = Reading(project=project, **form.cleaned_data)
        effects = save_knowingly(request, lambda: copy(reading).save(), [project])
        if request.editing.is_saved:
            messages.success(request, "Zapisano odczytanie umowy.")
            return redirect("indicators:reading_settings", slug)
    context = {"project": project, "form": form, "effects": effects}
    context["seen"] = fingerprint(request.POST)
    return render(request, "indicators/contract/reading_form.html", context)
