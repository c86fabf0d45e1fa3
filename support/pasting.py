"""Rows copied from a spreadsheet: who they mean, what is new, what cannot be saved and why.

A row is a person and an entity: name, entity, then sex, phone and e-mail in that order, or as a
header names them. Names are compared without regard to their order and case; who is not found
so but is a likely twin of somebody (`entities.twins`) is to be told apart.
"""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from entities.lookups import EntityLookup
from entities.models import Kind, NotDuplicate, Person, Representation
from entities.twins import Register
from owes.folding import fold
from owes.lookups import label_of, typed
from support.models import Attendance, PasteBatch, Recipient
from support.newcomers import SEXES, Newcomer
from support.rosters import mark

State = Attendance.State
MOST_ROWS = 1000
COLUMNS = ("name", "entity", "sex", "phone", "email")
HEADERS = {
    "name": ("osoba", "imie i nazwisko", "nazwisko i imie", "uczestnik", "przedstawiciel"),
    "first_name": ("imie",),
    "last_name": ("nazwisko",),
    "entity": ("podmiot", "organizacja", "nazwa podmiotu"),
    "sex": ("plec", "k/m"),
    "phone": ("telefon", "tel.", "nr telefonu"),
    "email": ("e mail", "email", "mail", "adres e mail"),
}
CODE = re.compile(r"\(([^()]+)\)\s*$")


@dataclass
class Line:
    """A row as pasted, and what came of it: `person`, or a new one, or `error`, or `twins`."""

    number: int
    text: str
    values: dict
    first_name: str = ""
    last_name: str = ""
    sex: str = ""
    person: Person | None = None
    entity: object = None
    twins: list = field(default_factory=list)
    others: list = field(default_factory=list)  # twins said to be somebody else
    shared: str = ""
    errors: list = field(default_factory=list)
    is_there: bool = False

    @property
    def key(self):
        """By which the answer about a twin is found again."""
        return f"twin-{self.number}"

    @property
    def is_right(self):
        return not self.errors and not self.twins

    @property
    def is_new(self):
        return self.is_right and self.person is None

    @property
    def status(self):
        """`(kind, icon, words)`."""
        if self.errors:
            return "risk", "risk", "błąd"
        if self.twins:
            return "watch", "watch", "prawdopodobny bliźniak"
        if self.is_there:
            return "none", "check", "już jest na liście"
        return ("info", "plus", "nowa osoba") if self.is_new else ("ok", "check", "dopasowana")

    @property
    def newcomer(self):
        """The row as that of a new person: what the register's form accepts of it, and no more."""
        details = (typed(self.values.get(name)) for name in ("phone", "email"))
        return Newcomer(self.first_name, self.last_name, self.sex, *details)

    def refuse(self, sentence):
        self.errors.append(sentence)


