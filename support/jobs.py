"""Long work of the support side."""

from owes.jobs import job
from support.models import Scan
from support.papers.batches import made
from support.papers.scanning import read_scan


@job("scan_reading")
def scan_reading(row, progress):
    """Reads the codes of a scan; `params`: scan. The scan itself keeps what came of it."""
    scan = Scan.objects.select_related("project").get(pk=row.params["scan"])
    if scan.state == Scan.State.WAITING:
        read_scan(scan, scan.added_by, progress)


@job("papers")
def papers(row, progress):
    """Many papers in one file; `params` are those of `support.papers.batches.made`."""
    return made(row.params, progress)
