"""Whether a file added to a record by hand belongs to it, by the codes printed in the file."""

import tempfile
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from owes.formatting import plural
from support.models import Evidence, Scan
from support.papers.codes import BLANK, read
from support.papers.destinations import DOCUMENTS, destination
from support.papers.scanning import texts_at_once

SHOWN = 3


@dataclass(frozen=True)
class MisplacedFile:
    """A scan that keeps a file with the code of another record until a person decides.

    `has_place` says whether its codes lead to records.
    """

    scan: Scan
    sentence: str
    has_place: bool


def codes_in(file, suffix, seconds):
    """The codes of an uploaded file, as many as are read within these seconds."""
    with tempfile.NamedTemporaryFile(suffix=f".{suffix}") as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        file.seek(0)
        texts = texts_at_once(copy.name, seconds)
    return list(dict.fromkeys(filter(None, map(read, texts))))


def is_of_other_record(codes, record, project):
    """Whether there are codes of records and none of them is of this record."""
    of_records = [code for code in codes if BLANK not in code.keys and code.paper in DOCUMENTS]
    return bool(of_records) and not any(record in _records(code, project) for code in of_records)


def misplaced_file(scan):
    """What a file kept as a scan is, by the codes that were read in it."""
    codes = list(filter(None, map(read, scan.codes.split(", "))))
    sentences = [_sentence(code, scan.project) for code in codes]
    has_place = any(_records(code, scan.project) for code in codes)
    return MisplacedFile(scan, " ".join(sentences), has_place)


def attach_anyway(scan, record, subject, kind, by):
    """Makes the file of the scan evidence of the record, whatever its code says."""
    row = Evidence(
        project=scan.project,
        kind=kind,
        file=scan.file.name,
        file_name=scan.file_name,
        sha256=scan.sha256,
        scan=scan,
        added_by=by,
        **{subject.value: record},
    )
    row.validate_constraints()
    row.save()
    if scan.is_open:
        scan.state = Scan.State.ATTACHED
        scan.save(update_fields=["state"])


def _records(code, project):
    try:
        return destination(code, project).records
    except ValidationError:
        return []


def _sentence(code, project):
    try:
        records = destination(code, project).records
    except ValidationError as error:
        return error.messages[0]
    names = [getattr(row, "printed_number", None) or row.code for row in records]
    more = len(names) - SHOWN
    others = f" i {plural(more, 'inny zapis,inne zapisy,innych zapisów')}" if more > 0 else ""
    return f"To {code.paper.label} {', '.join(names[:SHOWN])}{others}."
