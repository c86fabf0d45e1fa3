from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from indicators.reports.access import report_for
from indicators.reports.annex5_forms import FinanceForm, TextsForm, cost_rows, typed_costs
from indicators.reports.builder import build_report
from indicators.reports.costs import Costs
from indicators.reports.files import render_official
from indicators.reports.indicator_report import IndicatorReport
from owes.editing import form_page
from owes.exports import attachment
from owes.looks.collecting import saw
from owes.pdf import PdfUnavailable
from support.papers.printing import UNAVAILABLE

WRITE = "indicators.write_report"


def _draft(request, slug, pk):
    report = report_for(request, slug, pk, WRITE)
    if report.is_closed:
        raise Http404
    return report


def _values(report):
    """A draft with the numbers of now; a closed one as it was kept."""
    if report.is_closed:
        return IndicatorReport.of_json(report.document)
    return build_report(report.project, report.kind, report.period).drafted(report)


@form_page
def report_text_edit(request, slug, pk):
    report = _draft(request, slug, pk)
    editing = request.editing.of(report, "texts")
    values = _values(report)
    form = TextsForm(editing.data, report=report, fields=values.official.fields)
    asked = request.POST.get("insert")
    if editing.is_sent and asked in form.skeletons:
        form = form.with_skeleton(asked)
    elif editing.is_ready(form):
        form.save()
        if editing.saved():
            messages.success(request, "Zapisano teksty sprawozdania.")
            for sentence in form.warnings:
                messages.warning(request, sentence)
            return redirect(report)
    context = {"project": report.project, "report": report, "form": form, "values": values}
    return render(request, "indicators/reports/report_text_form.html", context)


@form_page
def report_cost_edit(request, slug, pk):
    """Part II; "Przelicz" shows the sums of what is typed and saves nothing."""
    report = _draft(request, slug, pk)
    editing = request.editing.of(report, "costs", "sources")
    form = FinanceForm(editing.data, instance=report)
    rows = cost_rows(editing.data, report)
    costs = None
    if editing.is_sent and "recount" in request.POST:
        costs = typed_costs(form, rows) if _are_valid(form, rows) else None
    elif editing.is_ready(form, rows):
        form.save()
        rows.save()
        if editing.saved():
            messages.success(request, "Zapisano Część II sprawozdania.")
            return redirect(request.path)
    context = {"project": report.project, "report": report, "form": form, "rows": rows}
    context |= {"costs": costs or Costs.of(report), "is_typed": costs is not None}
    return render(request, "indicators/reports/report_cost_form.html", context)


@require_GET
def report_copy(request, slug, pk):
    """Each field of the official report as plain text, for the funder's generator."""
    report = report_for(request, slug, pk)
    values = _values(report)
    if values.official is None:
        raise Http404
    context = {"project": report.project, "report": report, "values": values}
    return render(request, "indicators/reports/report_copy.html", context)


@require_GET
def report_official(request, slug, pk):
    """The official report: the kept file of a closed one, of a draft a working copy."""
    report = report_for(request, slug, pk)
    number = report.number.replace("/", "-korekta-") or "robocze"
    name = f"{report.project.slug}-sprawozdanie-{number}.pdf"
    if not report.is_closed:
        try:
            content = render_official(_values(report))
        except PdfUnavailable as error:
            messages.error(request, UNAVAILABLE.format(error))
            return redirect(report)
        return attachment(content, name, "application/pdf")
    if not report.official_file:
        raise Http404
    saw(report.people())
    return FileResponse(report.official_file.open("rb"), as_attachment=True, filename=name)


def _are_valid(*parts):
    return [part.is_valid() for part in parts].count(False) == 0
