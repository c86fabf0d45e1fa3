"""What a trial control says: what is left of each indicator, and a few sentences."""

from dataclasses import dataclass

from indicators.counting.engine import Indicator
from owes.formatting import plural, plural_form

ALL_IN_DOUBT = (
    "Gdyby odpadł każdy zapis, o którym zdecydowało to, co wadliwe, cel nie byłby osiągnięty"
)


@dataclass(frozen=True)
class IndicatorOutcome:
    """An indicator in a trial control: what was counted, the sample, and what falls out.

    `in_doubt` are the codes of all that depend on something faulty, also outside the sample: a
    service whose card is missing puts in doubt every record that it decided. `lost` are those of
    them that nothing else proves; None in a control of before that was counted.
    """

    indicator: Indicator
    target: int | None
    counted: int
    records: list
    in_doubt: list
    lost: list | None
    adds: dict | None = None  # of a sum: what each record adds, by code
    unit: str = ""

    @property
    def undoubted(self):
        """How many would be left if all in doubt fell out."""
        return self.counted - self._added(self.in_doubt)

    def _added(self, codes):
        return len(codes) if self.adds is None else sum(self.adds[code] for code in codes)

    @property
    def proved(self):
        """How many are left without the faulty evidence; None where that was not counted."""
        return None if self.lost is None else self.counted - self._added(self.lost)

    @property
    def remaining(self):
        return self.undoubted if self.proved is None else self.proved

    @property
    def margin(self):
        """How many records are left above the target; negative below it, None without a target."""
        return None if self.target is None else self.remaining - self.target

    @property
    def missing(self):
        return max(0, -(self.margin or 0))

    @property
    def is_lost(self):
        """Whether the target was reached and is no more."""
        return bool(self.missing) and not self.was_missing

    @property
    def may_be_lost(self):
        """Whether the target stands only on records in doubt, which something else proves."""
        return self.target is not None and self.undoubted < self.target <= self.remaining

    @property
    def was_missing(self):
        """Whether the target was not reached even with the faulty records."""
        return self.target is not None and self.counted < self.target

    @property
    def faulty(self):
        return [record for record in self.records if record.is_faulty]

    @property
    def checked(self):
        """Those of which every paper has an outcome."""
        return [record for record in self.records if record.is_checked]

    @property
    def partly_checked(self):
        """Those of which some papers have an outcome and some wait."""
        return [record for record in self.records if record.is_partly_checked]


def outcomes_of(control):
    """`IndicatorOutcome` of each indicator counted, in the order of the contract: two queries."""
    records = list(control.records.prefetch_related("documents"))
    faults = {
        document.proves
        for record in records
        for document in record.documents.all()
        if document.is_faulty
    }
    in_doubt = control.in_doubt(faults)
    return [
        IndicatorOutcome(
            indicator=indicator,
            target=counted["target"],
            counted=sum(counted["adds"].values())
            if "adds" in counted
            else len(counted["records"]),
            adds=counted.get("adds"),
            unit=counted.get("unit", ""),
            records=[record for record in records if record.indicator == indicator.code],
            in_doubt=list(in_doubt[indicator.code]),
            lost=control.lost.get(indicator.code, []) if control.recounted_at else None,
        )
        for indicator in control.project.indicators.all()
        if (counted := control.counted.get(indicator.code))
    ]


def summary(outcomes):
    """The outcome of a trial control, in a few sentences."""
    records = [record for outcome in outcomes for record in outcome.records]
    faulty = sum(record.is_faulty for record in records)
    waiting = sum(not record.is_checked for record in records)
    sentences = [
        f"Wylosowano {plural(len(records), 'zapis,zapisy,zapisów')}, "
        f"z wadą {plural_form(faulty, 'jest,są,jest')} {faulty}."
    ]
    if waiting:
        begun = sum(record.is_partly_checked for record in records)
        of_them = f", w tym {begun} zaczęto" if begun else ""
        words = plural(waiting, "zapis czeka,zapisy czekają,zapisów czeka")
        sentences.append(f"{words} na wynik choć jednego dokumentu{of_them}.")
    lacking = [outcome.indicator.label for outcome in outcomes if outcome.was_missing]
    lost = [outcome.indicator.label for outcome in outcomes if outcome.is_lost]
    in_doubt = [outcome.indicator.label for outcome in outcomes if outcome.may_be_lost]
    if lost:
        sentences.append(f"Bez tego, co wadliwe, cel nie jest osiągnięty: {', '.join(lost)}.")
    elif faulty:
        sentences.append("To, co wadliwe, nie odbiera żadnego osiągniętego celu.")
    if in_doubt:
        sentences.append(f"{ALL_IN_DOUBT}: {', '.join(in_doubt)}.")
    if lacking:
        sentences.append(f"Celu nie osiągnięto i z tymi zapisami: {', '.join(lacking)}.")
    return " ".join(sentences)
