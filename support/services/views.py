from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from owes import drafts
from owes.editing import form_page
from owes.exports import export
from owes.formatting import hours, plural
from owes.reasons import asks_why
from owes.tables import paged
from support.access import demand, project_for
from support.models import AcceptedWarning, Service
from support.records.forms import ReasonForm
from support.roster.forms import SessionRow
from support.roster.lists import lines
from support.services.entry import ServiceEntry
from support.services.filters import ServiceFilter
from support.services.forms import ServiceForm, SignatureForm, begun_by, copy_of
from support.services.tables import ServiceTable
from support.services.visit_forms import as_of_visit
from support.services.visits import is_visit
from support.services.warnings import BY_CODE, seen_by, told_together, warnings_of
from support.services.work_forms import UNFINISHED, SubmitForm, form_of, forms_of, short_form_of

# Where typing goes on after a button that adds rows.
FOCUS = {
    "add_people": "roster",
    "add_representatives": "roster",
    "add_recipient": "recipient",
    "person": "roster",
    "previous": "previous",
    "drop_previous": "roster",
    "clear_carried": "first",
}
MORE_THAN_A_VISIT = (
    "Krótki formularz wizyty mieści jeden podmiot, jedną osobę z kadry i jeden termin bez "
    "przerwy. Tu jest więcej, więc wpis zostaje w pełnym formularzu."
)


def service_list(request, slug):
    project = project_for(request.user, slug, "support.view_record")
    found = ServiceFilter(request.GET, project=project, user=request.user)
    table = paged(request, ServiceTable(found.qs, *found.days))
    if file := export(request, table, "uslugi", found.asked()):
        return file
    if request.user.has_perm("support.add_record", project):
        table.offer_submitting(project.services.led_or_made_by(request.user))
    context = {"project": project, "filter": found, "table": table}
    return render(request, "support/services/service_list.html", context)


@require_POST
@asks_why
def service_submit_many(request, slug):
    """Submits the chosen of one's own services; says of each that is not ready what it lacks."""
    project = project_for(request.user, slug, "support.add_record")
    form = SubmitForm(request.POST, services=project.services.led_or_made_by(request.user))
    if form.is_valid():
        done, refused = form.submit(request.user)
        if done:
            told = plural(len(done), "usługę,usługi,usług")
            messages.success(request, f"Złożono do zatwierdzenia {told}.")
    else:
        refused = form.errors["service"]
    for sentence in refused:
        messages.error(request, sentence)
    url = reverse("support:service_list", args=[slug])
    return redirect(f"{url}?{request.GET.urlencode()}")


@form_page
def service_create(request, slug):
    project = project_for(request.user, slug, "support.add_record")
    copied, source = request.GET.get("copy", ""), None
    if copied.isdecimal():
        source = get_object_or_404(project.services.for_page(), pk=copied[:18])
        service, initial = copy_of(source)
    else:
        service, initial = begun_by(request.user, project, ServiceForm)
    recipients = request.GET.getlist("entity")
    return _service_form(request, service, recipients, initial=initial, source=source)


@form_page
def service_edit(request, slug, pk):
    service = _service(request, slug, pk, "support.change_service")
    return _service_form(request, service)


def _service_form(request: HttpRequest, service, recipients=(), **begun):
    editing = request.editing.of(service, *Service.PARTS)
    # What may be edited is not approved, so it counts nowhere: approving is what asks why.
    editing.is_reported = False
    act = request.POST.get("act", "")
    entry = ServiceEntry(editing.data, service, recipients, **begun)
    entry.leaves_wrong_rows = act == "draft"
    if editing.is_sent and (rearranged := entry.rearrange(act)):
        repeat, entry = entry.repeat, ServiceEntry(rearranged, service)
        entry.focus = FOCUS.get(act.partition(":")[0], "")
        if act == "repeat":
            entry.tell_repeated(repeat)
        if act == "paste":
            entry.tell_roster(request.user)
    elif editing.draft and editing.data.get("tells"):
        entry.tell_left()
    elif act == "short" and (answer := _as_visit(request, entry)):
        return answer
    elif act == "rehearse":
        entry.rehearse(request.user)
    elif act != "short" and (answer := saved(request, entry, form_of)):
        return answer
    if request.htmx and act == "rehearse":
        return render(request, "support/services/_service_effects.html", {"entry": entry})
    return render(request, "support/services/service_form.html", {"entry": entry, "form": entry})


def _as_visit(request, entry):
    """The redirect that leads what is typed to the short form, or None where it does not fit."""
    service, data = entry.service, as_of_visit(entry)
    if data is None or (service.pk and not is_visit(service)):
        messages.warning(request, MORE_THAN_A_VISIT)
        return None
    new = reverse("support:visit_create", args=[service.project.slug])
    url = short_form_of(service) if service.pk else new
    return redirect(request.editing.move(url, data))


def saved(request, entry, form_of):
    """The redirect after saving what is typed, or None when it is not to be saved as it is.

    `form_of` answers the address of the form where the rows that could not be saved wait.
    """
    editing, act = request.editing, request.POST.get("act", "")
    if not editing.is_ready(entry, save=lambda: entry.write(request.user)):
        return None
    service = entry.save(request.user, submit=act == "submit")
    if service is None:
        return None
    if service.is_editable:
        editing.record = service
    if entry.joining:
        names = ", ".join(map(str, entry.joining))
        messages.info(request, f"Dopisano do odbiorców z listy uczestników: {names}.")
    if entry.left:
        data = entry.draft_of_the_left()
        return redirect(editing.keep(service, form_of(service), data))
    told = "Złożono do zatwierdzenia" if act == "submit" else "Zapisano"
    messages.success(request, f"{told} usługę {service.printed_number}.")
    return redirect(service)


