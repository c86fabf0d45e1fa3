"""What proves a counted record: verified evidence of the row that decided about it."""

from indicators.definitions import INDICATORS
from support.models import Subject

# What a row of evidence names, the nearest to the count first: an adoption proves more than the
# service that led to it.
NEAREST = [
    ("adoption", Subject.ADOPTION),
    ("partnership", Subject.PARTNERSHIP),
    ("training", Subject.STAFF_TRAINING),
    ("service", Subject.SERVICE),
]


def nearest(row):
    """`(subject, key)` of what a deciding row (its JSON) asks proof of."""
    return next((subject.value, row[name]) for name, subject in NEAREST if row.get(name))


def lacking(project):
    """`{(subject, key)}` of what decides and has none of the documents required of it; a query."""
    subjects = [subject for _, subject in NEAREST]
    return project.evidence_requirements.filter(subject__in=subjects).unproven()


def unproven(scope, period, indicators=None):
    """`{code: keys of the counted records that have no proof}` of the indicators, all by default.

    No proof: none of the documents that the project requires of the row that decided is there and
    verified. A query for each indicator, and two.
    """
    bare = lacking(scope.project)
    return {
        indicator.code: {
            pk
            for pk, row in indicator.with_deciding(scope, indicator.counted(scope, period))
            .order_by()
            .values_list("pk", "deciding")
            if nearest(row) in bare
        }
        for indicator in indicators or INDICATORS.values()
    }
