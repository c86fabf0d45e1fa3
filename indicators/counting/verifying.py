"""Compares what is kept of counting with a recount of raw data."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.forms.models import model_to_dict

from indicators.counting.day_work import numbers_on
from indicators.counting.judging import judge
from indicators.counting.report_numbers import numbers_of
from indicators.counting.scope import Scope
from indicators.counting.service_work import as_json, work_of_services
from indicators.counting.store import judgements, kept
from indicators.counting.versions import version_of
from indicators.models import DayWork, JudgedTerms, Judgement, ServiceWork
from owes.formatting import plural
from owes.operating.letters import tell_administrators
from support.models import Project

MOST_TOLD = 100


class Difference(NamedTuple):
    """Something kept that is not what a recount gives; a side that is not there is None."""

    what: str
    kept: Any
    counted: Any


def differences(project: Project) -> Iterator[Difference]:
    """Of the judgements of a project, by each of its rulesets in use, and of its reports' work."""
    scope = Scope.of(project)
    kept(scope)
    in_use = set(JudgedTerms.objects.filter(project=project).values_list("terms", flat=True))
    recounted: dict[str, list[Judgement]] = {}
    for own in scope.by_each_ruleset():
        terms = own.terms
        if terms in in_use:
            recounted[terms] = list(judgements(own, judge(own.indicators, own)))
            yield from _of_judgements(own, recounted[terms])
    yield from _of_work(scope, recounted)
    for work in DayWork.objects.filter(project=project):
        counted = plain(numbers_on(scope.at(work.on), work.on))
        if work.version == version_of(scope.at(work.on)) and work.numbers != counted:
            yield Difference(f"praca do {work.on:%d.%m.%Y}", work.numbers, counted)


def _of_work(scope, recounted):
    """Of services, and of the numbers of closed reports."""
    project, work = scope.project, work_of_services(scope)
    kept_rows = ServiceWork.objects.filter(project=project)
    stored = dict(kept_rows.order_by().values_list("service", "work"))
    counted = {service: plain(as_json(each)) for service, each in work.items()}
    for service in sorted(stored.keys() | counted.keys()):
        if stored.get(service) != counted.get(service):
            yield Difference(f"praca usługi {service}", stored.get(service), counted.get(service))
    reports = project.reports.in_force().defer("document")
    for report in reports.select_related("project", "numbers_now"):
        own = scope.at(report.ends_on)
        rows = [row for row in recounted[own.terms] if row.is_counted]
        numbers = numbers_of(report, own, rows, work)
        if report.numbers_now.numbers != plain(numbers):
            yield Difference(f"liczby: {report.title}", report.numbers_now.numbers, numbers)


def numbers_by_day() -> dict[str, dict[str, dict[str, int]]]:
    """`{project: {indicator: {day: what counts from it}}}`, of raw data; nothing is written.

    A backup carries it, and what was restored must give the same.
    """
    numbers = {}
    for project in Project.objects.order_by("slug"):
        scope = Scope.of(project)
        verdicts = judge(list(scope.indicators), scope)
        numbers[project.slug] = {
            code: dict(sorted(_by_day(own).items())) for code, own in verdicts.items()
        }
    return numbers


def _by_day(verdicts):
    days = Counter[str]()
    for each in verdicts:
        if each.is_counted:
            days[each.counted_on.isoformat()] += each.amount
    return days


def verify_and_tell(project: Project) -> None:
    """Writes to the administrators of what differs, and has all of the project judged anew."""
    found = [difference.what for difference in differences(project)]
    if not found:
        return
    JudgedTerms.objects.filter(project=project).delete()
    subject = f"{project.name}: przechowane wskaźniki różniły się od zapisów"
    body = (
        f"Nocne liczenie od nowa znalazło {plural(len(found), 'różnicę,różnice,różnic')}. Program "
        "policzył już wszystko jeszcze raz; sprawdź, kto i jak zmieniał dane poza programem.\n\n"
    ) + "\n".join(found[:MOST_TOLD])
    tell_administrators(subject, body)


def plain(numbers: Any) -> Any:
    """As JSON gives them back."""
    return json.loads(json.dumps(numbers))


def _of_judgements(scope, recounted):
    stored, counted = _by_candidate(kept(scope)), _by_candidate(recounted)
    for key in sorted(stored.keys() | counted.keys()):
        if stored.get(key) != counted.get(key):
            row = stored.get(key) or counted[key]
            yield Difference(f"{key[0]}: {row['code']}", stored.get(key), counted.get(key))


def _by_candidate(rows: Any) -> dict[tuple[str, int], dict[str, Any]]:
    return {(row.indicator, row.candidate): _content(row) for row in rows}


def _content(row: Judgement) -> dict[str, Any]:
    return model_to_dict(row, exclude=["id", "project", "terms", "candidate", "indicator"])
