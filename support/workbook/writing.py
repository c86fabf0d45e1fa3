"""Rows of models created, updated and deleted in batches, each with its history.

Rows are dicts of one shape, `{column: value}`; `key` lists the columns by which a row is known.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from owes.models import Searchable, User

T = TypeVar("T")

BATCH = 500
EMPTY = ("", None)


def batches(items: Iterable[T]) -> Iterator[list[T]]:
    items = iter(items)
    while batch := list(islice(items, BATCH)):
        yield batch


@dataclass
class Upserted:
    """What `Writer.upsert` did, by keys: a plain value of a key of one column, else a tuple.

    `ids` has the primary key of every row, also of those left as they were.
    """

    ids: dict = field(default_factory=dict)
    created: set = field(default_factory=set)
    changed: set = field(default_factory=set)


class WrittenRow(NamedTuple):
    """What became of a row: `created`, `changed`, `unchanged` or `deleted`.

    `old` are its columns before, None of a new one; `new` those of the file, None of one deleted.
    Columns that the file does not have are in neither.
    """

    model: type[Model]
    pk: int
    outcome: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None


class Synced(NamedTuple):
    """What `Writer.sync` did: rows by what became of them, and the parents of those that moved."""

    counts: Counter
    parents: set


class Writer:
    """Writes rows of any model with one reason, person and moment in their history.

    One that `keeps_filled` leaves a value where the row to be written has none, one that
    `keeps_others` leaves children that are not among those to be written. `emptied` are the values
    that empty ones took away, or would have taken: model, key of the row, column, value.
    `written` tells of every row in turn.
    """

    def __init__(
        self,
        reason: str,
        *,
        by: User | None = None,
        keeps_filled: bool = False,
        keeps_others: bool = False,
    ) -> None:
        self.reason, self.by = reason, by
        self.keeps_filled = keeps_filled
        self.keeps_others = keeps_others
        self.emptied: list[tuple[type[Model], Any, str, Any]] = []
        self.written: list[WrittenRow] = []
        self.moment = timezone.now()
        self.models: set[type[Model]] = set()

    def create(self, records: list[Any]) -> list[Any]:
        records = _with_search(records)
        self.models.add(type(records[0]))
        return bulk_create_with_history(records, type(records[0]), BATCH, **self._history())

    def update(self, records: list[Any], fields: list[str]) -> None:
        records = _with_search(records)
        model = type(records[0])
        if issubclass(model, Searchable):
            fields = [*fields, "search_text", "sort_key"]
        bulk_update_with_history(records, model, fields, BATCH, **self._history())

    def delete(self, queryset: QuerySet) -> int:
        """Deletes rows that nothing points at; answers how many.

        `QuerySet.delete` would send a signal and write history for each row alone.
        """
        History = queryset.model.history.model
        names = [tracked.attname for tracked in History.tracked_fields]
        pks = list(queryset.values_list("pk", flat=True))
        for batch in batches(pks):
            rows = queryset.model.objects.filter(pk__in=batch)
            History.objects.bulk_create(
                History(
                    history_date=self.moment,
                    history_change_reason=self.reason,
                    history_user=self.by,
                    history_type="-",
                    **values,
                )
                for values in rows.values(*names)
            )
            rows._raw_delete(rows.db)
        return len(pks)

    def _history(self) -> dict[str, Any]:
        return {
            "default_change_reason": self.reason,
            "default_date": self.moment,
            "default_user": self.by,
        }

    def upsert(
        self,
        existing: QuerySet,
        key: Sequence[str],
        rows: Iterable[dict[str, Any]],
        skip: Collection[str] = (),
        **constants: Any,
    ) -> Upserted:
        """Creates and updates the rows; those of `existing` that are not among them stay.

        Columns of `skip` are left as they are, and empty in a new row. `constants` are further
        columns of every new row.
        """
        key_of = itemgetter(*key)
        wanted = {key_of(row): _without(row, set(skip).difference(key)) for row in rows}
        columns = next(iter(wanted.values()), key)
        upserted, known = Upserted(), {}
        for row in existing.values("pk", *columns).iterator(chunk_size=2000):
            pk, row_key = row.pop("pk"), key_of(row)
            if row_key in wanted:
                upserted.ids[row_key], known[row_key] = pk, row
                self._notice_emptied(existing.model, row_key, row, wanted[row_key])
                if row != wanted[row_key]:
                    upserted.changed.add(row_key)
        for batch in batches([row_key for row_key in wanted if row_key not in upserted.ids]):
            new = [existing.model(**constants, **wanted[row_key]) for row_key in batch]
            for row_key, record in zip(batch, self.create(new), strict=True):
                upserted.ids[row_key] = record.pk
                upserted.created.add(row_key)
        for batch in batches(upserted.changed):
            self._change(
                existing,
                {upserted.ids[row_key]: _without(wanted[row_key], key) for row_key in batch},
            )
        for row_key, row in wanted.items():
            is_known = "changed" if row_key in upserted.changed else "unchanged"
            outcome = is_known if row_key in known else "created"
            pk, old = upserted.ids[row_key], known.get(row_key)
            self.written.append(WrittenRow(existing.model, pk, outcome, old, row))
        return upserted

    def _notice_emptied(
        self, model: type[Model], key: Any, row: dict[str, Any], wanted: dict[str, Any]
    ) -> None:
        for column, value in row.items():
            if wanted[column] in EMPTY and value not in EMPTY:
                self.emptied.append((model, key, column, value))
                if self.keeps_filled:
                    wanted[column] = value

    def _change(self, existing: QuerySet, values_by_pk: dict[int, dict[str, Any]]) -> None:
        records = list(existing.filter(pk__in=values_by_pk))
        for record in records:
            for name, value in values_by_pk[record.pk].items():
                setattr(record, name, value)
        self.update(records, list(next(iter(values_by_pk.values()))))

    def sync_children(
        self,
        existing: QuerySet,
        parents: Iterable[int],
        key: Sequence[str],
        rows: Iterable[dict[str, Any]],
        before_delete: Callable[[list[int]], None] | None = None,
    ) -> Synced:
        """As `sync`, for the children of the parents, some parents at a time."""
        by_parent: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            by_parent[row[key[0]]].append(row)
        counts: Counter[str] = Counter()
        moved: set[int] = set()
        for batch in batches(parents):
            children = existing.filter(**{f"{key[0]}__in": batch})
            wanted = [row for parent in batch for row in by_parent[parent]]
            synced = self.sync(children, key, wanted, before_delete)
            counts += synced.counts
            moved |= synced.parents
        return Synced(counts, moved)

    def sync(
        self,
        existing: QuerySet,
        key: Sequence[str],
        rows: list[dict[str, Any]],
        before_delete: Callable[[list[int]], None] | None = None,
    ) -> Synced:
        """Makes `existing` hold exactly the rows.

        Equal rows stay untouched, a row with an equal key is updated, the others are deleted,
        unless they are to be kept; `before_delete` is called with the primary keys of those
        deleted. The first column of the key is the parent.
        """
        model, parent = existing.model, key[0]
        columns = list(rows[0]) if rows else key
        key_of, content_of = itemgetter(*key), itemgetter(*columns)
        wanted = {content_of(row): row for row in rows}
        counts: Counter[str] = Counter()
        unmatched: dict[Any, list[int]] = defaultdict(list)
        known: dict[int, dict[str, Any]] = {}
        parents: set[int] = set()
        for row in existing.order_by("pk").values("pk", *columns):
            pk = row.pop("pk")
            if same := wanted.pop(content_of(row), None):
                counts["unchanged"] += 1
                self.written.append(WrittenRow(model, pk, "unchanged", row, same))
            else:
                known[pk] = row
                unmatched[key_of(row)].append(pk)
                if not self.keeps_others:
                    parents.add(row[parent])
        changed, new = {}, []
        for row in wanted.values():
            parents.add(row[parent])
            if same_key := unmatched.get(key_of(row)):
                pk = same_key.pop(0)
                changed[pk] = _without(row, key)
                self.written.append(WrittenRow(model, pk, "changed", known[pk], row))
            else:
                new.append(row)
        to_delete = [pk for pks in unmatched.values() for pk in pks]
        if to_delete and not self.keeps_others:
            if before_delete:
                before_delete(to_delete)
            counts["deleted"] += self.delete(model.objects.filter(pk__in=to_delete))
            self.written += [WrittenRow(model, pk, "deleted", known[pk], None) for pk in to_delete]
        if changed:
            self._change(model.objects.all(), changed)
        if new:
            created = self.create([model(**row) for row in new])
            self.written += [
                WrittenRow(model, record.pk, "created", None, row)
                for record, row in zip(created, new, strict=True)
            ]
        counts["changed"] += len(changed)
        counts["created"] += len(new)
        return Synced(counts, parents)


def _without(row: dict[str, Any], columns: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in columns}


def _with_search(records: list[Any]) -> list[Any]:
    for record in records:
        if isinstance(record, Searchable):
            record.fill_search()
    return records
