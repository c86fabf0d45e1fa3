"""Pages of the log of looks: of a person, of an account, and the purpose of a file of people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from entities.access import demand
from entities.forms.looks import AccountLooksForm, PurposeForm
from entities.models import Kind, Person, joined_keys
from entities.tables import LookTable, SeenPersonTable
from owes.lists.exporting import export
from owes.models import Look, LookedAt
from owes.requests import Request
from owes.tables import paged


@require_safe
def person_looks(request: HttpRequest, pk: int) -> HttpResponse:
    """Who saw the person's data, also under the keys of records merged into this one."""
    demand(request.user, "entities.view_looks")
    person = get_object_or_404(Person, pk=pk)
    looks = Look.objects.of_people(joined_keys(Kind.PERSON, person.pk))
    context = {
        "person": person,
        "table": paged(request, LookTable(looks)),
        "opens_card": request.user.has_perm("entities.view_person", person),
    }
    return render(request, "entities/person_looks.html", context)


@require_safe
def look_list(request: Request) -> HttpResponse:
    """Whose data an account saw in some days: what a report of a breach asks for."""
    demand(request.user, "entities.view_account_looks")
    form = AccountLooksForm(request.GET or None)
    table = None
    if form.is_valid():
        seen = LookedAt.objects.of_account(form.cleaned_data["account"], *form.moments)
        table = paged(request, SeenPersonTable(seen))
        if file := export(request, table, "wglady", form.in_words()):
            return file
        table.look_up()
    return render(request, "entities/look_list.html", {"form": form, "table": table})


@require_safe
def person_export(request: HttpRequest) -> HttpResponse:
    """Asks what a file of people is for, then leads to the list that makes it."""
    demand(request.user, "entities.list_registers")
    asked = [(name, value) for name in request.GET for value in request.GET.getlist(name)]
    context = {"form": PurposeForm(), "asked": [pair for pair in asked if pair[0] != "purpose"]}
    return render(request, "entities/person_export.html", context)
