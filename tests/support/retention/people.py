"""A project whose documents are kept no longer, and people of it."""

from datetime import date, timedelta

from django.utils import timezone

from support.models import Declaration
from tests.factories import PersonFactory, sputnik

SIGNED = date(2023, 1, 9)


def ended(project=None, days=1):
    """The project, the last day of whose documents is so many days ago."""
    project = project or sputnik()
    project.documents_kept_until = timezone.localdate() - timedelta(days=days)
    project.save()
    return project


def declared(*projects, **person):
    """Somebody with a declaration in each of the projects."""
    person = PersonFactory(**person)
    for project in projects:
        Declaration.objects.create(project=project, person=person, signed_on=SIGNED)
    return person
