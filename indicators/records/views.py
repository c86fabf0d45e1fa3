from datetime import timedelta
from functools import partial

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from indicators.counting.scope import Scope
from indicators.models import Target
from indicators.records.dates import DatesForm
from indicators.records.indicator_records import IndicatorRecords, RecordSelection
from indicators.records.lines import LastReport, progress_lines, with_charts
from owes.lists.exporting import deliver, write_csv_of
from owes.tables import paged
from support.access import project_for

PERMISSION = "indicators.view_indicators"


def indicator_list(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    dates = DatesForm(request.GET, project)
    scope = Scope.of(project, dates.day)
    rows = with_charts(progress_lines(scope, dates.day), scope, dates.day)
    context = {"project": project, "dates": dates, "rows": rows, "on": dates.day}
    context["rules"] = {item.code: item.rule for item in scope.indicators}
    return render(request, "indicators/records/indicator_list.html", context)


def indicator_detail(request, slug, code):
    """Skąd ta liczba: the rule, the counted records and the others with reasons."""
    project = project_for(request.user, slug, PERMISSION)
    dates = DatesForm(request.GET, project)
    scope = Scope.of(project, dates.period.end)
    if (indicator := scope.indicator(code)) is None:
        return _on_its_last_day(project, code, dates)
    records, target = _records(request, scope, indicator, dates)
    counted, others = [paged(request, table) for table in records.tables()]
    if file := _file(request, records, counted, others):
        return file
    counted.look_up_for_file(counted.shown)
    others.look_up_for_file(others.shown)
    context = {"project": project, "dates": dates, "target": target}
    if not dates.is_period:
        context["reported"] = LastReport.of([records.line], records.scope, dates.day)
    context |= {"composition": records, "line": records.line, "indicator": records.indicator}
    context |= {"counted": counted, "others": others}
    context["changes"] = records.scope.rule_changes(code, dates.period.end)
    return render(request, "indicators/records/indicator_detail.html", context)


def _on_its_last_day(project, code, dates):
    """Leads to the page of an indicator that ended before the day; 404 of one there was not."""
    ended = get_object_or_404(project.indicators, code=code, retired_on__lte=dates.period.end)
    page = reverse("indicators:indicator_detail", args=[project.slug, code])
    return redirect(f"{page}?on={ended.retired_on - timedelta(days=1):%Y-%m-%d}")


def _records(request, scope, indicator, dates):
    """`(records of the indicator as they are asked for, its target or None)`."""
    target = Target.objects.in_force(scope.project, dates.period.end).get(indicator.code)
    lines = progress_lines(scope, dates.period.end)
    line = next(line for line in lines if line.indicator is indicator)
    asked = RecordSelection.of(request.GET, indicator)
    return IndicatorRecords(line, scope, dates.period, asked, request.user), target


def _file(request, records, counted, others):
    """The lists in the format that the address asks for; None where it names none."""
    stem = f"{records.indicator.code}-{records.period.end:%Y-%m-%d}"
    match request.GET.get("format"):
        case "xlsx":
            name, tables = f"{stem}.xlsx", [counted, others]
            write = partial(records.write_workbook, tables)
        case "csv":
            name, tables = f"{stem}-zaliczone.csv", [counted]
            write = partial(write_csv_of, counted)
        case "csv-niezaliczone":
            name, tables = f"{stem}-niezaliczone.csv", [others]
            write = partial(write_csv_of, others)
        case _:
            return None
    count = sum(len(table.rows) for table in tables)
    return deliver(request, records.indicator.name, name, count, write)