class Pasted:
    """All the rows of a paste to a service, read with a fixed number of queries.

    `answers` say of twins, by `Line.key`, whether the row is one of them (its code) or `new`;
    `by_first_name` lets the sex not given follow from the first name, to be looked over.
    """

    def __init__(self, text, service, sessions, answers=None, *, adds_recipients, by_first_name):
        self.service, self.sessions = service, sessions
        self.answers = answers or {}
        self.adds_recipients, self.by_first_name = adds_recipients, by_first_name
        self.recipients = list(service.recipients.all())
        self.lines = list(_lines(text))
        self._find_entities()
        self._find_people()
        self._find_those_there()

    def _find_entities(self):
        found = EntityLookup([line.values.get("entity", "") for line in self.lines])
        only = self.recipients[0] if len(self.recipients) == 1 else None
        for line in self.lines:
            text = typed(line.values.get("entity"))
            if not text and only:
                line.entity = only
                continue
            if not text:
                line.refuse("Podaj podmiot, który ta osoba reprezentuje.")
                continue
            try:
                line.entity = found.one(text)
            except ValidationError as error:
                line.refuse(error.messages[0])
                continue
            if line.entity not in self.recipients and not self.adds_recipients:
                line.refuse("Ten podmiot nie jest odbiorcą usługi.")

    def _find_people(self):
        known = _Register()
        for line in self.lines:
            known.name(line)
        traits = (
            line.newcomer.traits([line.entity.pk] if line.entity else []) for line in self.lines
        )
        found = Register(Kind.PERSON).twins(*traits)
        for line, twins in zip(self.lines, found, strict=True):
            if not line.last_name:
                line.refuse("Podaj imię i nazwisko.")
                continue
            line.sex = self._sex(line)
            self._match(line, known, twins)
            if line.is_new and not line.sex:
                line.refuse("Tej osoby nie ma w rejestrze: podaj płeć (K albo M).")
            elif line.is_new:
                line.errors += line.newcomer.errors
        self._tell_repeated()

    def _sex(self, line):
        text = fold(line.values.get("sex", ""))
        if text and text not in SEXES:
            line.refuse("Płeć to K albo M.")
        if not text and self.by_first_name:
            return "K" if fold(line.first_name).endswith("a") else "M"
        return SEXES.get(text, "")

    def _match(self, line, known, twins):
        same = known.same(line)
        if len(same) == 1:
            line.person = same[0]
            return
        candidates = same or [twin.row for twin in twins]
        answer = self.answers.get(line.key)
        if not candidates or known.coded(line):
            return
        if answer == "new":
            line.others = candidates
            return
        line.person = next((one for one in candidates if one.code == answer), None)
        if line.person is None:
            line.twins = candidates
            line.shared = "imię i nazwisko" if same else ", ".join(twins[0].shared)

    def _tell_repeated(self):
        seen = {}
        for line in self.lines:
            if not line.is_right:
                continue
            who = line.person.pk if line.person else (fold(line.last_name), fold(line.first_name))
            before = seen.setdefault((who, line.entity.pk), line)
            if before is not line:
                line.refuse(f"Ta osoba z tym podmiotem jest już w wierszu {before.number}.")

    def _find_those_there(self):
        rows = Attendance.objects.filter(session__in=self.sessions)
        there = set(rows.values_list("session_id", "person_id", "entity_id"))
        for line in self.lines:
            line.is_there = bool(line.person and line.entity) and all(
                (session.pk, line.person.pk, line.entity.pk) in there for session in self.sessions
            )
        self.there = there

    @property
    def right(self):
        return [line for line in self.lines if line.is_right]

    @property
    def wrong(self):
        return [line for line in self.lines if not line.is_right]

    @property
    def new_recipients(self):
        found = {line.entity.pk: line.entity for line in self.right}
        known = {entity.pk for entity in self.recipients}
        return [entity for key, entity in found.items() if key not in known]

    @property
    def left(self):
        """The rows that stay to be mended, as they were pasted."""
        return "\n".join(line.text for line in self.wrong)

    def save(self, by, now):
        """Writes the right rows, each with its history; inside a transaction.

        Answers the `PasteBatch`; None when the rows add nothing and none is wrong.
        """
        made = {"people": [], "representations": [], "recipients": [], "attendances": []}
        wanted = {}
        for entity in self.new_recipients:
            link, is_new = Recipient.objects.get_or_create(service=self.service, entity=entity)
            made["recipients"] += [link.pk] * is_new
        for line in self.right:
            person = line.person or self._new_person(line, made, by)
            for other in line.others:
                NotDuplicate.say(Kind.PERSON, person.pk, other.pk, by=by)
            for session in self.sessions:
                key = (session.pk, person.pk, line.entity.pk)
                if key not in self.there:
                    wanted[key] = State.EXPECTED if session.ends_at > now else State.PRESENT
        made["attendances"] = [one.row.pk for one in mark(self.service, wanted)]
        PasteBatch.objects.filter(service=self.service).exclude(left="").update(left="")
        if not any(made.values()) and not self.left:
            return None
        return PasteBatch.objects.create(service=self.service, by=by, made=made, left=self.left)

    def _new_person(self, line, made, by):
        person = line.newcomer.create(by)
        representation = Representation(person=person, entity=line.entity)
        representation.save()
        made["people"].append(person.pk)
        made["representations"].append(representation.pk)
        return person


