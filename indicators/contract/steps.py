"""The step of a new project in which it gets its indicators, and their targets."""

from dataclasses import dataclass

from django.urls import reverse

from support.project.steps import Step, steps

INDICATORS = Step(
    "Wskaźniki i cele",
    "co umowa każe policzyć i ile",
    "indicators:setup_indicators",
    lambda project: project.indicators.exists(),
)
FROM_STEP = "?from=setup"


@dataclass(frozen=True)
class WayBack:
    """The page from which a form about indicators was opened, and to which it leads back.

    `query` keeps in an address that it was the step of a new project.
    """

    title: str
    url: str
    query: str = ""


def way_back_of(request, project, title, page):
    """To the step of a project that is still being set up, else to a page of settings."""
    if request.GET.get("from") == "setup" and project.is_being_set_up:
        title = f"Krok {steps().index(INDICATORS) + 1}: {INDICATORS.title.lower()}"
        return WayBack(title, INDICATORS.url(project), FROM_STEP)
    return WayBack(title, reverse(page, args=[project.slug]))
