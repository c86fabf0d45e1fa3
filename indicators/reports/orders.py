"""Reports ordered of a project."""

from owes.models import Job


def report_jobs(project):
    """The reports ordered of a project, newest first."""
    jobs = Job.objects.filter(kind="indicator_report", params__project=project.slug)
    return jobs.select_related("owner").order_by("-created_at")
