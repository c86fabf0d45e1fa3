"""What every block of a rule is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, NullIf

from entities.models import LocalGovernment
from indicators.counting.sources import Condition, Remedy
from support.models import AdoptionKind, ServiceType, Theme

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from indicators.counting.scope import Scope

ADD = Remedy("Dodaj usługę", "new_service")
BASE, NARROWING, THRESHOLD, CONDITION = "base", "narrowing", "threshold", "condition"


class Named(NamedTuple):
    """A row of a dictionary; rows of one `group` have a word for all of them, empty for none."""

    name: str
    group: str = ""


Key = int | str
Names = Mapping["type[Model]", Mapping[Key, Named]]


@dataclass(frozen=True)
class Block:
    """One part of a rule: its fields are what the rule's JSON keeps of it.

    `suits` are the codes of the bases it goes with, empty for all. `keys` names the fields that
    hold keys of a dictionary. A block is never changed in place: rules of years ago are read by
    it, so every field has a default, that of a new one means what was before.
    """

    code: ClassVar[str]
    label: ClassVar[str]
    slot: ClassVar[str]
    suits: ClassVar[frozenset[str]] = frozenset()
    keys: ClassVar[dict[str, type[Model]]] = {}
    is_repeatable: ClassVar[bool] = False

    def as_json(self) -> dict[str, Any]:
        values = {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}
        defaults = {field.name: field.default for field in fields(self)}
        return {"block": self.code} | {
            name: value for name, value in values.items() if getattr(self, name) != defaults[name]
        }

    def words(self, names: Names) -> str:
        """A clause in the present tense; `names` are those of the dictionaries' keys."""
        raise NotImplementedError

    def errors(self) -> list[str]:
        """What is wrong with the values of the fields, in sentences."""
        return []

    def dictionary_keys(self) -> dict[type[Model], tuple[Key, ...]]:
        values = {model: getattr(self, name) for name, model in self.keys.items()}
        return {
            model: value if isinstance(value, tuple) else (value,)
            for model, value in values.items()
        }


@dataclass(frozen=True)
class Narrowing(Block):
    """Rows of a project that are looked at; it stands right after the first step of the ladder.

    `other` is the code and the sentence of a row of another service.
    """

    slot: ClassVar[str] = NARROWING
    other: ClassVar[tuple[str, str]]

    def holds(self, way: str) -> Q:
        """Of the service; `way` leads to its columns, empty where the row is the service."""
        raise NotImplementedError

    def step(self, service: str) -> Condition:
        """The step of a row; `service` is the column of the row that is its service."""
        code, sentence = self.other
        return Condition(code, self.holds(f"{service}__"), sentence, ADD)


@dataclass(frozen=True)
class CandidateCondition(Block):
    """What must hold of a candidate."""

    slot: ClassVar[str] = CONDITION
    is_of_counted_day: ClassVar[bool] = False  # judged on the day the candidate counts from

    def conditions(self, scope: Scope, counted_day: str) -> list[Condition]:
        """`counted_day` is how sentences call the day counted: "dniu pierwszego wsparcia"."""
        return []

    def narrowed(self, candidates: QuerySet) -> QuerySet:
        """The candidates that it is about: others are no candidates, rather than not counted."""
        return candidates


def listed(model: type[Model], keys: tuple[Key, ...], names: Names) -> str:
    """Names of a dictionary's rows, a whole group by its word, "(usunięto)" of what is gone."""
    known = names.get(model, {})
    whole = {group for group, own in groups_of(known).items() if own <= set(keys)}
    said = [
        f"{row.group} (każdy rodzaj)" if row.group in whole else row.name
        for row in (known.get(key, Named("(usunięto)")) for key in keys)
    ]
    return ", ".join(dict.fromkeys(said))


def groups_of(known: Mapping[Key, Named]) -> dict[str, set[Key]]:
    """`{group: keys of its rows}` of groups with two rows or more."""
    groups: dict[str, set[Key]] = {}
    for key, row in known.items():
        groups.setdefault(row.group, set()).add(key)
    return {group: own for group, own in groups.items() if group and len(own) > 1}


def names_of(blocks: list[Block]) -> Names:
    """The names that the words of the blocks need: a query for each dictionary named."""
    keys: dict[type[Model], set[Key]] = {}
    for block in blocks:
        for model, own in block.dictionary_keys().items():
            keys.setdefault(model, set()).update(own)
    columns: dict[type[Model], tuple[Any, ...]] = {
        ServiceType: ("name", "group"),
        Theme: ("name",),
        LocalGovernment: ("name",),
        AdoptionKind: (Coalesce(NullIf("full_name", Value("")), "name"),),
    }
    return {
        model: {pk: Named(*row) for pk, *row in _meant(model, keys[model], *names)}
        for model, names in columns.items()
        if keys.get(model)
    }


def _meant(model, keys, *columns):
    """The rows of the keys; of groups all rows, to know which are whole."""
    is_meant = Q(pk__in=keys) | (~Q(group="") if "group" in columns else Q())
    return model.objects.filter(is_meant).values_list("pk", *columns)


def value_of(label: str, field: Any, value: Any) -> Any:
    """A JSON value as the field of the block called `label` holds it, or `ValidationError`."""
    kind = str(field.type)
    is_right = {
        "int": type(value) is int and value >= 0,
        "bool": type(value) is bool,
        "str": isinstance(value, str),
        "tuple[int, ...]": _is_list_of(value, int),
        "tuple[str, ...]": _is_list_of(value, str),
    }
    if not is_right[kind]:
        raise ValidationError(f"{label}: pole „{field.name}” ma złą wartość: {value!r}.")
    return tuple(value) if isinstance(value, list | tuple) else value


def _is_list_of(value, kind):
    return isinstance(value, list | tuple) and all(type(each) is kind for each in value)
