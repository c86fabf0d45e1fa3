"""What the numbers add to the menu of every page."""

from django.urls import reverse

from owes.frame import Entry, Tab

PAGES = [
    ("Pulpit", "home", "indicators:dashboard", "", 10),
    ("Wskaźniki", "gauge", "indicators:indicator_list", "", 11),
    ("Podmioty projektu", "org", "indicators:project_entity_list", "", 12),
    ("Sprawozdania", "report", "indicators:report_list", "Rozliczenie", 80),
]


def menu(request, project):
    if project is None or not request.user.has_perm("indicators.view_indicators", project):
        return []
    return [
        Entry(label, icon, reverse(view, args=[project.slug]), group, position)
        for label, icon, view, group, position in PAGES
    ]


def entity_tabs(user, entity):
    return [Tab("Wskaźniki", reverse("indicators:entity_indicators", args=[entity.pk]))]
