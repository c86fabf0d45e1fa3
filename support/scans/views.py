"""Pages of scans: sending, codes, the day of signing."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from owes.formatting import plural
from owes.looks.collecting import saw, saw_strangers
from owes.tables import paged
from support.access import project_for
from support.evidence.views import file_response
from support.models import Attendance, Scan
from support.scans.filters import ScanFilter
from support.scans.forms import CodeForm, ScannedCardsForm, ScansForm, SignedForm
from support.scans.tables import ScanTable
from support.services.work import scanned_unsigned

CARDS = "karta,karty,kart"


def scan_list(request, slug):
    """The scans of a project, and where new ones are sent."""
    project = project_for(request.user, slug, "support.add_evidence")
    data = request.POST if request.method == "POST" else None
    is_signing = data is not None and data.get("act") == "sign"
    cards = scanned_unsigned(project, request.user)
    signing = ScannedCardsForm(data if is_signing else None, services=cards)
    if is_signing and signing.is_valid():
        _sign(request, signing)
        return redirect("support:scan_list", slug)
    form = ScansForm(None if is_signing else data, request.FILES or None)
    if form.is_valid():
        _take_in(request, form, project)
        return redirect("support:scan_list", slug)
    filters = ScanFilter(request.GET, project.scans.for_list())
    table = paged(request, ScanTable(filters.qs))
    context = {"project": project, "form": form, "filters": filters, "table": table}
    context["counts"] = project.scans.state_counts()
    context |= {"signing": signing, "is_reading": project.scans.just_sent().exists()}
    return render(request, "support/scans/scan_list.html", context)


def _sign(request, signing):
    signed, refused = signing.save()
    if signed:
        messages.success(request, f"Zapisano dzień podpisu: {plural(len(signed), CARDS)}.")
    for sentence in refused:
        messages.error(request, sentence)


def _take_in(request, form, project):
    added, known = form.save(project, request.user)
    if added:
        count = plural(len(added), "skan,skany,skanów")
        messages.success(request, f"Przyjęto {count}. Kody czyta program.")
    for name in known:
        messages.info(request, f"{name}: ten plik jest już wśród skanów.")
    for sentence in form.fields["files"].refused:
        messages.error(request, sentence)


def scan_detail(request, slug, pk):
    scan = _scan(request, slug, pk)
    return _scan_detail(request, scan, CodeForm())


def _scan_detail(request, scan, form, signed_form=None):
    context = {
        "scan": scan,
        "project": scan.project,
        "form": form,
        "signed_form": signed_form or SignedForm(scan=scan, user=request.user),
        "evidence": scan.evidence.for_list(),
    }
    return render(request, "support/scans/scan_detail.html", context)


@require_safe
def scan_file(request, slug, pk):
    scan = _scan(request, slug, pk)
    proven = scan.evidence.values_list("service", flat=True)
    saw([*scan.evidence.values_list("person", flat=True), *Attendance.objects.people_of(proven)])
    if not scan.evidence.exists():
        saw_strangers()
    return file_response(scan, is_shown="view" in request.GET)


@require_POST
def scan_attach(request, slug, pk):
    """Takes the code a person typed."""
    scan = _scan(request, slug, pk)
    form = CodeForm(request.POST)
    if form.is_valid() and form.attach(scan, request.user):
        messages.success(request, f"Skan „{scan}” jest przy swoich zapisach.")
        return redirect(scan)
    return _scan_detail(request, scan, form)


@require_POST
def scan_sign(request, slug, pk):
    scan = _scan(request, slug, pk)
    form = SignedForm(request.POST, scan=scan, user=request.user)
    if form.is_valid():
        count = form.save()
        messages.success(
            request, f"Zapisano dzień podpisania: {plural(count, 'zapis,zapisy,zapisów')}."
        )
        return redirect(scan)
    return _scan_detail(request, scan, CodeForm(), form)


@require_POST
def scan_discard(request, slug, pk):
    scan = _scan(request, slug, pk)
    if scan.discard():
        messages.success(request, f"Odłożono skan „{scan}”.")
    return redirect("support:scan_list", slug)


def _scan(request, slug, pk):
    project = project_for(request.user, slug, "support.add_evidence")
    return get_object_or_404(
        Scan.objects.select_related("project", "added_by"), project=project, pk=pk
    )
