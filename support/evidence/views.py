"""Pages of evidence: lists, files of a record, judging, releasing, withdrawing."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from owes.formatting import plural
from owes.lists.exporting import export
from owes.looks.collecting import saw
from owes.tables import paged
from support.access import demand, project_for
from support.evidence.file_names import neutral_name
from support.evidence.filters import EvidenceFilter, MissingFilter
from support.evidence.forms import EvidenceForm, JudgementForm, MisplacedFileForm, ReleaseForm
from support.evidence.tables import EvidenceTable, MissingTable
from support.evidence.uploads import TYPES
from support.models import Attendance, Evidence, Subject
from support.papers.belonging import misplaced_file
from support.records.forms import ReasonForm

SEALED = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


def evidence_list(request, slug):
    project = project_for(request.user, slug, "support.view_evidence")
    rows = project.evidence.visible_to(request.user).for_list()
    filters = EvidenceFilter(request.GET, rows, project=project, user=request.user)
    table = paged(request, EvidenceTable(filters.qs, project=project, user=request.user))
    if file := export(request, table, "dowody", filters.in_words()):
        return file
    context = {"project": project, "filters": filters, "table": table}
    context["missing"] = project.evidence_requirements.all().missing().count()
    return render(request, "support/evidence/evidence_list.html", context)


def evidence_missing(request, slug):
    project = project_for(request.user, slug, "support.view_evidence")
    filters = MissingFilter(request.GET, project=project)
    table = MissingTable(filters.qs, project=project, user=request.user)
    if file := export(request, table, "braki-dowodow", filters.in_words()):
        return file
    context = {"project": project, "filters": filters, "table": paged(request, table)}
    return render(request, "support/evidence/evidence_missing.html", context)


def record_evidence(request, slug, subject, pk):
    """The evidence of one record, and where files for it are sent."""
    project, record = _record(request, slug, subject, pk)
    form = None
    if request.method == "POST" and "scan" in request.POST:
        demand(request.user, "support.add_evidence", project)
        return _attach_anyway(request, project, subject, record)
    if request.method == "POST":
        demand(request.user, "support.add_evidence", project)
        form = EvidenceForm(request.POST, request.FILES, project=project, record=record)
        if form.is_valid():
            added, known, misplaced = form.save(request.user)
            _show_messages(request, form, added, known)
            if not misplaced:
                return redirect(_page_of(project, subject, record))
            query = {"scan": [scan.pk for scan in misplaced], "kind": form.cleaned_data["kind"]}
            return redirect(f"{request.path}?{urlencode(query, doseq=True)}")
    context = {"project": project, "record": record, "subject": Subject(subject), "form": form}
    context["misplaced_files"] = _misplaced_files(request, project)
    return render(request, "support/evidence/record_evidence.html", context)


def _misplaced_files(request, project):
    """The files sent to this record that hold codes of other records."""
    if not request.user.has_perm("support.add_evidence", project):
        return []
    keys = [key[:18] for key in request.GET.getlist("scan") if key.isdecimal()]
    scans = project.scans.select_related("project").filter(pk__in=keys)
    return [misplaced_file(scan) for scan in scans]


def _attach_anyway(request, project, subject, record):
    form = MisplacedFileForm(request.POST, project=project, record=record)
    if form.is_valid():
        try:
            form.save(request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            messages.success(request, "Dodano plik mimo kodu innego zapisu.")
    return redirect(_page_of(project, subject, record))


def _record(request, slug, subject, pk):
    project = project_for(request.user, slug, "support.view_evidence")
    if subject not in Subject.values:
        raise Http404
    record = get_object_or_404(Subject(subject).for_words(project), pk=pk)
    if subject == Subject.SERVICE:
        demand(request.user, "support.view_service", record)
    register = {"entity": record, "person": record, "status": getattr(record, "entity", None)}
    if subject in register:
        noun = "person" if subject == Subject.PERSON else "entity"
        demand(request.user, f"entities.view_{noun}", register[subject])
    return project, record


def _page_of(project, subject, record):
    if subject == Subject.SERVICE:
        return f"{record.get_absolute_url()}#dowody"
    return reverse("support:record_evidence", args=[project.slug, subject, record.pk])


def _show_messages(request, form, added, known):
    if added:
        messages.success(request, f"Dodano {plural(len(added), 'plik,pliki,plików')}.")
    for name in known:
        messages.info(
            request, f"{name}: ten plik jest już przy tym zapisie, nie dodano go drugi raz."
        )
    for sentence in form.fields["files"].refused:
        messages.error(request, sentence)


def evidence_detail(request, slug, pk):
    evidence = _evidence(request, slug, pk, "support.view_evidence")
    return _evidence_detail(request, evidence, ReasonForm())


def _evidence_detail(request, evidence, form):
    context = {"evidence": evidence, "project": evidence.project, "form": form}
    context["changes"] = evidence.history.select_related("history_user", "judged_by")
    context["file_name"] = _name_for(request.user, evidence)
    return render(request, "support/evidence/evidence_detail.html", context)


@require_safe
def evidence_file(request, slug, pk):
    """The file; no file has an address of its own. The name of an auditor's copy names nobody."""
    evidence = _evidence(request, slug, pk, "support.download_evidence")
    saw([evidence.person_id, *Attendance.objects.people_of([evidence.service_id])])
    name = _name_for(request.user, evidence)
    return file_response(evidence, is_shown="view" in request.GET, name=name)


