"""Who changed what in a record of a project, from what to what."""

from typing import NamedTuple

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from owes.record_history.page import history_page
from support.access import demand, project_for
from support.labels import record_words
from support.models import (
    Adoption,
    Certificate,
    Evidence,
    MonthlySheet,
    Partnership,
    Project,
    Service,
    StaffTraining,
)


class Kind(NamedTuple):
    """Records of a model, the relations to the rows under them, and who may see the history.

    `form` is the name of the form that opens with an earlier state of the record, for those of
    `change`; empty where there is none.
    """

    model: type
    parts: tuple[str, ...] = ()
    permission: str = "support.read_texts"
    form: str = ""
    change: str = "support.add_record"


KINDS = {
    "service": Kind(
        Service, Service.PARTS, "support.view_service", "service_edit", "support.change_service"
    ),
    "partnership": Kind(Partnership, ("entity_links",), form="partnership_edit"),
    "adoption": Kind(Adoption, ("service_links",), form="adoption_edit"),
    "staff_training": Kind(StaffTraining, form="staff_training_edit"),
    "evidence": Kind(Evidence, permission="support.view_evidence"),
    "monthly_sheet": Kind(MonthlySheet, permission="support.view_monthlysheet"),
    "certificate": Kind(Certificate),
    "project": Kind(Project, ("memberships",)),
}


@require_safe
def record_history(request, slug, kind, pk):
    """For those who work in the project with values and free texts, for an auditor without."""
    project = project_for(request.user, slug, "support.view_record")
    if kind not in KINDS:
        raise Http404
    model, parts, permission, form, change = KINDS[kind]
    of_project = {"pk": project.pk} if model is Project else {"project": project}
    record = get_object_or_404(model.objects.filter(**of_project), pk=pk)
    demand(request.user, permission, record)
    is_restored = form and request.user.has_perm(change, record)
    context = {
        "shows_values": request.user.has_perm("support.read_texts", project),
        "project": project,
        "heading": record_words(record, request.user),
        "back": record.get_absolute_url(),
        "edit_url": reverse(f"support:{form}", args=[slug, pk]) if is_restored else "",
    }
    return history_page(request, "support/records/record_history.html", record, *parts, **context)
