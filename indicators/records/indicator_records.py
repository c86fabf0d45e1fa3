"""The records of one indicator: the counted with what decided, the others with every reason."""

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from entities.models import Entity, Person
from indicators.counting.decisions import decisions, unproven
from indicators.counting.engine import Assessment
from indicators.counting.progress import Progress
from indicators.counting.row_objects import ADOPTION, ENTITY, PARTNERSHIP, SERVICE
from indicators.counting.scope import Scope
from indicators.counting.store import kept
from indicators.records.explanations import explain
from indicators.records.tables import CountedTable, NotCountedTable
from owes.exports import Workbook
from owes.formatting import moment
from owes.periods import Period
from support.models import Service

NEAREST = "nearest"  # a choice among the reasons: exactly one of them, and that one mendable
OUTSIDE = "yes"  # of the register, with nothing in the project
NO_PROOF = "none"  # the counted that have no verified document
SPLITS = {"powiat": "powiatu", "sex": "płci", "activity": "działania"}


@dataclass(frozen=True)
class RecordSelection:
    """What the lists are narrowed to."""

    q: str = ""
    reason: str = ""
    proof: str = ""
    outside: str = ""
    splits: dict = field(default_factory=dict)

    @classmethod
    def of(cls, data, indicator):
        return cls(
            q=data.get("q", "").strip(),
            reason=data.get("reason", ""),
            proof=NO_PROOF if data.get("proof") == NO_PROOF else "",
            outside=OUTSIDE if data.get("outside") == OUTSIDE else "",
            splits={name: data[name] for name in indicator.splits if data.get(name)},
        )

    @property
    def is_narrowed(self):
        """Beyond what the form of filters shows."""
        return bool(self.splits or self.proof or self.outside)

    @property
    def query(self):
        values = {"q": self.q, "reason": self.reason, "proof": self.proof}
        values |= {"outside": self.outside} | self.splits
        return {name: value for name, value in values.items() if value}


