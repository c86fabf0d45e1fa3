"""Numbers for Prometheus: of requests of all web processes together, of jobs, of backups.

Labels are names of pages, kinds of work, states and numbers of answers: never an address, a key or
anything of people. Nothing is counted, and the page is not there, until METRICS_TOKEN is set.
"""

import time
from collections.abc import Callable, Iterator

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from owes.models import Backup, Job
from owes.operating import health

TEXT = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
METHODS = {"GET", "HEAD", "POST"}
NO_PAGE = "none"  # a file of the pages, an address that leads nowhere

REQUESTS = Counter(
    "owes_requests", "Answers, by page, method and status.", ["view", "method", "status"]
)
DURATIONS = Histogram(
    "owes_request_seconds", "How long an answer took.", ["view"], buckets=SECONDS
)
DATABASE_ERRORS = Counter(
    "owes_database_errors", "Errors of the database that reached a page.", ["error"]
)


class Measured:
    """Counts every answer and measures it; without a token does nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.METRICS_TOKEN:
            return self.get_response(request)
        started = time.monotonic()
        response = self.get_response(request)
        view = request.resolver_match.view_name if request.resolver_match else NO_PAGE
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(view, method, response.status_code).inc()
        DURATIONS.labels(view).observe(time.monotonic() - started)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        if settings.METRICS_TOKEN and isinstance(error, (DatabaseError, InterfaceError)):
            DATABASE_ERRORS.labels(type(error).__name__).inc()


class State:
    """What is asked at the moment: work, the sign of life of a worker, backups, disks."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        jobs = GaugeMetricFamily("owes_jobs", "Work, by kind and state.", labels=["kind", "state"])
        for kind, state, count in _jobs():
            jobs.add_metric([kind, state], count)
        yield jobs
        yield GaugeMetricFamily(
            "owes_queue_oldest_seconds",
            "For how long the oldest work has waited.",
            value=health.queue()["oldest_s"],
        )
        if (seen := health.worker()["seen_s"]) is not None:
            yield GaugeMetricFamily(
                "owes_worker_seen_seconds", "Since the last sign of life of a worker.", value=seen
            )
        if (last := Backup.objects.good().first()) is not None:
            age = (timezone.now() - last.made_at).total_seconds()
            yield GaugeMetricFamily(
                "owes_backup_age_seconds", "Since the last good backup.", value=age
            )
        yield GaugeMetricFamily(
            "owes_disk_free_bytes",
            "Left on the fullest disk that is written to.",
            value=health.disk()["free_mb"] * 2**20,
        )


def _jobs() -> Iterator[tuple[str, str, int]]:
    counted = Job.objects.order_by().values_list("kind", "state").annotate(count=Count("pk"))
    yield from counted


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """404 to whoever does not show the token, so that a stranger does not learn of the page."""
    shown = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not constant_time_compare(
        shown, f"Bearer {settings.METRICS_TOKEN}"
    ):
        raise Http404
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(settings.METRICS_DIR))
    registry.register(State())  # type: ignore[arg-type]
    return HttpResponse(generate_latest(registry), content_type=TEXT)
