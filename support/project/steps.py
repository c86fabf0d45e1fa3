"""The steps by which a new project is set up: the list is in the settings (PROJECT_STEPS)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string

from support.models import Membership, Project

START = "indicators:project_start"


@dataclass(frozen=True)
class Step:
    """A page that takes the slug of the project; `is_done` asks the project."""

    title: str
    about: str
    page: str
    is_done: Callable[[Project], bool]

    def url(self, project):
        return reverse(self.page, args=[project.slug])


CONTRACT = Step(
    "Umowa",
    "nazwa, zleceniodawca, numer i okres; to drukują dokumenty",
    "support:setup_contract",
    lambda project: True,
)
AREA = Step(
    "Obszar",
    "gminy, powiaty albo całe województwa; poza nim podmiot się nie liczy",
    "support:setup_area",
    lambda project: project.area.exists(),
)
SCHEDULE = Step(
    "Harmonogram i dowody",
    "działania, terminy sprawozdań i wymagane dowody",
    "support:setup_schedule",
    lambda project: project.activities.exists() or project.evidence_requirements.exists(),
)
TEAM = Step(
    "Zespół",
    "koordynator i kadra; każdy dostaje list z linkiem do hasła",
    "support:setup_team",
    lambda project: Membership.objects.coordinating(project).exists(),
)


def steps():
    return [import_string(name) for name in settings.PROJECT_STEPS]


def first_undone(project):
    """Where an interrupted work is taken up; None when every step is done."""
    return next((step for step in steps() if not step.is_done(project)), None)


def following(project, step):
    """The address of the step after this one; after the last, of the guide to first records."""
    known = steps()
    later = known[known.index(step) + 1 :]
    return later[0].url(project) if later else reverse(START, args=[project.slug])


def context_of(project, step):
    """What the head of a step's page shows."""
    known = steps()
    return {
        "project": project,
        "step": step,
        "number": known.index(step) + 1,
        "steps": [(other, other.url(project), other.is_done(project)) for other in known],
        "following": following(project, step),
    }