@dataclass
class IndicatorRecords:
    """The two lists of an indicator in a period, as the user may see them."""

    line: Progress
    scope: Scope
    period: Period
    asked: RecordSelection
    user: object

    @property
    def indicator(self):
        return self.line.indicator

    @property
    def value(self):
        return self.line.series.within(self.period)

    @property
    def counted_count(self):
        return self.line.counted_in(self.period)

    @property
    def rule(self):
        return self.indicator.rule

    @property
    def others_count(self):
        return self.line.candidates - self.counted_count

    @cached_property
    def outside_count(self):
        """Candidates of the register that the project has nothing of: no row, no joining."""
        return self.indicator.candidates(self.scope).count() - self.line.candidates

    @property
    def outside_words(self):
        return self.indicator.composition.base.outside

    @property
    def model(self):
        return self.indicator.model

    @cached_property
    def unproven(self):
        """Keys of the counted that have no proof."""
        return unproven(self.scope, self.period)[self.indicator.code]

    def counted(self):
        records = self._search(self.indicator.counted(self.scope, self.period))
        if self.asked.proof:
            records = records.filter(pk__in=self.unproven)
        if self.asked.splits:
            labels = {f"labels__{name}": value for name, value in self.asked.splits.items()}
            labelled = kept(self.scope, self.indicator).filter(**labels)
            records = records.filter(pk__in=labelled.values("candidate"))
        return records

    @cached_property
    def assessments(self):
        """Of those not counted; the lists and the counts of reasons are made of it.

        They are of the project, or of the register beside it where that is asked for.
        """
        judged = kept(self.scope, self.indicator)
        if self.asked.outside:
            records = self.indicator.not_counted(self.scope, self.period)
            records = records.exclude(pk__in=judged.values("candidate"))
            return self.indicator.assessments(self._search(records))
        others = judged.not_counted_in(self.period)
        records = self.indicator.records().filter(pk__in=others.values("candidate"))
        sort_keys = dict(self._search(records).values_list("pk", "sort_key"))
        return [
            Assessment(
                judgement.candidate,
                judgement.code,
                sort_keys[judgement.candidate],
                judgement.failed,
                judgement.passed,
                judgement.counted_on,
            )
            for judgement in others.bare()
            if judgement.candidate in sort_keys
        ]

    @cached_property
    def near(self):
        return self.indicator.nearest(self.scope, self.assessments)

    @cached_property
    def reasons(self):
        """`{code: (sentence, those not counted for it)}`, the most frequent first."""
        by_code = self.indicator.by_reason(self.scope, self.assessments, self.period)
        return dict(sorted(by_code.items(), key=lambda item: -len(item[1][1])))

    def not_counted(self):
        """Those that the reason asked for leaves, the easiest to mend first."""
        near = set(self.near)
        if self.asked.reason == NEAREST:
            wanted = near
        else:
            _, wanted = self.reasons.get(self.asked.reason, ("", self.assessments))
        return sorted(wanted, key=lambda candidate: (candidate not in near, candidate.code))

    def _search(self, records):
        """Those that the text finds: in the record, or in the row that is shown with it."""
        if self.model is Entity:
            records = records.select_related("seat")
        if not self.asked.q:
            return records
        matches = Q(pk__in=self._records_by_text().values("pk"))
        for name, rows in self._details_by_text():
            if name in self.indicator.counting_source.details and rows.exists():
                judged = kept(self.scope, self.indicator).naming(name, rows.values("pk"))
                matches |= Q(pk__in=judged.values("candidate"))
        return records.filter(matches)

    def _records_by_text(self):
        """A name finds nobody for those who may not read names."""
        if self.model is Person and not self.user.has_perm("entities.see_names"):
            return Person.objects.filter(code__icontains=self.asked.q)
        return self.indicator.records().search(self.asked.q)

    def _details_by_text(self):
        """`(name of a detail of rows, objects that the text finds)`, of what the user may see."""
        project, text = self.scope.project, self.asked.q
        services = project.services.search(text)
        if not self.user.has_perm("support.add_record", project):
            services = services.filter(state=Service.State.APPROVED)
        yield SERVICE.name, services
        yield ADOPTION.name, project.adoptions.search(text)
        yield PARTNERSHIP.name, project.partnerships.search(text)
        if self.model is Person:
            yield ENTITY.name, Entity.objects.search(text)

    def splits(self):
        """`(name, words, [(label, how many)])` of each split of the counted, the most first."""
        splits = []
        for name in self.indicator.splits:
            parts = self.indicator.split(self.scope, name, self.period).items()
            splits.append((name, SPLITS[name], sorted(parts, key=lambda part: -part[1])))
        return splits

    def narrowed(self):
        """`(name, words, value)` of each split the counted are narrowed to."""
        return [(name, SPLITS[name], value) for name, value in self.asked.splits.items()]

    def tables(self):
        """The two lists, empty of details."""
        shared = {"indicator": self.indicator, "project": self.scope.project, "user": self.user}
        counted = CountedTable(
            self.counted(),
            order_by="-counted_on",
            attrs={"id": "zaliczone"},
            look_up=self.decisions,
            **shared,
        )
        others = NotCountedTable(
            self.not_counted(),
            prefix="n-",
            attrs={"id": "niezaliczone"},
            look_up=self.explanations,
            **shared,
        )
        return counted, others

    def decisions(self, rows):
        return decisions(self.indicator, self.scope, [row.pk for row in rows])

    def explanations(self, rows):
        keys = [row.pk for row in rows]
        return explain(self.indicator, self.scope, keys, self.period, self.user)

    def parameters(self, made_at):
        """What a file of the lists is: pairs for its sheet "Parametry"."""
        reason, _ = self.reasons.get(self.asked.reason, ("", []))
        if self.asked.reason == NEAREST:
            reason = "brakuje jednego warunku"
        return [
            ("Wskaźnik", self.indicator.name),
            ("Reguła", self.rule),
            ("Projekt", self.scope.project.name),
            ("Zaliczone od", self.period.start),
            ("Zaliczone do", self.period.end),
            ("Szukano", self.asked.q),
            *((f"Zaliczone według {words}", value) for _, words, value in self.narrowed()),
            *([("Zaliczone", "bez dowodu")] if self.asked.proof else []),
            ("Powód niezaliczenia", reason),
            ("Sporządzono", moment(made_at)),
            ("Kto", str(self.user)),
        ]

    def write_workbook(self, tables, file, progress):
        """Both lists whole, as the filters leave them, with what was asked."""
        book = Workbook(to=file)
        for table in tables:
            rows = table.file_rows(progress)
            book.sheet(table.caption, next(rows), rows)
        book.parameters(self.parameters(timezone.now()))
        book.close()
