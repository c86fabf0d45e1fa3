"""What the search finds of the settlement: reports to the funder."""

from django.urls import reverse

from indicators.models import Report
from owes.folding import fold, search_words
from owes.formatting import period
from owes.search import SHOWN, Group, Hit


def find(user, text):
    """Reports by number, title or year; a project has few, so they are looked through here."""
    reports = Report.objects.visible_to(user).select_related("project", "corrects")
    words = search_words(text)
    found = [
        report
        for report in reports.order_by("-ends_on", "-pk")
        if all(word in fold(_told(report)) for word in words)
    ]
    found.sort(key=lambda report: report.number != text.strip())
    if not found:
        return []
    is_exact = found[0].number == text.strip()
    more = reverse("indicators:report_list", args=[found[0].project.slug])
    hits = [_hit(report) for report in found[:SHOWN]]
    return [Group("Sprawozdania", "report", hits, more if found[SHOWN:] else "", is_exact)]


def _told(report):
    return f"sprawozdanie {report.title} {period(report.period)}"


def _hit(report):
    line = ", ".join((period(report.period), report.get_state_display(), str(report.project)))
    return Hit(report.title, line, report.get_absolute_url())
