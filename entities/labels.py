"""How a record of the registers is called on a page."""

from typing import Any

from django import template
from django.utils.html import format_html

from entities.models import Person
from owes.models import User

register = template.Library()


@register.filter
def seen_by(person: Person, user: User) -> str:
    """The name for those who may see names; for others code and sex, as in the funder's report.

    The one way a person is called, so that no auditor ever reads a name.
    """
    if user.has_perm("entities.see_names"):
        return str(person)
    return f"{person.code} ({person.sex})"


@register.filter
def linked_for(row: Any, user: User) -> str:
    """The name, as a link for those who work on the registers: an auditor would not get in."""
    name = seen_by(row, user) if isinstance(row, Person) else str(row)
    if user.has_perm("entities.list_registers"):
        return format_html('<a href="{}">{}</a>', row.get_absolute_url(), name)
    return name
