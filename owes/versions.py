"""Which version of a record a form was opened with, and what others have saved since.

The version of a record is the id of its newest row of history, with those of the rows under it.
`parts` name the relations to these rows: `"sessions"`, `"sessions__attendances"`. History keeps
each version, so the comparison needs no copy of what the form showed.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from django.db.models import Subquery
from django.http import Http404

from owes.formatting import day, moment, number

FIRST = "stan przed pierwszą zmianą w programie"
SECRET = {"password", "last_login"}


@dataclass(frozen=True)
class Difference:
    """One field in the three versions, each a list of lines; one unknown is None."""

    label: str
    opened: list | None
    saved: list
    typed: list | None
    by: str = ""
    at: datetime | None = None

    @property
    def is_collision(self):
        """Whether two people changed it, each their own way."""
        return self.at is not None and self.typed not in (None, self.opened, self.saved)


@dataclass(frozen=True)
class Conflict:
    """What the second editor is shown before saving over what the first one saved."""

    differences: list
    by: str = ""
    at: datetime | None = None


def version_of(record, *parts):
    """Opaque; equal as long as nobody saves the record or a row under it. One query."""
    if not hasattr(record, "history"):
        return _digest(record)
    newest = [
        Subquery(_history(record, part).order_by("-history_id").values("history_id")[:1])
        for part in ("", *parts)
    ]
    rows = type(record)._base_manager.filter(pk=record.pk)
    return "-".join(str(last or 0) for last in rows.values_list(*newest).get())


def lock(record, *parts):
    """The version to compare; lets one saving of the record through at a time.

    Call it in the transaction that saves.
    """
    rows = type(record)._base_manager.select_for_update()
    current = rows.filter(pk=record.pk).first()
    if current is None:
        raise Http404
    version = version_of(record, *parts)
    if hasattr(current, "history") and not current.history.exists():
        # A row of the reference data: without this its first version could not be shown.
        current._change_reason = FIRST
        current.save()
    return version


def conflict(record, parts, version, typed=None):
    """How the version opened, what is saved and `typed` (of `state`) differ."""
    known = hasattr(record, "history") and version.count("-") == len(parts)
    opened = state(record, *parts, version=version) if known else None
    saved = state(record, *parts)
    changed = _changed(record, parts, version) if known else {}
    differences = [
        difference
        for label in saved
        if (difference := _difference(label, opened, saved, typed, changed.get(label)))
    ]
    last = max(changed.values(), key=lambda change: change[1], default=("", None))
    return Conflict(differences, *last)


def _difference(label, opened, saved, typed, change):
    """Lines that are alike in all versions say nothing: a roster has hundreds."""
    versions = [found and found.get(label, []) for found in (opened, saved, typed)]
    known = [lines for lines in versions if lines is not None]
    if all(lines == known[0] for lines in known):
        return None
    same = set.intersection(*map(set, known))
    first, second, third = (
        lines if lines is None else [line for line in lines if line not in same]
        for lines in versions
    )
    return Difference(label, first, second, third, *(change or ()))


def state(record, *parts, version=None):
    """`{label: lines}` of the record and the rows under it, now or in an earlier version."""
    lasts = (version or "").split("-")
    found = {}
    for place, part in enumerate(("", *parts)):
        model, parent = _model(type(record), part)
        if version is None:
            rows = list(model._base_manager.filter(**_of(record, part)))
        else:
            rows = _rows_at(_history(record, part), lasts[place])
        fields = [field for field in _fields(model) if field != parent]
        names = _names(fields, rows)
        if part:
            lines = (
                ", ".join(filter(None, (_words(f, row, names) for f in fields))) for row in rows
            )
            found[_label(model._meta.verbose_name_plural)] = sorted(lines)
            continue
        for row in rows:
            for field in fields:
                words = _words(field, row, names)
                found[_label(field.verbose_name)] = [words] if words else []
            for field in _links(model):
                found[_label(field.verbose_name)] = sorted(map(str, _linked(row, field)))
    return found


def _model(model, part):
    """The model a path of relations leads to, and its field that leads back."""
    parent = None
    for name in filter(None, part.split("__")):
        relation = model._meta.get_field(name)
        model, parent = relation.related_model, relation.field
    return model, parent


def _of(record, part):
    """The condition by which rows of a part belong to the record."""
    model, path = type(record), ["pk"]
    for name in filter(None, part.split("__")):
        relation = model._meta.get_field(name)
        model, path = relation.related_model, [relation.field.name, *path]
    return {"__".join(path): record.pk}


def _history(record, part):
    """Rows of history of a part, those of rows since deleted too."""
    model, rows = type(record), type(record).history.filter(id=record.pk)
    for name in filter(None, part.split("__")):
        relation = model._meta.get_field(name)
        model = relation.related_model
        rows = model.history.filter(**{f"{relation.field.attname}__in": rows.values("id")})
    return rows


def _rows_at(history, last):
    """The rows as they were when `last` was the newest id of their history."""
    known = list(history.filter(history_id__lte=int(last)).order_by("history_id"))
    if not known and not int(last):
        known = list(history.order_by("history_id").filter(history_change_reason=FIRST)[:1])
    newest = {row.id: row for row in known}
    return [row for row in newest.values() if row.history_type != "-"]


def _changed(record, parts, version):
    """`{label: (who, when)}` of what was saved after the version."""
    found = {}
    lasts = version.split("-")
    for place, part in enumerate(("", *parts)):
        model, _ = _model(type(record), part)
        history = _history(record, part).select_related("history_user").order_by("history_id")
        later = list(history.filter(history_id__gt=int(lasts[place])))
        if part:
            for row in later:
                found[_label(model._meta.verbose_name_plural)] = _author(row)
            continue
        before = history.filter(history_id__lte=int(lasts[place])).last()
        for older, newer in pairwise([before, *later] if before else later):
            for field in _fields(model):
                if getattr(older, field.attname) != getattr(newer, field.attname):
                    found[_label(field.verbose_name)] = _author(newer)
            for field in _links(model):
                if set(_linked(older, field)) != set(_linked(newer, field)):
                    found[_label(field.verbose_name)] = _author(newer)
    return found


def _author(row):
    return str(row.history_user or "program"), row.history_date


def _fields(model):
    """What a person may have changed."""
    if not hasattr(model, "history"):
        return [f for f in model._meta.concrete_fields if f.editable and f.name not in SECRET]
    tracked = {field.attname for field in model.history.model.tracked_fields}
    fields = model._meta.concrete_fields
    return [f for f in fields if f.editable and f.attname in tracked and not f.primary_key]


def _links(model):
    return model.history.model._history_m2m_fields if hasattr(model, "history") else []


def _linked(row, field):
    """Rows a plain many-to-many leads to, of a record or of a row of its history."""
    rows = getattr(row, field.name).all()
    if isinstance(row, field.model):
        return list(rows)
    name = field.m2m_reverse_field_name()
    return [getattr(link, name) for link in rows.select_related(name)]


def _names(fields, rows):
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


def _words(field, row, names):
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


def _label(name):
    return str(name)[:1].upper() + str(name)[1:]


def _digest(record):
    saved = type(record)._base_manager.get(pk=record.pk)
    values = [field.value_from_object(saved) for field in _fields(type(record))]
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]
