"""Pages that paste rows of a spreadsheet to a saved service, and undo it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from owes.change_reasons import asks_why
from owes.editing import form_page
from owes.formatting import plural
from owes.rehearsal import rehearse
from support.access import demand, project_for
from support.models import Service
from support.services.pasting_forms import PasteForm

ROWS = "wiersz,wiersze,wierszy"


def _service(request, slug, pk):
    project = project_for(request.user, slug, "support.view_record")
    service = get_object_or_404(project.services.for_page(), pk=pk)
    demand(request.user, "support.change_service", service)
    return service


@form_page
def service_paste(request, slug, pk):
    """Shows how the rows were recognized before anything is saved; then saves the right ones."""
    service = _service(request, slug, pk)
    editing = request.editing.of(service, *Service.PARTS)
    editing.is_reported = False  # see `support.services.views`
    form = PasteForm(editing.data, service=service, session=request.GET.get("session", ""))
    context = {"project": service.project, "service": service, "form": form}
    is_ready = editing.is_ready(form, save=lambda: form.pasted.save(request.user, timezone.now()))
    if is_ready and request.POST.get("act") == "save" and form.pasted.right:
        batch = _save(request, service, form.pasted)
        if editing.saved():
            return _saved(request, service, batch, len(form.pasted.right))
    if form.pasted:
        context["pasted"] = form.pasted
        context["effects"] = _effects(request, service, form.pasted)
    return render(request, "support/services/service_paste.html", context)


def _effects(request, service, pasted):
    def change():
        pasted.save(request.user, timezone.now())
        service.rehearse_approval()

    return rehearse(change, project=service.project).effects


def _save(request, service, pasted):
    locked = Service.objects.select_for_update().get(pk=service.pk)
    locked.check_state(Service.EDITABLE)
    return pasted.save(request.user, timezone.now())


def _saved(request, service, batch, count):
    """The answer after saving `count` rows; no batch means that all were there before."""
    if batch is None:
        messages.info(request, "Wszystkie te osoby są już na liście. Nic nie dodano.")
        return redirect(service)
    messages.success(request, f"Zapisano {plural(count, ROWS)}.")
    if batch.left:
        left = plural(batch.left_count, ROWS)
        messages.warning(request, f"Do poprawy: {left}. Czekają niżej.")
        return redirect("support:service_paste", service.project.slug, service.pk)
    return redirect(service)


@require_POST
@asks_why
def service_paste_undo(request, slug, pk, batch):
    service = _service(request, slug, pk)
    batch = get_object_or_404(service.paste_batches, pk=batch)
    try:
        kept = batch.undo()
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "Cofnięto wklejenie.")
        if kept:
            names = ", ".join(str(person) for person in kept)
            messages.info(request, f"W rejestrze zostają, bo są też gdzie indziej: {names}.")
    return redirect(service)


@require_POST
def service_paste_drop(request, slug, pk):
    """Drops the rows that wait to be corrected."""
    service = _service(request, slug, pk)
    service.paste_batches.exclude(left="").update(left="")
    messages.success(request, "Porzucono wiersze do poprawy.")
    return redirect(service)
