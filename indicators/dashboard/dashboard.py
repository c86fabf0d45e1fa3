"""What the dashboard shows: every indicator on a day, totals, goals, and what is nearest."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from indicators.contract.deadlines import deadlines, remaining
from indicators.counting.day_work import work_on
from indicators.counting.progress import Progress, elapsed_share, verdict
from indicators.counting.scope import Scope
from indicators.counting.store import kept, looked_at
from indicators.counting.totals import RESIDENTS
from indicators.dashboard.forecast import forecast
from indicators.records.explanations import explain_several
from indicators.records.lines import LastReport, drawn, progress_lines, services_behind
from owes.charts import step_chart
from owes.formatting import day as as_day
from owes.formatting import in_unit, plural
from owes.periods import Period

NEAREST_OF, NEAREST_SHOWN = 3, 2  # indicators, and records of each


@dataclass(frozen=True)
class Nearest:
    """The candidates of an indicator one mendable reason away; the first few explained."""

    line: Progress
    count: int
    explained: list

    @property
    def indicator(self):
        return self.line.indicator

    @property
    def kind(self):
        """Amber where it would help to reach a target, grey where the target is reached."""
        return "none" if self.line.is_reached else "watch"


@dataclass(frozen=True)
class Dashboard:
    scope: Scope
    on: date
    lines: list
    totals: dict
    goals: list
    nearest: list
    deadlines: list
    is_latest: bool
    is_over: bool

    @classmethod
    def of(cls, project, on, user, today):
        """A fixed number of queries, however many records there are."""
        scope = looked_at(Scope.of(project, on))
        lines = progress_lines(scope, on)
        work = work_on(scope, on)
        return cls(
            scope=scope,
            on=on,
            lines=lines,
            totals=work.totals,
            goals=work.goals,
            nearest=_nearest(_most_in_need(lines, scope), scope, user),
            deadlines=deadlines(project, today),
            is_latest=on == scope.as_of(today),
            is_over=on == scope.period.end < today,
        )

    @property
    def project(self):
        return self.scope.project

    @property
    def without_proof(self):
        """`{code: counted records that have no proof}`."""
        return {line.indicator.code: line.without_proof for line in self.lines}

    @property
    def verdict(self):
        return verdict(self.lines)

    def reported(self):
        return LastReport.of(self.lines, self.scope, self.on)

    def forecasts(self):
        """`(line, its forecast or None)` while the project runs; none once it is over."""
        running = self.scope.period.start <= self.on < self.scope.period.end
        return [(line, forecast(line)) for line in self.lines if running]

    @property
    def days_gone(self):
        return round(elapsed_share(self.scope.period, self.on) * self.scope.period.days)

    @property
    def elapsed(self):
        return elapsed_share(self.scope.period, self.on)

    @property
    def has_near(self):
        return any(nearest.count for nearest in self.nearest)

    @property
    def hope(self):
        """Targets not reached: how many records are one condition away, by the records of now."""
        if not self.is_latest:
            return ""
        near = [
            nearest for nearest in self.nearest if nearest.count and not nearest.line.is_reached
        ]
        parts = [
            f"{plural(nearest.count, nearest.indicator.noun)} ({nearest.indicator.label})"
            for nearest in near
        ]
        words = "W celach nieosiągniętych o jeden warunek od zaliczenia"
        return f"{words}: {', '.join(parts)}." if parts else ""

    @property
    def sentence_of_day(self):
        """The day within the time of the project, in words."""
        left = (self.scope.period.end - self.on).days
        if self.on < self.scope.period.start:
            return ""
        if self.is_over:
            return f"Projekt zakończony {as_day(self.on)}."
        if not left:
            return f"{as_day(self.on)} to ostatni dzień projektu."
        return f"Do końca projektu {remaining(left)}."

    @property
    def totals_query(self):
        return urlencode(services_behind(self.scope, self.on))

    def goals_linked(self):
        """`(goal, query of its services)`; open events are known by their kind."""
        for goal in self.goals:
            own = {"support": "open"} if goal.code == RESIDENTS else {"theme": goal.code}
            yield goal, urlencode(services_behind(self.scope, self.on) | own)

    def chart(self, code):
        """The chosen indicator over the months to the day: charts, and the table by years."""
        line = next(line for line in self.lines if line.indicator.code == code)
        shown = Period(self.scope.period.start, max(self.on, self.scope.period.start))
        months = [month.start for month in self.scope.period.months()]
        drawn_values = drawn(line, line.series.cumulative(shown))
        chart = (line.indicator.short_name, months, *drawn_values)
        counts = line.series.months(shown)
        changes = self.scope.rule_changes(code, self.on)
        steps = line.plan.steps if line.plan else ()
        marks = {
            "milestones": [(day, in_unit(due, line.unit)) for day, due in steps],
            "changes": [rule.valid_from for rule in changes],
        }
        return {
            "line": line,
            "changes": changes,
            "wide": step_chart(*chart, **marks),
            "narrow": step_chart(*chart, **marks, is_narrow=True),
            "years": _by_year(months[: len(counts)], counts),
        }


def _most_in_need(lines, scope):
    """The indicators whose nearest records are shown: each takes a list of all its candidates.

    Targets not reached come first; of equal shares, the one with fewer records to read.
    """
    mendable = [
        line
        for line in lines
        if line.share is not None and line.not_counted and line.indicator.has_remedies(scope)
    ]
    order = sorted(mendable, key=lambda line: (line.is_reached, line.share, line.not_counted))
    return order[:NEAREST_OF]


def _nearest(lines, scope, user):
    judged = {line.indicator.code: [] for line in lines}
    for judgement in kept(scope).bare().filter(indicator__in=judged).order_by("code"):
        judged[judgement.indicator].append(judgement)
    near = {
        line.indicator.code: line.indicator.nearest(scope, judged[line.indicator.code])
        for line in lines
    }
    shown = {
        line.indicator: [each.candidate for each in near[line.indicator.code][:NEAREST_SHOWN]]
        for line in lines
    }
    explanations = explain_several(scope, shown, scope.period, user)
    return [
        Nearest(line, len(near[line.indicator.code]), list(explanations[line.indicator].values()))
        for line in lines
    ]


def _by_year(months, counts):
    """`(year, [count or None of each month], sum)`; a month outside the project has no count."""
    years = {}
    for month, count in zip(months, counts, strict=True):
        years.setdefault(month.year, [None] * 12)[month.month - 1] = count
    return [
        (year, counts, sum(count for count in counts if count is not None))
        for year, counts in years.items()
    ]
