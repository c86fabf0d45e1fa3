"""What happened to the demonstration after its records were entered, on the days it happened.

Findings accepted with a reason, reports closed and sent, later changes that closed reports differ
by, a trial control and a package for the funder. Files of reports and packages are ordered, not
made: a worker makes them.
"""

import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from indicators.checks.findings import accept, findings, keep_run
from indicators.closing.closing import close, correction_of
from indicators.closing.package_forms import PackageForm
from indicators.control import trial
from indicators.models import (
    ControlledDocument,
    ControlledRecord,
    Milestone,
    Package,
    Report,
    ReportChange,
    ReportCost,
    ReportSource,
    ReportText,
    TrialControl,
)
from owes.change_reasons import explained
from owes.models import User
from support.models import Document, Project
from support.workbook import demonstration
from support.workbook.demonstration_evidence import at

STORY = Path(__file__).with_name("demonstration.json")
Verdict = ControlledDocument.Verdict
Source = ReportSource.Source
OWN_A_YEAR = 6000  # złoty of own money in the costs of a year; the rest is the grant


def tell_story():
    """Needs the register of `support.workbook.demonstration`; in the caller's transaction."""
    project = Project.objects.get(slug=demonstration.PROJECT)
    by = User.objects.get(email=demonstration.COORDINATOR)
    story = json.loads(STORY.read_text(encoding="utf-8"))
    _plan(project, by, story["milestones"])
    _accept_findings(project, by, story)
    changes = demonstration.read_additions()["late_changes"]
    for given in story["reports"]:
        changes = _change_until(given["closed_on"], changes, by)
        if given["kind"] == Report.Kind.FINAL:
            _control(project, by, story["control"])
        _close(project, by, given, story)
    _change_until(date.max.isoformat(), changes, by)
    _pack(project, by, story["package"])
    keep_run(project, findings(project), timezone.now())


def _plan(project, by, given):
    """What the contract asks for by the end of each year."""
    days = [date.fromisoformat(day) for day in given["days"]]
    rows = [
        Milestone(target=target, day=day, value=value)
        for target in project.targets.all()
        for day, value in zip(days, given["values"].get(target.indicator, []), strict=False)
    ]
    entered_at = at(date.fromisoformat(given["entered_on"]), 9)
    bulk_create_with_history(rows, Milestone, default_user=by, default_date=entered_at)


def _accept_findings(project, by, story):
    """Of each of these checks all but a few, which are left to be seen."""
    moment = at(date.fromisoformat(story["accepted_on"]), 12)
    found = findings(project)
    for code, (left, reason) in story["accepted"].items():
        own = [finding for finding in found if finding.check.code == code]
        accept(project, own[left:], reason, by, moment)


def _change_until(day, changes, by):
    """Makes the changes of before the day, each with its reason; answers those of later."""
    for given in changes:
        if given["on"] < day:
            _change(given, by)
    return [given for given in changes if given["on"] >= day]


def _change(given, by):
    moment, known = at(date.fromisoformat(given["on"]), 11), set(_keys(ReportChange))
    explained(lambda: demonstration.change_late(given, moment), reason=given["reason"], by=by)
    ReportChange.objects.exclude(pk__in=known).update(at=moment)


def _keys(model):
    return model.objects.values_list("pk", flat=True)


def _close(project, by, given, story):
    """Writes a report as a coordinator would, closes it and notes the day it was sent."""
    starts_on, ends_on, closed_on, sent_on = (
        date.fromisoformat(given[name])
        for name in ("starts_on", "ends_on", "closed_on", "sent_on")
    )
    begun_at = at(closed_on, 8)
    of_period = {"kind": given["kind"], "starts_on": starts_on, "ends_on": ends_on}
    if given["is_correction"]:
        report = correction_of(project.reports.get(**of_period), by)
        Report.objects.filter(pk=report.pk).update(created_at=begun_at)
        report.history.update(history_date=begun_at)
    else:
        report = Report(project=project, created_by=by, created_at=begun_at, **of_period)
        _save(report, by, begun_at)
        _write(report, by, story, given.get("texts", {}))
    report = close(report, by, given["reason"], at=at(closed_on, 13))
    report.state, report.sent_on = Report.State.SENT, sent_on
    _save(report, by, at(sent_on, 10))


def _write(report, by, story, own_texts):
    """The texts that the program does not draft, and part II of annex 5."""
    texts = story["texts"] | own_texts
    if report.kind == Report.Kind.FINAL:
        texts |= story["texts_of_final"]
    years = range(report.starts_on.year, report.ends_on.year + 1)
    activities = {activity.name: activity for activity in report.project.activities.all()}
    costs = [
        ReportCost(
            report=report,
            year=year,
            activity=activities.get(name),
            name="" if name else "Koordynacja i księgowość",
            planned=Decimal(planned),
            actual=Decimal(actual),
        )
        for year in years
        for name, planned, actual in story["costs"][str(year)]
    ]
    planned, actual = (
        sum(getattr(cost, name) for cost in costs) for name in ("planned", "actual")
    )
    own = Decimal(OWN_A_YEAR * len(years))
    paid = {Source.GRANT: (planned - own, actual - own), Source.OWN: (own, own)}
    for rows in (
        [ReportText(report=report, part=part, text=text) for part, text in texts.items()],
        costs,
        [
            ReportSource(report=report, source=source, planned=planned, actual=actual)
            for source, (planned, actual) in paid.items()
        ],
    ):
        history = {"default_user": by, "default_date": report.created_at}
        bulk_create_with_history(rows, type(rows[0]), **history)


def _control(project, by, given):
    """A finished trial control: what has a verified file was found, one card is faulty."""
    on, begun_on, finished_on = (
        date.fromisoformat(given[name]) for name in ("on", "begun_on", "finished_on")
    )
    begun_at, finished_at = at(begun_on, 10), at(finished_on, 14)
    control = TrialControl(
        project=project,
        on=on,
        size=given["size"],
        seed=f"{begun_on:%d.%m.%Y}",
        created_by=by,
        created_at=begun_at,
    )
    trial.begin(control)
    for model in (ControlledRecord, ControlledDocument):
        model.history.update(history_date=begun_at)
    files = defaultdict(list)
    for file in project.evidence.verified():
        files[file.subject, getattr(file, f"{file.subject.value}_id")].append(file)
    documents = list(ControlledDocument.objects.filter(record__control=control))
    for document in documents:
        own = files[document.subject, document.subject_key]
        is_found = not document.subject or any(map(document.is_met_by, own))
        document.verdict = Verdict.FOUND if is_found else Verdict.MISSING
    faulty = next(document for document in documents if Document.CARD in document.name)
    for document in documents:
        if document.paper == faulty.paper:
            document.verdict, document.note = Verdict.WRONG, given["fault"]
    history = {"default_user": by, "default_date": finished_at}
    bulk_update_with_history(documents, ControlledDocument, ["verdict", "note"], **history)
    trial.finish(control, by)
    TrialControl.objects.filter(pk=control.pk).update(
        finished_at=finished_at, recounted_at=finished_at
    )


def _pack(project, by, given):
    """A package of the final report, ordered as on its page."""
    report = project.reports.get(kind=Report.Kind.FINAL)
    package = Package(at=at(date.fromisoformat(given["on"]), 9))
    form = PackageForm({"report": report.pk, **given["asked"]}, project=project, instance=package)
    if not form.is_valid():
        raise ValueError(form.errors.as_text())
    form.save(by)


def _save(row, by, moment):
    row._history_user, row._history_date = by, moment
    row.save()
