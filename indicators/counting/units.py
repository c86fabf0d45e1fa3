"""In which unit the values of an indicator are; a new rule never changes it."""

from indicators.counting.blocks import blocks_of
from indicators.counting.composition import composed
from indicators.counting.ruleset import rules_of
from indicators.models import IndicatorRule, ProjectIndicator
from support.models import Project


def unit_of(row: ProjectIndicator) -> str:
    """As of `owes.formatting.amount`; no query where the rules are there already."""
    rules = list(row.rules.all())
    return _unit(rules[0]) if rules else ""


def units_of(project: Project) -> dict[str, str]:
    """`{code: unit}` of every indicator: one query."""
    rules = rules_of([project.pk]).get(project.pk, ())
    return {rule.indicator.code: _unit(rule) for rule in rules}


def _unit(rule: IndicatorRule) -> str:
    return composed(blocks_of(rule.blocks)).base.unit
