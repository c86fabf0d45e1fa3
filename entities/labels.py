"""How a person is called on a page: the one way, so that no auditor ever reads a name."""

from django import template

register = template.Library()


@register.filter
def seen_by(person, user):
    """The name for those who may see names; for others code and sex, as in the funder's report."""
    if user.has_perm("entities.see_names"):
        return str(person)
    return f"{person.code} ({person.sex})"
