from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from indicators.checks.findings import accept, findings, keep_run, last_run
from indicators.checks.forms import AcceptanceForm, CheckFilterForm
from indicators.checks.listing import ACCEPTED, CHIPS, CheckListing, KeptListing, ListingOfCheck
from indicators.checks.running import is_large, last_order, order_run
from indicators.checks.tables import CheckTable, FindingTable
from owes.formatting import moment, plural
from owes.lists.exporting import KINDS, export, order_file
from owes.tables import paged
from support.access import project_for

VIEW, ACCEPT = "indicators.view_checks", "indicators.accept_finding"
FINDINGS = "niezgodność,niezgodności,niezgodności"


@require_safe
def check_list(request, slug):
    """Kontrola danych: each rule with what breaks it now, and the records of the chosen one."""
    project = project_for(request.user, slug, VIEW)
    form = CheckFilterForm(request.GET, project)
    if _orders_file(request, project, form):
        file = order_file(request, FindingTable.caption, request.GET["format"])
        return redirect("owes:list_file", file.pk)
    listing = _listing(request, project, **form.chosen())
    may_accept = request.user.has_perm(ACCEPT, project)
    records = FindingTable(listing.records(), listing=listing, may_accept=may_accept)
    parameters = [("Stan na", moment(listing.now)), ("Waga", CHIPS[listing.shown])]
    parameters += [
        (form[name].label, str(value)) for name, value in form.chosen().items() if value
    ]
    if file := export(request, records, "kontrola-danych", parameters):
        return file
    if listing.check:
        records = paged(request, records)
        records.look_up()
    query = {name: request.GET[name] for name in ("show", "adviser") if request.GET.get(name)}
    context = {"project": project, "form": form, "listing": listing, "records": records}
    context["checks"] = CheckTable(listing.lines(), query=query, listing=listing)
    context["chips"] = _chips(listing, request)
    context["may_accept"] = may_accept and not listing.is_accepted
    context["job"] = last_order(project)
    return render(request, "indicators/checks/check_list.html", context)


def _orders_file(request, project, form):
    """Whether a worker is to find, for a file, what takes too long while a page is opened."""
    is_made_now = hasattr(request, "list_file") or form.chosen()["check"]
    return request.GET.get("format") in KINDS and not is_made_now and is_large(project)


def _listing(request, project, check, adviser):
    """Of a large project what the last run kept, unless it keeps no such counts."""
    shown = request.GET.get("show", "")
    is_whole = adviser or shown == ACCEPTED or (request.GET.get("format") and not check)
    if is_whole or not is_large(project):
        return CheckListing(project, shown, check, adviser)
    return KeptListing(project, last_run(request.user, project), shown, check)


def _chips(listing, request):
    """`(words, query, count, is current)`, the other filters kept."""
    others = {name: request.GET[name] for name in ("check", "adviser") if request.GET.get(name)}
    return [
        (words, urlencode(others | ({"show": key} if key else {})), count, is_current)
        for key, words, count, is_current in listing.chips()
    ]


@require_POST
def check_run(request, slug):
    """Runs the checks and saves the run of the day; the menu and the next day compare with it.

    Of a large project a worker does it.
    """
    project = project_for(request.user, slug, VIEW)
    if is_large(project):
        order_run(project, request.user)
        return redirect("indicators:check_list", slug)
    now = timezone.now()
    run = keep_run(project, findings(project, now), now)
    messages.success(request, f"Sprawdzono: {plural(run.total, FINDINGS)}.")
    return redirect("indicators:check_list", slug)


@require_GET
def check_progress(request, slug):
    """How far the run of a large project is; htmx asks for it until it is over."""
    project = project_for(request.user, slug, VIEW)
    job = last_order(project)
    if job is None or not job.is_unfinished:
        page = reverse("indicators:check_list", args=[slug])
        return HttpResponseClientRedirect(page) if request.htmx else redirect(page)
    context = {"project": project, "job": job}
    return render(request, "indicators/checks/_check_run.html", context)


@require_POST
def finding_accept(request, slug):
    """A coordinator accepts one finding as it stands, or all of a check as they were shown."""
    project = project_for(request.user, slug, ACCEPT)
    form = AcceptanceForm(request.POST)
    if not form.is_valid():
        for sentence in form.errors.get("reason", ["Tej niezgodności już nie ma."]):
            messages.error(request, sentence)
        return _back(request, slug)
    chosen = _chosen(project, form.cleaned_data)
    if chosen:
        accept(project, chosen, form.cleaned_data["reason"], request.user)
        messages.success(request, f"Przyjęto: {plural(len(chosen), FINDINGS)}.")
    else:
        messages.error(request, "Zapisy zmieniły się tymczasem. Sprawdź je jeszcze raz.")
    return _back(request, slug)


def _chosen(project, data):
    """The findings to accept, as the page showed them; none where they are not the same now."""
    adviser = CheckFilterForm({"adviser": data["adviser"]}, project).chosen()["adviser"]
    listing = ListingOfCheck(project, "", data["code"], adviser)
    records = listing.records()
    if data["record"]:
        wanted = (data["code"], data["record"], data["facts"])
        return [finding for finding in records if finding.identity == wanted]
    return records if data["digest"] == listing.digest() else []


@require_POST
def finding_withdraw(request, slug):
    """Takes an acceptance back: the finding stands again. History keeps who accepted and why."""
    project = project_for(request.user, slug, ACCEPT)
    wanted = tuple(request.POST.get(name, "") for name in ("code", "record", "facts"))
    for finding in findings(project):
        if finding.acceptance and finding.identity == wanted:
            finding.acceptance.delete()
            messages.success(request, "Cofnięto przyjęcie.")
            break
    else:
        messages.error(request, "Tego przyjęcia już nie ma.")
    return _back(request, slug, show=ACCEPTED)


def _back(request, slug, **query):
    """Redirects to the page of the check, with the same filters."""
    given = {"check": request.POST.get("code", ""), "adviser": request.POST.get("adviser", "")}
    query = urlencode({name: value for name, value in (given | query).items() if value})
    return redirect(f"{reverse('indicators:check_list', args=[slug])}?{query}#zapisy")
