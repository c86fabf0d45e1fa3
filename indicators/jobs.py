"""Jobs of the indicators; a report is made in its own process, whose memory is then freed."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from indicators.checks.nightly import send_letter
from indicators.checks.running import RUN, run
from indicators.closing.closing import STEPS, close
from indicators.closing.orders import CLOSING, FILE
from indicators.counting.verifying import verify_and_tell
from indicators.models import Report
from owes.chain.sealing import seal
from owes.jobs import JobFailed, follow, job, order
from support.models import Project

PATIENCE = 600  # seconds; a report of the contract's size takes ten
STEP = re.compile(r"([0-9]+)/([0-9]+)")


@job("indicator_report", is_repeatable=True)
def indicator_report(row, progress):
    """The file of a report; `params`: project, start, end, kind and format (pdf or xlsx)."""
    name = f"raport-wskaznikow-{row.params['start']}-{row.params['end']}.{row.params['format']}"
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / name
        _run(_command(row.params, output), progress)
        return name, output.read_bytes()


@job(CLOSING)
def report_closing(row, progress):
    """Closes a report for the one who ordered it; `params`: report, by key, and reason."""
    report = Report.objects.filter(pk=row.params["report"]).first()
    if report is None:
        raise JobFailed("Nie ma już tej wersji roboczej.")
    if report.is_closed:  # by a worker that was interrupted after that
        return
    progress(0, len(STEPS))
    try:
        with progress.aside() as tell:
            close(report, row.owner, row.params["reason"], tell)
    except ValidationError as error:
        raise JobFailed(" ".join(error.messages)) from None
    seal()  # from here on what the report says cannot be led to otherwise


@job(FILE, is_repeatable=True)
def closed_report_file(row, progress):
    """The PDF of a report just closed; `params`: report, by key."""
    _run(["keep_report_file", str(row.params["report"])], progress)


@job("package", is_repeatable=True)
def package(row, progress):
    """The file of a package for the funder; `params`: package, by key."""
    _run(["keep_package_file", str(row.params["package"])], progress)


@job(RUN, is_repeatable=True)
def check_run(row, progress):
    """Data control of a large project; `params`: project, by key."""
    run(Project.objects.get(pk=row.params["project"]), progress)


@shared_task
def order_nightly_checks():
    """One run of the checks of each project a night, however often this is called."""
    today = timezone.localdate()
    for slug in Project.objects.order_by("pk").values_list("slug", flat=True):
        order("nightly_checks", params={"project": slug}, key=f"{slug}:{today}")
        order("verify_indicators", params={"project": slug}, key=f"{slug}:{today}")


@job("nightly_checks")
def nightly_checks(row, progress):
    """Runs the checks of a project and writes to its coordinators; `params`: project."""
    send_letter(Project.objects.get(slug=row.params["project"]), timezone.now())


@job("verify_indicators")
def verify_indicators(row, progress):
    """Recounts a project and writes to administrators of any difference; `params`: project."""
    verify_and_tell(Project.objects.get(slug=row.params["project"]))


def _run(command, progress):
    """Runs a command of the program to its end; its lines "3/10" are the progress."""
    making = subprocess.Popen(
        [sys.executable, settings.BASE_DIR / "manage.py", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        for line in follow(making, progress, PATIENCE):
            if step := STEP.fullmatch(line.strip()):
                progress(int(step[1]), int(step[2]))
        _, complaint = making.communicate(timeout=PATIENCE)
    finally:
        making.kill()
    if making.returncode < 0:  # killed, as where memory is short: worth another attempt
        raise subprocess.CalledProcessError(making.returncode, command[0])
    if making.returncode:
        raise JobFailed(complaint.strip().splitlines()[-1] if complaint else "Błąd raportu.")


def _command(params, output):
    return [
        "report",
        f"--project={params['project']}",
        f"--from={params['start']}",
        f"--to={params['end']}",
        f"--kind={params['kind']}",
        f"--output={output}",
        "--steps",
    ]
