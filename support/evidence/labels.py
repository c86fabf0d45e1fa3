"""The tag that shows the evidence of one record on a page."""

from django import template

from support.evidence.forms import EvidenceForm
from support.models import Subject

register = template.Library()


@register.inclusion_tag("support/evidence/_record_evidence.html", takes_context=True)
def evidence_of(context, record, project, form=None, heading="Dowody"):
    """The evidence of a record in a project, what is missing, and the form to add some."""
    user = context["request"].user
    lacking = project.evidence_requirements.all().lacked_by(record)
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
        "verb": "potrzebne" if getattr(record, "is_editable", False) else "brakuje",
        "may_open": user.has_perm("support.open_evidence", project),
        "may_add": may_add,
        "form": form,
    }
