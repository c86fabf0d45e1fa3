"""What pages of settings say of a project's indicators and of their rules."""

from dataclasses import dataclass

from indicators.counting.engine import Indicator
from indicators.counting.scope import Scope
from indicators.counting.series import Series
from indicators.models import IndicatorRule, ProjectIndicator, Target


@dataclass(frozen=True)
class IndicatorNow:
    """An indicator today; `indicator` and `value` are None when it was retired."""

    row: ProjectIndicator
    indicator: Indicator | None
    value: int | None
    target: int | None

    @property
    def unit(self):
        return self.indicator.unit if self.indicator else ""


def counted_now(project, today):
    """Of each indicator, in the order of the contract: a fixed number of queries for each."""
    scope = Scope.of(project, min(today, project.ends_on))
    targets = Target.objects.in_force(project, scope.as_of(today))
    rows = []
    for row in project.indicators.all():
        indicator, target = scope.indicator(row.code), targets.get(row.code)
        value = indicator and Series(indicator.days(scope)).on(scope.as_of(today))
        rows.append(IndicatorNow(row, indicator, value, target and target.value))
    return rows


@dataclass(frozen=True)
class RuleVersion:
    """A rule with its clauses, each with whether the rule before it had it too."""

    rule: IndicatorRule
    indicator: Indicator
    clauses: list


def rule_versions(row):
    """The rules of an indicator, the newest first."""
    versions, before = [], None
    for rule in row.rules.all():
        indicator = Indicator.of(row, rule)
        clauses = indicator.composition.clauses()
        marked = [(clause, before is None or clause in before) for clause in clauses]
        versions.append(RuleVersion(rule, indicator, marked))
        before = clauses
    return versions[::-1]
