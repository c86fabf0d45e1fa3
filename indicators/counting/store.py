"""Judgements kept beside the records, and brought up to date by those who read them.

A mark (`indicators/counting/triggers.py`) is written with each change. A reader of judgements
first looks for marks: with none, what is kept is what the records say now. Else it judges anew
those that the marks lead to, replaces their rows and deletes exactly the marks it read, in one
transaction. A mark that is seen is a committed change, which is judged with its data; one that is
not seen stays for the next reader. Many marks, or one of the whole project, have all judged anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Q

from indicators.counting.judging import Keys, Verdict, judge
from indicators.counting.marks import services_of, spread, take_marks
from indicators.counting.proofs import Proofs
from indicators.counting.record_facts import facts_of
from indicators.counting.report_numbers import ServicesMoved, keep_numbers
from indicators.counting.service_work import keep_services, work_of_services
from indicators.counting.versions import version_of
from indicators.models.judgement import (
    ChangeMark,
    DayWork,
    JudgedTerms,
    Judgement,
    JudgementQuerySet,
)
from support.models import Project

if TYPE_CHECKING:
    from indicators.counting.engine import Indicator
    from indicators.counting.scope import Scope

# Marks of what no total of work rests on.
MOVING_NO_WORK = {
    ChangeMark.Kind.PERSON,
    ChangeMark.Kind.LOCAL_GOVERNMENT,
    ChangeMark.Kind.STAFF,
    ChangeMark.Kind.TARGET,
    ChangeMark.Kind.REPORT,
}
FRESH = f"""
SELECT t.version, EXISTS (SELECT 1 FROM {ChangeMark._meta.db_table} m WHERE m.project_id = p.id)
FROM {Project._meta.db_table} p
LEFT JOIN {JudgedTerms._meta.db_table} t ON t.project_id = p.id AND t.terms = %s
WHERE p.id = %s
"""


def is_fresh(scope: Scope) -> bool:
    """Whether what is kept is what the records say now: one query."""
    with connection.cursor() as cursor:
        cursor.execute(FRESH, [scope.terms, scope.project.pk])
        version, is_marked = cursor.fetchone() or (None, False)
    return version == version_of(scope) and not is_marked


def kept(scope: Scope, indicator: Indicator | None = None) -> JudgementQuerySet:
    """The judgements of a project, up to date, of one indicator or of all."""
    if not (scope.is_looked_at or is_fresh(scope)):
        refresh(scope)
    rows = Judgement.objects.filter(project=scope.project, terms=scope.terms)
    return rows.filter(indicator=indicator.code) if indicator else rows


def looked_at(scope: Scope) -> Scope:
    """The scope after one look for changes: for a page, whose numbers are all of that moment."""
    kept(scope)
    return replace(scope, is_looked_at=True)


def lock(project: Project) -> None:
    """One reader of a project at a time writes what it keeps; those who save are not held up."""
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)


def refresh(scope: Scope) -> None:
    """Brings the judgements of the project up to date, by each of its rulesets in use."""
    project = scope.project
    with transaction.atomic():
        lock(project)
        # Marked after this statement stays for the next reader; judging comes after it.
        marks = take_marks(project)
        keys = spread(scope, marks)
        judged = JudgedTerms.objects.filter(project=project)
        versions = dict(judged.values_list("terms", "version"))
        reports = list(project.reports.in_force().defer("document").select_related("numbers_now"))
        are_known = True
        for own in _scopes_in_use(scope, versions, reports):
            is_known = versions.get(own.terms) == version_of(own)
            if not is_known or marks:
                _judge(own, keys if is_known else None)
            if not is_known:
                are_known = False
                judged.update_or_create(
                    project=project,
                    terms=own.terms,
                    defaults={"version": version_of(own)},
                )
        if any(mark.kind not in MOVING_NO_WORK for mark in marks):
            DayWork.objects.filter(project=project).delete()
        _keep_work(scope, reports, marks, is_all=not are_known)


def _keep_work(scope, reports, marks, *, is_all):
    """Of the services that the marks lead to, or of all; then the numbers of closed reports."""
    services = None if is_all else services_of(marks)
    moved, work = None, None
    if services is None:
        _, work = keep_services(scope, None)
    else:
        moved = ServicesMoved.of(scope, *keep_services(scope, services))
    keep_numbers(scope, reports, marks, moved, lambda: work or work_of_services(scope))


def _scopes_in_use(scope, versions, reports):
    """The scope, that of each closed report, and of each ruleset by which something was judged.

    Judgements by rulesets that are no more are deleted.
    """
    scopes = {own.terms: own for own in scope.by_each_ruleset()}
    scopes[scope.terms] = scope
    if gone := versions.keys() - scopes.keys():
        for model in (Judgement, JudgedTerms):
            model.objects.filter(project=scope.project, terms__in=gone).delete()
    asked = {scope.at(report.ends_on).terms for report in reports}
    asked |= {scope.terms, *versions}
    return [own for terms, own in scopes.items() if terms in asked]


def _judge(scope, keys):
    """Replaces the judgements of the candidates, by model; of all when `keys` is None."""
    indicators = list(scope.indicators)
    rows = Judgement.objects.filter(project=scope.project, terms=scope.terms)
    if keys is None:
        rows.delete()
    elif narrowed := of_candidates(scope, keys):
        rows.filter(narrowed).delete()
    Judgement.objects.bulk_create(
        judgements(scope, judge(indicators, scope, keys)), batch_size=500
    )


def of_candidates(scope: Scope, keys: Mapping[type, Keys]) -> Q:
    """The judgements of candidates by model; empty when there are none."""
    narrowed = Q()
    for indicator in scope.indicators:
        if own := keys.get(indicator.model):
            narrowed |= Q(indicator=indicator.code, candidate__in=own)
    return narrowed


def judgements(
    scope: Scope, verdicts: dict[str, list[Verdict]], *, with_proof: bool = True
) -> Iterator[Judgement]:
    """An unsaved `Judgement` of each verdict: with facts, labels and, if asked, proof."""
    decided = [
        each.row
        for of_code in verdicts.values()
        for each in of_code
        if with_proof and each.is_counted and each.row
    ]
    proofs = Proofs.of(scope.project, decided)
    for indicator in scope.indicators:
        facts = facts_of(indicator, verdicts[indicator.code])
        for verdict in verdicts[indicator.code]:
            printed, labels = facts.get(verdict.candidate, (None, {}))
            yield Judgement(
                project=scope.project,
                terms=scope.terms,
                indicator=indicator.code,
                lacks_proof=with_proof and _lacks_proof(verdict, proofs),
                facts=printed,
                labels=labels,
                **verdict._asdict(),
            )


def _lacks_proof(verdict, proofs):
    return bool(verdict.is_counted and verdict.row and proofs.lack(verdict.row))
