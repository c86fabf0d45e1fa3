"""What waits: for me, and for the coordinator."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone

from owes import drafts
from owes.formatting import plural
from owes.reasons import asks_why
from owes.rehearsal import rehearse
from owes.tables import paged
from support.access import project_for
from support.filters.services import QueueFilter
from support.forms.work import QueueForm, SignaturesForm
from support.tables.work import QueueTable
from support.work import Mine

SERVICES = "usługę,usługi,usług"
CARDS = "podpisaną kartę,podpisane karty,podpisanych kart"
PER_PAGE = 50


def mine(request, slug):
    """What a member of staff has to finish, and the cards that have not come back signed."""
    project = project_for(request.user, slug, "support.add_record")
    waiting = Mine(project, request.user, timezone.now())
    form = SignaturesForm(request.POST or None, services=waiting.unsigned)
    if form.is_valid():
        signed = form.save()
        if signed:
            messages.success(request, f"Zapisano {plural(len(signed), CARDS)}.")
        return redirect("support:mine", slug)
    unfinished, dropped = drafts.overview(request.user)
    context = {"project": project, "mine": waiting, "form": form}
    context |= {"unfinished": unfinished, "dropped": dropped}
    return render(request, "support/mine.html", context)


@asks_why
def queue(request, slug):
    """Services that wait for the coordinator, the oldest first; many are decided at once."""
    project = project_for(request.user, slug, "support.approve_service")
    found = QueueFilter(request.GET, queryset=project.services.waiting())
    chosen = request.POST.getlist("service")
    form = QueueForm(request.POST or None, project=project)
    act, effects = request.POST.get("act", ""), None
    if act == "rehearse" and form.is_chosen:
        effects = rehearse(form.rehearse, project=project).effects
    elif act in ("approve", "return") and form.is_valid():
        done, refused = form.decide(request.user, act)
        if done:
            told = "Zatwierdzono" if act == "approve" else "Zwrócono"
            messages.success(request, f"{told} {plural(len(done), SERVICES)}.")
        for sentence in refused:
            messages.error(request, sentence)
        return redirect(f"{request.path}?{request.GET.urlencode()}")
    if request.htmx and act == "rehearse":
        return render(request, "support/_queue_effects.html", {"effects": effects})
    table = paged(request, QueueTable(found.qs.for_queue(), user=request.user), PER_PAGE)
    table.look_up(project)
    context = {"project": project, "filter": found, "table": table, "form": form}
    context |= {"chosen": set(chosen), "effects": effects, "is_asked": act == "rehearse"}
    return render(request, "support/queue.html", context)
