"""Reports, goals and the project itself where they break a rule of data control."""

from datetime import timedelta

from indicators.checks.checking import FindingKind, Offender
from indicators.contract.deadlines import report_deadlines
from indicators.models import Report
from indicators.records.lines import progress_lines
from indicators.reports.comparison import Comparison
from owes.formatting import day as as_day
from support.models import ReportingCycle

REMINDERS = (14, 7, 1)  # days before a report is due


def changed_after_report(data):
    """V33: a record is no longer as the last closed report said."""
    report = data.project.reports.closed().select_related("project").first()
    if report is None:
        return
    for difference in Comparison.of(report).differences:
        entry, label, state = difference.entry, difference.line.label, difference.state[2]
        facts = "; ".join([difference.line.code, entry.code, state, *difference.words])
        causes = [f"{change.name}: {', '.join(change.words)}" for change in difference.changes]
        words = "; ".join([*difference.words, *causes])
        words = f" ({words})" if words else ""
        sentence = f"{label}: zapis {state} po zamknięciu{words}. {report.title}."
        yield Offender(FindingKind.REPORT, report.pk, entry.code, entry.label, facts, sentence)


def behind_plan(data):
    """V34: an indicator below the even plan, or not reached at the end."""
    on = data.scope.as_of(data.today)
    for line in progress_lines(data.scope, on):
        state = line.state
        if state.kind in ("watch", "risk"):
            sentence = f"{state.words[:1].upper()}{state.words[1:]}."
            code, name = line.indicator.code, line.indicator.short_name
            # Not the plan of the day: an acceptance lasts until the value changes.
            facts = f"{line.value} {line.target} {state.kind}"
            yield Offender(FindingKind.INDICATOR, 0, code, name, facts, sentence)


def broken_periods(data):
    """V35: periods of closed partial reports overlap or leave days out."""
    rows = data.project.reports.closed().filter(corrects=None, kind=Report.Kind.PARTIAL)
    expected = data.project.starts_on
    for report in rows.select_related("project").order_by("starts_on", "pk"):
        if report.starts_on != expected:
            words = "zachodzi na poprzedni" if report.starts_on < expected else "zostawia lukę"
            sentence = (
                f"Okres {as_day(report.starts_on)}–{as_day(report.ends_on)} {words}: powinien "
                f"zaczynać się {as_day(expected)}."
            )
            name, facts = report.title, f"{report.starts_on} {expected}"
            yield Offender(FindingKind.REPORT, report.pk, report.number, name, facts, sentence)
        expected = max(expected, report.ends_on + timedelta(days=1))


def reports_due(data):
    """V37: a report not sent 14, 7 or 1 days before it is due, or later."""
    for due, deadline in report_deadlines(data.project, data.today):
        if deadline.left > max(REMINDERS):
            continue
        near = [step for step in REMINDERS if 0 <= deadline.left <= step]
        facts = min(near) if near else "po terminie"
        sentence = (
            f"Za okres do {as_day(due.period.end)}, termin {as_day(due.day)}: {deadline.words}."
        )
        yield Offender(
            FindingKind.PROJECT,
            data.project.pk,
            _code_of(due, data.project),
            due.name,
            f"{due.kind} {due.day} {facts}",
            sentence,
            field="reports",
        )


def _code_of(due, project):
    """The year, where each report is of a year of its own."""
    is_yearly = project.reporting_cycle == ReportingCycle.YEAR
    return f"{due.period.end:%Y}" if is_yearly else as_day(due.period.end)


def project_gaps(data):
    """V38: what every document prints and the project has not."""
    project = data.project
    wanted = {
        "contract_number": "numeru umowy",
        "legal_citation": "podstawy prawnej",
        "funding_sentence": "informacji o finansowaniu",
    }
    missing = [(field, words) for field, words in wanted.items() if not getattr(project, field)]
    if not project.logotype_strip and not project.logotypes.strip():
        missing.append(("logotypes", "ciągu znaków"))
    for field, words in missing:
        yield Offender(
            FindingKind.PROJECT,
            project.pk,
            project.slug,
            project.name,
            field,
            f"Nie ma {words}.",
            field=field,
        )


def kept_too_long(data):
    """V44: documents of the project stand past the day they are kept until."""
    until = data.project.documents_kept_until
    if until and data.today > until:
        project = data.project
        sentence = f"Dokumenty przechowuje się do {as_day(until)}; zdecyduj, co z danymi osób."
        yield Offender(
            FindingKind.PROJECT,
            project.pk,
            project.slug,
            project.name,
            str(until),
            sentence,
            field="documents_kept_until",
        )
