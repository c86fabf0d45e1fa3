"""Pages of personal data: the register of them, and anonymisations."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from owes.editing import form_page
from owes.models import Anonymisation, Job
from owes.privacy import deciding
from owes.privacy.carrying_out import JOB
from owes.privacy.forgetting import record_of
from owes.privacy.forms import BasisForm
from owes.privacy.inventory import purposes
from owes.privacy.tables import AnonymisationTable
from owes.requests import Request
from owes.tables import paged


def _demand(request: Request, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


@require_safe
def personal_data(request: Request) -> HttpResponse:
    """What is kept of people, why, on what basis and how long."""
    _demand(request, "owes.view_personal_data_register")
    return render(request, "owes/privacy/personal_data.html", {"purposes": purposes()})


@require_safe
def anonymisation_list(request: Request) -> HttpResponse:
    """Those that wait for another person, the work on those decided, and those past.

    htmx asks for the work alone until it is done.
    """
    _demand(request, "owes.anonymise")
    job = Job.objects.filter(kind=JOB).order_by("-pk").first()
    if request.htmx:
        return render(request, "owes/privacy/_anonymisation_job.html", {"job": job})
    waiting = Anonymisation.objects.waiting().for_list()
    decided = Anonymisation.objects.exclude(pk__in=waiting.values("pk")).for_list()
    table = paged(request, AnonymisationTable(decided))
    context = {"waiting": waiting, "job": job, "table": table}
    return render(request, "owes/privacy/anonymisation_list.html", context)


@form_page
def anonymisation_create(request: Request, model: str, pk: int) -> HttpResponse:
    """Why the documents must be kept, if they must, and the basis on which it is done anyway."""
    _demand(request, "owes.anonymise")
    record: Any = record_of(model, pk)
    if record is None:
        raise Http404
    form = BasisForm(request.editing.data, record=record)
    if request.editing.is_ready(form):
        row = deciding.propose(record, form.cleaned_data["basis"], request.user)
        if request.editing.saved():
            messages.success(request, _told(row))
            return redirect("owes:anonymisation_list")
    context = {
        "form": form,
        "words": deciding.words_for(record),
        "kept": deciding.kept(record),
        "is_done": deciding.is_anonymised(record),
    }
    return render(request, "owes/privacy/anonymisation_form.html", context)


def _told(row: Anonymisation) -> str:
    if row.is_early:
        return f"Zapisano wniosek: {row.words}. Czeka na drugą osobę."
    return f"Zlecono anonimizację: {row.words}."


@require_POST
def anonymisation_approve(request: Request, pk: int) -> HttpResponse:
    _demand(request, "owes.anonymise")
    row = get_object_or_404(Anonymisation, pk=pk)
    try:
        deciding.approve(row, request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"Zlecono anonimizację: {row.words}.")
    return redirect("owes:anonymisation_list")


@require_POST
def anonymisation_withdraw(request: Request, pk: int) -> HttpResponse:
    _demand(request, "owes.anonymise")
    row = get_object_or_404(Anonymisation, pk=pk)
    try:
        deciding.withdraw(row)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"Wycofano wniosek: {row.words}.")
    return redirect("owes:anonymisation_list")
