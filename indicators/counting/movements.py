"""What a change moves before it is kept: judgements before and after it, in memory.

A transaction that saves never writes judgements nor waits for those who do. Before the change are
the judgements that are kept, but for what was marked already and is judged here; after it is what
its own marks lead to, judged here as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Sum

from indicators.counting.judging import Keys, judge
from indicators.counting.marks import Mark, pending_marks, spread
from indicators.counting.ruleset import Ruleset
from indicators.counting.scope import Scope
from indicators.counting.store import is_fresh, judgements, of_candidates
from indicators.counting.versions import rules, version_of
from indicators.models import JudgedTerms, Judgement
from support.models import Project

if TYPE_CHECKING:
    # `(code of the indicator, candidate)`: the judgement of one that counts.
    Counted = dict[tuple[str, int], Judgement]


class Movement(NamedTuple):
    """A judgement before a change and after it; None where the candidate does not count."""

    before: Judgement | None
    after: Judgement | None

    @property
    def is_none(self) -> bool:
        return self.before is self.after or bool(
            self.before and self.after and _says(self.before) == _says(self.after)
        )


def _says(judgement):
    return judgement.counted_on, judgement.amount, judgement.facts, judgement.labels


def values(scope: Scope, on: date) -> dict[str, int]:
    """`{code: value on the day}` of each indicator, whatever is not kept yet; nothing is written.

    Two queries when all is kept.
    """
    numbers = {indicator.code: 0 for indicator in scope.indicators}
    rows = _kept(scope).counted().filter(counted_on__lte=on)
    if is_fresh(scope):
        return numbers | dict(rows.order_by().values_list("indicator").annotate(n=Sum("amount")))
    keys = None
    if _version(scope) == version_of(scope):
        keys = spread(scope, pending_marks([scope.project.pk]))
    if keys is not None:
        moved = of_candidates(scope, keys)
        rest = rows.exclude(moved) if moved else rows
        numbers |= dict(rest.order_by().values_list("indicator").annotate(n=Sum("amount")))
    for code, verdicts in judge(scope.indicators, scope, keys).items():
        by_then = [each for each in verdicts if each.is_counted and each.counted_on <= on]
        numbers[code] += sum(each.amount for each in by_then)
    return numbers


class Baseline:
    """The judgements of a project before a change, by the rulesets that are asked about."""

    def __init__(self, project: Project, rulesets: Iterable[Ruleset], marks: list[Mark]) -> None:
        """`marks` are those of the project that are pending; at most a query where there are none.

        With some, or where nothing is judged yet, those that count are judged in memory.
        """
        self.project = project
        self.versions = dict(
            JudgedTerms.objects.filter(project=project).values_list("terms", "version")
        )
        self._judged: dict[str, tuple[dict[type, Keys] | None, Counted]] = {}
        rulesets = list(rulesets)
        if marks or not all(map(self._is_judged, rulesets)):
            scope = Scope.of(project)
            keys = spread(scope, marks)
            for ruleset in rulesets:
                own = scope.ruled_by(ruleset)
                is_known = self.versions.get(ruleset.terms) == version_of(own)
                judged = keys if is_known else None
                self.versions[ruleset.terms] = version_of(own)
                self._judged[ruleset.terms] = judged, counted(own, judged)

    @property
    def is_kept(self) -> bool:
        """Whether all is kept but for candidates that pending marks lead to."""
        return all(keys is not None for keys, _ in self._judged.values())

    def _is_judged(self, ruleset):
        return self.versions.get(ruleset.terms, "").startswith(rules())

    def movements(
        self, ruleset: Ruleset, scope: Scope, marks: list[Mark]
    ) -> dict[tuple[str, int], Movement]:
        """What moved since, by the indicator and the candidate; `scope` is of after the change."""
        is_judged_alike = self.versions[ruleset.terms] == version_of(scope)
        keys = spread(scope, marks) if is_judged_alike else None
        before, after = self.counted(scope, ruleset.terms, keys), counted(scope, keys)
        moved = {
            key: Movement(before.get(key), after.get(key)) for key in before.keys() | after.keys()
        }
        return {key: movement for key, movement in moved.items() if not movement.is_none}

    def overlaid(self, scope: Scope, terms: str) -> tuple[list[Judgement], list[Judgement]]:
        """Judgements of what was pending, that count: as they are kept, and as judged here."""
        keys, judged = self._judged.get(terms, ({}, {}))
        return list(self._kept(scope, terms, keys)), list(judged.values())

    def _kept(self, scope, terms, keys):
        """What is kept of some candidates that count, or of all."""
        rows = Judgement.objects.filter(project=self.project, terms=terms).counted()
        if keys is None:
            return rows
        return rows.filter(of_candidates(scope, keys)) if any(keys.values()) else rows.none()

    def counted(self, scope: Scope, terms: str, keys: dict[type, Keys] | None = None) -> Counted:
        """Those that counted before, of some candidates or of all."""
        judged, overlay = self._judged.get(terms, ({}, {}))
        models = {indicator.code: indicator.model for indicator in scope.indicators}

        def is_among(key, among):
            code, candidate = key
            return among is None or candidate in (among.get(models.get(code)) or ())

        rows = [] if judged is None else self._kept(scope, terms, keys)
        kept = {(row.indicator, row.candidate): row for row in rows}
        kept = {key: row for key, row in kept.items() if not is_among(key, judged)}
        return kept | {key: row for key, row in overlay.items() if is_among(key, keys)}


def counted(scope: Scope, keys: dict[type, Keys] | None) -> Counted:
    """Those that count now, of raw data; whether they have a proof moves no report."""
    verdicts = {
        code: [verdict for verdict in of_code if verdict.is_counted]
        for code, of_code in judge(scope.indicators, scope, keys).items()
    }
    return {
        (row.indicator, row.candidate): row
        for row in judgements(scope, verdicts, with_proof=False)
    }


def _kept(scope):
    return Judgement.objects.filter(project=scope.project, terms=scope.terms)


def _version(scope):
    judged = JudgedTerms.objects.filter(project=scope.project, terms=scope.terms)
    return judged.values_list("version", flat=True).first()
