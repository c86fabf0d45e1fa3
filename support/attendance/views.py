"""Pages that show and save who was present at a service."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from owes.editing import form_page
from owes.formatting import clock
from support.access import demand, project_for
from support.attendance.changes import (
    CellChange,
    changes_of_form,
    changes_since,
    last_change,
    save_changes,
)
from support.attendance.forms import AttendanceForm
from support.attendance.sheet import AttendanceSheet
from support.models import Attendance


def service_attendance(request, slug, pk):
    """Who was present; `attendance_mark` saves a tap, and without a script this view saves all."""
    service = _service(request, slug, pk, "support.view_service")
    if request.method == "POST":
        return _sent(request, service)
    order = "sort_key" if request.user.has_perm("entities.see_names") else "code"
    may_change = request.user.has_perm("support.change_service", service)
    sheet = AttendanceSheet(
        service,
        timezone.now(),
        _session(request),
        order=[f"person__{order}"],
        with_others=may_change,
    )
    context = {
        "project": service.project,
        "service": service,
        "sheet": sheet,
        "session": _session(request),
        "may_change": may_change,
        "has_all_states": may_change and "states" in request.GET,
    }
    return render(request, "support/attendance/service_attendance.html", context)


def _sent(request, service):
    """Saves the cells of the form first, then the changes of its button."""
    demand(request.user, "support.change_service", service)
    act, _, argument = request.POST.get("act", "").partition(":")
    here = request.get_full_path()
    try:
        save_changes(service, changes_of_form(request.POST))
        sheet = AttendanceSheet(service, timezone.now(), _session(request))
        save_changes(service, sheet.changes(act, argument))
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(here)
    messages.success(request, "Zapisano obecność.")
    return redirect(here if act else service)


@require_POST
def attendance_mark(request, slug, pk):
    """Saves the cells sent; returns the time and what others changed since `since`."""
    service = _service(request, slug, pk, "support.change_service")
    since = request.POST.get("since", "")
    try:
        changes = [CellChange.read(text) for text in request.POST.getlist("cell")]
        saved = save_changes(service, changes)
    except ValidationError as error:
        return JsonResponse({"refusal": error.messages[0]}, status=409)
    others = changes_since(service, int(since) if since.isdecimal() else 0, saved)
    return JsonResponse(
        {"at": clock(timezone.now()), "since": last_change(service), "others": others}
    )


@form_page
def attendance_create(request, slug, pk):
    service = _service(request, slug, pk, "support.change_service")
    editing = request.editing.of(Attendance())
    editing.is_reported = False  # see `support.services.views`
    now = timezone.now()
    form = AttendanceForm(editing.data, service=service, now=now, session=_session(request))
    if editing.is_ready(form):
        try:
            person = form.save(request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if editing.saved():
                messages.success(request, f"Dopisano do listy: {person}.")
                return redirect(_back(request, service))
    context = {"service": service, "project": service.project, "form": form}
    context["back"] = _back(request, service)
    return render(request, "support/attendance/attendance_form.html", context)


def _back(request, service):
    """The address of the page of attendance that shows the same days."""
    url = reverse("support:service_attendance", args=[service.project.slug, service.pk])
    session = _session(request)
    return f"{url}?session={session}" if session else url


def _session(request):
    """The key of the only session asked for, or None."""
    text = request.GET.get("session", "")
    return int(text[:18]) if text.isdecimal() else None


def _service(request, slug, pk, permission):
    project = project_for(request.user, slug, "support.view_record")
    service = get_object_or_404(project.services.for_page(), pk=pk)
    demand(request.user, permission, service)
    return service
