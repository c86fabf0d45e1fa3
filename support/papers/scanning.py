"""A scan on its way: its codes are read or typed, its file becomes evidence of their records."""

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
    """What the QR codes of a file say; `JobFailed` when its reader broke or took too long."""
    reading = _reader(path)
    try:
        texts = [line.strip() for line in follow(reading, progress, PATIENCE)]
        if reading.wait(timeout=PATIENCE):
            raise JobFailed(BROKEN)
    finally:
        reading.kill()
    return texts


def texts_at_once(path, seconds):
    """What is read while a person waits: of a long file only its first pages."""
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
    """Reads the codes by the program. Whatever happens, the scan stays open to typing."""
    try:
        texts = list(dict.fromkeys(texts_in(scan.file.path, progress)))
    except JobFailed as failure:
        return _leave(scan, str(failure))
    codes = [code for code in map(read, texts) if code]
    if not codes:
        return _leave(scan, FOREIGN if texts else NO_CODE)
    return deliver(scan, codes, by)


def type_code(scan, text, by):
    """Takes the codes a person typed, several between commas; refuses one with a mistake."""
    codes = []
    for part in filter(None, (part.strip() for part in text.replace(";", ",").split(","))):
        if (code := read(part)) is None:
            raise ValidationError(f"Kod „{part[:40]}” ma błąd. Sprawdź znaki na wydruku.")
        codes.append(code)
    if not codes:
        raise ValidationError("Wpisz kod z wydruku.")
    scan = deliver(scan, codes, by)
    if scan.state != Scan.State.ATTACHED:
        raise ValidationError(scan.error or f"Ten skan jest {scan.get_state_display()}.")
    return scan


@transaction.atomic
def deliver(scan, codes, by):
    """Makes the file evidence of every record its codes name; what could not be is told."""
    scan = Scan.objects.select_for_update().get(pk=scan.pk)
    if not scan.is_open:
        return scan
    told, attached = [], []
    for code in dict.fromkeys(codes):
        try:
            found = destination(code, scan.project)
        except ValidationError as error:
            told += error.messages
            continue
        attached.append(str(code))
        for record in found.records:
            _attach(scan, found, record, by)
    scan.state = Scan.State.ATTACHED if attached else Scan.State.UNREAD
    scan.codes, scan.error = ", ".join(attached)[:500], " ".join(told)
    scan.save(update_fields=["state", "codes", "error"])
    return scan


def _attach(scan, found, record, by):
    """The same file twice at one record is one evidence, whichever way it came."""
    row = Evidence(
        project=scan.project,
        kind=found.kind,
        file=scan.file.name,
        file_name=scan.file_name,
        sha256=scan.sha256,
        scan=scan,
        added_by=by,
        **{found.subject.value: record},
    )
    with suppress(IntegrityError), transaction.atomic():
        row.save()


def _leave(scan, sentence):
    """Leaves it to a person, unless one was quicker."""
    with transaction.atomic():
        scan = Scan.objects.select_for_update().get(pk=scan.pk)
        if scan.state == Scan.State.WAITING:
            scan.state, scan.error = Scan.State.UNREAD, sentence
            scan.save(update_fields=["state", "error"])
    return scan
