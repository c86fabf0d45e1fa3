"""The rules of a project that are in force on a day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from indicators.counting.engine import Indicator
from indicators.models.indicator import IndicatorRule


@dataclass(frozen=True)
class Ruleset:
    """A rule of each indicator that the project has on a day, in the order of the contract."""

    rules: tuple[IndicatorRule, ...]

    @classmethod
    def in_force(cls, rules: Iterable[IndicatorRule], on: date) -> Ruleset:
        """Of a project's rules: of each indicator the last begun by the day, or its first.

        `rules` come with their indicators, in the order of those and of their days.
        """
        chosen: dict[int, IndicatorRule] = {}
        for rule in rules:
            retired = rule.indicator.retired_on
            is_first = rule.indicator_id not in chosen
            if (is_first or rule.valid_from <= on) and not (retired and retired <= on):
                chosen[rule.indicator_id] = rule
        return cls(tuple(chosen.values()))

    @classmethod
    def each(cls, rules: Iterable[IndicatorRule]) -> Iterator[Ruleset]:
        """Every ruleset that a project has had or will have, once."""
        rules = tuple(rules)
        days = {rule.valid_from for rule in rules}
        days |= {day for rule in rules if (day := rule.indicator.retired_on)}
        sets = (cls.in_force(rules, day) for day in sorted({date.min} | days))
        yield from {each.terms: each for each in sets}.values()

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """`{code: indicator}`."""
        return {rule.indicator.code: Indicator.of(rule.indicator, rule) for rule in self.rules}

    @cached_property
    def terms(self) -> str:
        """All of it that a count depends on, as judgements keep it."""
        said = [(rule.indicator.code, rule.blocks) for rule in self.rules]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:24]

    def is_same_as(self, other: Ruleset) -> bool:
        """Whether every number is counted alike."""
        return self.terms == other.terms


def rules_of(projects: Iterable[int]) -> dict[int, tuple[IndicatorRule, ...]]:
    """`{project: its rules}`, with their indicators, in order: one query."""
    rules = IndicatorRule.objects.filter(indicator__project__in=projects)
    rules = rules.select_related("indicator").order_by(
        "indicator__position", "indicator", "valid_from"
    )
    of_projects: dict[int, list[IndicatorRule]] = {}
    for rule in rules:
        of_projects.setdefault(rule.indicator.project_id, []).append(rule)
    return {project: tuple(own) for project, own in of_projects.items()}
