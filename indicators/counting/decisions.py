"""What made a counted record count: the objects of its deciding row."""

from dataclasses import dataclass

from indicators.counting.rows import SourceRows


@dataclass(frozen=True)
class What:
    """A row that decided; `view` is its list in the project, when it has no page of its own."""

    row: object
    text: str
    view: str | None = None


@dataclass(frozen=True)
class Decision:
    """The objects of a deciding row; those it does not name are None."""

    service: object
    entity: object
    adoption: object
    partnership: object
    training: object

    @classmethod
    def of(cls, row, rows):
        return cls(
            service=rows.service(row),
            entity=rows.entity(row),
            adoption=rows.adoption(row),
            partnership=rows.partnership(row),
            training=rows.training(row),
        )

    @property
    def advisers(self):
        return [str(member) for member in self.service.advisers.all()] if self.service else []

    @property
    def deciding(self):
        """The nearest row that decided: the one to be proven."""
        return self.adoption or self.partnership or self.training or self.service

    def told(self):
        """`(what, code, kind, words)` of each row that decided, the nearest one first."""
        found = []
        if row := self.adoption:
            what = What(row, row.code, "adoption_list")
            found.append((what, row.code, f"wdrożenie {row.get_kind_display()}", row.description))
        if row := self.partnership:
            what = What(row, row.code, "partnership_list")
            found.append((what, row.code, row.get_kind_display(), row.document_number))
        if row := self.training:
            what = What(row, row.topic, "staff_list")
            found.append((what, row.topic, "", row.organiser))
        if row := self.service:
            what = What(row, row.code)
            found.append((what, row.printed_number, str(row.type), row.topic))
        return found


def decisions(indicator, scope, keys):
    """`{key: Decision}` of counted records: a fixed number of queries."""
    records = indicator.candidates(scope).filter(pk__in=keys)
    deciding = dict(indicator.with_deciding(scope, records).values_list("pk", "deciding"))
    rows = SourceRows.of(deciding.values())
    return {key: Decision.of(row, rows) for key, row in deciding.items()}
