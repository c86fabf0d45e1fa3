"""Pages that print papers: one shown in the browser, many made in the background."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_safe

from entities.models import Entity
from owes.looks.collecting import saw
from owes.models import Job
from owes.tables import paged
from support.access import changes_nothing, project_for
from support.models import StaffMember
from support.papers import attendance, cards
from support.papers.batches import paper_jobs
from support.papers.forms import BatchForm, ListForm, MeetingsForm, RegisterForm
from support.papers.printing import joined_pdf_response, pdf_response
from support.papers.tables import CollectiveCardTable

PERMISSION = "support.print_papers"
SHOWN_JOBS = 25


@changes_nothing
def paper_list(request, slug):
    """The papers that may be printed, the order of a register, and the files ordered."""
    project = project_for(request.user, slug, PERMISSION)
    form = RegisterForm(request.POST or None, project=project)
    if form.is_valid():
        return redirect("support:paper_job", slug, form.order(request.user).pk)
    context = {"project": project, "form": form, "jobs": paper_jobs(project)[:SHOWN_JOBS]}
    return render(request, "support/papers/paper_list.html", context)


def meeting_paper_list(request, slug):
    """The cards and lists of a month, one by one or all in one file."""
    project = project_for(request.user, slug, PERMISSION)
    filter_form = MeetingsForm(request.GET, project=project, user=request.user)
    meetings = filter_form.meetings
    form = BatchForm(request.POST or None, batch=request.GET.get("batch"))
    if meetings and form.is_valid():
        return redirect("support:paper_job", slug, form.order(meetings, request.user).pk)
    table = paged(request, CollectiveCardTable(meetings.collective() if meetings else []))
    context = {
        "project": project,
        "filter_form": filter_form,
        "meetings": meetings,
        "left_out": meetings.left_out() if meetings else [],
        "form": form,
        "table": table,
    }
    return render(request, "support/papers/meeting_paper_list.html", context)


@require_GET
def paper_job(request, slug, pk):
    """The progress of a file; htmx asks for the inner part until it is done."""
    project = project_for(request.user, slug, PERMISSION)
    job = get_object_or_404(paper_jobs(project), pk=pk)
    template = (
        "support/papers/_paper_job.html" if request.htmx else "support/papers/paper_job.html"
    )
    return render(request, template, {"project": project, "job": job})


@require_GET
def paper_file(request, slug, pk):
    project = project_for(request.user, slug, PERMISSION)
    job = get_object_or_404(paper_jobs(project).exclude(file=""), pk=pk, state=Job.State.DONE)
    saw(job.people)
    return FileResponse(job.file.open("rb"), as_attachment=True, filename=job.file_name)


@require_safe
def service_card(request, slug, pk):
    service = _service(request, slug, pk)
    return pdf_response(request, cards.service_card(service, is_blank="blank" in request.GET))


@require_safe
def attendance_list(request, slug, pk):
    """The list of one session, or of all of them in one file."""
    service = _service(request, slug, pk)
    form = ListForm(request.GET, service=service)
    lists = [attendance.attendance_list(service, row, **form.options) for row in form.sessions]
    if not lists:
        return pdf_response(request, attendance.empty_list(service.project))
    return joined_pdf_response(request, lists, attendance.lists_title(service, form.sessions))


def _service(request, slug, pk):
    project = project_for(request.user, slug, PERMISSION)
    return get_object_or_404(project.services.for_papers(), pk=pk)


@require_safe
def collective_card(request, slug, entity, staff_member, month):
    project = project_for(request.user, slug, PERMISSION)
    card = cards.collective_card(
        project,
        get_object_or_404(Entity, pk=entity),
        get_object_or_404(StaffMember, pk=staff_member),
        month,
    )
    return pdf_response(request, card.printout(is_blank="blank" in request.GET))


@require_safe
def empty_card(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    return pdf_response(request, cards.empty_card(project))


@require_safe
def empty_list(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    return pdf_response(request, attendance.empty_list(project))
