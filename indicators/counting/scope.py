"""What the counting rules need to know of a project."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from indicators.counting.blocks import blocks_of
from indicators.counting.composition import composed
from indicators.counting.engine import Indicator
from indicators.counting.ruleset import Ruleset, rules_of
from indicators.models import IndicatorRule
from owes.periods import Period
from support.models import Project, ServiceType


@dataclass(frozen=True)
class Scope:
    """What the rules need to know of a project, read once: three queries.

    `ruleset` is the one in force on the day the numbers speak of, `rules` are all there are;
    `is_looked_at` as of `indicators.counting.store.looked_at`.
    """

    project: Project
    period: Period
    area: tuple[int, ...]
    support_types: tuple[int, ...]
    unattended_types: tuple[int, ...]
    rules: tuple[IndicatorRule, ...]
    ruleset: Ruleset
    is_looked_at: bool = False

    @classmethod
    def of(cls, project: Project, on: date | None = None) -> Scope:
        """The project by its rules of the day `on`, by default its last day."""
        flags = ("counts_as_support", "needs_attendance")
        types = list(ServiceType.objects.order_by("pk").values_list("pk", *flags))
        rules = rules_of([project.pk]).get(project.pk, ())
        return cls(
            project=project,
            period=project.period,
            area=tuple(project.area.order_by("pk").values_list("pk", flat=True)),
            support_types=tuple(pk for pk, counts, _ in types if counts),
            unattended_types=tuple(pk for pk, counts, needs in types if counts and not needs),
            rules=rules,
            ruleset=Ruleset.in_force(rules, on or project.ends_on),
        )

    @property
    def indicators(self) -> Collection[Indicator]:
        """Those of the project on the day, in the order of the contract."""
        return self.ruleset.indicators.values()

    def indicator(self, code: str) -> Indicator | None:
        return self.ruleset.indicators.get(code)

    def rule_changes(self, code: str, by: date) -> list[IndicatorRule]:
        """The rules begun by the day by which the indicator counts otherwise than before them."""
        own = [rule for rule in self.rules if rule.indicator.code == code]
        return [
            rule
            for before, rule in pairwise(own)
            if rule.blocks != before.blocks and rule.valid_from <= by
        ]

    @property
    def models(self) -> set[type]:
        """What candidates are, by all the rules there are."""
        rules = (*self.rules, *self.ruleset.rules)
        return {composed(blocks_of(rule.blocks)).model for rule in rules}

    @property
    def terms(self) -> str:
        return self.ruleset.terms

    def at(self, day: date) -> Scope:
        """The same project by the rules of another day."""
        return self.ruled_by(Ruleset.in_force(self.rules, day))

    def ruled_by(self, ruleset: Ruleset) -> Scope:
        if ruleset == self.ruleset:
            return self
        return replace(self, ruleset=ruleset, is_looked_at=False)

    def by_each_ruleset(self) -> Iterator[Scope]:
        """By every ruleset that the project has ever had."""
        return (self.ruled_by(ruleset) for ruleset in Ruleset.each(self.rules))

    @property
    def days(self) -> tuple[date, date]:
        return (self.period.start, self.period.end)

    @property
    def facts(self) -> tuple:
        """All that a rule asks of a scope: equal facts make the same SQL."""
        types = (self.support_types, self.unattended_types)
        return (self.project.pk, self.days, self.area, *types)

    def as_of(self, today: date) -> date:
        """The day numbers speak of when none is asked for: never after the project's end."""
        return min(today, self.period.end)
