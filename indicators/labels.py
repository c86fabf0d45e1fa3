"""How a record of an indicator is called: an entity, a person, a local government, staff."""

from decimal import Decimal

from django import template

from entities.labels import seen_by
from entities.models import Entity, Person
from owes.formatting import number

register = template.Library()


@register.filter
def record_name(record, user):
    """A person by name only for those who may see names."""
    return seen_by(record, user) if isinstance(record, Person) else str(record)


def record_line(record, user):
    """The quiet second line: code and what kind of record it is; what the name does not say."""
    if isinstance(record, Entity):
        return f"{record.code}, {record.get_legal_form_display()}"
    if isinstance(record, Person) and user.has_perm("entities.see_names"):
        return f"{record.code}, {record.get_sex_display()}"
    return "" if isinstance(record, Person) else getattr(record, "code", "")


@register.filter
def words(text):
    return text.split()


@register.filter
def monthly(pace):
    """Records a month of a fraction, to one decimal; nothing for nothing."""
    return "" if pace in (None, "") else number(Decimal(round(pace * 10)) / 10)
