"""The progress of an indicator towards its target on a day: pace, and the state in words."""

from dataclasses import dataclass
from datetime import date

from indicators.counting.engine import Indicator
from indicators.counting.series import Series
from indicators.plan import Plan
from owes.formatting import amount, enumerated, number
from owes.formatting import day as as_day
from owes.periods import Period

NONE = Series({})
SLOW = 0.8  # pace: achieved share of the target over the share due by the day


@dataclass(frozen=True)
class ProgressState:
    """A state as kind (ok, watch, risk, info, none), icon and words."""

    kind: str
    icon: str
    words: str


def elapsed_share(period: Period, on: date) -> float:
    """The share of the project's days gone by, the day itself too; between 0 and 1."""
    gone = (min(on, period.end) - period.start).days + 1
    return max(gone, 0) / period.days


@dataclass(frozen=True)
class Progress:
    """An indicator on a day. From the project's last day on there is no pace, only the outcome.

    `milestones` are as of a `Plan`; `unproven` is the part of the series that has no proof. Of a
    sum, `records` are the numbers of the counted records and of those that have no proof.
    """

    indicator: Indicator
    series: Series
    target: int | None
    period: Period
    on: date
    candidates: int
    supposed: int = 0  # records added (or taken away, when negative) by what-if
    milestones: tuple[tuple[date, int], ...] = ()
    unproven: Series = NONE
    records: tuple[Series, Series] | None = None

    @property
    def unit(self) -> str:
        return self.indicator.unit

    def said(self, value: int) -> str:
        return amount(value, self.unit)

    def counted_in(self, period: Period) -> int:
        """How many records are counted, whatever they add."""
        return (self.records[0] if self.records else self.series).within(period)

    @property
    def counted_count(self) -> int:
        """How many records are counted by the day, those supposed too."""
        return self.records[0].on(self.on) if self.records else self.value

    @property
    def unproven_count(self) -> int:
        """How many counted records have no proof."""
        return self.records[1].on(self.on) if self.records else self.without_proof

    @property
    def value(self) -> int:
        return max(self.series.on(self.on) + self.supposed, 0)

    @property
    def not_counted(self) -> int:
        return self.candidates - self.counted_count

    @property
    def share(self) -> float | None:
        return self.value / self.target if self.target else None

    @property
    def is_over(self) -> bool:
        return self.on >= self.period.end

    @property
    def plan(self) -> Plan | None:
        """What the target asks for by each day; None without a target."""
        return Plan(self.target, self.period, self.milestones) if self.target else None

    @property
    def due_share(self) -> float | None:
        """The share of the target due by the day; None without a target and from the end on."""
        return None if self.is_over or self.plan is None else self.plan.share_on(self.on)

    @property
    def is_reached(self) -> bool:
        return self.target is not None and self.value >= self.target

    @property
    def without_proof(self) -> int:
        """Of the value, what the counted records that have no proof add."""
        return self.unproven.on(self.on)

    @property
    def is_proven(self) -> bool:
        """Whether the target is reached by records with proof alone."""
        return self.target is not None and self.value - self.without_proof >= self.target

    @property
    def lacking(self) -> int:
        return max((self.target or 0) - self.value, 0)

    @property
    def planned(self) -> int:
        """What the plan asks for by the day, a whole number."""
        return self.plan.due_on(self.on) if self.plan else 0

    @property
    def pace(self) -> float | None:
        """1 is the plan; None without a target, while nothing is due yet and after the end."""
        if self.share is None or not self.due_share:
            return None
        return self.share / self.due_share

    @property
    def is_early(self) -> bool:
        """Nothing yet, and the plan does not ask for the first record either."""
        return not self.value and (self.target or 0) * (self.due_share or 0) < 1

    @property
    def state(self) -> ProgressState:
        if self.target is None:
            return ProgressState("none", "dash", "brak wartości docelowej")
        if self.on < self.period.start:
            return ProgressState("none", "dash", "projekt jeszcze się nie zaczął")
        if self.is_reached:
            return ProgressState("ok", "check", f"osiągnięty{self._reached_on}{self._above}")
        if self.is_over:
            return ProgressState(
                "watch", "watch", f"nieosiągnięty, brakuje {self.said(self.lacking)}"
            )
        if self.is_early:
            return ProgressState("none", "dash", "za mało danych")
        compared = f"{self.said(self.value)} wobec {self.said(self.planned)}"
        if self.pace is None or self.value >= self.planned:
            return ProgressState("ok", "check", f"zgodnie z planem, {compared}")
        if self.pace >= SLOW:
            return ProgressState("watch", "watch", f"wolniej niż plan, {compared}")
        return ProgressState("risk", "risk", f"zagrożony, {compared}")

    @property
    def _reached_on(self):
        day = self.series.reached_on(self.target)
        return f" {as_day(day)}" if day and day <= self.on and not self.supposed else ""

    @property
    def _above(self):
        above = self.value - self.target
        return f", {self.said(above)} ponad cel" if above else ""


