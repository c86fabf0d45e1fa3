"""Who changed what in a record of a project, from what to what."""

from typing import NamedTuple

from django.http import Http404
from django.shortcuts import get_object_or_404
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

    `is_restored`: the page of the record is a form that opens with an earlier state of it.
    """

    model: type
    parts: tuple[str, ...] = ()
    permission: str = "support.read_texts"
    is_restored: bool = False


KINDS = {
    "service": Kind(Service, Service.PARTS, "support.view_service"),
    "partnership": Kind(Partnership, ("entity_links",), is_restored=True),
    "adoption": Kind(Adoption, ("service_links",), is_restored=True),
    "staff_training": Kind(StaffTraining, is_restored=True),
    "evidence": Kind(Evidence, permission="support.view_evidence"),
    "monthly_sheet": Kind(MonthlySheet, permission="support.view_monthlysheet"),
    "certificate": Kind(Certificate),
    "project": Kind(Project, ("memberships",)),
}


@require_safe
def record_history(request, slug, kind, pk):
    """For those who work in the project: values of every column are shown, free texts too."""
    project = project_for(request.user, slug, "support.read_texts")
    if kind not in KINDS:
        raise Http404
    model, parts, permission, is_restored = KINDS[kind]
    of_project = {"pk": project.pk} if model is Project else {"project": project}
    record = get_object_or_404(model.objects.filter(**of_project), pk=pk)
    demand(request.user, permission, record)
    context = {
        "project": project,
        "heading": record_words(record, request.user),
        "back": record.get_absolute_url(),
        "edit_url": record.get_absolute_url() if is_restored else "",
    }
    return history_page(request, "support/records/record_history.html", record, *parts, **context)
