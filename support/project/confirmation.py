"""Saves a change of rules only after its effect on the indicators was shown."""

from owes.rehearsal import rehearse_everywhere
from owes.submissions import fingerprint


def is_confirmed(request):
    """Whether the effect shown was of exactly these values."""
    return request.POST.get("seen") == fingerprint(request.POST)


def save_knowingly(request, save, projects):
    """Saves at once what changes no number; else answers `(project, effects)` to be shown first.

    `editing.is_saved` says whether it was saved. The reason for changing closed reports is asked
    for in the same step.
    """
    editing, unseen = request.editing, []
    if not is_confirmed(request):
        tried = rehearse_everywhere(save, projects=projects).effects
        unseen = [(project, effects) for project, effects in tried if not effects.is_none]
        editing.change_reason.touched = [
            touch for _, effects in unseen for touch in effects.touched
        ]
    if not unseen:
        save()
        editing.saved()
    return unseen