@dataclass(frozen=True)
class TypedRow:
    """A pasted row as it would be typed in the roster; `code` of its entity if there is one."""

    person: str
    entity: str
    code: str = ""


def rows_to_type(text, recipients):
    """`TypedRow` of each row, for the roster of a service whose recipients have these codes.

    Who is in the register stands by their code, others as newcomers; what cannot be read stays
    as it is, for the roster to say what is wrong.
    """
    lines = list(_lines(text))
    entities = EntityLookup([line.values.get("entity", "") for line in lines] + recipients[:1])
    known = _Register()
    for line in lines:
        known.name(line)
        words = typed(line.values.get("entity"))
        if not words and len(recipients) == 1:
            words = recipients[0]
        try:
            line.entity = entities.one(words)
        except ValidationError:
            line.entity = None
        same = known.same(line)
        code = line.entity.code if line.entity else ""
        entity = label_of(line.entity) if line.entity else words
        yield TypedRow(_person_to_type(line, same), entity, code)


def _person_to_type(line, same):
    if len(same) == 1:
        return label_of(same[0])
    if same or not line.last_name:
        return typed(line.values.get("name")) or f"{line.first_name} {line.last_name}".strip()
    newcomer = line.newcomer
    sex = typed(line.values.get("sex"))
    return newcomer.written(sex=SEXES.get(fold(sex), sex))


def _lines(text):
    """The rows with their cells by column; empty ones and the header are none."""
    rows = [(number, row) for number, row in enumerate(text.splitlines(), 1) if typed(row)]
    sign = "\t" if any("\t" in row for _, row in rows) else ";"
    columns = COLUMNS
    for place, (number, row) in enumerate(rows):
        cells = [typed(cell) for cell in row.split(sign)]
        if place == 0 and (named := _header(cells)):
            columns = named
            continue
        values = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
        yield Line(number, row, values)


def _header(cells):
    """The column of each cell when the row is a header, else nothing."""
    names = {words: name for name, texts in HEADERS.items() for words in texts}
    found = [names.get(fold(cell)) for cell in cells]
    return found if {"name", "last_name"} & set(found) else None


class _Register:
    """People of the register by how a row may name them: one query, two with their entities."""

    def __init__(self):
        self.by_name, self.by_code = {}, {}
        self.first_names = set()
        for person in Person.objects.order_by("sort_key", "code"):
            words = f"{person.first_name} {person.last_name}"
            self.by_name.setdefault(_exact(words), []).append(person)
            self.by_code[person.code.casefold()] = person
            self.first_names.add(fold(person.first_name))
        rows = Representation.objects.values_list("person_id", "entity_id")
        attended = Attendance.objects.values_list("person_id", "entity_id")
        self.known = set(rows) | set(attended.distinct())

    def name(self, line):
        """Says which word is the first name: the header, else what first names are known."""
        values = line.values
        if "last_name" in values:
            line.first_name, line.last_name = values.get("first_name", ""), values["last_name"]
            return
        words = CODE.sub("", values.get("name", "")).split()
        if len(words) < 2:
            return
        turned = fold(words[0]) not in self.first_names and fold(words[-1]) in self.first_names
        if turned:
            words = [words[-1], *words[:-1]]
        line.first_name, line.last_name = words[0], " ".join(words[1:])

    def same(self, line):
        """Those of the very name, of several the ones who represented the entity if any did.

        Of a row with a code only the one of that code.
        """
        if code := self.coded(line):
            person = self.by_code.get(code)
            return [person] if person else []
        same = self.by_name.get(_exact(f"{line.first_name} {line.last_name}"), [])
        if len(same) > 1 and line.entity:
            return [one for one in same if (one.pk, line.entity.pk) in self.known] or same
        return same

    def coded(self, line):
        code = CODE.search(line.values.get("name", ""))
        return code[1].strip().casefold() if code else ""


def _exact(words):
    return tuple(sorted(words.casefold().replace("-", " ").split()))
