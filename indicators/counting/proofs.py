"""What proves a counted record: verified evidence of the row that decided about it.

A value splits into what is documented and what is not (the field calls it "bez dowodu"), so every
counted record is one or the other. Where the project requires documents of the deciding row, one
of them proves it. Where it requires none, as of asysta, which needs nobody present and so has no
list to sign, any verified document of that row does: what has nothing to show is not proven by
nobody having asked.
"""

from indicators.counting.definitions import INDICATORS
from support.models import Subject

# What a row of evidence names, the nearest to the count first: an adoption proves more than the
# service that led to it.
PROVING = [
    ("adoption", Subject.ADOPTION),
    ("partnership", Subject.PARTNERSHIP),
    ("training", Subject.STAFF_TRAINING),
    ("service", Subject.SERVICE),
]
SUBJECTS = [subject for _, subject in PROVING]


def first_proving(row):
    """`(subject, key)` of what a deciding row (its JSON) asks proof of."""
    return next((subject.value, row[name]) for name, subject in PROVING if row.get(name))


class Proofs:
    """Which deciding rows of a project are proven, read with two queries."""

    def __init__(self, project):
        self._required = project.evidence_requirements.filter(subject__in=SUBJECTS).proven()
        keys = project.evidence.verified().order_by().values_list(*SUBJECTS)
        self._documented = {
            (subject.value, key)
            for row in keys
            for subject, key in zip(SUBJECTS, row, strict=True)
            if key
        }

    def lack(self, row):
        """Whether a deciding row (its JSON) has nothing that proves it."""
        key = first_proving(row)
        return not self._required.get(key, key in self._documented)


def unproven(scope, period, indicators=None):
    """`{code: keys of the counted records that have no proof}` of the indicators, all by default.

    A query for each indicator, and two.
    """
    proofs = Proofs(scope.project)
    return {
        indicator.code: {
            pk
            for pk, row in indicator.with_deciding(scope, indicator.counted(scope, period))
            .order_by()
            .values_list("pk", "deciding")
            if proofs.lack(row)
        }
        for indicator in indicators or INDICATORS.values()
    }
