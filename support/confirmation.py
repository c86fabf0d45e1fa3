"""Saving a change of rules only after its effect on the indicators was seen."""

from django.db import transaction

from owes.rehearsal import rehearse
from owes.submissions import fingerprint


def is_confirmed(request):
    """Whether the effect shown was that of these values and of no others."""
    return request.POST.get("seen") == fingerprint(request.POST)


def save_knowingly(request, save, projects):
    """Saves at once what changes no number; else answers `(project, effects)` to be seen first.

    An empty answer means it was saved.
    """
    unseen = []
    if not is_confirmed(request):
        tried = [(project, _effects(save, project)) for project in projects]
        unseen = [(project, effects) for project, effects in tried if not effects.is_none]
    if not unseen:
        with transaction.atomic():
            save()
    return unseen


def _effects(save, project):
    def change():
        save()
        # The rules read the period from the project, so it must be what was just saved.
        project.refresh_from_db()

    effects = rehearse(change, project=project).effects
    project.refresh_from_db()
    return effects
