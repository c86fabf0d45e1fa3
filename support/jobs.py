"""Jobs of the support side: scans, papers, imports."""

from celery import shared_task
from django.core.exceptions import ValidationError
from django.utils import timezone

from owes.jobs import JobFailed, job
from support.models import Import, Scan
from support.papers.batches import make_batch
from support.papers.scanning import read_scan
from support.retention.letters import tell_of_ended
from support.workbook.imports import check, save
from support.workbook.undoing import undo


@job("scan_reading")
def scan_reading(row, progress):
    """Reads the codes of a scan; `params`: scan. The scan itself keeps the result."""
    scan = Scan.objects.select_related("project").get(pk=row.params["scan"])
    if scan.is_waiting:
        read_scan(scan, scan.added_by, progress)


@job("papers", is_repeatable=True)
def papers(row, progress):
    """Many papers in one file; `params` are those of `support.papers.batches.make_batch`."""
    return make_batch(row.params, progress)


@job("import")
def import_file(row, progress):
    """Checks, saves or undoes an import; `params`: import and act. The import keeps the result."""
    imported = Import.objects.select_related("project").get(pk=row.params["import"])
    progress.alive()
    try:
        match row.params["act"]:
            case "check":
                check(imported)
            case "save":
                save(imported, row.owner)
            case "undo":
                undo(imported, row.owner, row.params.get("reason", ""))
    except ValidationError as error:
        raise JobFailed(error.messages[0]) from None


@shared_task
def tell_retention():
    tell_of_ended(timezone.localdate())
