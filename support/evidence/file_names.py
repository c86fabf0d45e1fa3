"""What a file of evidence is called outside the centre: a day, an entity, a number; no person."""

import re

from django.utils import timezone

from support.models import Subject


def neutral_name(evidence, person=None):
    """ "2023-03-09_P012_U-0155-2024.pdf": of whom is a code, or what the record is.

    `person` stands for a person whose own document it is.
    """
    day, whose, number = _told(evidence)
    whose = person or whose
    parts = [f"{day:%Y-%m-%d}", _plain(whose), _plain(number)]
    return f"{'_'.join(parts)}.{evidence.suffix}"


def _told(evidence):
    """`(day, code of the entity, number)` of the record proven; of a person none of theirs."""
    record, added = evidence.record, timezone.localdate(evidence.added_at)
    own = f"dowod-{evidence.pk}"
    match evidence.subject:
        case Subject.SERVICE:
            first = min((session.day for session in record.sessions.all()), default=added)
            entity = min((one.code for one in record.recipients.all()), default="usluga")
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
