"""Pages of people."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from entities.access import demand
from entities.filters import PersonFilter
from entities.forms.person import PersonForm, RepresentationFormSet
from entities.forms.twins import Twins
from entities.lookups import EntityLookup
from entities.models import Kind, Person, survivor_of
from entities.tables import PersonTable
from owes.editing import form_page
from owes.lists.exporting import export
from owes.models import Look
from owes.record_history.changes import changes_of
from owes.requests import Request
from owes.tables import paged


def person_list(request: HttpRequest) -> HttpResponse:
    demand(request.user, "entities.list_registers")
    if request.GET.get("format") and request.GET.get("purpose") not in Look.Purpose.values:
        return redirect(f"{reverse('entities:person_export')}?{request.GET.urlencode()}")
    filters = PersonFilter(request.GET, Person.objects.for_list())
    # A file leaves out those whose data may only be kept.
    is_file = bool(request.GET.get("format"))
    table = paged(request, PersonTable(filters.qs.offered() if is_file else filters.qs))
    if file := export(request, table, "osoby", filters.in_words()):
        return file
    return render(request, "entities/person_list.html", {"filters": filters, "table": table})


def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    if keeper := survivor_of(Kind.PERSON, pk):
        return redirect(keeper)
    person = get_object_or_404(Person.objects.for_list(), pk=pk)
    demand(request.user, "entities.view_person", person)
    sees_names = request.user.has_perm("entities.see_names")
    context = {
        "person": person,
        "may_change": request.user.has_perm("entities.change_person"),
        "may_merge": request.user.has_perm("entities.merge_person"),
        "may_anonymise": request.user.has_perm("owes.anonymise"),
        "restriction": person.restrictions.in_force().first(),
        "sees_names": sees_names,
        "changes": changes_of(person, "representations") if sees_names else [],
    }
    return render(request, "entities/person_detail.html", context)


@form_page
def person_create(request: Request) -> HttpResponse:
    demand(request.user, "entities.add_person")
    code = request.GET.get("entity")
    represented = [{"entity": EntityLookup.label(code)}] if code else []
    return _person_form(request, Person(), represented)


@form_page
def person_edit(request: Request, pk: int) -> HttpResponse:
    demand(request.user, "entities.change_person")
    return _person_form(request, get_object_or_404(Person, pk=pk, anonymised_at=None))


def _person_form(
    request: Request, person: Person, represented: Sequence[dict[str, str]] = ()
) -> HttpResponse:
    """`represented` are initial rows; cleared ones are not saved."""
    editing = request.editing.of(person, "representations")
    form = PersonForm(editing.data, instance=person)
    representations = RepresentationFormSet(
        editing.data,
        instance=person,
        prefix="representations",
        initial=represented if editing.data is None else None,
    )
    twins = Twins(request, form, representations)
    if editing.is_ready(form, representations, twins):
        form.save()
        representations.save()
        twins.save()
        if editing.saved():
            messages.success(request, f"Zapisano osobę {person.code}.")
            return redirect(person)
    context = {
        "person": person,
        "form": form,
        "representations": representations,
        "twins": twins,
    }
    return render(request, "entities/person_form.html", context)


@require_POST
def person_twins(request: HttpRequest) -> HttpResponse:
    """Likely twins of the new person being typed, a part of the form."""
    demand(request.user, "entities.add_person")
    person = Person()
    form = PersonForm(request.POST, instance=person)
    rows = RepresentationFormSet(request.POST, instance=person, prefix="representations")
    return render(request, "entities/_twins.html", {"twins": Twins(request, form, rows)})
