from collections import Counter

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from indicators.checks.findings import blocking
from indicators.closing import closing
from indicators.closing.forms import ReportDraftForm, SentForm, VerifyForm
from indicators.closing.verification import checksum, document_of
from indicators.contract.deadlines import due_report
from indicators.models import Report
from indicators.reports.access import VIEW, report_for
from indicators.reports.builder import build_report
from indicators.reports.comparison import Comparison
from owes.editing import form_page
from support.access import project_for

CLOSE = "indicators.close_report"
LONGEST_REASON = Report._meta.get_field("closing_reason").max_length


@form_page
def report_create(request, slug):
    project = project_for(request.user, slug, CLOSE)
    report = Report(project=project, created_by=request.user)
    due = due_report(project, request.GET.get("due"))
    initial = {"kind": due.kind, "starts_on": due.period.start, "ends_on": due.period.end}
    form = ReportDraftForm(request.editing.data, instance=report, initial=initial, project=project)
    if request.editing.is_ready(form):
        form.save()
        if request.editing.saved():
            return redirect(report)
    return render(
        request, "indicators/closing/report_form.html", {"project": project, "form": form}
    )


@require_GET
def report_detail(request, slug, pk):
    """A draft with the values of now; a closed one with what it said and what is now."""
    return _report_detail(request, report_for(request, slug, pk))


def _report_detail(request, report, sent_form=None, reason="", refusal=None):
    context = {
        "reason": reason,
        "refusal": refusal,
        "project": report.project,
        "report": report,
        "may_close": request.user.has_perm(CLOSE, report.project),
        "may_write": request.user.has_perm("support.add_record", report.project),
        "sent_form": sent_form or SentForm(report=report),
        "corrections": report.corrections.order_by("pk"),
    }
    if report.is_closed:
        context["comparison"] = Comparison.of(report)
    else:
        context["current"] = build_report(report.project, report.kind, report.period)
        if context["may_close"]:
            context["obstacles"] = _by_check(report)
            context["obstacle_count"] = sum(count for _, count in context["obstacles"])
            context["draft"] = context["current"].drafted(report)
    return render(request, "indicators/closing/report_detail.html", context)


def _by_check(report):
    """`(check, how many findings)` of what stands in the way of closing, the most first."""
    counts = Counter(finding.check for finding in blocking(report.project, report.period, report))
    return counts.most_common()


@require_POST
def report_close(request, slug, pk):
    report = report_for(request, slug, pk, CLOSE)
    reason = request.POST.get("reason", "")[:LONGEST_REASON]
    try:
        report = closing.close(report, request.user, reason)
    except ValidationError as error:
        report = report_for(request, slug, pk, CLOSE)
        return _report_detail(request, report, reason=reason, refusal=error)
    messages.success(request, f"Zamknięto: {report.title}. Jego liczby już się nie zmienią.")
    return redirect(report)


@require_POST
def report_send(request, slug, pk):
    report = report_for(request, slug, pk, CLOSE)
    if not report.is_closed:
        raise Http404
    form = SentForm(request.POST, report=report)
    if not form.is_valid():
        return _report_detail(request, report, form)
    form.save(request.user)
    messages.success(request, "Zapisano dzień wysłania.")
    return redirect(report)


@require_POST
def report_correct(request, slug, pk):
    report = report_for(request, slug, pk, CLOSE)
    if not report.is_closed:
        raise Http404
    return redirect(closing.correction_of(report, request.user))


@require_POST
def report_discard(request, slug, pk):
    """Deletes a draft; a closed report stays."""
    report = report_for(request, slug, pk, CLOSE)
    if report.is_closed:
        raise Http404
    report.delete()
    messages.success(request, "Usunięto wersję roboczą.")
    return redirect("indicators:report_list", slug)


@require_GET
def report_document(request, slug, pk):
    """The one file of a closed report."""
    report = report_for(request, slug, pk)
    if not report.file:
        raise Http404
    name = f"{project_name(report)}.pdf"
    return FileResponse(report.file.open("rb"), as_attachment=True, filename=name)


def project_name(report):
    return f"{report.project.slug}-raport-{report.number.replace('/', '-korekta-')}"


def report_verify(request, slug):
    """Says which document of a closed report a file is, byte for byte, or that it is none."""
    project = project_for(request.user, slug, VIEW)
    is_sent = request.method == "POST"
    form = VerifyForm(*[request.POST, request.FILES] * is_sent)
    context = {"project": project, "form": form}
    if form.is_valid():
        digest = checksum(form.cleaned_data["file"])
        context |= {"digest": digest, "document": document_of(project, digest)}
    return render(request, "indicators/closing/report_verify.html", context)
