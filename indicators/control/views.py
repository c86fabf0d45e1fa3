"""Trial controls: the sample, the search for papers, and the numbers without faulty records."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from indicators.control import trial
from indicators.control.files import control_workbook, render_control
from indicators.control.forms import ControlForm, document_rows
from indicators.control.outcomes import outcomes_of, summary
from indicators.models import ControlledRecord, TrialControl
from owes.editing import form_page
from owes.exports import XLSX, attachment
from owes.pdf import PdfUnavailable
from support.access import project_for
from support.papers.printing import UNAVAILABLE

VIEW, CHANGE = "indicators.view_control", "indicators.change_control"


@require_safe
def control_list(request, slug):
    project = project_for(request.user, slug, VIEW)
    controls = project.controls.select_related("project", "created_by", "finished_by")
    context = {"project": project, "trial_controls": controls.defer("counted")[:200]}
    context["may_change"] = request.user.has_perm(CHANGE, project)
    return render(request, "indicators/control/control_list.html", context)


@form_page
def control_create(request, slug):
    project = project_for(request.user, slug, CHANGE)
    editing = request.editing
    editing.is_reported = False
    today = timezone.localdate()
    control = TrialControl(project=project, created_by=request.user)
    initial = {"on": min(today, project.ends_on), "seed": f"{today:%d.%m.%Y}"}
    form = ControlForm(editing.data, instance=control, initial=initial, project=project)
    if editing.is_ready(form):
        try:
            trial.begin(form.save(commit=False))
        except ValidationError as error:
            form.add_error("on", error)
        else:
            if editing.saved():
                messages.success(request, "Wylosowano próbę. Odszukaj dokumenty każdego zapisu.")
                return redirect(control)
    return render(
        request, "indicators/control/control_form.html", {"project": project, "form": form}
    )


@require_GET
def control_detail(request, slug, pk):
    control = _control(request, slug, pk)
    outcomes = outcomes_of(control)
    context = {
        "project": control.project,
        "trial_control": control,
        "outcomes": outcomes,
        "summary": summary(outcomes),
        "may_change": request.user.has_perm(CHANGE, control.project),
    }
    return render(request, "indicators/control/control_detail.html", context)


@form_page
def control_record_edit(request, slug, pk):
    """The outcomes of the papers of one record; then the next record that waits."""
    project = project_for(request.user, slug, CHANGE)
    records = ControlledRecord.objects.filter(control__project=project)
    if request.editing.is_sent:
        # Nobody finishes the control while its outcomes are being written.
        records = records.select_for_update(of=("self", "control"))
    record = get_object_or_404(records.select_related("control__project"), pk=pk)
    if record.control.is_finished:
        raise Http404
    editing = request.editing.of(record, "documents")
    editing.is_reported = False
    rows = document_rows(editing.data, record)
    if editing.is_ready(rows):
        trial.save_outcomes(record, rows)
        if editing.saved():
            messages.success(request, f"Zapisano: {record.label}.")
            waiting = record.control.records.filter(documents__verdict="", pk__gt=record.pk)
            return redirect(waiting.select_related("control__project").first() or record.control)
    context = {"project": project, "record": record, "trial_control": record.control, "rows": rows}
    context["indicator"] = project.indicators.filter(code=record.indicator).first()
    return render(request, "indicators/control/control_record_form.html", context)


@require_POST
def control_finish(request, slug, pk):
    control = _control(request, slug, pk, CHANGE)
    try:
        trial.finish(control, request.user)
    except ValidationError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "Zakończono kontrolę próbną.")
    return redirect(control)


@require_GET
def control_protocol(request, slug, pk):
    control = _control(request, slug, pk)
    try:
        content = render_control(control, outcomes_of(control))
    except PdfUnavailable as error:
        messages.error(request, UNAVAILABLE.format(error))
        return redirect(control)
    return attachment(content, f"{_file_stem(control)}.pdf", "application/pdf")


@require_GET
def control_export(request, slug, pk):
    """The protocol as a workbook."""
    control = _control(request, slug, pk)
    content = control_workbook(control, outcomes_of(control), request.user)
    return attachment(content, f"{_file_stem(control)}.xlsx", XLSX)


def _file_stem(control):
    return f"{control.project.slug}-protokol-kontroli-{control.pk}"


def _control(request, slug, pk, permission=VIEW):
    project = project_for(request.user, slug, permission)
    controls = project.controls.select_related("project", "created_by", "finished_by")
    return get_object_or_404(controls, pk=pk)