WORDS = ["zero", "jeden", "dwa", "trzy", "cztery", "pięć", "sześć", "siedem", "osiem", "dziewięć"]
GENITIVE = ["zera", "jednego", "dwóch", "trzech", "czterech", "pięciu", "sześciu", "siedmiu"]
GENITIVE += ["ośmiu", "dziewięciu"]
NAMED = 3  # named in the sentence; the rest stand in the rows below


@dataclass(frozen=True)
class ProjectVerdict:
    """The first answer of a dashboard: kind and icon as of a state, a sentence, a detail."""

    kind: str
    icon: str
    sentence: str
    detail: str = ""


def verdict(lines: list[Progress]) -> ProjectVerdict:
    """Whether the targets are or will be reached."""
    if not lines:
        return ProjectVerdict("info", "info", "Projekt nie ma jeszcze wskaźników.")
    if lines[0].on < lines[0].period.start:
        return ProjectVerdict("info", "info", "Projekt jeszcze się nie zaczął.")
    targeted = [line for line in lines if line.target is not None]
    if not targeted:
        return ProjectVerdict("info", "info", "Projekt nie ma jeszcze wartości docelowych.")
    missing = [line for line in targeted if not line.is_reached]
    proven = [line for line in targeted if line.is_proven]
    sentence = _reached_of(len(targeted) - len(missing), len(targeted), len(proven))
    if not missing:
        return ProjectVerdict("ok", "check", sentence)
    if missing[0].is_over:
        return ProjectVerdict(
            "watch", "watch", f"{sentence} {_lacking(missing)}", _beyond_sentence(missing)
        )
    return _verdict_before_the_end(sentence, missing)


def _reached_of(reached, total, proven):
    """ "Sześć z siedmiu celów osiągnięto; z pełnym dowodem: cztery." """
    if not reached:
        return f"Nie osiągnięto jeszcze żadnego z {_word(total, GENITIVE)} celów."
    counted = _word(reached, WORDS)
    sentence = f"{counted[:1].upper()}{counted[1:]} z {_word(total, GENITIVE)} celów osiągnięto"
    if reached == total:
        sentence = "Wszystkie cele osiągnięto"
    if proven == reached:
        return f"{sentence}."
    return f"{sentence}; z pełnym dowodem: {_word(proven, WORDS) if proven else 'żaden'}."


def _word(n, words):
    return words[n] if n < len(words) else number(n)


def _lacking(missing):
    """What is missing, in the genitive the verb asks for: "Brakuje 1 podmiotu ..."."""
    parts = [_lacks(line) for line in missing[:NAMED]]
    return f"Brakuje {enumerated(parts)}."


def _beyond_sentence(missing):
    """Those that the sentence has no room for."""
    others = [line.indicator.short_name for line in missing[NAMED:]]
    return f"Nie osiągnięto też: {', '.join(others)}." if others else ""


def _lacks(line):
    singular, plural = line.indicator.lacks.split(",")
    return f"{line.said(line.lacking)} {singular if line.lacking == 1 else plural}"


def _verdict_before_the_end(sentence, missing):
    """Before the end: which targets run behind the plan, the endangered ones first."""
    groups = [
        ("Zagrożone", "risk"),
        ("Wolniej niż plan", "watch"),
        ("Zgodnie z planem", "ok"),
        ("Za mało danych", "none"),
    ]
    named = {kind: [] for _, kind in groups}
    for line in missing:
        named[line.state.kind].append(line)
    worst = next(state for _, kind in groups for state in [line.state for line in named[kind]])
    detail = " ".join(
        f"{words}: {', '.join(line.indicator.short_name for line in named[kind])}."
        for words, kind in groups
        if named[kind]
    )
    return ProjectVerdict(worst.kind, worst.icon, sentence, detail)
