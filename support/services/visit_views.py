"""Pages of the short form of a visit; what does not fit in it moves to the form of a service."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from entities.models import Person
from owes.editing import form_page
from support.access import demand, project_for
from support.roster.lists import participants_of
from support.services.forms import copy_of, new_service
from support.services.saving import rehearse_entry
from support.services.views import save_and_redirect, unfinished
from support.services.visit_data import service_data
from support.services.visit_entry import VisitEntry, apply_visit_action
from support.services.visit_forms import VisitForm
from support.services.visits import hours_of, is_visit, without_lists
from support.services.work_forms import form_of, short_form_of

# The part of the page that answers a button when a script asks.
PARTS = {
    "rehearse": "support/services/_service_effects.html",
    "term": "support/services/_visit_term.html",
    "people": "support/services/_visit_people.html",
    "add_person": "support/services/_visit_people.html",
}


@form_page
def visit_create(request, slug):
    project = project_for(request.user, slug, "support.add_record")
    copied = request.GET.get("copy", "")
    if copied.isdecimal():
        source = get_object_or_404(project.services.for_page(), pk=copied[:18])
        if not is_visit(source):
            return redirect(f"{reverse('support:service_create', args=[slug])}?copy={source.pk}")
        visit, initial = copy_of(source)
        initial["hours"] = hours_of(source)
        people = [row.person for row in participants_of(list(source.sessions.all())) if row.places]
    else:
        visit, initial = new_service(
            request.user, project, VisitForm, without_lists(project.services)
        )
        people = list(Person.objects.filter(code__in=request.GET.getlist("person")))
    initial["day"] = request.GET.get("day", "")
    recipients = request.GET.getlist("entity")
    return _visit_form(request, visit, recipients, initial=initial, people=people)


@form_page
def visit_edit(request, slug, pk):
    project = project_for(request.user, slug, "support.view_record")
    visit = get_object_or_404(project.services.for_page(), pk=pk)
    demand(request.user, "support.change_service", visit)
    long = form_of(visit)
    is_short = is_visit(visit)
    # What somebody began in the long form is finished there.
    is_long = not is_short or unfinished(request.user, visit) == long
    if is_long and not request.editing.is_sent:
        return redirect(long)
    if not is_short and not request.htmx:
        # Somebody made it more than a visit meanwhile; saving the short form would delete that.
        entry = VisitEntry(request.POST, visit)
        return redirect(request.editing.move(long, service_data(entry)))
    return _visit_form(request, visit)


def _long_form(visit):
    if visit.pk:
        return form_of(visit)
    return reverse("support:service_create", args=[visit.project.slug])


def _visit_form(request: HttpRequest, visit, recipients=(), **beginning):
    editing = request.editing.of(visit, *visit.PARTS)
    editing.is_reported = False  # as in `support.services.views`
    act = request.POST.get("act", "")
    entry = VisitEntry(editing.data, visit, recipients, **beginning)
    entry.leaves_wrong_rows = act == "draft"
    if editing.is_sent and (data := apply_visit_action(entry, act)):
        entry = VisitEntry(data, visit)
        entry.adds_person = act == "add_person"
        entry.show_roster_errors()
        if act == "clear_carried":
            entry.form.autofocus_first_empty()
    elif editing.draft and editing.data.get("tells"):
        entry.show_left_rows()
    elif act == "full":
        return redirect(editing.move(_long_form(visit), service_data(entry)))
    elif act == "rehearse":
        if entry.is_valid():
            rehearse_entry(entry, request.user)
    elif act != "term" and (response := save_and_redirect(request, entry, short_form_of)):
        return response
    if request.htmx and act == "people" and entry.shows_people:
        return HttpResponse(status=204)
    if request.htmx and act in PARTS:
        return render(request, PARTS[act], {"entry": entry})
    return render(request, "support/services/visit_form.html", {"entry": entry, "form": entry})
