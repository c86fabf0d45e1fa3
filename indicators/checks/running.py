"""Data control of a whole project as long work, where it would keep a page waiting."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from indicators.checks.findings import findings, keep_run
from owes.jobs import order
from owes.lists.exporting import MOST_AT_ONCE
from owes.models import Job
from support.models import Project

RUN = "check_run"


def is_large(project: Project) -> bool:
    """Whether the project has more services than are checked while a page is opened."""
    services = project.services.order_by()
    return services[MOST_AT_ONCE : MOST_AT_ONCE + 1].exists()


def order_run(project: Project, by: Any) -> Job:
    """While a run of the project waits or goes on, a second order finds it."""
    finished = _runs(project).filter(finished_at__isnull=False).count()
    return order(RUN, params={"project": project.pk}, owner=by, key=f"{project.pk}:{finished}")


def last_order(project: Project) -> Job | None:
    return _runs(project).order_by("-pk").first()


def run(project: Project, progress: Callable[[int, int], object]) -> None:
    """Runs every check and keeps their counts; `progress` is told after each."""
    now = timezone.now()
    keep_run(project, findings(project, now, progress=progress), now)


def _runs(project: Project) -> Any:
    return Job.objects.filter(key__startswith=f"{RUN}:{project.pk}:")
