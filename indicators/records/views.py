from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from indicators.counting.definitions import INDICATORS
from indicators.counting.proofs import unproven
from indicators.models import Target
from indicators.records.composition import Asked, Composition
from indicators.records.dates import DatesForm
from indicators.records.lines import LastReport, drawn, progress_lines, progress_of
from indicators.scope import Scope
from owes.exports import XLSX, attachment, csv_file
from owes.periods import Period
from owes.tables import paged
from support.access import project_for

PERMISSION = "indicators.view_indicators"


def indicator_list(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    dates = DatesForm(request.GET, project)
    scope = Scope.of(project, dates.day)
    rows = drawn(progress_lines(scope, dates.day), scope, dates.day)
    context = {"project": project, "dates": dates, "rows": rows, "on": dates.day}
    context["rules"] = {code: one.rule_in(scope) for code, one in INDICATORS.items()}
    found = unproven(scope, Period(min(project.starts_on, dates.day), dates.day))
    context["without_proof"] = {code: len(keys) for code, keys in found.items()}
    return render(request, "indicators/records/indicator_list.html", context)


def indicator_detail(request, slug, code):
    """Skąd ta liczba: the rule, what it is made of, the counted and the others with reasons."""
    project = project_for(request.user, slug, PERMISSION)
    dates = DatesForm(request.GET, project)
    indicator, scope = _indicator(code), Scope.of(project, dates.period.end)
    target = Target.objects.in_force(project, dates.period.end).get(code)
    line = progress_of(indicator, scope, dates.period.end, target)
    asked = Asked.by(request.GET, indicator)
    composition = Composition(line, scope, dates.period, asked, request.user)
    counted, others = [paged(request, table) for table in composition.tables()]
    stem = f"{code}-{dates.period.end:%Y-%m-%d}"
    match request.GET.get("format"):
        case "xlsx":
            content = composition.workbook([counted, others], timezone.now())
            return attachment(content, f"{stem}.xlsx", XLSX)
        case "csv":
            header, *rows = composition.whole(counted, composition.decisions)
            return csv_file(header, rows, f"{stem}-zaliczone.csv")
        case "csv-niezaliczone":
            header, *rows = composition.whole(others, composition.explanations)
            return csv_file(header, rows, f"{stem}-niezaliczone.csv")
    counted.details = composition.decisions(counted.shown)
    others.details = composition.explanations(others.shown)
    context = {"project": project, "dates": dates, "indicator": indicator, "target": target}
    if not dates.is_period:
        context["reported"] = LastReport.of([line], scope, dates.day)
    context |= {"composition": composition, "line": line, "counted": counted, "others": others}
    return render(request, "indicators/records/indicator_detail.html", context)


def _indicator(code):
    if code not in INDICATORS:
        raise Http404
    return INDICATORS[code]
