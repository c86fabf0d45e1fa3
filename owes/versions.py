"""Which version of a record a form was opened with, and what others have saved since.

The version of a record is the id of its newest row of history, with those of the rows under it.
`parts` name the relations to these rows: `"sessions"`, `"sessions__attendances"`. History keeps
each version, so the comparison needs no copy of what the form showed.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Subquery
from django.http import Http404

from owes.formatting import day, moment, number

FIRST = "stan przed pierwszą zmianą w programie"


@dataclass(frozen=True)
class FieldDifference:
    """One field in the three versions, each a list of lines; one unknown is None."""

    label: str
    opened: list | None
    saved: list
    typed: list | None
    by: str = ""
    at: datetime | None = None

    @property
    def is_collision(self) -> bool:
        """Whether both people changed the field, to different values."""
        return self.at is not None and self.typed not in (None, self.opened, self.saved)


@dataclass(frozen=True)
class Conflict:
    """What the second editor is shown before saving over what the first one saved."""

    differences: list
    by: str = ""
    at: datetime | None = None


def version_of(record: Any, *parts: str) -> str:
    """An opaque text that changes when the record or a row under it is saved. One query."""
    return _newest(record, [history_of(record, part) for part in ("", *parts)])


def changed_after(record: Any, parts: Sequence[str], moment: datetime) -> list[str]:
    """The labels of what was saved after the moment, as `state` has them."""
    until = [history_of(record, part).filter(history_date__lte=moment) for part in ("", *parts)]
    return list(_changed(record, parts, _lasts(record, parts, _newest(record, until))))


def _newest(record: Any, histories: list[Any]) -> str:
    """A version of the newest row of each of the histories. One query."""
    newest = [
        Subquery(rows.order_by("-history_id").values("history_id")[:1]) for rows in histories
    ]
    rows = type(record)._base_manager.filter(pk=record.pk)
    return "-".join(str(last or 0) for last in rows.values_list(*newest).get())


def lock(record: Any, *parts: str) -> str:
    """The version to compare; lets one saving of the record through at a time.

    Call it in the transaction that saves.
    """
    rows = type(record)._base_manager.select_for_update()
    current = rows.filter(pk=record.pk).first()
    if current is None:
        raise Http404
    version = version_of(record, *parts)
    if not current.history.exists():
        # A row of the reference data: without this its first version could not be shown.
        current._change_reason = FIRST
        current.save()
    return version


def changed_since(record: Any, parts: Sequence[str], version: str) -> bool:
    """Whether a saving after the version changed anything; yes when that cannot be known."""
    lasts = _lasts(record, parts, version)
    return not (lasts and _rows(record, "", lasts[0])) or bool(_changed(record, parts, lasts))


def conflict(
    record: Any, parts: Sequence[str], version: str, typed: dict | None = None
) -> Conflict:
    """How the version opened, what is saved and `typed` (of `state`) differ."""
    lasts = _lasts(record, parts, version)
    opened = (lasts and state(record, *parts, version=version)) or None
    saved = state(record, *parts)
    changed = _changed(record, parts, lasts) if lasts else {}
    differences = [
        difference
        for label in saved
        if (difference := _difference(label, opened, saved, typed, changed.get(label)))
    ]
    last = max(changed.values(), key=lambda change: change[1], default=("", None))
    return Conflict(differences, *last)


def _difference(
    label: str,
    opened: dict[str, list] | None,
    saved: dict[str, list],
    typed: dict[str, list] | None,
    change: tuple[str, datetime] | None,
) -> FieldDifference | None:
    """The difference of a field without lines equal in all versions; None when there is none."""
    states = (opened, saved, typed)
    versions = [state and state.get(label, []) for state in states]
    known = [lines for lines in versions if lines is not None]
    if all(lines == known[0] for lines in known):
        return None
    same = set.intersection(*map(set, known))
    if all(set(lines) == same for lines in known):
        same = set()  # only their order differs
    first, second, third = (
        lines if lines is None else [line for line in lines if line not in same]
        for lines in versions
    )
    return FieldDifference(label, first, second or [], third, *(change or ()))


def state(record: Any, *parts: str, version: str | None = None) -> dict[str, list]:
    """`{label: lines}` of the record and the rows under it, now or in an earlier version."""
    lines_of = {}
    for part, last in zip(("", *parts), _lasts(record, parts, version), strict=True):
        model, parent = model_of(type(record), part)
        rows = _rows(record, part, last)
        link = link_of(type(record), model)
        if link:
            fields = [model._meta.get_field(link.m2m_reverse_field_name())]
        else:
            # Rows under rows carry a copy of what they stand under: an attendance, its day.
            fields = [field for field in fields_of(model, copies=bool(part)) if field != parent]
        names = names_of(fields, rows)
        if part:
            lines = [
                (
                    getattr(row, "position", 0),
                    ", ".join(filter(None, (value_words(field, row, names) for field in fields))),
                )
                for row in rows
            ]
            lines_of[_label_of(type(record), model)] = [line for _, line in sorted(lines)]
            continue
        for row in rows:
            for field in fields:
                words = value_words(field, row, names)
                lines_of[label_of(field)] = [words] if words else []
            for field in links_of(model):
                lines_of[label_of(field)] = sorted(map(str, _linked(row, field)))
    return lines_of


def model_of(model: Any, part: str) -> tuple[Any, Any]:
    """The model a path of relations leads to, and its field that leads back."""
    parent = None
    for name in filter(None, part.split("__")):
        relation = model._meta.get_field(name)
        model, parent = relation.related_model, relation.field
    return model, parent


def _of(record: Any, part: str) -> dict[str, Any]:
    """The condition by which rows of a part belong to the record."""
    model, path = type(record), ["pk"]
    for name in filter(None, part.split("__")):
        relation = model._meta.get_field(name)
        model, path = relation.related_model, [relation.field.name, *path]
    return {"__".join(path): record.pk}


def history_of(record: Any, part: str) -> Any:
    """Rows of history of a part, those of rows since deleted too."""
    model, rows = type(record), type(record).history.filter(id=record.pk)
    for name in filter(None, part.split("__")):
        relation = model._meta.get_field(name)
        model = relation.related_model
        rows = model.history.filter(**{f"{relation.field.attname}__in": rows.values("id")})
    return rows


def rows_at(record: Any, parts: Sequence[str], version: str | None) -> dict[tuple, Any]:
    """`{(model, key): row}` of the record and the rows under it in a version; of None, now."""
    lasts = _lasts(record, parts, version)
    return {
        (model_of(type(record), part)[0], row.id): row
        for part, last in zip(("", *parts), lasts or (), strict=bool(lasts))
        for row in _rows(record, part, last)
    }


def rows_of(record: Any, part: str) -> Any:
    """Rows of a part now."""
    model, _ = model_of(type(record), part)
    return model._base_manager.filter(**_of(record, part))


def rows_until(record: Any, part: str, moment: datetime) -> list:
    """Rows of history of a part as they stood at the moment, without those that were not there."""
    until = history_of(record, part).filter(history_date__lte=moment)
    last = until.order_by("-history_id").values_list("history_id", flat=True).first()
    return _rows(record, part, last or 0)


def _lasts(record: Any, parts: Sequence[str], version: str | None) -> list[Any]:
    """The ids that make up a version, of now when it is None; nothing of a text that is none."""
    if version is None:
        return [None] * (1 + len(parts))
    is_known = re.fullmatch(r"[0-9]{1,9}(-[0-9]{1,9})*", version)
    lasts = [int(last) for last in version.split("-")] if is_known else []
    return lasts if len(lasts) == 1 + len(parts) else []


def _rows(record: Any, part: str, last: int | None = None) -> list:
    """The rows of a part now, or as they were when `last` was the newest id of their history."""
    if last is None:
        return list(rows_of(record, part))
    history = history_of(record, part)
    known = list(history.filter(history_id__lte=last).order_by("history_id"))
    if not known and not last:
        known = list(history.order_by("history_id").filter(history_change_reason=FIRST)[:1])
    newest = {row.id: row for row in known}
    return [row for row in newest.values() if row.history_type != "-"]


def _changed(
    record: Any, parts: Sequence[str], lasts: list[int]
) -> dict[str, tuple[str, datetime]]:
    """`{label: (who, when)}` of what was saved after the version."""
    authors = {}
    for part, last in zip(("", *parts), lasts, strict=True):
        model, _ = model_of(type(record), part)
        history = history_of(record, part).select_related("history_user").order_by("history_id")
        later = list(history.filter(history_id__gt=last))
        if part:
            for row in later:
                authors[_label_of(type(record), model)] = _author(row)
            continue
        before = history.filter(history_id__lte=last).last()
        for older, newer in pairwise([before, *later] if before else later):
            for field in fields_of(model):
                if getattr(older, field.attname) != getattr(newer, field.attname):
                    authors[label_of(field)] = _author(newer)
            for field in links_of(model):
                if set(_linked(older, field)) != set(_linked(newer, field)):
                    authors[label_of(field)] = _author(newer)
    return authors


def changed_fields(model: Any, pairs: Collection[tuple]) -> list[list[tuple]]:
    """For each pair of rows of history `[(field, before, after)]` of what differs, in words."""
    changed = [
        [
            (field, older, newer)
            for field in fields_of(model)
            if getattr(older, field.attname) != getattr(newer, field.attname)
        ]
        for older, newer in pairs
    ]
    fields = {field for changes in changed for field, _, _ in changes}
    names = names_of(fields, [row for pair in pairs for row in pair])
    return [
        [
            (field, value_words(field, older, names), value_words(field, newer, names))
            for field, older, newer in changes
        ]
        for changes in changed
    ]


def _author(row: Any) -> tuple[str, datetime]:
    return str(row.history_user or "program"), row.history_date


def fields_of(model: Any, copies: bool = False) -> list:
    """Fields that a person may change; with `copies` also those that the program fills."""
    tracked = {field.attname for field in model.history.model.tracked_fields}
    fields = model._meta.concrete_fields
    with_history = [f for f in fields if f.attname in tracked and not f.primary_key]
    return [f for f in with_history if f.editable or copies]


def links_of(model: Any) -> Iterable[Any]:
    return model.history.model._history_m2m_fields


def link_of(model: Any, through: Any) -> Any:
    """The many-to-many of the record that the rows of a part make up, if they do."""
    links = model._meta.many_to_many
    return next((link for link in links if link.remote_field.through is through), None)


def _label_of(model: Any, part: Any) -> str:
    link = link_of(model, part)
    return label_of(link) if link else _label(part._meta.verbose_name_plural)


def label_of(field: Any) -> str:
    return _label(field.verbose_name)


def _linked(row: Any, field: Any) -> list:
    """Rows a plain many-to-many leads to, of a record or of a row of its history."""
    rows = getattr(row, field.name).all()
    if isinstance(row, field.model):
        return list(rows)
    name = field.m2m_reverse_field_name()
    return [getattr(link, name) for link in rows.select_related(name)]


def names_of(fields: Iterable[Any], rows: list) -> dict[Any, dict[Any, str]]:
    """What the rows point at, in words, with one query for each field."""
    return {
        field: {
            key: str(target)
            for key, target in field.related_model._base_manager.in_bulk(
                {getattr(row, field.attname) for row in rows} - {None}
            ).items()
        }
        for field in fields
        if field.is_relation
    }


def value_words(field: Any, row: Any, names: dict[Any, dict[Any, str]]) -> str:
    value = getattr(row, field.attname)
    if value is None or value == "":
        return ""
    if field in names:
        return names[field].get(value, "zapis usunięty")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    match value:
        case bool():
            return "tak" if value else "nie"
        case datetime():
            return moment(value)
        case date():
            return day(value)
        case Decimal():
            return number(value)
    return str(value)


def words_of(field: Any, rows: list) -> list[str]:
    """What each of the rows has in a field, in words; empty where it has nothing."""
    names = names_of([field], rows)
    return [value_words(field, row, names) for row in rows]


def _label(name: object) -> str:
    return str(name)[:1].upper() + str(name)[1:]
