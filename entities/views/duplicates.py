"""Pages of likely duplicates."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from entities.access import demand
from entities.matching import Matching
from entities.models import Kind, NotDuplicate
from owes.lookups import label_of

SHOWN = 100
REGISTERS = {Kind.ENTITY: "Podmioty", Kind.PERSON: "Osoby"}


def entity_duplicates(request: HttpRequest) -> HttpResponse:
    demand(request.user, "entities.change_entity")
    return _duplicates(request, Kind.ENTITY, "entities/entity_duplicates.html")


def person_duplicates(request: HttpRequest) -> HttpResponse:
    demand(request.user, "entities.change_person")
    return _duplicates(request, Kind.PERSON, "entities/person_duplicates.html")


def _duplicates(request: HttpRequest, kind: Kind, template: str) -> HttpResponse:
    register = Matching(kind)
    dismissed = [
        (pair, first, second, reverse(f"entities:{kind}_duplicate_recall", args=[pair.pk]))
        for pair, first, second in NotDuplicate.objects.with_rows(kind)
    ]
    context = {
        "register": REGISTERS[kind],
        "register_url": reverse(f"entities:{kind}_list"),
        "dismiss_url": reverse(f"entities:{kind}_duplicate_dismiss"),
        "pairs": register.pairs(SHOWN),
        "total": len(register.pair_keys()),
        "dismissed": dismissed,
        "may_merge": request.user.has_perm(f"entities.merge_{kind}"),
    }
    return render(request, template, context)


@require_POST
def entity_duplicate_dismiss(request: HttpRequest) -> HttpResponse:
    return _dismiss(request, Kind.ENTITY)


@require_POST
def person_duplicate_dismiss(request: HttpRequest) -> HttpResponse:
    return _dismiss(request, Kind.PERSON)


def _dismiss(request: HttpRequest, kind: Kind) -> HttpResponse:
    """Says that two records are two; the pair is not shown again."""
    demand(request.user, f"entities.change_{kind}")
    keys = {int(key) for key in request.POST.getlist("key") if key.isdecimal()}
    rows = kind.model.objects.in_bulk(keys)
    if len(rows) != 2:
        messages.error(request, "Jednego z tych zapisów już nie ma w rejestrze.")
        return redirect(_page(kind))
    first, second = rows.values()
    NotDuplicate.say(kind, first.pk, second.pk, by=request.user)
    pair = f"{label_of(first)} i {label_of(second)}"
    messages.success(request, f"Zapamiętano, że {pair} to nie duplikat.")
    return redirect(_page(kind))


@require_POST
def entity_duplicate_recall(request: HttpRequest, pk: int) -> HttpResponse:
    return _recall(request, Kind.ENTITY, pk)


@require_POST
def person_duplicate_recall(request: HttpRequest, pk: int) -> HttpResponse:
    return _recall(request, Kind.PERSON, pk)


def _recall(request: HttpRequest, kind: Kind, pk: int) -> HttpResponse:
    """Takes back that two records are two: they may be shown again."""
    demand(request.user, f"entities.change_{kind}")
    get_object_or_404(NotDuplicate, pk=pk, kind=kind).delete()
    messages.success(request, "Cofnięto. Para wróciła do prawdopodobnych duplikatów.")
    return redirect(_page(kind))


def _page(kind: Kind) -> str:
    return reverse(f"entities:{kind}_duplicates")
