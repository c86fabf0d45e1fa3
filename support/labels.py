"""Badges of states of records, and the words for a record beside its evidence."""

from django import template
from django.utils.html import format_html

from entities.labels import seen_by
from entities.models import Person, SocialEnterpriseStatus
from owes.formatting import badge, icon
from support.models import Adoption, Evidence, Partnership, Scan, Service, StaffTraining

register = template.Library()

# A monthly sheet goes through the same states.
SERVICE_STATES = {
    Service.State.DRAFT: ("none", "pencil"),
    Service.State.SUBMITTED: ("info", "clock"),
    Service.State.RETURNED: ("watch", "back"),
    Service.State.APPROVED: ("ok", "check"),
    Service.State.CANCELLED: ("none", "cross"),
}


@register.filter
def state_badge(service):
    """The badge of a service's state."""
    return badge(*SERVICE_STATES[service.state], service.get_state_display())


EVIDENCE_STATES = {
    Evidence.State.WAITING: ("info", "clock"),
    Evidence.State.VERIFIED: ("ok", "check"),
    Evidence.State.REFUSED: ("risk", "cross"),
    Evidence.State.WITHDRAWN: ("none", "back"),
}


@register.filter
def evidence_badge(evidence):
    return badge(*EVIDENCE_STATES[evidence.state], evidence.get_state_display())


SCAN_STATES = {
    Scan.State.WAITING: ("none", "clock"),
    Scan.State.UNREAD: ("watch", "watch"),
    Scan.State.ATTACHED: ("ok", "check"),
    Scan.State.DISCARDED: ("none", "cross"),
}


@register.filter
def scan_badge(scan):
    return badge(*SCAN_STATES[scan.state], scan.get_state_display())


@register.filter
def record_words(record, user):
    """The words for a record beside its evidence; a person's name only if the user may see it."""
    match record:
        case Person():
            return seen_by(record, user)
        case SocialEnterpriseStatus():
            return f"{record.entity}, {record}"
        case Adoption():
            return f"{record.code} {record.entity}"
        case Partnership():
            return f"{record.code} {record.local_government}"
        case StaffTraining():
            return f"{record.staff_member}: {record.topic}"
    return str(record)


@register.simple_tag
def missing_evidence(requirements, verb="brakuje"):
    """A badge "brakuje: karta podpisana" of the requirements not met; empty without any.

    Of a service not submitted yet the `verb` is "potrzebne".
    """
    if not requirements:
        return ""
    words = "; ".join(map(str, requirements))
    return format_html(
        '<span class="state is-watch">{}<span>{}: {}</span></span>', icon("watch"), verb, words
    )
