"""What the running project of the demonstration has beside its records: indicators and reports."""

from datetime import timedelta

from django.apps import apps
from simple_history.utils import bulk_create_with_history

from indicators.catalogue import CATALOGUE, PES_IN_AREA
from indicators.checks.findings import findings, keep_run
from indicators.closing.closing import close
from indicators.models import Milestone, Report, Target
from indicators.reference import add_indicators
from owes.models import User
from support.models import Project, ServiceType
from support.workbook import demonstration_running as running
from support.workbook.demonstration import COORDINATOR
from support.workbook.demonstration_evidence import at

# Codes of the catalogue, and what the contract asks for.
TARGETS = {"pes": 36, "groups": 5, "women": 60, "new_social_cooperatives": 2}
TRAINED, TRAINED_TARGET = "trained_and_advised", 36
MINUTES = 300
QUARTERS_A_MILESTONE = 2
CLOSED_AFTER, SENT_AFTER = timedelta(days=12), timedelta(days=14)
REASON = "Kwoty i opisy kwartału są w systemie programu; tu zamyka się same liczby."


def tell_running(today):
    """Needs the records of `support.workbook.demonstration_running`; in the same transaction."""
    project = Project.objects.get(slug=running.PROJECT)
    by = User.objects.get(email=COORDINATOR)
    trained = _trained_and_advised()
    add_indicators(apps, project, [*(CATALOGUE[code] for code in TARGETS), trained])
    _ask(project, by, {TRAINED: trained["means"]})
    for term in project.report_terms():
        if term.due_on <= today:
            _close(project, by, term.period)
    keep_run(project, findings(project), at(today, 6))


def _trained_and_advised():
    """An indicator that the catalogue does not hold, as a coordinator composes it."""
    keys = dict(ServiceType.objects.values_list("name", "pk"))
    advice = [pk for name, pk in keys.items() if name.startswith("doradztwo")]
    return {
        "words": {
            "code": TRAINED,
            "name": "Liczba PES, które skorzystały ze szkolenia i co najmniej 5 h doradztwa",
            "short_name": "PES ze szkoleniem i 5 h doradztwa",
            "label": "szkolenie i 5 h",
        },
        "blocks": [
            {"block": "supported"},
            *PES_IN_AREA,
            {"block": "at_least", "services": 1, "types": [keys["szkolenie"]]},
            {"block": "at_least", "minutes": MINUTES, "types": sorted(advice)},
        ],
        "means": "listy obecności, karty doradztwa",
    }


def _ask(project, by, own_means):
    """Targets from the first day, with a milestone at the end of each half-year."""
    moment = at(project.starts_on, 9)
    history = {"default_user": by, "default_date": moment}
    targets = [
        Target(
            project=project,
            indicator=code,
            value=value,
            valid_from=project.starts_on,
            means_of_verification=own_means.get(code) or CATALOGUE[code]["means"],
        )
        for code, value in {**TARGETS, TRAINED: TRAINED_TARGET}.items()
    ]
    targets = bulk_create_with_history(targets, Target, **history)
    quarters = [term.period.end for term in project.report_terms()]
    days = list(enumerate(quarters, start=1))[QUARTERS_A_MILESTONE - 1 : -1 : QUARTERS_A_MILESTONE]
    due = [
        Milestone(target=target, day=day, value=target.value * number // len(quarters))
        for target in targets
        for number, day in days
    ]
    bulk_create_with_history([row for row in due if row.value], Milestone, **history)


def _close(project, by, period):
    """A partial report closed and sent within its days."""
    begun_at = at(period.end + CLOSED_AFTER, 8)
    report = Report(
        project=project,
        kind=Report.Kind.PARTIAL,
        starts_on=period.start,
        ends_on=period.end,
        created_by=by,
        created_at=begun_at,
        leaves_costs_to_accounting=True,
    )
    report._history_user, report._history_date = by, begun_at
    report.save()
    report = close(report, by, REASON, at=at(period.end + CLOSED_AFTER, 13))
    report.state, report.sent_on = Report.State.SENT, period.end + SENT_AFTER
    report._history_user, report._history_date = by, at(report.sent_on, 10)
    report.save()
