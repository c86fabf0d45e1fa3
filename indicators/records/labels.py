"""How a record of an indicator is called: an entity, a person, a local government, staff."""

from decimal import Decimal
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from entities.labels import seen_by
from entities.models import Entity, Person
from owes.formatting import HARD_SPACE, HOURS, amount, number
from owes.links import page_link
from support.models import Session

register = template.Library()


@register.filter
def record_name(record, user):
    """A person by name only for those who may see names."""
    return seen_by(record, user) if isinstance(record, Person) else str(record)


@register.simple_tag
def number_link(report, line, name):
    """A number of a report that opens the page saying where it comes from, of the same days."""
    path = reverse("indicators:indicator_detail", args=[report.project.slug, line.code])
    days = {"on": report.period.end}
    if name == "in_period":
        days = {"from": report.period.start, "to": report.period.end}
    value = amount(getattr(line, name), line.unit)
    return page_link(value, f"{path}?{urlencode(days)}", report.site)


@register.simple_tag
def without_proof(rows):
    """Of rows of a ledger: how many counted records have no proof, and the lines of them."""
    lines = [line for line, *_ in rows if line.unproven_count]
    return {"number": sum(line.unproven_count for line in lines), "lines": lines}


def record_line(record, user):
    """The quiet second line: code and what kind of record it is; what the name does not say."""
    if isinstance(record, Entity):
        return f"{record.code}, {record.get_legal_form_display()}"
    if isinstance(record, Person) and user.has_perm("entities.see_names"):
        return f"{record.code}, {record.get_sex_display()}"
    if isinstance(record, Session):
        return f"{record.service.printed_number}, {record.service.topic}"
    return "" if isinstance(record, Person) else getattr(record, "code", "")


@register.filter
def words(text):
    return text.split()


@register.filter
def monthly(pace, unit=""):
    """Records, or hours, a month of a fraction, to one decimal; nothing for nothing."""
    if pace in (None, ""):
        return ""
    if unit == HOURS:
        return f"{monthly(pace / 60)}{HARD_SPACE}h"
    return number(Decimal(round(pace * 10)) / 10)
