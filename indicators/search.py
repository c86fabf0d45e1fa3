"""Search in reports to the funder."""

from django.urls import reverse

from indicators.models import Report
from owes.folding import fold, search_words
from owes.formatting import period
from owes.search import SHOWN, Group, SearchResult


def find(user, text):
    """Reports by number, title or year; a project has few, so they are filtered in Python."""
    reports = Report.objects.visible_to(user).select_related("project", "corrects")
    words = search_words(text)
    matching = [
        report
        for report in reports.order_by("-ends_on", "-pk")
        if all(word in fold(_searched_text(report)) for word in words)
    ]
    matching.sort(key=lambda report: report.number != text.strip())
    if not matching:
        return []
    is_exact = matching[0].number == text.strip()
    more = reverse("indicators:report_list", args=[matching[0].project.slug])
    results = [_result(report) for report in matching[:SHOWN]]
    return [Group("Sprawozdania", "report", results, more if matching[SHOWN:] else "", is_exact)]


def _searched_text(report):
    return f"sprawozdanie {report.title} {period(report.period)}"


def _result(report):
    line = ", ".join((period(report.period), report.get_state_display(), str(report.project)))
    return SearchResult(report.title, line, report.get_absolute_url())
