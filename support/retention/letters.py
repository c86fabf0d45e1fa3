"""A letter to administrators of projects whose documents are kept no longer."""

from django.core.cache import cache
from django.urls import reverse

from owes.formatting import day, plural
from owes.links import address
from owes.operating.letters import tell_administrators
from support.models import Project
from support.retention.plan import plan_of

BODY = (
    "{project}: dokumenty przechowywano do {until}. Do anonimizacji: {due}, zostaje: {kept}. "
    "Program sam niczego nie usunie: listę przegląda i zatwierdza administrator albo koordynator "
    "projektu.\n\n{url}\n"
)


def tell_of_ended(on):
    """Once of the same list; a letter that nobody took is sent again the next night."""
    ended = Project.objects.filter(documents_kept_until__lt=on)
    for project in ended.order_by("pk"):
        plan, told = plan_of(project, on), f"retention-told-{project.pk}"
        if plan.due and cache.get(told) != plan.fingerprint and _tell(plan):
            cache.set(told, plan.fingerprint, None)


def _tell(plan):
    project = plan.project
    body = BODY.format(
        project=project,
        until=day(project.documents_kept_until),
        due=plural(len(plan.due), "zapis,zapisy,zapisów"),
        kept=plural(len(plan.kept), "zapis,zapisy,zapisów"),
        url=address(reverse("support:retention_detail", args=[project.slug])),
    )
    return tell_administrators(f"{project}: skończył się czas przechowywania danych", body)
