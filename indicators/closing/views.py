from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from entities.models import Person
from indicators.closing import closing
from indicators.closing.forms import ClosingForm, ReportDraftForm, SentForm, VerifyForm
from indicators.closing.orders import closing_job, file_job, last_time
from indicators.closing.verification import checksum, document_of
from indicators.contract.deadlines import due_report, waiting_reports
from indicators.models import Report
from indicators.reports.access import VIEW, report_for
from indicators.reports.builder import build_report
from indicators.reports.comparison import Comparison
from owes.editing import form_page
from owes.looks.collecting import saw
from support.access import changes_nothing, project_for

CLOSE = "indicators.close_report"


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
    context = {"project": project, "form": form, "due": due}
    context["waiting"] = waiting_reports(project)
    return render(request, "indicators/closing/report_form.html", context)


@require_GET
def report_detail(request, slug, pk):
    """A draft with the values of now; a closed one with what it said and what is now.

    Of a closed one htmx asks for the part of the file until there is the file.
    """
    report = report_for(request, slug, pk)
    if request.htmx and report.file:
        return HttpResponseClientRefresh()
    if request.htmx:
        context = {"report": report, "job": file_job(report)}
        return render(request, "indicators/closing/_report_file.html", context)
    return _report_detail(request, report)


def _report_detail(request, report, sent_form=None, closing_form=None):
    context = {
        "project": report.project,
        "report": report,
        "may_close": request.user.has_perm(CLOSE, report.project),
        "may_write": request.user.has_perm("support.add_record", report.project),
        "sent_form": sent_form or SentForm(report=report),
        "closing_form": closing_form,
        "corrections": report.corrections.order_by("pk"),
    }
    if report.is_closed:
        comparison = Comparison.of(report)
        saw(Person.objects.keys_of([each.entry.code for each in comparison.differences]))
        context |= {"comparison": comparison, "file_job": file_job(report)}
    else:
        context |= _draft(request, report, closing_form, context["may_close"])
    return render(request, "indicators/closing/report_detail.html", context)


def _draft(request, report, form, may_close):
    """The values of now; for those who close it, the form, with what was typed at the last try."""
    job = closing_job(report)
    if not may_close:
        current = build_report(report.project, report.kind, report.period)
        return {"current": current, "closing_job": job}
    typed = {"reason": job.params["reason"]} if job else {}
    form = form or ClosingForm(report=report, by=request.user, initial=typed)
    return {"current": form.values, "closing_job": job, "closing_form": form}


@require_POST
def report_close(request, slug, pk):
    """Orders closing; what stands in the way and can be said at once is said at once."""
    report = report_for(request, slug, pk, CLOSE)
    form = ClosingForm(request.POST, report=report, by=request.user)
    if not form.is_valid():
        return _report_detail(request, report, closing_form=form)
    form.order()
    return redirect("indicators:report_closing", slug, pk)


@require_GET
def report_closing(request, slug, pk):
    """How far closing is; htmx asks for the inner part until it is over."""
    report = report_for(request, slug, pk)
    job = closing_job(report)
    if not (job and job.is_unfinished):
        return _closing_over(request, report)
    context = {"project": report.project, "report": report, "job": job, "steps": closing.STEPS}
    context["last_time"] = last_time(report.project)
    page = (
        "indicators/closing/_report_closing.html"
        if request.htmx
        else "indicators/closing/report_closing.html"
    )
    return render(request, page, context)


def _closing_over(request, report):
    if report.is_closed:
        messages.success(request, f"Zamknięto: {report.title}. Jego liczby już się nie zmienią.")
    if request.htmx:
        return HttpResponseClientRedirect(report.get_absolute_url())
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
    saw(report.people())
    name = f"{project_name(report)}.pdf"
    return FileResponse(report.file.open("rb"), as_attachment=True, filename=name)


def project_name(report):
    return f"{report.project.slug}-raport-{report.number.replace('/', '-korekta-')}"


@changes_nothing
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
