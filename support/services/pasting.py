"""Rows of a spreadsheet for the list of a service: whom they mean, what is new, what is asked.

Names are compared without regard to their order and case. Who is not found so, but may be
somebody of the register written otherwise, is asked about; so is an entity nobody knows. An answer
is a text as the roster would have it, kept by the text it is about: rows alike are asked once.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects

from entities.lookups import EntityLookup, PersonLookup, listed
from entities.models import Kind, NotDuplicate, Person, Representation
from entities.twins import TwinRegister, near_entities
from owes.folding import fold
from owes.lookups import label_of, typed
from support.models import Attendance, PasteBatch, Recipient
from support.roster.lists import mark
from support.roster.newcomers import SEXES, WORDS, Newcomer, likely_sex, offered, words_of
from support.services.pasted_rows import WrittenName, rows_of

State = Attendance.State
DETAILS = ("phone", "email")
ADD_RECIPIENTS = "Wskaż odbiorcę albo zaznacz niżej, że podmioty z wierszy mają do nich dojść."


@dataclass
class Doubt:
    """A question about a text of rows: its answer stands in the field `name`.

    `choices` are `(answer, words)`; another one may be typed in the field `typed_name`.
    """

    kind: str
    text: str
    choices: list = field(default_factory=list)
    answer: str = ""
    typed_answer: str = ""
    row: int = 0  # the first row of the text

    @property
    def name(self):
        return f"{self.kind}-{_digest(self.text)}"

    @property
    def typed_name(self):
        return f"{self.name}-other"

    @property
    def label(self):
        if self.kind == "entity":
            return f"Który to podmiot: „{self.text}”?" if self.text else "Który to podmiot?"
        return f"Kto to jest: „{self.text}”?"

    @property
    def given(self):
        """What was answered; what is typed comes before what is chosen."""
        return self.typed_answer or self.answer

    def read(self, answers):
        self.answer = typed(answers.get(self.name))
        self.typed_answer = typed(answers.get(self.typed_name))
        return self


@dataclass
class RecognizedRow:
    """A row as pasted, and what came of it: `person`, or a new one, or `errors`, or `twins`."""

    number: int
    values: dict
    first_name: str = ""
    last_name: str = ""
    bracket: str = ""
    has_code: bool = False  # of the person, in the bracket
    sex: str = ""
    person: Person | None = None
    entity: object = None
    twins: list = field(default_factory=list)
    others: list = field(default_factory=list)  # those said to be somebody else
    shared: str = ""
    newcomer_told: Newcomer | None = None
    errors: list = field(default_factory=list)
    doubts: list = field(default_factory=list)
    asked_above: list = field(default_factory=list)
    details: list = field(default_factory=list)  # of a new person, to be corrected
    is_there: bool = False
    is_skipped: bool = False
    key: str = ""  # of this very row: what is said of it is of no other when rows move

    def __post_init__(self):
        self.key = f"{self.number}-{_digest(chr(9).join(self.values.values()))}"

    @property
    def name(self):
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def written(self):
        """The name as pasted, in one cell or in two."""
        names = (self.values.get(name) for name in ("first_name", "last_name"))
        whole = self.values.get("name") or self.values.get("turned_name")
        return typed(whole or " ".join(filter(None, names)))

    @property
    def skip_name(self):
        return f"skip-{self.key}"

    @property
    def is_right(self):
        return not (self.errors or self.twins or self.is_skipped)

    @property
    def waits(self):
        return not (self.is_right or self.is_skipped)

    @property
    def is_new(self):
        return self.is_right and self.person is None

    @property
    def status(self):
        """`(kind, icon, words)`."""
        if self.is_skipped:
            return "none", "cross", "pominięty"
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
        details = (typed(self.values.get(name)) for name in DETAILS)
        return Newcomer(self.first_name, self.last_name, self.sex, *details)

    @property
    def text(self):
        """The row as it may be pasted again without a header, with what was answered about it."""
        name = self.values.get("name", "") or self.name
        if "name" not in self.values and self.bracket:
            name = f"{name} ({self.bracket})"
        cells = (self.values.get(column) for column in ("entity", "sex", *DETAILS))
        return "\t".join([name, *(typed(cell) for cell in cells)]).rstrip("\t")

    def field_of(self, name):
        return f"{name}-{self.key}"

    def refuse(self, sentence):
        self.errors.append(sentence)


class Pasted:
    """All the rows of a paste to a service, read with a fixed number of queries.

    `answers` are the fields of `Doubt`s, of details corrected and of rows to skip;
    `by_first_name` lets the sex not given follow from the first name, to be looked over.
    """

    def __init__(self, text, service, sessions, answers=None, *, adds_recipients, by_first_name):
        self.service, self.sessions = service, sessions
        self.answers = answers or {}
        self.adds_recipients, self.by_first_name = adds_recipients, by_first_name
        self.recipients = list(service.recipients.all())
        self.asked = {}
        self.lines = [RecognizedRow(*row) for row in rows_of(text)]
        self._find_entities()
        self._find_people()
        for line in self.lines:
            line.is_skipped = line.skip_name in self.answers
        self._tell_repeated()
        self._find_those_there()

    def _ask(self, line, kind, text, choices):
        """The doubt about the text, asked in the first row it stands in."""
        doubt = Doubt(kind, text, choices, row=line.number).read(self.answers)
        known = self.asked.setdefault(doubt.name, doubt)
        (line.doubts if known is doubt else line.asked_above).append(known)
        return known

    def _given(self, kind, text):
        return Doubt(kind, text).read(self.answers).given

    # Entities

    def _find_entities(self):
        words = {typed(line.values.get("entity")) for line in self.lines}
        given = [typed(self.answers.get(name)) for name in self.answers if name[:7] == "entity-"]
        known = EntityLookup([*words, *given])
        unknown = {part for text in words for part in listed(text) or [text]}
        near = near_entities([text for text in unknown if text and not _found(known, text)])
        only = self.recipients[0] if len(self.recipients) == 1 else None
        for line in self.lines:
            text = typed(line.values.get("entity"))
            if not text and only:
                line.entity = only
            else:
                line.entity = _found(known, text) or self._told_entity(line, text, known, near)
            if line.entity and line.entity not in self.recipients and not self.adds_recipients:
                line.refuse(f"{line.entity} nie jest odbiorcą usługi. {ADD_RECIPIENTS}")

    def _told_entity(self, line, text, known, near):
        offered_ones = self.recipients
        if text:
            parts = [(_found(known, one), near.get(one)) for one in listed(text) or [text]]
            offered_ones = [one for found, near in parts for one in ([found] if found else near)]
        choices = [(label_of(one), f"to {_entity_words(one)}") for one in offered_ones]
        doubt = self._ask(line, "entity", text, choices)
        sentence = "Podaj podmiot, który ta osoba reprezentuje."
        if text or doubt.given:
            try:
                entity = known.one(doubt.given or text)
            except ValidationError as error:
                sentence = error.messages[0]
            else:
                line.values["entity"] = label_of(entity)
                return entity
        line.refuse(sentence)
        return None

    # People

    def _find_people(self):
        known = _Register()
        for line in self.lines:
            known.name(line)
            line.sex = self._sex(line)
            self._read_newcomer(line)
        candidates = self._candidates(known)
        people = PersonLookup([self._given("person", line.written) for line in self.lines])
        for line, (same, alike, shared) in zip(self.lines, candidates, strict=True):
            if known.is_clear(line, same) and not line.newcomer_told:
                line.person = same[0]
            else:
                alike = list(dict.fromkeys(same + alike))
                self._ask_who(line, alike, shared, people)
            if line.person is None and not line.twins:
                self._check_newcomer(line)

    def _read_newcomer(self, line):
        """An answer, or the cell itself, may name a new person as a row of the roster does."""
        told = Newcomer.read(self._given("person", line.written) or line.written)
        if not told:
            return
        line.newcomer_told, line.bracket = told, ""
        line.first_name, line.last_name = told.first_name, told.last_name
        if told.sex in SEXES.values():
            line.sex = told.sex
        for name in DETAILS:
            line.values[name] = getattr(told, name) or line.values.get(name, "")

    def _sex(self, line):
        text = fold(line.values.get("sex", ""))
        if not text and self.by_first_name and line.first_name:
            return likely_sex(line.first_name)
        return SEXES.get(text, "")

    def _candidates(self, known):
        """Of each row: those of the very name, those it may mean, what they share."""
        found = [known.same(line) for line in self.lines]
        asked = [
            line
            for line, same in zip(self.lines, found, strict=True)
            if line.last_name and not known.is_clear(line, same)
        ]
        traits = [line.newcomer.traits([line.entity.pk] if line.entity else []) for line in asked]
        twins = TwinRegister(Kind.PERSON).twins(*traits) if asked else []
        likely = {line.number: ones for line, ones in zip(asked, twins, strict=True)}
        answered = []
        for line, same in zip(self.lines, found, strict=True):
            ones = likely.get(line.number, [])
            shared = ", ".join(ones[0].shared) if ones else ""
            shared = "imię i nazwisko" if same else shared
            answered.append((same, [one.row for one in ones], shared))
        people = [one for same, *_ in answered for one in same]
        prefetch_related_objects(people, "representations__entity")
        return answered

    def _ask_who(self, line, candidates, shared, people):
        told, written = line.newcomer_told, line.written
        given = self._given("person", written)
        is_clear = not (candidates or line.bracket) and line.sex and line.last_name
        if (is_clear or (told and told.is_sure)) and not given:
            line.others = candidates
            return
        self._ask(line, "person", written, _choices(line, candidates))
        if told and (told.is_sure or not candidates):
            line.others, line.values["name"] = candidates, told.written(sex=line.sex)
        elif given and not told:
            self._find_told(line, given, people)
        else:
            line.twins, line.shared = candidates, shared
            if line.bracket and not candidates:
                line.refuse(f"Nie wiadomo, co znaczy „({line.bracket})”. Wskaż, kto to jest.")

    def _find_told(self, line, given, people):
        try:
            line.person = people.one(given)
        except ValidationError as error:
            is_name = offered(given)
            line.refuse("Wskaż osobę z listy albo nową." if is_name else error.messages[0])
        else:
            line.values["name"] = label_of(line.person)

    def _check_newcomer(self, line):
        text = fold(line.values.get("sex", ""))
        for name in DETAILS:
            corrected = self.answers.get(line.field_of(name))
            line.values[name] = line.values.get(name, "") if corrected is None else corrected
        if line.last_name and not line.sex:
            is_odd = bool(text) and text not in SEXES
            new = "Tej osoby nie ma w rejestrze: podaj płeć (K albo M)."
            line.refuse("Płeć to K albo M." if is_odd else new)
            return
        line.errors += line.newcomer.errors
        wrong = line.newcomer.form.errors if line.last_name else {}
        for name in DETAILS:
            if name in wrong or line.field_of(name) in self.answers:
                label = Person._meta.get_field(name).verbose_name
                line.details.append((line.field_of(name), label, line.values[name]))

    def _tell_repeated(self):
        seen = {}
        for line in self.lines:
            if not line.is_right:
                continue
            who = line.person.pk if line.person else line.newcomer.key
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

    @cached_property
    def right(self):
        return [line for line in self.lines if line.is_right]

    @cached_property
    def wrong(self):
        return [line for line in self.lines if line.waits]

    @property
    def kept_answers(self):
        """`(name, value)` of answers to what is not asked now: another answer may ask it again."""
        shown = {name for doubt in self.asked.values() for name in (doubt.name, doubt.typed_name)}
        return [
            (name, value)
            for name, value in self.answers.items()
            if name.startswith(("person-", "entity-")) and name not in shown
        ]

    @property
    def new_recipients(self):
        found = {line.entity.pk: line.entity for line in self.right}
        known = {entity.pk for entity in self.recipients}
        return [entity for key, entity in found.items() if key not in known]

    @property
    def left(self):
        """The rows that stay to be mended, with what was answered about them."""
        return "\n".join(line.text for line in self.wrong)

    def save(self, by, now):
        """Writes the right rows, each with its history; inside a transaction.

        Answers the `PasteBatch`; None when the rows add nothing and none is wrong.
        """
        made = {"people": [], "representations": [], "recipients": [], "attendances": []}
        wanted, newcomers = {}, {}
        for entity in self.new_recipients:
            link, is_new = Recipient.objects.get_or_create(service=self.service, entity=entity)
            made["recipients"] += [link.pk] * is_new
        for line in self.right:
            person = line.person or self._new_person(line, newcomers, made, by)
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

    def _new_person(self, line, newcomers, made, by):
        """Rows that name the same newcomer mean one person."""
        person = newcomers.get(line.newcomer.key)
        if person is None:
            person = newcomers[line.newcomer.key] = line.newcomer.create(by)
            made["people"].append(person.pk)
        representation = Representation(person=person, entity=line.entity)
        representation.save()
        made["representations"].append(representation.pk)
        return person


def _digest(text):
    """Texts that differ in case and spaces only are one text."""
    return hashlib.sha256(text.casefold().encode()).hexdigest()[:12]


def _found(lookup, text):
    try:
        return lookup.one(text) if text else None
    except ValidationError:
        return None


def _entity_words(entity):
    place = f", {entity.seat}" if entity.seat else ""
    return f"{entity} ({entity.code}){place}"


def _choices(line, candidates):
    """`(answer, words)` of those the row may mean, and of somebody new."""
    known = [(label_of(one), words_of(one)) for one in candidates]
    if not line.last_name:
        return known
    is_sure = bool(candidates)
    newcomer = Newcomer(line.first_name, line.last_name, is_sure=is_sure)
    new = [(text, words) for words, text in newcomer.picks()]
    if not line.sex:
        return known + new
    words = "to inna, nowa osoba" if is_sure else WORDS[line.sex]
    return [*known, (newcomer.written(sex=line.sex), words)]


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
    lines = [RecognizedRow(*row) for row in rows_of(text)]
    entities = EntityLookup([line.values.get("entity", "") for line in lines] + recipients[:1])
    known = _Register()
    for line in lines:
        known.name(line)
        words = typed(line.values.get("entity"))
        if not words and len(recipients) == 1:
            words = recipients[0]
        line.entity = _found(entities, words)
        same = known.same(line)
        code = line.entity.code if line.entity else ""
        entity = label_of(line.entity) if line.entity else words
        person = same[0] if known.is_clear(line, same) else None
        yield TypedRow(label_of(person) if person else _unclear(line), entity, code)


def _unclear(line):
    """The row as that of a newcomer, for the roster to ask whether it is somebody known."""
    if not line.last_name or line.bracket:
        return line.written
    newcomer = line.newcomer
    sex = typed(line.values.get("sex"))
    return newcomer.written(sex=SEXES.get(fold(sex), sex))


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
        self.entities_of = defaultdict(set)
        for person, entity in [*rows, *attended.distinct()]:
            self.entities_of[person].add(entity)

    def name(self, line):
        """Says which word is the first name: the header, else what first names are known."""
        values = line.values
        written = WrittenName.read(values.get("name") or values.get("turned_name", ""))
        words, line.bracket = written.words, written.bracket
        if "last_name" in values:
            line.first_name, line.last_name = values.get("first_name", ""), values["last_name"]
        elif len(words) < 2:
            return
        elif "turned_name" in values:
            place = self._first_name_after(words)
            line.first_name, line.last_name = " ".join(words[place:]), " ".join(words[:place])
        else:
            is_turned = fold(words[0]) not in self.first_names
            if is_turned and fold(words[-1]) in self.first_names:
                words = [words[-1], *words[:-1]]
            line.first_name, line.last_name = words[0], " ".join(words[1:])

    def _first_name_after(self, words):
        """The place of the first name in "Nowak Anna Maria": a known one, else the last."""
        known = [place for place in range(1, len(words)) if fold(words[place]) in self.first_names]
        return known[0] if known else len(words) - 1

    def same(self, line):
        """Those of the very name, of several the ones who represented the entity if any did.

        Of a row with a code of the register only the one of that code.
        """
        if person := self.by_code.get(line.bracket.casefold()):
            line.bracket, line.has_code = "", True
            return [person]
        if any(sign.isdigit() for sign in line.bracket):
            return []
        same = self.by_name.get(_exact(line.name), [])
        if len(same) > 1 and line.entity:
            return [one for one in same if line.entity.pk in self.entities_of[one.pk]] or same
        return same

    def is_clear(self, line, same):
        """Whether the row means the one of that name: by code, or of no other entity so far."""
        if len(same) != 1 or line.has_code or not line.entity:
            return len(same) == 1
        entities = self.entities_of[same[0].pk]
        return not entities or line.entity.pk in entities


def _exact(words):
    return tuple(sorted(words.casefold().replace("-", " ").split()))
