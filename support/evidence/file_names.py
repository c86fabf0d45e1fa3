"""Names of evidence files for readers outside the centre: day, entity, number; no person."""

import re

from django.utils import timezone

from support.models import Subject


def neutral_name(evidence, person=None):
    """For example 2023-03-09_P012_U-0155-2024.pdf, with a code of the entity or a kind of record.

    `person` is a code to be used in place of it, when the document is of one person.
    """
    day, owner, number = _parts(evidence)
    parts = [f"{day:%Y-%m-%d}", _plain(person or owner), _plain(number)]
    return f"{'_'.join(parts)}.{evidence.suffix}"


def _parts(evidence):
    """`(day, code of the entity, number)` of the record proven; nothing of a person."""
    record, added = evidence.record, timezone.localdate(evidence.added_at)
    own = f"dowod-{evidence.pk}"
    match evidence.subject:
        case Subject.SERVICE:
            first = min((session.day for session in record.sessions.all()), default=added)
            entity = min((row.code for row in record.recipients.all()), default="usluga")
            return first, entity, record.printed_number
        case Subject.ADOPTION:
            return record.day, record.entity.code, record.code
        case Subject.PARTNERSHIP:
            return record.day, record.local_government.code, record.code
        case Subject.STAFF_TRAINING:
            return record.ends_on or record.starts_on, "kadra", own
        case Subject.STATUS:
            return record.valid_from, record.entity.code, own
        case Subject.ENTITY:
            return added, record.code, own
    return added, "osoba", own


def _plain(text):
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")
