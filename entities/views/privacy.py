"""What is done for a person who asks about their data: a file of all of it, a restriction."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from entities.access import demand
from entities.access_file import TYPES, access_file
from entities.forms.privacy import RestrictionForm
from entities.models import Person
from owes.editing import form_page
from owes.requests import Request

PERMISSION = "entities.serve_person"


@form_page
def person_data(request: Request, pk: int) -> HttpResponse:
    demand(request.user, PERMISSION)
    person = get_object_or_404(Person, pk=pk)
    editing = request.editing.of(person)
    form = RestrictionForm(editing.data, holds=person.restrictions)
    if editing.is_ready(form):
        form.save(request.user)
        if editing.saved():
            messages.success(request, form.done)
            return redirect("entities:person_data", person.pk)
    context = {
        "person": person,
        "form": form,
        "restrictions": person.restrictions.select_related("by", "lifted_by"),
        "may_anonymise": request.user.has_perm("owes.anonymise"),
    }
    return render(request, "entities/person_data.html", context)


@require_safe
def person_data_file(request: Request, pk: int, kind: str) -> HttpResponse:
    """Everything about the person, history and looks among it, as JSON or PDF."""
    demand(request.user, PERMISSION)
    if kind not in TYPES:
        raise Http404
    person = get_object_or_404(Person, pk=pk)
    name = f"dane-{person.code}.{kind}".replace("/", "-")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(access_file(person, kind), content_type=TYPES[kind], headers=headers)
