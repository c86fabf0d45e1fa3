"""Which report an address means, and for whom."""

from django.shortcuts import get_object_or_404

from support.access import project_for

VIEW, DRAFT = "indicators.view_indicators", "indicators.view_draft_report"


def report_for(request, slug, pk, permission=VIEW):
    """The report of the address; a draft is there only for those who work in the project."""
    project = project_for(request.user, slug, permission)
    reports = (
        project.reports if request.user.has_perm(DRAFT, project) else project.reports.closed()
    )
    reports = reports.select_related("project", "corrects", "created_by", "closed_by")
    return get_object_or_404(reports, pk=pk)
