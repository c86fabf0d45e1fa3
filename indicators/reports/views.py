from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from indicators.reports.forms import ReportForm
from indicators.reports.orders import report_jobs
from owes.looks.collecting import saw
from owes.models import Job
from support.access import changes_nothing, project_for
from support.models import Attendance

PERMISSION = "indicators.make_report"


@changes_nothing
def report_list(request, slug):
    """The form of a new report, and the files made of this project's data."""
    project = project_for(request.user, slug, PERMISSION)
    form = ReportForm(request.POST or None, project=project)
    if form.is_valid():
        row = form.order(request.user)
        return redirect("indicators:report_job", project.slug, row.pk)
    context = {"project": project, "form": form, "jobs": report_jobs(project)[:25]}
    may_see_drafts = request.user.has_perm("indicators.view_draft_report", project)
    reports = project.reports if may_see_drafts else project.reports.closed()
    context["reports"] = reports.for_list()
    context["may_see_packages"] = request.user.has_perm("indicators.view_package", project)
    context["may_close"] = request.user.has_perm("indicators.close_report", project)
    return render(request, "indicators/reports/report_list.html", context)


@require_GET
def report_job(request, slug, pk):
    """The progress of making a file; htmx asks for the inner part until it is made."""
    project = project_for(request.user, slug, PERMISSION)
    row = get_object_or_404(report_jobs(project), pk=pk)
    template = (
        "indicators/reports/_report_job.html"
        if request.htmx
        else "indicators/reports/report_job.html"
    )
    return render(request, template, {"project": project, "job": row})


@require_GET
def report_file(request, slug, pk):
    project = project_for(request.user, slug, PERMISSION)
    row = get_object_or_404(report_jobs(project).exclude(file=""), pk=pk, state=Job.State.DONE)
    attended = Attendance.objects.present().filter(
        session__service__project=project, day__lte=row.params["end"]
    )
    saw(attended.values_list("person", flat=True).distinct())
    return FileResponse(row.file.open("rb"), as_attachment=True, filename=row.file_name)
