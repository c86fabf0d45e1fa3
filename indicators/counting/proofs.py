"""What proves a counted record: verified evidence of the row that decided about it.

A value splits into what is documented and what is not (the field calls it "bez dowodu"), so every
counted record is one or the other. Where the project requires documents of the deciding row, one
of them proves it. Where it requires none, as of asysta, which needs nobody present and so has no
list to sign, any verified document of that row does: a record with nothing to show does not become
proven because nobody asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from indicators.counting.row_objects import PROVING, proving_subjects
from support.models import Project, Subject

SUBJECTS = [kind.subject for kind in PROVING]


class Proofs:
    """Which deciding rows are proven, of those asked about: at most three queries."""

    def __init__(
        self, required: dict[tuple[str, int], bool], documented: set[tuple[str, int]]
    ) -> None:
        self._required, self._documented = required, documented

    @classmethod
    def of(cls, project: Project, rows: Iterable[dict[str, Any]]) -> Proofs:
        """Of rows as JSON."""
        keys: dict[Subject, set[int]] = {}
        for row in rows:
            subject, key = proving_subjects(row)[0]
            keys.setdefault(subject, set()).add(key)
        if not keys:
            return cls({}, set())
        required = project.evidence_requirements.proven(keys)
        asked = Q()
        for subject, own in keys.items():
            asked |= Q(**{f"{subject.value}__in": own})
        files = project.evidence.verified().filter(asked).order_by().values_list(*SUBJECTS)
        documented = {
            (subject.value, key)
            for row in files
            for subject, key in zip(SUBJECTS, row, strict=True)
            if key
        }
        return cls(required, documented)

    def lack(self, row: dict[str, Any]) -> bool:
        """Whether a deciding row (its JSON) has nothing that proves it."""
        subject, key = proving_subjects(row)[0]
        nearest = (subject.value, key)
        return not self._required.get(nearest, nearest in self._documented)
