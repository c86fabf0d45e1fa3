"""Joining two records of a register that mean one, and parting them again exactly.

Everything that points at the loser is pointed at the survivor, whatever app it belongs to: the
relations are read off the models. Each row is saved by itself, so that its history is kept. Every
step goes to a journal; undoing walks it backwards. A value that the merge wrote and somebody
changed since is neither lost nor in the way: who undoes says which of the two stays.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from simple_history.models import HistoricalChanges

from entities.models import Entity, Kind, LegalForm, Merge, Person
from owes.history import given_reason
from owes.versions import label_of, words_of

NAMED = 5

ANONYMISED = "Nie cofnięto: dane tej osoby usunięto na zawsze, a z nimi to, co je rozdzielało."
NOT_MERGED = "Osoby zanonimizowanej nie scala się z inną: nie wiadomo już, kim była."
LATER = "Najpierw cofnij późniejsze scalenie: {merge}."
CHANGED = "Nie cofnięto, bo od scalenia zmieniono: {rows}. Wybierz, co zostaje."
TAKEN = "Nie cofnięto, bo numer albo kod dołączonego zapisu ma już inny: {rows}."
GROUP = "Z tej grupy powstały inne podmioty ({names}), więc musi zostać grupą inicjatywną."


KEEP, RESTORE = "keep", "restore"


@dataclass(frozen=True)
class LaterChange:
    """A value that a merge wrote and somebody changed since, in words.

    `key` names the column of the row with its value of now: a decision about another value is
    none. `before` is what it was before the merge.
    """

    key: str
    row: str
    label: str
    now: str
    before: str

    @classmethod
    def of(cls, row: Any, column: Any, was: str | None) -> "LaterChange":
        earlier = copy(row)
        setattr(earlier, column.attname, column.to_python(was))
        now, before = words_of(column, [row, earlier])
        return cls(_key_of(row, column), _name_of(row), label_of(column), now, before)


class ChangedSince(ValidationError):
    """Undoing needs a decision about each of `changes`: `KEEP` the value of now or `RESTORE`."""

    def __init__(self, changes: list[LaterChange]) -> None:
        rows = dict.fromkeys(change.row for change in changes)
        super().__init__(CHANGED.format(rows=", ".join(list(rows)[:NAMED])))
        self.changes = changes


@dataclass
class Steps:
    """The steps done so far: the journal, and how many rows of each kind moved or were removed."""

    reason: str
    journal: list = field(default_factory=list)
    moved: Counter = field(default_factory=Counter)
    removed: Counter = field(default_factory=Counter)

    def change(self, row: Any, values: dict[str, Any]) -> None:
        """Saves the columns of a row that differ, as history is written: one row at a time."""
        fields = {_field(row, name): value for name, value in values.items()}
        was = {column.attname: _written(row, column) for column in fields}
        for column, value in fields.items():
            setattr(row, column.attname, value)
        became = {column.attname: _written(row, column) for column in fields}
        changed = [column for column in fields if was[column.attname] != became[column.attname]]
        if not changed:
            return
        row._change_reason = self.reason
        row.save(update_fields=[column.name for column in changed])
        self.journal.append(
            _named(row)
            | {
                "was": {column.attname: was[column.attname] for column in changed},
                "became": {column.attname: became[column.attname] for column in changed},
            }
        )

    def remove(self, row: Any) -> None:
        values = {column.attname: _written(row, column) for column in _columns(row)}
        self.journal.append(_named(row) | {"row": values})
        row._change_reason = self.reason
        row.delete()

    @property
    def summary(self) -> list[list]:
        """`[kind of rows, moved, removed]`, in the order of the alphabet."""
        return [
            [label, self.moved[label], self.removed[label]]
            for label in sorted({*self.moved, *self.removed})
        ]


GONE = "Jednego z tych zapisów już nie ma: ktoś go właśnie scalił albo usunął."


@transaction.atomic
def merge(survivor: Any, loser: Any, taken: Iterable[str] = (), *, by: Any) -> Merge:
    """Joins `loser` to `survivor`; `taken` names the columns whose value is the loser's.

    Raises `ValidationError` when the survivor would be wrong with these values, and when somebody
    merged one of the two away at the same moment.
    """
    model = type(survivor)
    rows = model.objects.select_for_update().order_by("pk").in_bulk([survivor.pk, loser.pk])
    if len(rows) < len({survivor.pk, loser.pk}):
        raise ValidationError(GONE)
    survivor, loser = rows[survivor.pk], rows[loser.pk]
    if any(getattr(row, "anonymised_at", None) for row in (survivor, loser)):
        raise ValidationError(NOT_MERGED)
    steps = Steps(f"scalono: {loser.code} dołączono do {survivor.code}")
    values = {_field(loser, name).attname: _value(loser, name) for name in taken}
    own = {column.attname for column in _columns(loser) if column.related_model is model}
    for name in own & values.keys():
        if values[name] in (survivor.pk, loser.pk):
            values[name] = None
    _move(loser, survivor, steps)
    survivor.refresh_from_db()
    steps.change(survivor, values)
    survivor.full_clean()
    _check_group(survivor)
    steps.remove(model.objects.get(pk=loser.pk))
    return Merge.objects.create(
        kind=Kind.of(survivor),
        survivor_key=survivor.pk,
        survivor_code=survivor.code,
        loser_key=loser.pk,
        loser_code=loser.code,
        loser_name=str(loser),
        journal=steps.journal,
        summary=steps.summary,
        merged_by=by,
        reason=given_reason(),
    )


def _check_group(survivor: Any) -> None:
    """Refuses a survivor that is no initiative group while entities grew from it."""
    if not isinstance(survivor, Entity) or survivor.legal_form == LegalForm.INITIATIVE_GROUP:
        return
    if names := ", ".join(str(founded) for founded in survivor.founded.all()[:NAMED]):
        raise ValidationError({"legal_form": GROUP.format(names=names)})


def _move(row: Any, keeper: Any, steps: Steps) -> None:
    """Points at `keeper` all that points at `row`; a row that would then be twice is folded in.

    A model whose rows must not vanish says so in words by `NEVER_FOLDED`: merging is refused.
    """
    for relation in _relations(row):
        name, model = relation.field.attname, relation.related_model
        label = _label(relation)
        rows = model._base_manager.filter(**{relation.field.name: row.pk}).order_by("pk")
        others = list(model._base_manager.filter(**{relation.field.name: keeper.pk}))
        twins = {key: other for other in others for key in _keys(other)}
        for moving in rows:
            if type(keeper) is model and moving.pk == keeper.pk:
                steps.change(moving, {name: None})
                continue
            setattr(moving, name, keeper.pk)
            twin = next((twins[key] for key in _keys(moving) if key in twins), None)
            twin = twin or next((other for other in others if _agree(other, moving)), None)
            setattr(moving, name, row.pk)
            if twin is None:
                steps.change(moving, {name: keeper.pk})
                steps.moved[label] += 1
            else:
                if sentence := getattr(moving, "NEVER_FOLDED", ""):
                    raise ValidationError(sentence.format(row=moving, twin=twin))
                _fold(moving, twin, steps)
                steps.removed[label] += 1


def _fold(row: Any, twin: Any, steps: Steps) -> None:
    """Deletes the row; the twin takes over its relations and what `taken_from` gives."""
    _move(row, twin, steps)
    if hasattr(twin, "taken_from"):
        steps.change(twin, twin.taken_from(row))
    steps.remove(row)


def _agree(row: Any, other: Any) -> bool:
    """Whether the model says, by `agrees_with`, that two different rows mean the same."""
    return hasattr(row, "agrees_with") and row.agrees_with(other)


def _keys(row: Any) -> Iterator[tuple]:
    """What no other row may share with this one: its unique columns, and all it says."""
    yield "", tuple(_value(row, c.name) for c in _columns(row) if not c.primary_key)
    for constraint in row._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            values = tuple(_value(row, name) for name in constraint.fields)
            if None not in values and _is_held(row, constraint.condition):
                yield constraint.name, values


def _is_held(row: Any, condition: models.Q | None) -> bool:
    """Whether the condition of a constraint covers the row."""
    if condition is None:
        return True
    return condition.check(
        {
            column.name: models.Value(_value(row, column.name), output_field=column)
            for column in _columns(row)
        }
    )


@transaction.atomic
def undo(merge: Merge, decided: Mapping[str, str] | None = None, *, by: Any) -> Merge:
    """Parts the two again with the keys they had.

    Rows added since stay with the survivor. A row deleted since stays deleted. Of a value changed
    since `decided` says, by the key of its `LaterChange`, which one stays; without that it raises
    `ChangedSince`. Raises `ValidationError` where the two cannot be parted.
    """
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at:
        return merge
    if not merge.journal:
        raise ValidationError(ANONYMISED)
    for later in Merge.objects.touching(merge.kind, merge.survivor_key).filter(pk__gt=merge.pk):
        raise ValidationError(LATER.format(merge=later))
    steps = Steps(f"cofnięto scalenie: {merge.loser_code} i {merge.survivor_code}")
    changed: dict[str, LaterChange] = {}
    taken = []
    for step in reversed(merge.journal):
        if "row" in step:
            taken += _restored(step, steps.reason)
        else:
            changed |= _set_back(step, steps, merge, decided or {})
    if changed:
        raise ChangedSince(list(changed.values()))
    if taken:
        raise ValidationError(TAKEN.format(rows=", ".join(dict.fromkeys(taken[:NAMED]))))
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.undo_reason = given_reason()
    merge.save(update_fields=["undone_at", "undone_by", "undo_reason"])
    return merge


def _restored(step: dict, reason: str) -> list[str]:
    """Puts a removed row back; returns the names of rows that prevent it."""
    model = apps.get_model(step["model"])
    columns = {column.attname: column for column in model._meta.concrete_fields}
    row = model(**{name: columns[name].to_python(value) for name, value in step["row"].items()})
    if not all(_is_there(column, getattr(row, column.attname)) for column in columns.values()):
        return []
    try:
        row.validate_unique()
    except ValidationError:
        return [_name_of(row)]
    row._change_reason = reason
    row.save(force_insert=True)
    return []


def _set_back(
    step: dict, steps: Steps, merge: Merge, decided: Mapping[str, str]
) -> dict[str, LaterChange]:
    """Gives a row its former values; returns what was changed since and nobody decided about."""
    model = apps.get_model(step["model"])
    row = model._base_manager.filter(pk=step["pk"]).first()
    if row is None:
        _refuse_taken_later(step, merge)
        return {}
    values, undecided = {}, {}
    for name, became in step["became"].items():
        column, was = _field(row, name), step["was"][name]
        decision = RESTORE
        if _written(row, column) not in (became, was):
            decision = decided.get(_key_of(row, column), "")
        if decision == RESTORE:
            values[name] = column.to_python(was)
            _is_there(column, values[name])
        elif decision != KEEP:
            change = LaterChange.of(row, column, was)
            undecided[change.key] = change
    steps.change(row, values)
    return undecided


def _is_there(column: Any, key: Any) -> bool:
    """Whether the target of a key exists; refuses when it was merged since."""
    if key is None or not column.related_model:
        return True
    target = column.related_model
    if target._base_manager.filter(**{column.target_field.attname: key}).exists():
        return True
    if target in (Entity, Person):
        for later in Merge.objects.in_force().filter(kind=Kind.of(target()), loser_key=key):
            raise ValidationError(LATER.format(merge=later))
    return False


def _refuse_taken_later(step: dict, merge: Merge) -> None:
    """Refuses when a later merge removed the row: that merge must be undone first."""
    for later in Merge.objects.in_force().filter(pk__gt=merge.pk):
        for taken in later.journal:
            if "row" in taken and (taken["model"], taken["pk"]) == (step["model"], step["pk"]):
                raise ValidationError(LATER.format(merge=later))


def _relations(row: Any) -> list:
    """Foreign keys of any app that point at the row, without those of history."""
    return [
        relation
        for relation in row._meta.get_fields(include_hidden=True)
        if (relation.one_to_many or relation.one_to_one)
        and relation.auto_created
        and not relation.concrete
        and not issubclass(relation.related_model, HistoricalChanges)
    ]


def _label(relation: Any) -> str:
    """The name of the kind of rows that move; a link within one model also names its field."""
    kind = str(relation.related_model._meta.verbose_name_plural)
    if relation.related_model is relation.model:
        return f"{kind} (pole „{relation.field.verbose_name}”)"
    return kind


def _key_of(row: Any, column: Any) -> str:
    """Of a column of a row with the value it has now."""
    value = [row._meta.label_lower, row.pk, column.attname, _written(row, column)]
    return f"change-{hashlib.sha256(repr(value).encode()).hexdigest()[:16]}"


def _name_of(row: Any) -> str:
    return f"{row._meta.verbose_name} {row}"


def _named(row: Any) -> dict[str, Any]:
    return {"model": row._meta.label_lower, "pk": row.pk}


def _columns(row: Any) -> Any:
    return row._meta.concrete_fields


def _field(row: Any, name: str) -> Any:
    return next(column for column in _columns(row) if name in (column.name, column.attname))


def _value(row: Any, name: str) -> Any:
    return getattr(row, _field(row, name).attname)


def _written(row: Any, column: Any) -> str | None:
    """A value as JSON keeps it without loss; `to_python` of the column reads it back."""
    if column.value_from_object(row) is None:
        return None
    return column.value_to_string(row)
