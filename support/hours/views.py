"""Monthly sheets of hours: submitted by the staff, approved by the coordinator."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from owes.exports import XLSX, attachment
from owes.lists.exporting import export
from owes.tables import paged
from support.access import demand, project_for
from support.hours import hours
from support.hours.forms import MonthlySheetFilter
from support.hours.tables import MonthlySheetTable
from support.models import MonthlySheet, StaffMember
from support.papers.hours import file_stem, monthly_sheet, monthly_workbook, totals
from support.papers.printing import pdf_response
from support.records.forms import ReasonForm


def monthly_sheet_list(request, slug):
    """The months of all for a coordinator, of oneself for the others."""
    project = project_for(request.user, slug, "support.print_papers")
    sees_all = request.user.has_perm("support.approve_monthlysheet", project)
    myself = StaffMember.objects.filter(user=request.user).first()
    rows = hours.months_of_staff(project, None if sees_all else myself)
    if not (sees_all or myself):
        rows = []
    filter_form = MonthlySheetFilter(request.GET, rows=rows)
    table = paged(request, MonthlySheetTable(filter_form.chosen()))
    if file := export(request, table, "zestawienia-godzin"):
        return file
    context = {
        "project": project,
        "filter_form": filter_form,
        "table": table,
        "sees_all": sees_all,
        "myself": myself,
        "waiting": sum(row.sheet.is_submitted for row in rows),
        "without_adviser": hours.without_adviser(project) if sees_all else None,
    }
    return render(request, "support/hours/monthly_sheet_list.html", context)


def monthly_sheet_detail(request, slug, staff_member, month):
    sheet = _sheet(request, slug, staff_member, month)
    return _detail(request, sheet, ReasonForm())


def _detail(request, sheet, form):
    rows, waiting = sheet.rows(), list(sheet.waiting())
    context = {
        "project": sheet.project,
        "sheet": sheet,
        "rows": rows,
        "totals": totals(rows),
        "differences": sheet.differences(),
        "waiting": waiting,
        "left_out": sum(session.minutes for session in waiting),
        "ready": sum(row.minutes for row in sheet.current_rows()),
        "reason_form": form,
        "refused_action": "return" if form.is_bound else "",
    }
    return render(request, "support/hours/monthly_sheet_detail.html", context)


@require_POST
def monthly_sheet_submit(request, slug, staff_member, month):
    sheet = _sheet(request, slug, staff_member, month, "submit")
    return _act(request, sheet, "Złożono zestawienie do zatwierdzenia.", sheet.submit)


@require_POST
def monthly_sheet_withdraw(request, slug, staff_member, month):
    sheet = _sheet(request, slug, staff_member, month, "withdraw")
    return _act(request, sheet, "Wycofano zestawienie do szkicu.", sheet.withdraw)


@require_POST
def monthly_sheet_approve(request, slug, staff_member, month):
    sheet = _sheet(request, slug, staff_member, month, "approve")
    return _act(request, sheet, "Zatwierdzono zestawienie.", sheet.approve)


def _act(request, sheet, message, act):
    try:
        act(request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, message)
    return redirect(sheet)


@require_POST
def monthly_sheet_return(request, slug, staff_member, month):
    sheet = _sheet(request, slug, staff_member, month, "approve")
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            sheet.send_back(request.user, form.cleaned_data["reason"])
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            messages.success(request, "Zwrócono zestawienie.")
        return redirect(sheet)
    return _detail(request, sheet, form)


@require_safe
def monthly_sheet_print(request, slug, staff_member, month):
    return pdf_response(request, monthly_sheet(_sheet(request, slug, staff_member, month)))


@require_safe
def monthly_sheet_export(request, slug, staff_member, month):
    sheet = _sheet(request, slug, staff_member, month)
    return attachment(monthly_workbook(sheet), f"{file_stem(sheet)}.xlsx", XLSX)


def _sheet(request, slug, staff_member, month, act="view"):
    """The sheet of the address; 404 for a month the project has no day in."""
    project = project_for(request.user, slug, "support.print_papers")
    member = get_object_or_404(StaffMember, pk=staff_member)
    if not project.period.overlap(month):
        raise Http404
    sheet = MonthlySheet.of(project, member, month)
    demand(request.user, f"support.{act}_monthlysheet", sheet)
    return sheet
