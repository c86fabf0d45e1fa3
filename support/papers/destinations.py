"""Where a signed paper belongs: the records its code names, and what document it is there."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from support.models import Document, Service, Subject
from support.papers.codes import Paper

# A register is of no one record.
DOCUMENTS = {
    Paper.SERVICE: (Subject.SERVICE, Document.CARD),
    Paper.COLLECTIVE: (Subject.SERVICE, Document.CARD),
    Paper.ATTENDANCE: (Subject.SERVICE, Document.ATTENDANCE),
    Paper.MONTH: (Subject.SERVICE, Document.HOURS),
    Paper.APPLICATION: (Subject.ENTITY, Document.APPLICATION),
    Paper.DECLARATION: (Subject.PERSON, Document.DECLARATION),
    Paper.ADOPTION: (Subject.ADOPTION, Document.ADOPTION),
    Paper.MEETING: (Subject.PARTNERSHIP, Document.MEETING),
    Paper.AGREEMENT: (Subject.PARTNERSHIP, Document.AGREEMENT),
    Paper.CERTIFICATE: (Subject.SERVICE, Document.CERTIFICATE),
}


@dataclass(frozen=True)
class Destination:
    subject: Subject
    kind: str
    records: list


def destination(code, project):
    """The records of a code read from a paper; refuses with a sentence for who sent the scan."""
    if code.project != project.pk:
        raise ValidationError(f"Kod {code} jest z dokumentu innego projektu.")
    if code.paper not in DOCUMENTS:
        raise ValidationError(
            f"Kod {code} to {code.paper.label}: taki dokument nie należy do jednego zapisu."
        )
    subject, kind = DOCUMENTS[code.paper]
    records = list(_records(code, subject.records(project)))
    if not records:
        raise ValidationError(f"Nie ma zapisu, do którego prowadzi kod {code}.")
    return Destination(subject, kind.value, records)


def _records(code, rows):
    named = code.named
    if code.paper in (Paper.COLLECTIVE, Paper.MONTH):
        rows = rows.exclude(state=Service.State.CANCELLED).filter(
            advisers=named["staff_member"],
            sessions__day__year=named["year"],
            sessions__day__month=named["month"],
        )
        if code.paper == Paper.COLLECTIVE:
            rows = rows.filter(recipients=named["entity"])
        return rows.distinct()
    if code.paper == Paper.ATTENDANCE:
        return rows.filter(sessions=named["session"])
    if code.paper == Paper.CERTIFICATE:
        return rows.filter(certificates=named["certificate"])
    return rows.filter(pk=code.keys[0])
