"""Pages of what waits for the user, and for the coordinator."""

import uuid

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone

from owes import drafts
from owes.change_reasons import asks_why
from owes.formatting import plural
from owes.rehearsal import rehearse
from owes.tables import paged
from support.access import project_for
from support.papers.forms import UnsignedForm
from support.services.filters import QueueFilter
from support.services.work import Mine
from support.services.work_forms import QueueForm, SignaturesForm
from support.services.work_tables import QueueTable

SERVICES = "usługę,usługi,usług"
CARDS = "podpisaną kartę,podpisane karty,podpisanych kart"
PER_PAGE = 50
DECISIONS = {"approve": "Zatwierdzono", "return": "Zwrócono"}


def mine(request, slug):
    """What a member of staff has to finish, and the cards that have not come back signed."""
    project = project_for(request.user, slug, "support.add_record")
    text = request.GET.get("q", "")[:200]
    waiting = Mine(project, request.user, timezone.now(), text)
    if request.POST.get("act", "").startswith("print"):
        return _print_unsigned(request, waiting, project)
    form = SignaturesForm(request.POST or None, services=waiting.own, unsigned=waiting.unsigned)
    if form.is_valid():
        signed, refused = form.save()
        _report(request, "Zapisano", signed, CARDS, refused)
        return redirect(request.get_full_path())
    unfinished, dropped = drafts.overview(request.user)
    context = {"project": project, "mine": waiting, "form": form, "text": text}
    context["token"] = uuid.uuid4()
    context |= {"unfinished": unfinished, "dropped": dropped}
    return render(request, "support/services/mine.html", context)


def _print_unsigned(request, waiting, project):
    """Orders the papers of the cards listed; the button names a month, or means all."""
    _, _, month = request.POST["act"].partition(":")
    form = UnsignedForm({"month": month, "token": request.POST.get("token")})
    job = None
    if form.is_valid():
        job = form.order(project, waiting.unsigned_services(), request.user)
    if job:
        return redirect("support:paper_job", project.slug, job.pk)
    messages.info(request, "Nie ma tu już kart niepodpisanych.")
    return redirect(request.get_full_path())


def _report(request, verb, done, nouns, refused):
    """Says how many were done, and for each that was refused why."""
    if done:
        messages.success(request, f"{verb} {plural(len(done), nouns)}.")
    for sentence in refused:
        messages.error(request, sentence)


@asks_why
def queue(request, slug):
    """Services that wait for the coordinator, the oldest first; decides about many at once."""
    project = project_for(request.user, slug, "support.approve_service")
    services = QueueFilter(request.GET, queryset=project.services.waiting())
    table = paged(request, QueueTable(services.qs.for_queue(), user=request.user), PER_PAGE)
    act, sent = request.POST.get("act", ""), request.POST.copy()
    if act == "all":
        sent.setlist("service", table.keys())
    form = QueueForm(sent or None, services=project.services.all())
    effects = unproven = None
    if act in ("rehearse", "all") and form.is_chosen:
        effects = rehearse(form.rehearse, project=project).effects
        unproven = form.unproven(project)
    elif act in DECISIONS and form.is_valid():
        done, refused = form.decide(request.user, act)
        _report(request, DECISIONS[act], done, SERVICES, refused)
        return redirect(f"{request.path}?{request.GET.urlencode()}")
    if request.htmx and act == "rehearse":
        return render(
            request,
            "support/services/_queue_effects.html",
            {"effects": effects, "unproven": unproven},
        )
    table.add_remarks(project)
    table.chosen_keys = set(sent.getlist("service"))
    context = {"project": project, "filter": services, "table": table, "form": form}
    context |= {"effects": effects, "unproven": unproven}
    return render(request, "support/services/queue.html", context)
