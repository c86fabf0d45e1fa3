"""What the contract asks of each indicator, over time, and what a new target would change."""

from dataclasses import dataclass

from indicators.catalogue import usual_means
from indicators.counting.engine import Indicator
from indicators.counting.scope import Scope
from indicators.counting.series import Series
from indicators.counting.units import unit_of
from indicators.models import Target


@dataclass(frozen=True)
class TargetTimeline:
    """The targets of one indicator, newest first, and the one in force (None: never set)."""

    indicator: Indicator
    unit: str
    rows: list
    in_force: Target | None


def timelines(project, on):
    """A timeline of every indicator, in the order of the contract; six queries."""
    targets = Target.objects.with_milestones()
    rows = list(targets.filter(project=project).order_by("-valid_from"))
    in_force = targets.in_force(project, on)
    return [
        TargetTimeline(
            indicator,
            unit_of(indicator),
            [row for row in rows if row.indicator == indicator.code],
            in_force.get(indicator.code),
        )
        for indicator in project.indicators.prefetch_related("rules")
    ]


def first_words(project, indicator):
    """What the form of the first target of an indicator, with its rules, begins with."""
    rule = next(iter(indicator.rules.all()), None)
    return {
        "indicator": indicator.code,
        "valid_from": project.starts_on,
        "means_of_verification": usual_means(indicator.code, rule.blocks if rule else []),
    }


@dataclass(frozen=True)
class TargetEffect:
    """What an indicator is measured by at the end of the project, before and after a new row."""

    indicator: Indicator
    value: int
    before: int | None
    after: int | None

    @property
    def missing_before(self):
        return self._missing(self.before)

    @property
    def missing_after(self):
        return self._missing(self.after)

    def _missing(self, target):
        return None if target is None else max(target - self.value, 0)


def effect_of(target, today):
    """The effect of a target not saved yet; None when it would change nothing."""
    project = target.project
    current = Target.objects.in_force(project, project.ends_on).get(target.indicator)
    if current and (current.valid_from > target.valid_from or current.value == target.value):
        return None
    scope = Scope.of(project, today)
    indicator = scope.indicator(target.indicator)
    value = Series(indicator.days(scope)).on(scope.as_of(today))
    return TargetEffect(indicator, value, current.value if current else None, target.value)
