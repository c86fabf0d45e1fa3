"""The entities and people that a flat sheet speaks of, each once.

Each is a row of a register, so that `identify` tells whom it means; an entity that nothing but a
code, a unique name or a unique NIP tells of is known at once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from entities.matching import Matching
from entities.models import Entity, Kind, Person
from entities.spelling import entity_words
from entities.traits import EntityTraits, PersonTraits
from owes.folding import fold
from support.workbook import contract
from support.workbook.cells import split_items
from support.workbook.contract import Sheet, pick
from support.workbook.flat_contract import (
    ENTITY_COLUMNS,
    OF_WHOM_ENTITY,
    OF_WHOM_PERSON,
    PERSON_COLUMNS,
)
from support.workbook.reader import Book

FIELDS = {
    contract.ENTITIES: ("code", "name", "nip", "legal_form", "seat"),
    contract.PEOPLE: (
        *("code", "first_name", "last_name", "sex", "birth_date", "email", "phone"),
    ),
}
ENTITY_FIELDS = [column.field for column in ENTITY_COLUMNS]
PERSON_FIELDS = [column.field for column in PERSON_COLUMNS]
# What a row of the register may lack when it is of a known record, but not of a new one.
NEEDED = {
    contract.ENTITIES: ("name", "legal_form"),
    contract.PEOPLE: ("first_name", "last_name", "sex"),
}
# What tells two records of one name apart, when both have it.
TELLING = {
    contract.ENTITIES: ("code", "nip", "legal_form", "seat"),
    contract.PEOPLE: ("code", "sex", "birth_date", "email", "phone"),
}
MODELS: dict[Sheet, Any] = {contract.ENTITIES: Entity, contract.PEOPLE: Person}
# The number of a row of a register, or the code of a known record.
Reference = int | str


class FlatRegisters:
    """Collects the records of the rows of a flat sheet into the registers of its book."""

    def __init__(self, book: Book, sheet: Sheet) -> None:
        self.book, self.sheet = book, sheet
        self.fields = {column.field for column in sheet.columns}
        self.places: dict[tuple, list[int]] = defaultdict(list)
        self.known = {
            kind: Matching(kind)
            for kind, field in ((Kind.ENTITY, "entity"), (Kind.PERSON, "last_name"))
            if field in self.fields
        }

    def entities_of(self, row: Any) -> tuple[Reference, ...]:
        """The entities of a row: several may stand in a cell, joined by `;`."""
        if "entity" not in self.fields:
            return ()
        if self.book.is_faulty(self.sheet, row.number, ENTITY_FIELDS):
            self.book.uncertain.add((contract.ENTITIES, entity_words(row.entity or "")))
            return ()
        if not any(pick(row, OF_WHOM_ENTITY).values()):
            self._demand(row, OF_WHOM_ENTITY)
            return ()
        names = split_items(row.entity.replace("\n", ";"))
        if len(names) < 2:
            return (self._entity(row),)
        codes = {name: self._known_entity(name) for name in names}
        for name in (name for name, code in codes.items() if not code):
            message = f"Który to podmiot: „{name}”? Wpisz kod albo daj mu osobny wiersz."
            self.book.report(self.sheet, row.number, "entity", "unknown_reference", message, name)
        return tuple(dict.fromkeys(filter(None, codes.values())))

    def _entity(self, row: Any) -> Reference:
        values = {"code": row.entity_code, "name": row.entity}
        values |= pick(row, ("nip", "legal_form", "seat"))
        if not row.entity_code and not row.legal_form:
            code = self._known_entity(row.entity, row.nip, row.seat)
            if code:
                return code
        return self._once(contract.ENTITIES, row.number, values, entity_words(row.entity))

    def _known_entity(self, name: str, nip: str = "", seat: int | None = None) -> str:
        """The code of the only entity that can be meant, else ""."""
        known = self.known[Kind.ENTITY]
        if key := known.key_of(name):
            return known.traits[key].code
        traits = EntityTraits.read((None, "", name, "", nip, "", "", seat, "", "", None))
        numbered = known.blocks.get(("nip", nip), [])
        named = known.by_name.get(traits.exact_name, []) if name else numbered
        alike = [key for key in named if not traits.differing(known.traits[key])]
        return known.traits[alike[0]].code if len(alike) == 1 else ""

    def person_of(self, row: Any) -> Reference | None:
        if "last_name" not in self.fields:
            return None
        if self.book.is_faulty(self.sheet, row.number, PERSON_FIELDS):
            name = words_of_name(row.first_name or "", row.last_name or "")
            self.book.uncertain.add((contract.PEOPLE, name))
            return None
        values = {"code": row.person_code, **pick(row, FIELDS[contract.PEOPLE][1:])}
        words = [word for word in (row.first_name, row.last_name) if word]
        if not words and not row.person_code:
            self._demand(row, OF_WHOM_PERSON)
            return None
        known = self.known[Kind.PERSON]
        if len(words) == 1 and not row.person_code and known.key_of(words[0]):
            values |= {"code": words[0], "first_name": "", "last_name": ""}
        name = words_of_name(*words)
        return self._once(contract.PEOPLE, row.number, values, name)

    def _demand(self, row: Any, fields: Collection[str]) -> None:
        """Reports that the row says of nobody, where the sheet is of them."""
        if fields in self.sheet.needs_one_of:
            field = fields[1]
            message = "Ta komórka musi być wypełniona: nie wiadomo, kogo dotyczy wiersz."
            self.book.report(self.sheet, row.number, field, "required", message)

    def _once(self, register: Sheet, number: int, values: dict[str, Any], name: str) -> int:
        """The number of the row of the register of this record; what it lacks is filled in.

        Rows are of one record when the names are equal, for people in any order, and nothing that
        both tell is different.
        """
        rows = self.book.rows[register.name]
        key = (register, name) if name else (register, "code", values["code"])
        for place in self.places[key]:
            known = rows[place]
            if _agree(known, values, TELLING[register]):
                lacking = [field for field in values if not getattr(known, field)]
                rows[place] = known._replace(**{field: values[field] for field in lacking})
                return known.number
        self.places[key].append(len(rows))
        empty = {column.field: column.empty for column in register.columns}
        rows.append(register.Row(number=number, **{**empty, **values}))
        return number


def words_of_name(*names: str) -> str:
    """By what a person is known in a file: the words of the name in any order."""
    return " ".join(sorted(fold(" ".join(names)).split()))


def _agree(known: Any, values: Mapping[str, Any], fields: Collection[str]) -> bool:
    return not any(
        getattr(known, field) and values[field] and getattr(known, field) != values[field]
        for field in fields
    )


def check_new_records(book: Book) -> None:
    """Reports records of the file that are nobody of the register and cannot be made.

    Called after `identify`. Two of them that may be one are reported too: they can be told apart
    by codes alone.
    """
    asked = {(doubt.sheet, doubt.number) for doubt in book.doubts}
    for register, model in MODELS.items():
        codes = set(model.objects.values_list("code", flat=True)) if book[register] else ()
        new = [
            row
            for row in book[register]
            if row.code not in codes and (register, row.number) not in asked
        ]
        for row in new:
            _check_whole(book, register, row)
        _check_apart(book, register, new)


def _check_whole(book: Book, register: Sheet, row: Any) -> None:
    lacking = [field for field in NEEDED[register] if not getattr(row, field)]
    if register == contract.ENTITIES:
        words = entity_words(row.name)
    else:
        words = words_of_name(row.first_name, row.last_name)
    if not lacking or (register, words) in book.uncertain:
        return
    name = row.name if register == contract.ENTITIES else f"{row.first_name} {row.last_name}"
    named = name.strip() or row.code or row.nip
    headers = ", ".join(register.header(field) for field in lacking)
    message = (
        f"„{named}” nie ma w rejestrze, a do nowego zapisu brakuje: {headers}. Uzupełnij plik "
        f"albo najpierw wczytaj rejestr „{register.name}”."
    )
    field = "name" if register == contract.ENTITIES else "last_name"
    book.report(register, row.number, field, "unknown_reference", message, named)


def _check_apart(book: Book, register: Sheet, rows: list[Any]) -> None:
    """Reports rows with the code of an earlier one, and those that may be an earlier one."""
    field = "name" if register == contract.ENTITIES else "last_name"
    first_by_code: dict[str, Any] = {}
    by_block: dict[tuple, list[tuple]] = defaultdict(list)
    for row in rows:
        if row.code and first_by_code.setdefault(row.code, row) is not row:
            first = first_by_code[row.code].number
            message = f"Kod {row.code} jest już w wierszu {first} z inną treścią."
            book.report(register, row.number, field, "duplicate", message, row.code)
            continue
        traits = _traits(register, row)
        blocks = set(_blocks(traits))
        near = {other.number: (other, its) for block in blocks for other, its in by_block[block]}
        for other, its in near.values():
            has_codes = row.code and other.code
            if not has_codes and (traits.shared(its) or traits.near(its)):
                message = (
                    f"To może być ten sam zapis, co w wierszu {other.number}. Napisz go w obu "
                    "wierszach jednakowo albo nadaj obu kody."
                )
                book.report(register, row.number, field, "likely_twin", message, _name(row))
                break
        for block in blocks:
            by_block[block].append((row, traits))


def _blocks(traits: Any) -> Iterator[tuple]:
    """Keys of which two that may be one record have one in common."""
    yield from traits.blocks()
    if isinstance(traits, PersonTraits):
        yield from traits.near_blocks()
    else:
        yield from (("begun", word[:3]) for word in traits.own_name.split())


def _name(row: Any) -> str:
    return getattr(row, "name", "") or f"{row.first_name} {row.last_name}"


def _traits(register: Sheet, row: Any) -> Any:
    if register == contract.PEOPLE:
        born = (row.birth_date, None)
        names = (row.first_name, row.last_name)
        return PersonTraits.read((None, row.code, *names, row.sex, *born, row.email, row.phone))
    numbers = (row.nip, row.regon, row.krs)
    named = (row.code, row.name, row.legal_form)
    return EntityTraits.read((None, *named, *numbers, row.seat, row.email, row.phone, None))
