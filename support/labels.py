"""How evidence looks on a page, also on pages of other records."""

from django import template
from django.utils.html import format_html

from entities.labels import seen_by
from entities.models import Person, SocialEnterpriseStatus
from owes.formatting import badge, icon
from support.evidence.forms import EvidenceForm
from support.models import Adoption, Evidence, Partnership, Scan, StaffTraining, Subject
from support.papers.batches import Batch

register = template.Library()

STATES = {
    Evidence.State.WAITING: ("info", "clock"),
    Evidence.State.VERIFIED: ("ok", "check"),
    Evidence.State.REFUSED: ("risk", "cross"),
    Evidence.State.WITHDRAWN: ("none", "back"),
}


@register.filter
def evidence_badge(evidence):
    return badge(*STATES[evidence.state], evidence.get_state_display())


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
def batch_words(job):
    """What a file of many papers holds, by the parameters of its job."""
    return Batch(job.params["batch"]).label


@register.filter
def record_words(record, user):
    """What a record is called beside its evidence; a person by name only for those who may."""
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
def missing_evidence(requirements):
    """Nothing, or "brakuje: karta podpisana" of the requirements not met."""
    if not requirements:
        return ""
    words = "; ".join(map(str, requirements))
    return format_html(
        '<span class="state is-watch">{}<span>brakuje: {}</span></span>', icon("watch"), words
    )


@register.inclusion_tag("support/_record_evidence.html", takes_context=True)
def evidence_of(context, record, project, form=None, heading="Dowody"):
    """The evidence of a record in a project, what is missing, and the form to add some."""
    user = context["request"].user
    requirements = list(project.evidence_requirements.about(record))
    lacking = set()
    if requirements:
        missing = project.evidence_requirements.all().missing(record)
        lacking = {row["requirement"] for row in missing}
    lacking = [row for row in requirements if row.pk in lacking]
    may_add = user.has_perm("support.add_evidence", project)
    if may_add and form is None:
        first = {"kind": lacking[0].kinds[0]} if lacking else None
        form = EvidenceForm(project=project, record=record, initial=first)
    return {
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "user": user,
        "project": project,
        "record": record,
        "subject": Subject.of(record).value,
        "heading": heading,
        "evidence": project.evidence.of_record(record).select_related("project", "added_by"),
        "lacking": lacking,
        "may_open": user.has_perm("support.open_evidence", project),
        "may_add": may_add,
        "form": form,
    }
