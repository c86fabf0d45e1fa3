from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from indicators.checks.findings import accept, findings, keep_run
from indicators.checks.forms import AcceptanceForm, CheckFilterForm
from indicators.checks.listing import ACCEPTED, CHIPS, CheckListing
from indicators.checks.tables import CheckTable, FindingTable
from owes.exports import export
from owes.formatting import moment, plural
from owes.tables import paged
from support.access import project_for

VIEW, ACCEPT = "indicators.view_checks", "indicators.accept_finding"
FINDINGS = "niezgodność,niezgodności,niezgodności"


@require_safe
def check_list(request, slug):
    """Kontrola danych: each rule with what breaks it now, and the records of the chosen one."""
    project = project_for(request.user, slug, VIEW)
    form = CheckFilterForm(request.GET, project)
    asked = form.asked()
    control = CheckListing(project, request.GET.get("show", ""), asked["check"], asked["adviser"])
    may_accept = request.user.has_perm(ACCEPT, project)
    records = FindingTable(control.records(), control=control, may_accept=may_accept)
    if request.GET.get("format"):
        records.look_up_all()
    said = [("Stan na", moment(control.now)), ("Waga", CHIPS[control.shown])]
    said += [(form[name].label, str(value)) for name, value in asked.items() if value]
    if file := export(request, records, "kontrola-danych", said):
        return file
    if control.check:
        records = paged(request, records)
        records.look_up()
    query = {name: request.GET[name] for name in ("show", "adviser") if request.GET.get(name)}
    context = {
        "project": project,
        "form": form,
        "control": control,
        "checks": CheckTable(control.lines(), query=query, control=control),
        "records": records,
        "chips": _chips(control, request),
        "may_accept": may_accept and not control.is_accepted,
    }
    return render(request, "indicators/checks/check_list.html", context)


def _chips(control, request):
    """`(words, query, count, is current)`, the other filters kept."""
    kept = {name: request.GET[name] for name in ("check", "adviser") if request.GET.get(name)}
    return [
        (words, urlencode(kept | ({"show": key} if key else {})), count, is_current)
        for key, words, count, is_current in control.chips()
    ]


@require_POST
def check_run(request, slug):
    """Looks now and keeps it as the day's look: the menu and the next day compare with it."""
    project = project_for(request.user, slug, VIEW)
    now = timezone.now()
    run = keep_run(project, findings(project, now), now)
    messages.success(request, f"Sprawdzono: {plural(run.total, FINDINGS)}.")
    return redirect("indicators:check_list", slug)


@require_POST
def finding_accept(request, slug):
    """A coordinator accepts one finding as it stands, or all of a check as they were shown."""
    project = project_for(request.user, slug, ACCEPT)
    form = AcceptanceForm(request.POST)
    if not form.is_valid():
        for sentence in form.errors.get("reason", ["Tej niezgodności już nie ma."]):
            messages.error(request, sentence)
        return _back(request, slug)
    given = form.cleaned_data
    shown = CheckFilterForm({"adviser": given["adviser"]}, project).asked()["adviser"]
    control = CheckListing(project, "", given["code"], shown)
    records = control.records()
    if given["record"]:
        wanted = (given["code"], given["record"], given["facts"])
        chosen = [one for one in records if one.identity == wanted]
    else:
        chosen = records if given["digest"] == control.digest() else []
    for one in chosen:
        accept(project, one, given["reason"], request.user)
    if chosen:
        messages.success(request, f"Przyjęto: {plural(len(chosen), FINDINGS)}.")
    else:
        messages.error(request, "Zapisy zmieniły się tymczasem. Sprawdź je jeszcze raz.")
    return _back(request, slug)


@require_POST
def finding_withdraw(request, slug):
    """Takes an acceptance back: the finding stands again. History keeps who accepted and why."""
    project = project_for(request.user, slug, ACCEPT)
    wanted = tuple(request.POST.get(name, "") for name in ("code", "record", "facts"))
    for one in findings(project):
        if one.acceptance and one.identity == wanted:
            one.acceptance.delete()
            messages.success(request, "Cofnięto przyjęcie.")
            break
    else:
        messages.error(request, "Tego przyjęcia już nie ma.")
    return _back(request, slug, show=ACCEPTED)


def _back(request, slug, **query):
    """The page of the check, as it was narrowed."""
    given = {"check": request.POST.get("code", ""), "adviser": request.POST.get("adviser", "")}
    query = urlencode({name: value for name, value in (given | query).items() if value})
    return redirect(f"{reverse('indicators:check_list', args=[slug])}?{query}#zapisy")
