"""The end of keeping: projects with their days, whose data may go and whose may not, a hold."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from owes.editing import form_page
from owes.lists.exporting import export
from owes.looks.collecting import saw
from owes.tables import paged
from support.access import changes_nothing, demand, project_for, projects_of
from support.models import Project
from support.retention.forms import LegalHoldForm
from support.retention.plan import approve, people_of, plan_of
from support.retention.tables import RetentionListTable, RetentionTable

PERMISSION = "support.keep_project"


@require_safe
def retention_list(request):
    demand(request.user, "support.list_retention")
    user = request.user
    own = [each.pk for each in projects_of(user) if user.has_perm(PERMISSION, each)]
    projects = Project.objects.filter(pk__in=own).with_hold()
    table = paged(request, RetentionListTable(projects.order_by("documents_kept_until", "slug")))
    return render(request, "support/retention/retention_list.html", {"table": table})


@require_safe
def retention_detail(request, slug):
    """The dry run of today, on the page or as a file; names are not read, but codes are looks."""
    project = project_for(request.user, slug, PERMISSION)
    plan = plan_of(project, timezone.localdate())
    table = paged(request, RetentionTable([*plan.due, *plan.kept]))
    if file := export(request, table, f"przechowywanie-{slug}", []):
        saw(people_of([*plan.due, *plan.kept]))
        return file
    saw(people_of(row.record for row in table.paginated_rows))
    holds = project.legal_holds.for_list()
    context = {"project": project, "plan": plan, "table": table, "holds": holds}
    return render(request, "support/retention/retention_detail.html", context)


@changes_nothing
@require_POST
def retention_approve(request, slug):
    """In the archive too: what counts is not changed by it."""
    project = project_for(request.user, slug, PERMISSION)
    seen = request.POST.get("seen", "")
    try:
        approve(project, timezone.localdate(), seen, request.user)
    except ValidationError as error:
        messages.error(request, error.message)
        return redirect("support:retention_detail", slug)
    messages.success(request, "Zlecono anonimizację.")
    return redirect("owes:anonymisation_list")


@changes_nothing
@form_page
def legal_hold_create(request, slug):
    project = project_for(request.user, slug, PERMISSION)
    form = LegalHoldForm(request.editing.data, holds=project.legal_holds)
    if request.editing.is_ready(form):
        form.save(request.user)
        if request.editing.saved():
            messages.success(request, form.done)
            return redirect("support:retention_detail", slug)
    context = {"project": project, "form": form}
    return render(request, "support/retention/legal_hold_form.html", context)
