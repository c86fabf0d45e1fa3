"""What proves a counted record: verified evidence of the row that decided about it.

A value splits into what is documented and what is not (the field calls it "bez dowodu"), so every
counted record is one or the other. Where the project requires documents of the deciding row, one
of them proves it. Where it requires none, as of asysta, which needs nobody present and so has no
list to sign, any verified document of that row does: a record with nothing to show does not become
proven because nobody asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from indicators.counting.definitions import INDICATORS
from indicators.counting.engine import Indicator
from indicators.counting.row_objects import PROVING, proving_subjects
from owes.periods import Period
from support.models import Project

if TYPE_CHECKING:
    from indicators.scope import Scope

SUBJECTS = [kind.subject for kind in PROVING]


class Proofs:
    """Which deciding rows of a project are proven, read with two queries."""

    def __init__(self, project: Project):
        self._required = project.evidence_requirements.filter(subject__in=SUBJECTS).proven()
        keys = project.evidence.verified().order_by().values_list(*SUBJECTS)
        self._documented = {
            (subject.value, key)
            for row in keys
            for subject, key in zip(SUBJECTS, row, strict=True)
            if key
        }

    def lack(self, row: dict) -> bool:
        """Whether a deciding row (its JSON) has nothing that proves it."""
        subject, key = proving_subjects(row)[0]
        nearest = (subject.value, key)
        return not self._required.get(nearest, nearest in self._documented)


def unproven(
    scope: Scope, period: Period, indicators: Iterable[Indicator] | None = None
) -> dict[str, set[int]]:
    """`{code: keys of the counted records that have no proof}` of the indicators, all by default.

    A query for each indicator, and two.
    """
    proofs = Proofs(scope.project)
    return {
        indicator.code: {
            pk
            for pk, row in indicator.with_deciding_row(scope, indicator.counted(scope, period))
            .order_by()
            .values_list("pk", "deciding_row")
            if proofs.lack(row)
        }
        for indicator in indicators or INDICATORS.values()
    }
