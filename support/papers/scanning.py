"""Reads or takes the codes of a scan and makes its file evidence of their records."""

import subprocess
import sys
import threading
from contextlib import suppress

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from owes.jobs import JobFailed, follow
from support.models import Evidence, Scan
from support.papers.codes import read
from support.papers.destinations import destination

PATIENCE = 120  # seconds
NO_CODE = "W pliku nie znaleziono kodu. Wpisz kod, który jest wydrukowany obok znaku QR."
FOREIGN = "Kod QR w pliku nie jest z dokumentu tego programu. Wpisz kod z wydruku."
BROKEN = "Programowi nie udało się przejrzeć pliku. Wpisz kod z wydruku."


def texts_in(path, progress):
    """The texts of the QR codes of a file; `JobFailed` when reading broke or took too long."""
    reading = _reader(path)
    try:
        texts = [line.strip() for line in follow(reading, progress, PATIENCE)]
        if reading.wait(timeout=PATIENCE):
            raise JobFailed(BROKEN)
    finally:
        reading.kill()
    return texts


def texts_at_once(path, seconds):
    """The texts read within the seconds, while a person waits; a long file is read in part."""
    reading = _reader(path)
    late = threading.Timer(max(seconds, 0), reading.kill)
    late.start()
    try:
        return [line.strip() for line in reading.stdout]
    finally:
        late.cancel()
        reading.kill()
        reading.wait()


def _reader(path):
    return subprocess.Popen(
        [sys.executable, "-m", "support.papers.barcodes", path],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def read_scan(scan, by, progress):
    """Reads the codes of a scan. When that fails, a person can still type them."""
    try:
        texts = list(dict.fromkeys(texts_in(scan.file.path, progress)))
    except JobFailed as failure:
        return _mark_unread(scan, str(failure))
    codes = [code for code in map(read, texts) if code]
    if not codes:
        return _mark_unread(scan, FOREIGN if texts else NO_CODE)
    return deliver(scan, codes, by)


def type_code(scan, text, by):
    """Delivers a scan by codes a person typed, separated by commas; refuses a wrong code."""
    codes = []
    for part in filter(None, (part.strip() for part in text.replace(";", ",").split(","))):
        if (code := read(part)) is None:
            raise ValidationError(f"Kod „{part[:40]}” ma błąd. Sprawdź znaki na wydruku.")
        codes.append(code)
    if not codes:
        raise ValidationError("Wpisz kod z wydruku.")
    scan = deliver(scan, codes, by)
    if not scan.is_attached:
        raise ValidationError(scan.error or f"Ten skan jest {scan.get_state_display()}.")
    return scan


@transaction.atomic
def deliver(scan, codes, by):
    """Makes the file evidence of every record its codes name; `scan.error` says what failed."""
    scan = Scan.objects.select_for_update().get(pk=scan.pk)
    if not scan.is_open:
        return scan
    errors, attached = [], []
    for code in dict.fromkeys(codes):
        try:
            place = destination(code, scan.project)
        except ValidationError as error:
            errors += error.messages
            continue
        attached.append(str(code))
        for record in place.records:
            _attach(scan, place, record, by)
    scan.state = Scan.State.ATTACHED if attached else Scan.State.UNREAD
    scan.codes, scan.error = ", ".join(attached)[:500], " ".join(errors)
    scan.save(update_fields=["state", "codes", "error"])
    return scan


def _attach(scan, place, record, by):
    """Adds the file to the record, unless the record has it already."""
    row = Evidence(
        project=scan.project,
        kind=place.kind,
        file=scan.file.name,
        file_name=scan.file_name,
        sha256=scan.sha256,
        scan=scan,
        added_by=by,
        **{place.subject.value: record},
    )
    with suppress(IntegrityError), transaction.atomic():
        row.save()


def _mark_unread(scan, sentence):
    """Leaves the scan to a person, unless one was quicker."""
    with transaction.atomic():
        scan = Scan.objects.select_for_update().get(pk=scan.pk)
        if scan.is_waiting:
            scan.state, scan.error = Scan.State.UNREAD, sentence
            scan.save(update_fields=["state", "error"])
    return scan
