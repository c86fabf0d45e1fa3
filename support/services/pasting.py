"""Rows of a spreadsheet for the list of a service: recognizes, asks about and saves them.

A person who is not found by name, but may be somebody of the register, is asked about; so is an
unknown entity. An answer is a text as typed in the roster. It belongs to the text of the row, so
that equal texts are asked about once.
"""

from functools import cached_property

from django.core.exceptions import ValidationError

from entities.lookups import EntityLookup, PersonLookup, listed
from entities.matching import near_entities
from entities.models import Kind, NotDuplicate, Person, Representation
from owes.folding import fold
from owes.lookups import label_of, typed
from support.models import Attendance, PasteBatch, Recipient
from support.roster.lists import update_attendances
from support.roster.newcomers import SEXES, WORDS, Newcomer, likely_sex, words_of
from support.services.pasted_rows import rows_of
from support.services.recognition import PeopleOfRows, found_or_none
from support.services.recognized_rows import DETAILS, Question, RecognizedRow

State = Attendance.State
ADD_RECIPIENTS = "Wskaż odbiorcę albo zaznacz niżej, że podmioty z wierszy mają do nich dojść."


class Paste:
    """All the rows of a paste to a service, read with a fixed number of queries.

    `answers` are the fields of `Question`s, of corrected details and of rows to skip. With
    `by_first_name` a missing sex is guessed from the first name, for the user to check.
    """

    def __init__(self, text, service, sessions, answers=None, *, adds_recipients, by_first_name):
        self.service, self.sessions = service, sessions
        self.answers = answers or {}
        self.adds_recipients, self.by_first_name = adds_recipients, by_first_name
        self.recipients = list(service.recipients.all())
        self.questions = {}
        self.rows = [RecognizedRow(*row) for row in rows_of(text)]
        self._find_entities()
        self._find_people()
        self._find_represented()
        for row in self.rows:
            row.is_skipped = row.skip_name in self.answers
        self._refuse_repeated()
        self._find_existing()

    def _ask(self, row, kind, text, choices):
        """The question about the text, shown at the first row with it."""
        question = Question(kind, text, choices, row=row.number).read(self.answers)
        known = self.questions.setdefault(question.name, question)
        (row.questions if known is question else row.questions_above).append(known)
        return known

    def _given(self, kind, text):
        return Question(kind, text).read(self.answers).given

    # Entities

    def _find_entities(self):
        words = {typed(row.values.get("entity")) for row in self.rows}
        given = [typed(self.answers.get(name)) for name in self.answers if name[:7] == "entity-"]
        known = self.entities = EntityLookup([*words, *given])
        unknown = {part for text in words for part in listed(text) or [text]}
        near = near_entities([text for text in unknown if text and not found_or_none(known, text)])
        only = self.recipients[0] if len(self.recipients) == 1 else None
        for row in self.rows:
            text = typed(row.values.get("entity"))
            if text:
                row.entity = found_or_none(known, text) or self._ask_entity(row, text, near)
            else:
                row.entity = only or found_or_none(known, self._given("entity", ""))

    def _find_represented(self):
        """Sets the entity of rows that name none: the one recipient that the person represents."""
        for row in self.rows:
            if not row.entity and not typed(row.values.get("entity")):
                own = self.people.represented_by(row.person) if row.person else ()
                represented = [entity for entity in self.recipients if entity.pk in own]
                row.entity = represented[0] if len(represented) == 1 else self._ask_entity(row, "")
            if row.entity and row.entity not in self.recipients and not self.adds_recipients:
                row.refuse(f"{row.entity} nie jest odbiorcą usługi. {ADD_RECIPIENTS}")

    def _ask_entity(self, row, text, near=None):
        """Asks which entity the text means; returns the one of the answer, or None."""
        candidates, known = self.recipients, self.entities
        if text:
            candidates = []
            for part in listed(text) or [text]:
                entity = found_or_none(known, part)
                candidates += [entity] if entity else near.get(part, [])
        choices = [(label_of(entity), f"to {_entity_words(entity)}") for entity in candidates]
        question = self._ask(row, "entity", text, choices)
        sentence = "Podaj podmiot, który ta osoba reprezentuje."
        if text or question.given:
            try:
                entity = known.one(question.given or text)
            except ValidationError as error:
                sentence = error.messages[0]
            else:
                row.values["entity"] = label_of(entity)
                return entity
        row.refuse(sentence)
        return None

    # People

    def _find_people(self):
        self.people = PeopleOfRows()
        for row in self.rows:
            self.people.read_name(row)
            row.sex = self._sex(row)
            self._read_newcomer(row)
        lookup = PersonLookup([self._given("person", row.written) for row in self.rows])
        matches = self.people.matches(self.rows, self._may_represent)
        for row, match in zip(self.rows, matches, strict=True):
            if match.row and not row.newcomer_given:
                row.person = match.row
            else:
                self._ask_person(row, match, lookup)
            if row.person is None and not row.twins:
                self._check_newcomer(row)

    def _may_represent(self, row):
        """Keys of the entities: of the one named, or of all recipients when none is."""
        if typed(row.values.get("entity")):
            return [row.entity.pk] if row.entity else []
        return [entity.pk for entity in ([row.entity] if row.entity else self.recipients)]

    def _read_newcomer(self, row):
        """Reads a new person from the answer or from the cell, written as in a roster."""
        newcomer = Newcomer.read(self._given("person", row.written) or row.written)
        if not newcomer:
            return
        row.newcomer_given, row.bracket = newcomer, ""
        row.first_name, row.last_name = newcomer.first_name, newcomer.last_name
        if newcomer.sex in SEXES.values():
            row.sex = newcomer.sex
        for name in DETAILS:
            row.values[name] = getattr(newcomer, name) or row.values.get(name, "")

    def _sex(self, row):
        text = fold(row.values.get("sex", ""))
        if not text and self.by_first_name and row.first_name:
            return likely_sex(row.first_name)
        return SEXES.get(text, "")

    def _ask_person(self, row, match, lookup):
        newcomer, written = row.newcomer_given, row.written
        candidates = [match.row] if match.row else [twin.row for twin in match.twins]
        given = self._given("person", written)
        is_clear = not (candidates or row.bracket) and row.sex and row.last_name
        if (is_clear or (newcomer and newcomer.is_sure)) and not given:
            row.others = candidates
            return
        self._ask(row, "person", written, _choices(row, candidates))
        if newcomer and (newcomer.is_sure or not candidates):
            row.others, row.values["name"] = candidates, newcomer.written(sex=row.sex)
        elif given and not newcomer:
            self._read_person(row, given, lookup)
        else:
            row.twins = candidates
            if match.twins:
                row.shared = ", ".join(match.twins[0].shared)
                row.differing = ", ".join(match.twins[0].differing)
            elif candidates:
                row.shared = "imię i nazwisko"
            if row.bracket and not candidates:
                row.refuse(f"Nie wiadomo, co znaczy „({row.bracket})”. Wskaż, kto to jest.")

    def _read_person(self, row, given, lookup):
        """Reads a person of the register from the answer."""
        try:
            row.person = lookup.one(given)
        except ValidationError as error:
            is_name = Newcomer.from_name(given)
            row.refuse("Wskaż osobę z listy albo nową." if is_name else error.messages[0])
        else:
            row.values["name"] = label_of(row.person)

    def _check_newcomer(self, row):
        text = fold(row.values.get("sex", ""))
        for name in DETAILS:
            corrected = self.answers.get(row.field_of(name))
            row.values[name] = row.values.get(name, "") if corrected is None else corrected
        if row.last_name and not row.sex:
            is_odd = bool(text) and text not in SEXES
            new = "Tej osoby nie ma w rejestrze: podaj płeć (K albo M)."
            row.refuse("Płeć to K albo M." if is_odd else new)
            return
        row.errors += row.newcomer.errors
        wrong = row.newcomer.form.errors if row.last_name else {}
        for name in DETAILS:
            if name in wrong or row.field_of(name) in self.answers:
                label = Person._meta.get_field(name).verbose_name
                row.details.append((row.field_of(name), label, row.values[name]))

    def _refuse_repeated(self):
        first_rows = {}
        for row in self.rows:
            if not row.is_right:
                continue
            person = row.person.pk if row.person else row.newcomer.key
            first = first_rows.setdefault((person, row.entity.pk), row)
            if first is not row:
                row.refuse(f"Ta osoba z tym podmiotem jest już w wierszu {first.number}.")

    def _find_existing(self):
        """Sets `existing`, the keys of attendances, and which rows are on the list already."""
        rows = Attendance.objects.filter(session__in=self.sessions)
        self.existing = set(rows.values_list(*Attendance.KEY))
        for row in self.rows:
            row.is_there = bool(row.person and row.entity) and all(
                (session.pk, row.person.pk, row.entity.pk) in self.existing
                for session in self.sessions
            )

    @cached_property
    def right(self):
        return [row for row in self.rows if row.is_right]

    @cached_property
    def wrong(self):
        return [row for row in self.rows if row.waits]

    @property
    def kept_answers(self):
        """`(name, value)` of answers to questions not shown now, which may be shown again."""
        shown = {
            name
            for question in self.questions.values()
            for name in (question.name, question.typed_name)
        }
        return [
            (name, value)
            for name, value in self.answers.items()
            if name.startswith(("person-", "entity-")) and name not in shown
        ]

    @property
    def new_recipients(self):
        entities = {row.entity.pk: row.entity for row in self.right}
        known = {entity.pk for entity in self.recipients}
        return [entity for key, entity in entities.items() if key not in known]

    @property
    def left(self):
        """The text of the rows that are still to be corrected, with the answers about them."""
        return "\n".join(row.text for row in self.wrong)

    # Saving

    def save(self, by, now):
        """Saves the right rows, each with its history; called inside a transaction.

        Returns the `PasteBatch`, or None when the rows add nothing and none is wrong.
        """
        created = {"people": [], "representations": [], "recipients": [], "attendances": []}
        states, newcomers = {}, {}
        for entity in self.new_recipients:
            link, is_new = Recipient.objects.get_or_create(service=self.service, entity=entity)
            created["recipients"] += [link.pk] * is_new
        for row in self.right:
            person = row.person or self._create_person(row, newcomers, created, by)
            for other in row.others:
                NotDuplicate.say(Kind.PERSON, person.pk, other.pk, by=by)
            for session in self.sessions:
                key = (session.pk, person.pk, row.entity.pk)
                if key not in self.existing:
                    states[key] = State.EXPECTED if session.ends_at > now else State.PRESENT
        changes = update_attendances(self.service, states)
        created["attendances"] = [change.row.pk for change in changes]
        PasteBatch.objects.filter(service=self.service).exclude(left="").update(left="")
        if not any(created.values()) and not self.left:
            return None
        return PasteBatch.objects.create(service=self.service, by=by, made=created, left=self.left)

    def _create_person(self, row, newcomers, created, by):
        """The new person of the row; rows that name the same newcomer mean one person."""
        person = newcomers.get(row.newcomer.key)
        if person is None:
            person = newcomers[row.newcomer.key] = row.newcomer.create(by)
            created["people"].append(person.pk)
        representation = Representation.objects.create(person=person, entity=row.entity)
        created["representations"].append(representation.pk)
        return person


def _entity_words(entity):
    place = f", {entity.seat}" if entity.seat else ""
    return f"{entity} ({entity.code}){place}"


def _choices(row, candidates):
    """`(answer, words)` of the people the row may mean, and of a new person."""
    known = [(label_of(person), words_of(person)) for person in candidates]
    if not row.last_name:
        return known
    is_sure = bool(candidates)
    newcomer = Newcomer(row.first_name, row.last_name, is_sure=is_sure)
    new = [(text, words) for words, text in newcomer.suggestions()]
    if not row.sex:
        return known + new
    words = "to inna, nowa osoba" if is_sure else WORDS[row.sex]
    return [*known, (newcomer.written(sex=row.sex), words)]
