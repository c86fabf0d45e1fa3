"""Pages of services: the list, the form, the detail page and its actions."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from owes import drafts
from owes.change_reasons import asks_why
from owes.editing import form_page
from owes.formatting import plural
from owes.lists.exporting import export
from owes.tables import paged
from support.access import demand, project_for
from support.models import AcceptedWarning, Service
from support.records.forms import ReasonForm
from support.roster.forms import SessionRow
from support.roster.lists import participants_of
from support.services.entry import ServiceEntry
from support.services.entry_actions import FOCUS, apply_action
from support.services.filters import ServiceFilter
from support.services.forms import ServiceForm, SignatureForm, copy_of, new_service
from support.services.saving import rehearse_entry, save_entry, write_entry
from support.services.tables import ServiceTable
from support.services.visit_data import visit_data
from support.services.visits import is_visit, visit_types
from support.services.warnings import BY_CODE, merge_days, visible_to, warnings_of
from support.services.work_forms import UNFINISHED, SubmitForm, form_of, forms_of, short_form_of

MORE_THAN_A_VISIT = (
    "Krótki formularz wizyty mieści jeden podmiot, jedną osobę z kadry i jeden termin bez "
    "przerwy. Tu jest więcej, więc wpis zostaje w pełnym formularzu."
)


def service_list(request, slug):
    project = project_for(request.user, slug, "support.view_record")
    services = ServiceFilter(request.GET, project=project, user=request.user)
    table = paged(request, ServiceTable(services.qs, services.count, *services.days))
    if file := export(request, table, "uslugi", services.in_words()):
        return file
    if request.user.has_perm("support.add_record", project):
        table.offer_submitting(project.services.led_or_made_by(request.user))
    context = {"project": project, "filter": services, "table": table}
    return render(request, "support/services/service_list.html", context)


@require_POST
@asks_why
def service_submit_many(request, slug):
    """Submits the chosen services of the user; says what each that is not ready lacks."""
    project = project_for(request.user, slug, "support.add_record")
    form = SubmitForm(request.POST, services=project.services.led_or_made_by(request.user))
    if form.is_valid():
        submitted, refused = form.submit(request.user)
        if submitted:
            count = plural(len(submitted), "usługę,usługi,usług")
            messages.success(request, f"Złożono do zatwierdzenia {count}.")
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
        # Somebody who has made a training does not begin the next as their last visit.
        trainings = project.services.filter(created_by=request.user).exclude(
            type__in=visit_types()
        )
        services = trainings if trainings.exists() else None
        service, initial = new_service(request.user, project, ServiceForm, services)
    recipients = request.GET.getlist("entity")
    return _service_form(request, service, recipients, initial=initial, source=source)


@form_page
def service_edit(request, slug, pk):
    service = _service(request, slug, pk, "support.change_service")
    return _service_form(request, service)


def _service_form(request: HttpRequest, service, recipients=(), **beginning):
    editing = request.editing.of(service, *Service.PARTS)
    with editing.earlier_state.standing(service, Service.PARTS):
        return _answer_of_form(request, editing, service, recipients, **beginning)


def _answer_of_form(request: HttpRequest, editing, service, recipients, **beginning):
    # A service that may be edited is not approved, so no report counts it; approving asks why.
    editing.is_reported = False
    act = request.POST.get("act", "")
    entry = ServiceEntry(editing.data, service, recipients, **beginning)
    entry.leaves_wrong_rows = act == "draft"
    if editing.is_sent and (data := apply_action(entry, act)):
        entry = _entry_after(request, act, entry, data)
    elif editing.draft and editing.data.get("tells"):
        entry.show_left_rows()
    elif act == "short" and (response := _as_visit(request, entry)):
        return response
    elif act == "rehearse":
        if entry.is_valid():
            rehearse_entry(entry, request.user)
    elif act != "short" and (response := save_and_redirect(request, entry, form_of)):
        return response
    if request.htmx and act == "rehearse":
        return render(request, "support/services/_service_effects.html", {"entry": entry})
    return render(request, "support/services/service_form.html", {"entry": entry, "form": entry})


def _entry_after(request, act, entry, data):
    """The form with the data that a button made of those typed in `entry`."""
    repeat, entry = entry.repeat, ServiceEntry(data, entry.service)
    entry.focus = FOCUS.get(act.partition(":")[0], "")
    if act == "repeat":
        entry.show_repeated(repeat)
    if act == "paste":
        entry.show_roster_errors()
        if data.get("type") and entry.is_valid_but_rows():
            rehearse_entry(entry, request.user)
    return entry


def _as_visit(request, entry):
    """The redirect that moves what is typed to the short form, or None where it does not fit."""
    service, data = entry.service, visit_data(entry)
    if data is None or (service.pk and not is_visit(service)):
        messages.warning(request, MORE_THAN_A_VISIT)
        return None
    new = reverse("support:visit_create", args=[service.project.slug])
    url = short_form_of(service) if service.pk else new
    return redirect(request.editing.move(url, data))


def save_and_redirect(request, entry, form_of):
    """The redirect after saving what is typed, or None when it cannot be saved as it is.

    `form_of` returns the address of the form where the rows that could not be saved wait.
    """
    editing, act = request.editing, request.POST.get("act", "")
    if not editing.is_ready(entry, save=lambda: write_entry(entry, request.user)):
        return None
    submits = act in ("submit", "submit_unchanged")
    asked = {"submit": submits, "is_unchanged": act == "submit_unchanged"}
    service = save_entry(entry, request.user, **asked)
    if service is None or not editing.saved():
        return None
    if service.is_editable:
        editing.record = service
    if entry.joining:
        names = ", ".join(map(str, entry.joining))
        messages.info(request, f"Dopisano do odbiorców z listy uczestników: {names}.")
    if entry.left:
        data = entry.draft_of_left_rows()
        return redirect(editing.keep(service, form_of(service), data))
    done = "Złożono do zatwierdzenia" if submits else "Zapisano"
    messages.success(request, f"{done} usługę {service.printed_number}.")
    return redirect(service)


def unfinished(user, service):
    """The address of a form of the service with an unsaved draft of the user, or None."""
    waiting = drafts.waiting(user).filter(key__in=forms_of(service))
    return waiting.values_list("key", flat=True).first()


def service_detail(request, slug, pk):
    return _service_detail(request, _service(request, slug, pk, "support.view_service"))


def _service_detail(request, service, **forms):
    sessions = list(service.sessions.all())
    order = "sort_key" if request.user.has_perm("entities.see_names") else "code"
    warnings = warnings_of([service.pk]).get(service.pk, [])
    participants = participants_of(sessions, [f"person__{order}"])
    context = {
        "service": service,
        "project": service.project,
        "sessions": sessions,
        "warnings": merge_days(visible_to(request.user, warnings)),
        "pastes": service.paste_batches.select_related("by")[:5],
        "participants": [
            (row, list(zip(sessions, row.states, strict=True))) for row in participants
        ],
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
    submit = partial(service.submit, is_unchanged="unchanged" in request.POST)
    return _act(request, service, "Złożono do zatwierdzenia", submit)


@require_POST
@asks_why
def service_withdraw(request, slug, pk):
    service = _service(request, slug, pk, "support.withdraw_service")
    response = _act(request, service, "Wycofano do szkicu", service.withdraw)
    if request.POST.get("back") == "attendance":
        return redirect("support:service_attendance", slug, pk)
    return response


@require_POST
@asks_why
def service_approve(request, slug, pk):
    service = _service(request, slug, pk, "support.approve_service")
    return _act(request, service, "Zatwierdzono", service.approve)


def _act(request, service, done, act):
    try:
        act(request.user)
    except ValidationError as error:
        if any(item.code == "unchanged" for item in error.error_list):
            return _service_detail(request, service, is_unchanged=True)
        for sentence in error.messages:
            messages.error(request, sentence)
    else:
        messages.success(request, f"{done} usługę {service.printed_number}.")
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


def _act_with_reason(request, service, name, done, act):
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            act(request.user, form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error("reason", error)
        else:
            messages.success(request, f"{done} usługę {service.printed_number}.")
            return redirect(service)
    return _service_detail(request, service, reason_form=form, refused_action=name)


@require_POST
def service_accept(request, slug, pk):
    """Accepts warnings that are shown as one, with a reason of the coordinator."""
    service = _service(request, slug, pk, "support.approve_service")
    form = ReasonForm(request.POST)
    code, keys = request.POST.get("code", ""), request.POST.getlist("key")
    warnings = warnings_of([pk]).get(pk, [])
    chosen = [row for row in warnings if row.code == code and row.key in keys]
    if code not in BY_CODE or not chosen:
        messages.error(request, "Tego ostrzeżenia już nie ma.")
    elif not form.is_valid():
        messages.error(request, "Podaj powód, dla którego przyjmujesz ostrzeżenie.")
    else:
        for warning in chosen:
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
    """The service of the address; 404 for those outside the project, 403 without permission."""
    project = project_for(request.user, slug, "support.view_record")
    service = get_object_or_404(project.services.for_page(), pk=pk)
    demand(request.user, permission, service)
    return service


@require_GET
def service_session(request, slug):
    """What the typed row of a session means; the form asks while the user types."""
    project = project_for(request.user, slug, "support.add_record")
    row = SessionRow(request.GET, project=project)
    row.is_valid()
    day = row.shown_day
    return JsonResponse(
        {
            "words": row.day_words,
            "short": f"{day:%d.%m}" if day else "",
            "time": row.time_words,
        }
    )
