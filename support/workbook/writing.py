"""Rows brought to what they should be, in batches, each with its history."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import islice

from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from owes.models import Searchable

BATCH = 500


def batches(items):
    items = iter(items)
    while batch := list(islice(items, BATCH)):
        yield batch


@dataclass
class Brought:
    """What became of rows: their keys by fate, and the primary key of each that is there."""

    ids: dict = field(default_factory=dict)
    created: set = field(default_factory=set)
    changed: set = field(default_factory=set)


class Writer:
    """Writes rows of any model with one reason and one moment in their history."""

    def __init__(self, reason):
        self.reason = reason
        self.moment = timezone.now()
        self.models = set()

    def create(self, rows):
        rows = _with_search(rows)
        self.models.add(type(rows[0]))
        return bulk_create_with_history(rows, type(rows[0]), BATCH, **self._history())

    def update(self, rows, fields):
        rows = _with_search(rows)
        model = type(rows[0])
        if issubclass(model, Searchable):
            fields = [*fields, "search_text", "sort_key"]
        bulk_update_with_history(rows, model, fields, BATCH, **self._history())

    def delete(self, queryset):
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
                    history_type="-",
                    **values,
                )
                for values in rows.values(*names)
            )
            rows._raw_delete(rows.db)
        return len(pks)

    def _history(self):
        return {"default_change_reason": self.reason, "default_date": self.moment}

    def bring(self, existing, key, fields, wanted, kept=(), **constants):
        """Creates and updates rows of a model to `{key: values}`; other rows stay.

        `existing` are the rows to look among, `key` and `fields` name columns, `constants` are
        what every new row has besides. Columns `kept` are left as they are, empty in a new row.
        """
        model = existing.model
        if kept:
            places = [place for place, name in enumerate(fields) if name not in kept]
            fields = [fields[place] for place in places]
            wanted = {
                found: tuple(values[place] for place in places) for found, values in wanted.items()
            }
        brought = Brought()
        rows = existing.values_list("pk", *key, *fields)
        for pk, *values in rows.iterator(chunk_size=2000):
            found = tuple(values[: len(key)])
            if found in wanted:
                brought.ids[found] = pk
                if tuple(values[len(key) :]) != wanted[found]:
                    brought.changed.add(found)
        for batch in batches([found for found in wanted if found not in brought.ids]):
            new = [
                model(
                    **constants,
                    **dict(zip(key, found, strict=True)),
                    **dict(zip(fields, wanted[found], strict=True)),
                )
                for found in batch
            ]
            for found, row in zip(batch, self.create(new), strict=True):
                brought.ids[found] = row.pk
                brought.created.add(found)
        for batch in batches(brought.changed):
            self._change(existing, {brought.ids[found]: wanted[found] for found in batch}, fields)
        return brought

    def _change(self, existing, values_by_pk, fields):
        rows = list(existing.filter(pk__in=values_by_pk))
        for row in rows:
            for name, value in zip(fields, values_by_pk[row.pk], strict=True):
                setattr(row, name, value)
        self.update(rows, fields)

    def bring_children(self, existing, parents, key, fields, wanted, before_delete=None):
        """As `bring_all`, for the children of the parents, some parents at a time."""
        by_parent = defaultdict(list)
        for values in wanted:
            by_parent[values[0]].append(values)
        fates, touched = Counter(), set()
        for batch in batches(parents):
            children = existing.filter(**{f"{key[0]}__in": batch})
            values = [child for parent in batch for child in by_parent[parent]]
            found, moved = self.bring_all(children, key, fields, values, before_delete)
            fates += found
            touched |= moved
        return fates, touched

    def bring_all(self, existing, key, fields, wanted, before_delete=None):
        """Makes `existing` be exactly the wanted tuples of `key` and `fields`.

        Equal rows stay untouched, a row with an equal key is updated, the others are deleted. The
        first column of the key is the parent. Answers `(fates, parents touched)`.
        """
        model = existing.model
        columns = [*key, *fields]
        wanted = dict.fromkeys(wanted)
        fates, spare = Counter(), defaultdict(list)
        for pk, *values in existing.values_list("pk", *columns).order_by("pk"):
            values = tuple(values)
            if values in wanted:
                del wanted[values]
                fates["unchanged"] += 1
            else:
                spare[values[: len(key)]].append(pk)
        touched = {found[0] for found in spare} | {values[0] for values in wanted}
        changed, new = {}, []
        for values in wanted:
            alike = spare.get(values[: len(key)])
            if alike:
                changed[alike.pop(0)] = values[len(key) :]
            else:
                new.append(model(**dict(zip(columns, values, strict=True))))
        doomed = [pk for pks in spare.values() for pk in pks]
        if doomed:
            if before_delete:
                before_delete(doomed)
            fates["deleted"] += self.delete(model.objects.filter(pk__in=doomed))
        if changed:
            self._change(model.objects.all(), changed, fields)
        if new:
            self.create(new)
        fates["changed"] += len(changed)
        fates["created"] += len(new)
        return fates, touched


def _with_search(rows):
    for row in rows:
        if isinstance(row, Searchable):
            row.fill_search()
    return rows
