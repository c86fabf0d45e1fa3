"""What the numbers add to the menu of every page."""

from django.urls import reverse

from owes.frame import Entry

PAGES = [
    ("Pulpit", "home", "indicators:dashboard", "", 10),
    ("Wskaźniki", "gauge", "indicators:indicator_list", "", 11),
    ("Sprawozdania", "report", "indicators:report_list", "Rozliczenie", 80),
]


def menu(request, project):
    if project is None or not request.user.has_perm("indicators.view_indicators", project):
        return []
    return [
        Entry(label, icon, reverse(view, args=[project.slug]), group, position)
        for label, icon, view, group, position in PAGES
    ]
