"""Which records of the registers the rows of a file mean, decided before anything is saved.

A code is a promise: a known one may not become another record, and one that was merged means its
survivor. A row without a known code is matched by what it says; one that may be somebody of the
register is a doubt, until it is answered.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from entities.matching import Match, Matching, Twin
from entities.models import Entity, Kind, LegalForm, Person, merged_codes
from entities.traits import EntityTraits, PersonTraits, Traits
from owes.folding import fold
from owes.formatting import day
from owes.lookups import label_of
from support.workbook import contract
from support.workbook.contract import Sheet, pick
from support.workbook.reader import REFERENCES, Book, Error

KINDS = {contract.ENTITIES: Kind.ENTITY, contract.PEOPLE: Kind.PERSON}
# Answers beside the code of a record.
NEW, SKIP = "+", "-"
# Kinds of errors of the file.
OTHER_RECORD, LIKELY_TWIN = "other_record", "likely_twin"
GONE = "Dane tej osoby usunięto na zawsze; nie wpisuje się ich ponownie."
# Headers of the number of a row, which is often taken for a code.
ROW_NUMBERS = {"lp", "l p", "l.p", "lp.", "l.p.", "nr wiersza"}


class Doubt(NamedTuple):
    """A row that may mean a record of the register; `twins` are those it may mean."""

    sheet: Sheet
    number: int
    name: str
    twins: tuple[Twin, ...]

    @property
    def key(self) -> str:
        return key_of(self.sheet, self.number)

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "sheet": self.sheet.name,
            "row": self.number,
            "name": self.name,
            "twins": [
                {
                    "code": twin.row.code,
                    "label": ", ".join([label_of(twin.row), *_facts(twin.row)]),
                    "url": twin.row.get_absolute_url(),
                    "shared": list(twin.shared),
                    "differing": list(twin.differing),
                }
                for twin in self.twins
            ],
        }

    def as_error(self) -> Error:
        """The doubt where nobody can be asked."""
        twin = self.twins[0]
        shared = f"wspólne: {', '.join(twin.shared)}"
        differing = f"; różne: {', '.join(twin.differing)}" if twin.differing else ""
        message = (
            f"To może być {label_of(twin.row)} ({shared}{differing}). Jeżeli tak, wpisz ten kod; "
            "jeżeli nie, powtórz import z kodem z pliku po --others."
        )
        header = self.sheet.header("name" if self.sheet == contract.ENTITIES else "last_name")
        return Error(self.sheet.name, self.number, header, LIKELY_TWIN, message, self.name)


def _facts(row: Any) -> list[str]:
    """Whom a person represents; the gmina of an entity."""
    if isinstance(row, Person):
        return list(dict.fromkeys(str(link.entity) for link in row.representations.all()))
    return [str(row.seat)] if row.seat else []


def key_of(sheet: Sheet, number: int) -> str:
    """Under what the answer about a row is kept."""
    return f"{sheet.stem}-{number}"


def said_to_be_new(book: Book, codes: Iterable[str]) -> dict[str, str]:
    """Answers that the rows with these codes of the file are none of the register."""
    return {
        key_of(sheet, row.number): NEW
        for sheet in KINDS
        for row in book.rows.get(sheet.name, ())
        if row.code in set(codes)
    }


def identify(book: Book, answers: Mapping[str, str], code_header: str = "") -> None:
    """Gives the rows of the registers the codes of the records that they mean.

    Errors of codes go to `book.errors`, rows to be asked about to `book.doubts`. Rows with an
    error are passed over. An answer is a
    code, `NEW` or `SKIP`. `code_header` is that of the column of codes, where it was chosen.
    """
    if not book.rows:  # the structure of the file is wrong
        return
    aliases = {}
    for sheet, kind in KINDS.items():
        if book[sheet]:
            identification = Identification(book, sheet, kind, answers, code_header)
            identification.run()
            aliases[sheet] = identification.aliases
    _rename(book, aliases)
    book.sort_errors()


@dataclass
class Identification:
    """The rows of one register, with the records that they may mean; few queries."""

    book: Book
    sheet: Sheet
    kind: Kind
    answers: Mapping[str, str]
    code_header: str

    def __post_init__(self) -> None:
        self.matching = Matching(self.kind)
        self.codes = {traits.code: key for key, traits in self.matching.traits.items()}
        self.code_of = {key: code for code, key in self.codes.items()}
        self.former = merged_codes(self.kind)
        # A flat sheet speaks of a record as often as it likes, by its code or without.
        flat = self.book.is_flat
        self.in_file = set() if flat else {row.code for row in self.book[self.sheet]}
        self.aliases: dict[str, str] = {}
        self.broken: list[tuple[Any, str]] = []
        self.entities = self._entities_of_people()

    def run(self) -> None:
        faulty = set() if self.book.is_flat else self.book.faulty_rows(self.sheet)
        rows = [row for row in self.book[self.sheet] if row.number not in faulty]
        told = {row.number: self._told_code(row) for row in rows}
        unknown = [row for row in rows if told[row.number] == ""]
        matches = self.matching.matches(*map(self._traits, unknown))
        for row, match in zip(unknown, matches, strict=True):
            told[row.number] = self._code_by_content(row, match)
        kept = []
        for row in rows:
            code = told[row.number]
            if code is None:
                continue
            if code and row.code and code != row.code:
                self.aliases[row.code] = code
                if code in self.in_file:
                    continue
                self.book.joined.add(code)
            kept.append(row._replace(code=code or row.code))
        self.book.rows[self.sheet.name] = kept
        self._report_broken_promises()
        if not self.book.is_flat:
            self._refuse_repeated(kept)

    def _told_code(self, row: Any) -> str | None:
        """The code of the record that the row names, also by a former code or an answer.

        Empty when only its content can tell, None when the row is to be left out.
        """
        if row.code in self.codes:
            self._check_promise(row, row.code)
            return row.code
        if survivor := self.code_of.get(self.former.get(row.code, 0)):
            if survivor not in self.in_file:
                self._check_promise(row, survivor)
            return survivor
        answer = self.answers.get(key_of(self.sheet, row.number), "")
        if answer == SKIP and self.book.only:
            return None
        return answer if answer in self.codes else ""

    def _code_by_content(self, row: Any, match: Match) -> str:
        """The code of the record that is meant beyond doubt; empty of a new or doubtful row.

        A record whose code is in the file has a row of its own there.
        """
        if match.row and match.row.code not in self.in_file:
            return match.row.code
        twins = tuple(twin for twin in match.twins if twin.row.code not in self.in_file)
        if self.answers.get(key_of(self.sheet, row.number)) == NEW:
            self.book.others += [(self.sheet, row.number, twin.row.pk) for twin in twins]
        elif twins:
            self.book.doubts.append(Doubt(self.sheet, row.number, self._name(row), twins))
        return ""

    def _traits(self, row: Any) -> Traits:
        if self.kind == Kind.PERSON:
            values = pick(row, PersonTraits.columns[1:6]) | {"birth_year": None}
            values |= pick(row, ["email", "phone"])
            columns = (None, *(values[name] for name in PersonTraits.columns[1:]))
            key = row.number if self.book.is_flat else row.code
            maiden_name = self.book.maiden_names.get(row.number, "")
            return PersonTraits.read(columns, self.entities.get(key, ()), maiden_name)
        relatives = (self.codes.get(row.parent), self.codes.get(row.founding_group))
        columns = ("code", "name", "legal_form", "nip", "regon", "krs", "seat", "email", "phone")
        return EntityTraits.read((None, *pick(row, columns).values(), *relatives, None))

    def _entities_of_people(self) -> dict[Any, list[int]]:
        """`{code of a person: keys of entities}`, as the file says."""
        represented: dict[Any, list[int]] = {}
        if self.kind == Kind.PERSON and self.book.is_flat:
            return self._entities_beside_people()
        if self.kind == Kind.PERSON and not self.book.only:
            entities = dict(Entity.objects.values_list("code", "pk"))
            for row in self.book[contract.REPRESENTATIONS]:
                if row.entity in entities:
                    represented.setdefault(row.person, []).append(entities[row.entity])
        return represented

    def _entities_beside_people(self) -> dict[int, list[int]]:
        """`{number of a row of people: keys of known entities}`, as a flat sheet says."""
        entities = dict(Entity.objects.values_list("code", "pk"))
        code_of = {row.number: row.code for row in self.book[contract.ENTITIES]}
        represented: dict[int, list[int]] = {}
        for row in self.book.flat:
            codes = (code_of.get(reference, reference) for reference in row.entities)
            keys = [entities[code] for code in codes if code in entities]
            represented.setdefault(row.person, []).extend(keys)
        return represented

    def _name(self, row: Any) -> str:
        return row.name if self.kind == Kind.ENTITY else f"{row.first_name} {row.last_name}"

    # Promises

    def _check_promise(self, row: Any, code: str) -> None:
        known: Any = self.matching.traits[self.codes[code]]
        traits = self._traits(row)
        if self.book.is_flat:
            traits = _completed(traits, known)
        is_filled_again = known.is_anonymised and any(
            pick(row, ["birth_date", "email", "phone", "gmina"]).values()
        )
        if is_filled_again or traits.is_another(known):
            self.broken.append((row, code))

    def _report_broken_promises(self) -> None:
        """Reports each row that would make another record of a known one; one query for all."""
        known = self.kind.model.objects.in_bulk({self.codes[code] for _, code in self.broken})
        for row, code in self.broken:
            for field, label, old, new in _differences(known[self.codes[code]], row):
                sentence = f"{label}: w rejestrze {old}, w pliku {new}. {self._advice(code)}"
                self.book.report(self.sheet, row.number, field, OTHER_RECORD, sentence, new)

    def _advice(self, code: str) -> str:
        if fold(self.code_header) in ROW_NUMBERS:
            return (
                f"Za kod wzięto kolumnę „{self.code_header}”, a to numer wiersza: dopasuj "
                "kolumny jeszcze raz, bez kodu."
            )
        if self.matching.traits[self.codes[code]].is_anonymised:
            return f"{GONE} Usuń ten wiersz z pliku albo, jeżeli to inna osoba, daj jej inny kod."
        another = "inna osoba" if self.kind == Kind.PERSON else "inny podmiot"
        return (
            f"Jeżeli to {another}, popraw kod {code} w pliku; jeżeli zmieniło się to w zapisie, "
            "popraw najpierw rejestr."
        )

    def _refuse_repeated(self, rows: Iterable[Any]) -> None:
        """Reports a row that means the record of an earlier one, and one that says the same."""
        first_rows: dict[Any, int] = {}
        for row in rows:
            key = row.code or self._content(row)
            first = first_rows.setdefault(key, row.number)
            if first != row.number:
                field = "name" if self.kind == Kind.ENTITY else "last_name"
                sentence = (
                    f"To ten sam zapis, co w wierszu {first}. Zostaw jeden z tych wierszy."
                    if row.code
                    else f"To samo mówi wiersz {first}. Zostaw jeden albo nadaj im różne kody."
                )
                self.book.report(
                    self.sheet, row.number, field, "duplicate", sentence, self._name(row)
                )

    def _content(self, row: Any) -> tuple:
        traits = self._traits(row)
        if isinstance(traits, PersonTraits):
            return traits.exact_name, traits.birth_date, traits.email, traits.phone
        return traits.name, traits.legal_form, traits.nip, traits.krs, traits.seat


def _completed(traits: Any, known: Any) -> Any:
    """The traits of a row that names a known record by its code, with what it leaves out."""
    is_entity = isinstance(traits, EntityTraits)
    fields = ("name", "legal_form") if is_entity else ("first_name", "last_name")
    is_alike = not traits.name or traits.shared(known) or traits.near(known)
    if is_entity and not traits.legal_form and not is_alike:
        return traits
    lacking = {field: getattr(known, field) for field in fields if not getattr(traits, field)}
    return replace(traits, **lacking)


def _differences(known: Any, row: Any) -> Iterator[tuple[str, str, str, str]]:
    """`(field, its label, old, new)` of what makes the row another than the known record."""
    if isinstance(known, Person):
        old = _born(str(known), known.birth_date)
        new = _born(f"{row.first_name} {row.last_name}", row.birth_date)
        yield "last_name", "Osoba", old, new
        return
    numbers = {name: (getattr(known, name), getattr(row, name)) for name in ("nip", "krs")}
    for name, (old, new) in numbers.items():
        if old and new and old != new:
            yield name, name.upper(), old, new
    if known.name != row.name:
        form = f" ({LegalForm(row.legal_form).label})" if row.legal_form else ""
        was = f"„{known.name}” ({known.get_legal_form_display()})"
        yield "name", "Podmiot", was, f"„{row.name}”{form}"


def _born(name: str, birth_date: date | None) -> str:
    return f"{name}, ur. {day(birth_date)}" if birth_date else name


def _rename(book: Book, aliases: Mapping[Sheet, Mapping[str, str]]) -> None:
    """Puts the codes of the records that are meant in place of those of the file.

    Rows that became equal are one.
    """
    for sheet, field, target in REFERENCES:
        renamed = aliases.get(target)
        if not renamed or not book[sheet]:
            continue
        rows = [_renamed(row, field, renamed) for row in book[sheet]]
        book.rows[sheet.name] = list({row[1:]: row for row in reversed(rows)}.values())[::-1]


def _renamed(row: Any, field: str, aliases: Mapping[str, str]) -> Any:
    """The row with the codes of a field renamed; a record that would point at itself does not."""
    value = getattr(row, field)
    if isinstance(value, tuple):
        codes = tuple(dict.fromkeys(aliases.get(code, code) for code in value))
        return row._replace(**{field: codes})
    code = aliases.get(value, value)
    return row._replace(**{field: "" if code == getattr(row, "code", None) else code})
