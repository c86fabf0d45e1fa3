"""Part II of the official report: cells typed by hand, and the sums and shares of them.

Sums and shares are computed here and never typed nor stored. An empty cell is not zero: a sum of
nothing but empty cells is empty.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from indicators.models import ReportSource
from owes.folding import sort_key
from owes.formatting import money

Source = ReportSource.Source
GRANT = (Source.GRANT, Source.INTEREST, Source.OTHER_INCOME)
FINANCIAL = (Source.OWN, Source.RECIPIENTS, Source.OTHER_PUBLIC, Source.REMAINING)
IN_KIND = (Source.PERSONAL, Source.MATERIAL)


@dataclass(frozen=True)
class Amounts:
    """What the contract says and what was spent; None where nothing was given."""

    planned: Decimal | None = None
    actual: Decimal | None = None

    def __add__(self, other):
        return Amounts(_sum(self.planned, other.planned), _sum(self.actual, other.actual))

    @property
    def is_empty(self):
        return self.planned is None and self.actual is None


@dataclass(frozen=True)
class CostRow:
    """A row of a printed table; `level` is its depth, a sum has no number."""

    number: str
    name: str
    amounts: Amounts
    level: int = 0

    @property
    def is_sum(self):
        return not self.number


@dataclass(frozen=True)
class Cost:
    """A cost typed in; without an `activity` it is an administrative one."""

    year: int
    activity: str
    name: str
    amounts: Amounts


@dataclass(frozen=True)
class Costs:
    """All of the cells of a report."""

    is_left_to_accounting: bool
    other_public_body: str
    costs: list
    sources: dict

    @classmethod
    def of(cls, report):
        """Of what is saved with the draft; two queries."""
        return cls(
            is_left_to_accounting=report.leaves_costs_to_accounting,
            other_public_body=report.other_public_body,
            costs=[
                Cost(
                    row.year,
                    row.activity.name if row.activity else "",
                    row.name,
                    Amounts(row.planned, row.actual),
                )
                for row in report.costs.select_related("activity")
            ],
            sources={row.source: Amounts(row.planned, row.actual) for row in report.sources.all()},
        )

    @property
    def is_empty(self):
        given = [cost.amounts for cost in self.costs] + list(self.sources.values())
        return all(amounts.is_empty for amounts in given)

    def years(self):
        """`(year, rows)` of each "Rozliczenie wydatków za rok"."""
        ordered = sorted(self.costs, key=lambda cost: cost.year)
        for year, costs in groupby(ordered, lambda cost: cost.year):
            yield year, _rows(list(costs))

    @property
    def total(self):
        return _total(cost.amounts for cost in self.costs)

    def sum_of(self, sources):
        return _total(self.sources.get(source, Amounts()) for source in sources)

    @property
    def paid(self):
        """All that the sources paid: the grant, other money and what was given in kind."""
        return self.sum_of([*GRANT, *FINANCIAL, *IN_KIND])

    def source_rows(self):
        """The rows of the table by source with sums of money, in the order of annex 5."""
        groups = [("Dotacja", GRANT), ("Inne środki finansowe ogółem", FINANCIAL)]
        groups += [("Wkład osobowy i wkład rzeczowy ogółem", IN_KIND)]
        for number, (name, sources) in enumerate(groups, start=1):
            yield CostRow(f"{number}", name, self.sum_of(sources))
            for place, source in enumerate(sources, start=1):
                label, body = Source(source).label, ""
                if source == Source.OTHER_PUBLIC and self.other_public_body:
                    body = f" ({self.other_public_body})"
                given = self.sources.get(source, Amounts())
                yield CostRow(f"{number}.{place}", f"{label}{body}", given, 1)

    def shares(self):
        """`(number, name, share of the contract, share of what was spent)` in percent."""
        grant = self.sources.get(Source.GRANT, Amounts())
        for number, name, part, whole in (
            (
                4,
                "Udział kwoty dotacji w całkowitych kosztach zadania publicznego",
                grant,
                self.total,
            ),
            (
                5,
                "Udział innych środków finansowych w stosunku do otrzymanej kwoty dotacji",
                self.sum_of(FINANCIAL),
                grant,
            ),
            (
                6,
                "Udział wkładu osobowego i wkładu rzeczowego w stosunku do otrzymanej kwoty "
                "dotacji",
                self.sum_of(IN_KIND),
                grant,
            ),
        ):
            yield (
                number,
                name,
                percentage(part.planned, whole.planned),
                percentage(part.actual, whole.actual),
            )

    def mismatches(self):
        """A sentence for each column in which the costs and the sources do not agree (V41)."""
        if self.is_left_to_accounting:
            return
        for column, costs, paid in (
            ("zgodnie z umową", self.total.planned, self.paid.planned),
            ("faktycznie poniesione", self.total.actual, self.paid.actual),
        ):
            costs, paid = costs or Decimal(0), paid or Decimal(0)
            if costs != paid:
                yield (
                    f"Kolumna „{column}”: koszty {money(costs)} zł, źródła {money(paid)} zł, "
                    f"różnica {money(abs(costs - paid))} zł."
                )


def percentage(part, whole):
    """Percent to two places, a half up; None when there is nothing to divide or to divide by."""
    if part is None or not whole:
        return None
    return (part * 100 / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _sum(first, second):
    return first if second is None else (first or Decimal(0)) + second


def _total(amounts):
    return sum(amounts, Amounts())


def _rows(costs):
    """The table of a year: actions with their costs, administration, sums."""
    of_actions = [cost for cost in costs if cost.activity]
    of_actions.sort(key=lambda cost: sort_key(cost.activity))
    of_administration = [cost for cost in costs if not cost.activity]
    rows = [CostRow("I", "Koszty realizacji działań", _total(c.amounts for c in of_actions))]
    groups = groupby(of_actions, lambda cost: cost.activity)
    for place, (name, group) in enumerate(groups, start=1):
        group = list(group)
        rows.append(CostRow(f"I.{place}", name, _total(cost.amounts for cost in group), 1))
        rows += [
            CostRow(f"I.{place}.{number}", cost.name, cost.amounts, 2)
            for number, cost in enumerate((cost for cost in group if cost.name), start=1)
        ]
    rows.append(CostRow("", "Suma kosztów realizacji zadania", rows[0].amounts))
    rows.append(
        CostRow("II", "Koszty administracyjne", _total(c.amounts for c in of_administration))
    )
    rows += [
        CostRow(f"II.{number}", cost.name, cost.amounts, 1)
        for number, cost in enumerate(of_administration, start=1)
    ]
    administration = _total(cost.amounts for cost in of_administration)
    rows.append(CostRow("", "Suma kosztów administracyjnych", administration))
    rows.append(
        CostRow("", "Suma wszystkich kosztów realizacji zadania", _total(c.amounts for c in costs))
    )
    return rows
