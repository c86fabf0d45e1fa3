"""What an indicator is made of: the counted with what decided, the others with every reason."""

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q

from entities.models import Entity, Person
from indicators.counting.decisions import decisions
from indicators.counting.progress import Progress
from indicators.counting.proofs import unproven
from indicators.records.explanations import explain
from indicators.records.tables import CountedTable, NotCountedTable
from indicators.scope import Scope
from owes.exports import Workbook
from owes.formatting import NOT_GIVEN, moment
from owes.periods import Period
from support.models import Service

NEAREST = "nearest"  # stands among the reasons: exactly one of them, and that one mendable
NO_PROOF = "none"  # the counted that have no verified document
SPLITS = {"powiat": "powiatu", "sex": "płci"}
BATCH = 500  # rows of a file explained at once


@dataclass(frozen=True)
class Asked:
    """What the lists are narrowed to."""

    q: str = ""
    reason: str = ""
    proof: str = ""
    splits: dict = field(default_factory=dict)

    @classmethod
    def by(cls, data, indicator):
        return cls(
            q=data.get("q", "").strip(),
            reason=data.get("reason", ""),
            proof=NO_PROOF if data.get("proof") == NO_PROOF else "",
            splits={name: data[name] for name in indicator.splits if data.get(name)},
        )

    @property
    def query(self):
        found = {"q": self.q, "reason": self.reason, "proof": self.proof} | self.splits
        return {name: value for name, value in found.items() if value}


@dataclass
class Composition:
    """The two lists of an indicator in a period, as the user may see them."""

    line: Progress
    scope: Scope
    period: Period
    asked: Asked
    user: object

    @property
    def indicator(self):
        return self.line.indicator

    @property
    def value(self):
        return self.line.series.within(self.period)

    @property
    def rule(self):
        return self.indicator.rule_in(self.scope)

    @property
    def others_count(self):
        return self.line.candidates - self.value

    @property
    def model(self):
        return self.indicator.candidates(self.scope).model

    @cached_property
    def unproven(self):
        """Keys of the counted that have no proof."""
        return unproven(self.scope, self.period, [self.indicator])[self.indicator.code]

    def counted(self):
        records = self.indicator.counted(self.scope, self.period)
        records = self._narrowed(records, self.indicator.evidence.of_deciding)
        if self.asked.proof:
            records = records.filter(pk__in=self.unproven)
        for name, value in self.asked.splits.items():
            label = self.indicator.splits[name](self.indicator, self.scope)
            labelled = records.annotate(**{f"in_{name}": label})
            wanted = None if value == NOT_GIVEN else value
            records = labelled.filter(**{f"in_{name}": wanted})
        return records

    @cached_property
    def judgements(self):
        """Of all that are not counted; the lists and the counts of reasons are made of it."""
        records = self.indicator.not_counted(self.scope, self.period)
        records = self._narrowed(records, self.indicator.evidence.of_furthest)
        return self.indicator.judgements(records)

    @cached_property
    def near(self):
        return self.indicator.near(self.scope, self.judgements)

    @cached_property
    def reasons(self):
        """`{code: (sentence, those not counted for it)}`, the most frequent first."""
        found = self.indicator.by_reason(self.scope, self.judgements, self.period)
        return dict(sorted(found.items(), key=lambda item: -len(item[1][1])))

    def not_counted(self):
        """Those that the reason asked for leaves, the easiest to mend first."""
        near = set(self.near)
        if self.asked.reason == NEAREST:
            wanted = near
        else:
            _, wanted = self.reasons.get(self.asked.reason, ("", self.judgements))
        return sorted(wanted, key=lambda one: (one not in near, one.code))

    def _narrowed(self, records, of_row):
        """By the text asked for: of the record, or of the row of evidence shown with it."""
        if self.model is Entity:
            records = records.select_related("seat")
        if not self.asked.q:
            return records
        found = Q(pk__in=self._called().values("pk"))
        for name, rows in self._shown():
            if name in self.indicator.evidence.details and rows.exists():
                records = records.annotate(**{f"by_{name}": of_row(self.scope, name)})
                found |= Q(**{f"by_{name}__in": rows.values("pk")})
        return records.filter(found)

    def _called(self):
        """A name finds nobody for those who may not read names."""
        if self.model is Person and not self.user.has_perm("entities.see_names"):
            return Person.objects.filter(code__icontains=self.asked.q)
        return self.model.objects.search(self.asked.q)

    def _shown(self):
        """`(detail of evidence, what of it the text finds)`, of what the user may see."""
        project, text = self.scope.project, self.asked.q
        services = project.services.search(text)
        if not self.user.has_perm("support.add_record", project):
            services = services.filter(state=Service.State.APPROVED)
        yield "service", services
        yield "adoption", project.adoptions.search(text)
        yield "partnership", project.partnerships.search(text)
        if self.model is Person:
            yield "entity", Entity.objects.search(text)

    def splits(self):
        """`(name, words, [(label, how many)])` of each split of the counted, the most first."""
        found = []
        for name in self.indicator.splits:
            parts = self.indicator.split(self.scope, name, self.period).items()
            found.append((name, SPLITS[name], sorted(parts, key=lambda part: -part[1])))
        return found

    def narrowed(self):
        """`(name, words, value)` of each split the counted are narrowed to."""
        return [(name, SPLITS[name], value) for name, value in self.asked.splits.items()]

    def tables(self):
        """The two lists, empty of details."""
        shared = {"model": self.model, "project": self.scope.project, "user": self.user}
        counted = CountedTable(
            self.counted(), order_by="-counted_on", attrs={"id": "zaliczone"}, **shared
        )
        others = NotCountedTable(
            self.not_counted(), prefix="n-", attrs={"id": "niezaliczone"}, **shared
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

    def workbook(self, tables, made_at):
        """Both lists whole, as the filters leave them, with what was asked."""
        book = Workbook()
        for table, look_up in zip(tables, [self.decisions, self.explanations], strict=True):
            header, *rows = self.whole(table, look_up)
            book.sheet(table.caption, header, rows)
        book.parameters(self.parameters(made_at))
        return book.bytes()

    def whole(self, table, look_up):
        """The head and every row of a list, all its pages, with the details looked up."""
        found = list(table.data)
        for start in range(0, len(found), BATCH):
            table.details |= look_up(found[start : start + BATCH])
        return table.file_rows()