def unfinished(user, service):
    """The address of a form of the service that holds what one has not saved, or None."""
    found = drafts.waiting(user).filter(key__in=forms_of(service))
    return found.values_list("key", flat=True).first()


def service_detail(request, slug, pk):
    return _service_detail(request, _service(request, slug, pk, "support.view_service"))


def _service_detail(request, service, **forms):
    sessions = list(service.sessions.all())
    order = "sort_key" if request.user.has_perm("entities.see_names") else "code"
    known = warnings_of([service.pk])
    context = {
        "service": service,
        "project": service.project,
        "sessions": sessions,
        "warnings": told_together(seen_by(known.get(service.pk, []), request.user)),
        "pastes": service.paste_batches.select_related("by")[:5],
        "lines": lines(sessions, [f"person__{order}"]),
        "reason_form": ReasonForm(),
        "signature_form": SignatureForm(instance=service),
    } | forms
    return render(request, "support/services/service_detail.html", context)


@require_POST
@asks_why
def service_submit(request, slug, pk):
    service = _service(request, slug, pk, "support.submit_service")
    if url := unfinished(request.user, service):
        messages.error(request, UNFINISHED)
        return redirect(url)
    return _act(request, service, "Złożono do zatwierdzenia", service.submit)


@require_POST
@asks_why
def service_withdraw(request, slug, pk):
    service = _service(request, slug, pk, "support.withdraw_service")
    answer = _act(request, service, "Wycofano do szkicu", service.withdraw)
    if request.POST.get("back") == "attendance":
        return redirect("support:service_attendance", slug, pk)
    return answer


@require_POST
@asks_why
def service_approve(request, slug, pk):
    service = _service(request, slug, pk, "support.approve_service")
    return _act(request, service, "Zatwierdzono", service.approve)


def _act(request, service, told, act):
    try:
        act(request.user)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
    else:
        messages.success(request, f"{told} usługę {service.printed_number}.")
    return redirect(service)


@require_POST
@asks_why
def service_return(request, slug, pk):
    service = _service(request, slug, pk, "support.approve_service")
    return _act_with_reason(request, service, "return", "Zwrócono", service.send_back)


@require_POST
@asks_why
def service_reopen(request, slug, pk):
    service = _service(request, slug, pk, "support.approve_service")
    return _act_with_reason(request, service, "reopen", "Otwarto ponownie", service.reopen)


@require_POST
@asks_why
def service_cancel(request, slug, pk):
    service = _service(request, slug, pk, "support.cancel_service")
    return _act_with_reason(request, service, "cancel", "Anulowano", service.cancel)


def _act_with_reason(request, service, name, told, act):
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            act(request.user, form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error("reason", error)
        else:
            messages.success(request, f"{told} usługę {service.printed_number}.")
            return redirect(service)
    return _service_detail(request, service, reason_form=form, asked=name)


@require_POST
def service_accept(request, slug, pk):
    """A coordinator accepts warnings told as one, as they stand, with a reason."""
    service = _service(request, slug, pk, "support.approve_service")
    form = ReasonForm(request.POST)
    code, keys = request.POST.get("code", ""), request.POST.getlist("key")
    known = warnings_of([pk]).get(pk, [])
    found = [one for one in known if one.code == code and one.key in keys]
    if code not in BY_CODE or not found:
        messages.error(request, "Tego ostrzeżenia już nie ma.")
    elif not form.is_valid():
        messages.error(request, "Podaj powód, dla którego przyjmujesz ostrzeżenie.")
    else:
        for warning in found:
            AcceptedWarning.objects.get_or_create(
                service=service,
                code=code,
                key=warning.key,
                defaults={
                    "sentence": warning.sentence[:500],
                    "reason": form.cleaned_data["reason"][:300],
                    "by": request.user,
                },
            )
        messages.success(request, "Przyjęto ostrzeżenie.")
    return redirect(service)


@require_POST
def service_sign(request, slug, pk):
    service = _service(request, slug, pk, "support.sign_service")
    form = SignatureForm(request.POST, instance=service)
    if form.is_valid():
        form.save()
        messages.success(request, "Zapisano dzień podpisania karty.")
        return redirect(service)
    return _service_detail(request, service, signature_form=form)


def _service(request, slug, pk, permission):
    """The service of the address; 404 to strangers of the project, 403 to those who may not."""
    project = project_for(request.user, slug, "support.view_record")
    service = get_object_or_404(project.services.for_page(), pk=pk)
    demand(request.user, permission, service)
    return service


@require_GET
def service_session(request, slug):
    """What the typed row of a session means: asked by the form while it is typed."""
    project = project_for(request.user, slug, "support.add_record")
    row = SessionRow(request.GET, project=project)
    row.is_valid()
    day = row.shown_day
    return JsonResponse(
        {
            "words": row.day_words,
            "short": f"{day:%d.%m}" if day else "",
            "time": hours(row.shown_minutes),
        }
    )
