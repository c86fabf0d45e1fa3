"""Pages that merge two records and undo it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from entities import merging
from entities.access import demand
from entities.forms.merges import MergeForm
from entities.models import Entity, Merge, Person
from owes.change_reasons import ChangeReason, asks_why
from owes.rehearsal import rehearse_everywhere


@asks_why
def entity_merge(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, "entities.merge_entity")
    return _merge(request, get_object_or_404(Entity, pk=pk), "entities/entity_merge.html")


@asks_why
def person_merge(request: HttpRequest, pk: int) -> HttpResponse:
    demand(request.user, "entities.merge_person")
    return _merge(request, get_object_or_404(Person, pk=pk), "entities/person_merge.html")


def _merge(request: HttpRequest, survivor: Entity | Person, template: str) -> HttpResponse:
    """Choose the other record, then each value; the effect is shown before it is done."""
    is_sent = request.method == "POST"
    other = request.POST.get("other") if is_sent else request.GET.get("other")
    form = MergeForm(request.POST if is_sent else None, survivor=survivor, other=other)
    context: dict[str, Any] = {"survivor": survivor, "form": form}
    context["doubts"] = form.doubts()
    if is_sent and form.loser and form.is_valid():

        def change() -> Merge:
            return merging.merge(survivor, form.loser, form.taken, by=request.user)

        try:
            if request.POST.get("act") == "merge":
                messages.success(
                    request, f"Scalono: {change()}. Można to cofnąć na stronie „Scalenia”."
                )
                return redirect(survivor)
            tried = rehearse_everywhere(change)
        except ValidationError as error:
            form.refuse(error)
        else:
            context["preview"] = tried.result
            context["effects"] = [pair for pair in tried.effects if pair[1].changes]
            context["change_reason"] = ChangeReason(request.POST)
            context["touched"] = [touch for _, each in tried.effects for touch in each.touched]
    return render(request, template, context)


def merge_list(request: HttpRequest) -> HttpResponse:
    """What was merged, by whom, and the way back."""
    demand(request.user, "entities.merge_entity")
    merges = Merge.objects.select_related("merged_by", "undone_by")[:100]
    return render(request, "entities/merge_list.html", {"merges": merges})


@require_POST
@asks_why
def merge_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Parts the two again; of what was changed since it shows both values and asks first."""
    demand(request.user, "entities.merge_entity")
    row = get_object_or_404(Merge, pk=pk)
    try:
        with transaction.atomic():
            merging.undo(row, request.POST, by=request.user)
    except merging.ChangedSince as error:
        context = {"merge": row, "changes": error.changes}
        return render(request, "entities/merge_undo.html", context)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"Cofnięto scalenie: {row}.")
    return redirect(reverse("entities:merge_list"))
