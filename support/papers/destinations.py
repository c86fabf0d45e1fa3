"""Where a signed paper belongs: the records its code names, and the kind of document."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError

from owes.periods import Period
from support.models import Document, Session, Subject
from support.papers.codes import BLANK, Paper

# A register belongs to no single record.
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
    """The records of a code read from a paper; the error is a sentence for the sender."""
    if code.project != project.pk:
        raise ValidationError(f"Kod {code} jest z dokumentu innego projektu.")
    if code.paper not in DOCUMENTS:
        raise ValidationError(
            f"Kod {code} to {code.paper.label}: taki dokument nie należy do jednego zapisu."
        )
    if BLANK in code.keys:
        raise ValidationError(
            f"Kod {code} jest z pustego druku ({code.paper.label}) i nie wskazuje zapisu. "
            "Dodaj plik na stronie zapisu, którego dotyczy."
        )
    subject, kind = DOCUMENTS[code.paper]
    records = list(_records(code, subject.records(project), project))
    if not records:
        raise ValidationError(f"Nie ma zapisu, do którego prowadzi kod {code}.")
    return Destination(subject, kind.value, records)


def _records(code, rows, project):
    """The rows a code names; the code of a month names all services printed on its paper."""
    match code.paper:
        case Paper.COLLECTIVE:
            sessions = Session.objects.standing().between(_month(code)).on_cards()
            sessions = sessions.received_by(code.named["entity"])
        case Paper.MONTH:
            sessions = Session.objects.counted_in(project, _month(code))
        case Paper.ATTENDANCE:
            return rows.filter(sessions=code.named["session"])
        case Paper.CERTIFICATE:
            return rows.filter(certificates=code.named["certificate"])
        case _:
            return rows.filter(pk=code.keys[0])
    sessions = sessions.led_by(code.named["staff_member"])
    return rows.filter(pk__in=sessions.values("service"))


def _month(code):
    return Period.of_month(date(code.named["year"], code.named["month"], 1))
