"""The page that takes the report of a meeting."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from owes.formatting import hours
from owes.links import with_query
from support.access import demand, project_for
from support.meetings.forms import MeetingReportForm

TOO_SHORT = "Krócej niż {share}% czasu terminu, więc nie dojdą: {people}."


def meeting_report_create(request, slug, pk):
    """Reads the report, and leads to the page where its people are recognized and saved."""
    project = project_for(request.user, slug, "support.view_record")
    service = get_object_or_404(project.services.for_page(), pk=pk)
    demand(request.user, "support.change_service", service)
    form = MeetingReportForm(request.POST or None, request.FILES or None, service=service)
    if form.is_valid() and _is_saved(form, request.user):
        messages.success(request, "Raport zapisano jako dowód usługi. Sprawdź osoby niżej.")
        if form.short:
            messages.warning(request, _too_short(form.short, project.meeting_presence_share))
        url = reverse("support:service_paste", args=[project.slug, service.pk])
        return redirect(with_query(url, session=str(form.cleaned_data["session"].pk)))
    context = {"project": project, "service": service, "form": form}
    return render(request, "support/meetings/meeting_report_form.html", context)


def _is_saved(form, user):
    try:
        form.save(user)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _too_short(people, share):
    named = ", ".join(f"{person.name} ({hours(person.minutes)})" for person in people)
    return TOO_SHORT.format(share=share, people=named)