def _name_for(user, evidence):
    """The name as sent; for an auditor one that names nobody."""
    sees_names = user.has_perm("support.open_evidence", evidence)
    return evidence.file_name if sees_names else neutral_name(evidence)


def file_response(row, is_shown, name=None):
    """A stored file, which a browser saves or shows alone, never as a part of our pages.

    That of an anonymised person is gone.
    """
    if not row.file:
        raise Http404
    response = FileResponse(
        row.file.open("rb"),
        as_attachment=not (is_shown and row.is_shown),
        filename=name or row.file_name,
        content_type=TYPES[row.suffix],
    )
    response["Content-Security-Policy"] = SEALED
    return response


@require_POST
def evidence_judge(request, slug):
    project = project_for(request.user, slug, "support.judge_evidence")
    form = JudgementForm(request.POST, project=project)
    if form.is_valid():
        try:
            count = form.save(request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            is_verified = form.cleaned_data["state"] == Evidence.State.VERIFIED
            done = "Potwierdzono" if is_verified else "Odrzucono"
            messages.success(request, f"{done} {plural(count, 'dowód,dowody,dowodów')}.")
    return _back_to_list(request, project, form)


@require_POST
def evidence_release(request, slug):
    """The coordinator opens files to the funder's auditor, or closes them again."""
    project = project_for(request.user, slug, "support.release_evidence")
    form = ReleaseForm(request.POST, project=project)
    if form.is_valid():
        try:
            count = form.save(request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            done = "Udostępniono" if form.cleaned_data["released"] else "Cofnięto udostępnienie:"
            messages.success(request, f"{done} {plural(count, 'dowód,dowody,dowodów')}.")
    return _back_to_list(request, project, form)


def _back_to_list(request, project, form):
    for sentence in (text for texts in form.errors.values() for text in texts):
        messages.error(request, sentence)
    url = reverse("support:evidence_list", args=[project.slug])
    return redirect(f"{url}?{form.back}" if form.back else url)


@require_POST
def evidence_withdraw(request, slug, pk):
    evidence = _evidence(request, slug, pk, "support.withdraw_evidence")
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            evidence.withdraw(request.user, form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error("reason", error)
        else:
            messages.success(request, f"Wycofano dowód „{evidence.file_name}”.")
            return redirect(evidence)
    return _evidence_detail(request, evidence, form)


def _evidence(request, slug, pk, permission):
    """The row of the address; 404 to strangers of the project, 403 to those who may not."""
    project = project_for(request.user, slug, "support.view_evidence")
    rows = project.evidence.visible_to(request.user).for_list()
    evidence = get_object_or_404(rows, pk=pk)
    demand(request.user, permission, evidence)
    return evidence
