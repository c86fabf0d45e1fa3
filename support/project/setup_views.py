"""The pages of the steps of a new project."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render

from owes.editing import form_page
from owes.formatting import error_list
from support.access import demand, project_for
from support.models import Membership, Project
from support.project.copying import begun_from, copy_contract
from support.project.reporting_forms import ReportingForm
from support.project.setup_forms import AreaForm, ContractForm, ScheduleForm
from support.project.steps import AREA, CONTRACT, SCHEDULE, TEAM, context_of, following, steps
from support.project.team_forms import InvitationForm
from support.project.team_views import send_link

PERMISSION = "support.set_up_project"


@form_page
def project_create(request):
    """The first step makes the project; `?copy=` names the one it begins from."""
    demand(request.user, "support.add_project")
    source = None
    if slug := request.GET.get("copy"):
        source = get_object_or_404(Project.objects.of_user(request.user), slug=slug)
        demand(request.user, "support.keep_project", source)
    project = begun_from(source) if source else Project()
    editing = request.editing.of(project)
    form = ContractForm(editing.data, instance=project)
    if editing.is_ready(form):
        form.save()
        if source:
            copy_contract(source, project)
        if not request.user.is_administrator:
            role = Membership.Role.COORDINATOR
            Membership.objects.create(user=request.user, project=project, role=role)
        if editing.saved():
            messages.success(request, f"Założono projekt {project}.")
            return redirect(following(project, CONTRACT))
    context = {"form": form, "source": source, "steps": steps()}
    return render(request, "support/project/project_form.html", context)


@form_page
def setup_contract(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    template = "support/project/setup_contract.html"
    return _model_step(request, project, CONTRACT, ContractForm, template)


@form_page
def setup_area(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    return _model_step(request, project, AREA, AreaForm, "support/project/setup_area.html")


def _model_step(request, project, step, form_class, template):
    editing = request.editing.of(project)
    form = form_class(editing.data, instance=Project.objects.get(pk=project.pk))
    if editing.is_ready(form):
        form.save()
        if editing.saved():
            messages.success(request, f"Zapisano krok: {step.title}.")
            return redirect(following(project, step))
    return render(request, template, context_of(project, step) | {"form": form})


@form_page
def setup_schedule(request, slug):
    """Activities and periods of reports; "Pokaż okresy" shows those typed and saves nothing."""
    project = project_for(request.user, slug, PERMISSION)
    editing = request.editing.of(project)
    sources = Project.objects.of_user(request.user).exclude(pk=project.pk)
    form = ScheduleForm(editing.data, project=project, sources=sources)
    reporting = ReportingForm(editing.data, instance=Project.objects.get(pk=project.pk))
    is_preview = editing.is_sent and "preview" in request.POST
    if not is_preview and editing.is_ready(form, reporting):
        form.save()
        reporting.save()
        if editing.saved():
            messages.success(request, f"Zapisano krok: {SCHEDULE.title}.")
            return redirect(following(project, SCHEDULE))
    context = context_of(project, SCHEDULE) | {"form": form, "reporting": reporting}
    context["errors"] = error_list(form) + error_list(reporting)
    context |= reporting.shown_terms(project, is_preview)
    context["requirements"] = project.evidence_requirements.select_related("service_type")
    return render(request, "support/project/setup_schedule.html", context)


@form_page
def setup_team(request, slug):
    """One person at a time, as on the page of the team; the page stays open for the next."""
    project = project_for(request.user, slug, PERMISSION)
    initial = {} if TEAM.is_done(project) else {"role": Membership.Role.COORDINATOR}
    editing = request.editing.of(project)
    form = InvitationForm(editing.data, initial=initial, project=project, by=request.user)
    if editing.is_ready(form):
        membership = form.save()
        if editing.saved():
            # No letter before the transaction ends: it may still be rolled back.
            transaction.on_commit(lambda: send_link(request, membership))
            return redirect("support:setup_team", slug)
    context = context_of(project, TEAM) | {"form": form, "team": project.memberships.for_list()}
    return render(request, "support/project/setup_team.html", context)
