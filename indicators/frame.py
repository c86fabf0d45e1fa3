"""Menu entries and card tabs of the indicators."""

from django.urls import reverse

from indicators.checks.findings import last_run
from owes.frame import CardTab, MenuEntry
from support.models import Service

PAGES = [
    ("Wskaźniki", "gauge", "indicators:indicator_list", "", 11),
    ("Podmioty projektu", "org", "indicators:project_entity_list", "", 12),
    ("Sprawozdania", "report", "indicators:report_list", "Rozliczenie", 80),
]


def menu(request, project):
    entries = []
    if request.user.is_administrator and not Service.objects.exists():
        entries.append(
            MenuEntry("Pierwsze kroki", "tick", reverse("indicators:start"), position=9)
        )
    return entries + _of_project(request, project)


def _of_project(request, project):
    if project is None or not request.user.has_perm("indicators.view_indicators", project):
        return []
    home = reverse("indicators:dashboard", args=[project.slug])
    # Every address of the project begins with this one.
    entries = [MenuEntry("Pulpit", "home", home, position=10, pages=())]
    entries += [
        MenuEntry(label, icon, reverse(view, args=[project.slug]), group, position)
        for label, icon, view, group, position in PAGES
    ]
    if request.user.has_perm("indicators.view_checks", project):
        entries.append(_checks(request.user, project))
    if request.user.has_perm("indicators.view_control", project):
        url = reverse("indicators:control_list", args=[project.slug])
        entries.append(MenuEntry("Kontrola próbna", "tick", url, "Rozliczenie", 81))
    return entries


def _checks(user, project):
    """With the count of the last saved run: running the checks takes too long for every page."""
    url = reverse("indicators:check_list", args=[project.slug])
    last = last_run(user, project)
    count = last.total if last else None
    return MenuEntry("Kontrola danych", "shield", url, "Rozliczenie", 79, count, "niezgodności")


def entity_tabs(user, entity):
    return [CardTab("Wskaźniki", reverse("indicators:entity_indicators", args=[entity.pk]))]
