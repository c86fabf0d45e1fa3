"""Whether the program answers, and whether all it needs is in order: for machines that ask."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from owes.backups.views import OLD
from owes.models import Backup, Job
from owes.operating.absence import SEEN, notice

Part = dict[str, Any]
SILENCE = timedelta(minutes=3)


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """For the container engine and the proxy: 200 when the database answers, else 503."""
    is_there = _answer(_database)["ok"]
    words = "odpowiada" if is_there else "nie odpowiada"
    return JsonResponse({"database": words}, status=200 if is_there else 503)


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """For who watches the program: each part, 503 when one fails; `only=disk,queue` asks for some.

    Numbers of the machine alone, nothing of people and no secrets: a stranger may ask.
    """
    only = request.GET.get("only", "").split(",") if request.GET.get("only") else PARTS
    parts = {name: _answer(part) for name, part in PARTS.items() if name in only}
    is_ready = all(part["ok"] for part in parts.values())
    return JsonResponse(parts, status=200 if is_ready else 503)


def _answer(part: Callable[[], Part]) -> Part:
    try:
        return part()
    except (DatabaseError, InterfaceError):
        return {"ok": False}


def _database() -> Part:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"ok": True}


@lru_cache(1)
def _last_migrations() -> frozenset[tuple[str, str]]:
    """Those of this code: a process never sees others."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def migrations() -> Part:
    missing = _last_migrations() - MigrationRecorder(connection).applied_migrations().keys()
    return {"ok": not missing, "missing": len(missing)}


def disk() -> Part:
    """The fullest of the disks that are written to."""
    places = [settings.VAR_DIR, settings.MEDIA_ROOT, settings.BACKUP_DIR]
    there = [place for place in places if place and place.exists()]
    free = min(shutil.disk_usage(place).free for place in there) // 2**20
    return {"ok": free >= settings.DISK_RESERVE, "free_mb": free}


def queue() -> Part:
    """Also the moment to write to the administrators when nobody looks at a page of work."""
    waiting = Job.objects.filter(state=Job.State.QUEUED).order_by("created_at").first()
    if waiting is None:
        return {"ok": True, "oldest_s": 0}
    if waiting.is_left_alone:
        notice(waiting)
    age = timezone.now() - waiting.created_at
    return {"ok": not waiting.is_left_alone, "oldest_s": round(age.total_seconds())}


def worker() -> Part:
    """Whether beat and a worker did what comes every half a minute."""
    seen = cache.get(SEEN)
    age = None if seen is None else timezone.now() - seen
    is_there = age is not None and age <= SILENCE
    return {"ok": is_there, "seen_s": None if age is None else round(age.total_seconds())}


def backup() -> Part:
    """Of a program that makes none itself nothing is known."""
    if settings.BACKUP_DIR is None:
        return {"ok": True, "is_made_here": False}
    last = Backup.objects.good().first()
    if last is None:
        return {"ok": False, "age_h": None}
    age = timezone.now() - last.made_at
    return {"ok": age <= OLD, "age_h": int(age.total_seconds() // 3600)}


PARTS = {
    "database": _database,
    "migrations": migrations,
    "disk": disk,
    "queue": queue,
    "worker": worker,
    "backup": backup,
}
