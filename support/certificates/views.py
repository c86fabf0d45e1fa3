"""Pages of certificates: the register, issuing, cancelling, printing."""

from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from owes.editing import form_page
from owes.formatting import plural
from owes.lists.exporting import export
from owes.tables import paged
from support.access import demand, project_for
from support.certificates import earned
from support.certificates.filters import CertificateFilter
from support.certificates.forms import CertificateIssueForm, CertificatePrintForm
from support.certificates.tables import CertificateTable
from support.papers import certificates as papers
from support.papers.printing import pdf_response
from support.records.forms import ReasonForm


def certificate_list(request, slug):
    project = project_for(request.user, slug, "support.print_papers")
    filters = CertificateFilter(request.GET, project.certificates.for_list(), project=project)
    table = paged(request, CertificateTable(filters.qs))
    if file := export(request, table, "rejestr-zaswiadczen", filters.in_words()):
        return file
    context = {"project": project, "filters": filters, "table": table, "print_token": uuid4()}
    return render(request, "support/certificates/certificate_list.html", context)


def certificate_detail(request, slug, pk):
    certificate = _certificate(request, slug, pk)
    return _detail(request, certificate, ReasonForm())


@require_POST
def certificate_cancel(request, slug, pk):
    certificate = _certificate(request, slug, pk)
    demand(request.user, "support.cancel_certificate", certificate)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            certificate.cancel(request.user, form.cleaned_data["reason"])
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            messages.success(request, f"Anulowano zaświadczenie {certificate}.")
        return redirect(certificate)
    return _detail(request, certificate, form)


def _certificate(request, slug, pk):
    project = project_for(request.user, slug, "support.print_papers")
    return get_object_or_404(project.certificates.for_list(), pk=pk)


def _detail(request, certificate, form):
    context = {
        "project": certificate.project,
        "certificate": certificate,
        "reason_form": form,
        "refused_action": "cancel" if form.is_bound else "",
    }
    return render(request, "support/certificates/certificate_detail.html", context)


@require_safe
def certificate_paper(request, slug, pk):
    return pdf_response(request, papers.certificate(_certificate(request, slug, pk)))


@require_POST
def certificate_print(request, slug):
    """Orders one file of all certificates that the filters in the address leave."""
    project = project_for(request.user, slug, "support.print_papers")
    form = CertificatePrintForm(request.POST)
    if not form.is_valid():
        raise SuspiciousOperation("no such file of certificates")
    filters = CertificateFilter(request.GET, project.certificates.all(), project=project)
    row = form.order(project, filters, request.user)
    if row is None:
        messages.error(request, "Nie ma tu ważnych zaświadczeń do wydrukowania.")
        return redirect("support:certificate_list", slug)
    return redirect("support:paper_job", slug, row.pk)


@form_page
def certificate_create(request, slug, service):
    project = project_for(request.user, slug, "support.print_papers")
    services = project.services.select_related("type", "project")
    service = get_object_or_404(services, pk=service)
    may_issue = request.user.has_perm("support.issue_certificate", service)
    obstacles = earned.obstacles(service)
    if request.method == "POST":
        demand(request.user, "support.issue_certificate", service)
    data = None if obstacles or not may_issue else request.editing.data
    form = CertificateIssueForm(data, service=service, by=request.user)
    if data is not None and request.editing.is_ready(form):
        issued = form.save()
        if request.editing.saved():
            messages.success(request, _message(issued))
            return redirect("support:certificate_create", slug, service.pk)
    context = {
        "project": project,
        "service": service,
        "form": form,
        "obstacles": obstacles,
        "may_issue": may_issue,
        "print_token": uuid4(),
        "service_query": urlencode({"service": service.printed_number}),
    }
    return render(request, "support/certificates/certificate_form.html", context)


def _message(issued):
    if not issued:
        return "Wszystkie te osoby mają już zaświadczenia. Nic nie dodano."
    if len(issued) == 1:
        return f"Wydano zaświadczenie {issued[0]}."
    number = plural(len(issued), "zaświadczenie,zaświadczenia,zaświadczeń")
    return f"Wydano {number}, od numeru {issued[0]} do {issued[-1]}."
