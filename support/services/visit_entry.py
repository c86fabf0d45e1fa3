"""The form of a visit with its people: a short front of the form of a service.

What is typed in it is turned into the data of the form of a service, which validates and saves it.
Errors of that form are shown at the fields of the short one.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils import timezone

from entities.models import Person, Representation
from owes.lookups import label_of, typed
from support.models import Attendance
from support.roster.forms import RosterRow, outside_period
from support.services.concurrent_edits import visit_data_with_lists
from support.services.entry import ServiceEntry, field_problems
from support.services.entry_actions import clear_carried
from support.services.visit_data import add_grids, without_grids
from support.services.visit_forms import VisitForm
from support.services.visits import Companion, companions, read_term, saved_companions

State = Attendance.State


@dataclass(frozen=True)
class OtherPerson:
    """A field for somebody who is not a companion; `suggestions` are `(words, text)`."""

    place: int
    text: str = ""
    errors: list = ()
    suggestions: list = ()
    attributes: str = ""

    @property
    def id(self):
        return f"id_others_{self.place}"

    @property
    def error_id(self):
        return f"{self.id}_error"


class VisitEntry(ServiceEntry):
    """The form of a visit as its page shows it.

    `ticked` are the codes of the companions ticked in the field `people`; the field `others` names
    other people as a row of the roster does. `known` is `{person: state}` of the saved visit.
    """

    form_class = VisitForm
    PARTS = {"sessions": "id_day", "attendances": "osoby"}
    adds_person = False
    shown_term = ""

    def __init__(self, data, service, recipients=(), initial=None, people=()):
        self.service, self.requested_people = service, people
        self.known = saved_companions(service) if service.pk else {}
        self.saved_session = service.sessions.first() if service.pk else None
        self.term = self.term_error = None
        super().__init__(
            None if data is None else self._with_grids(data), service, recipients, initial
        )
        if data is None:
            self.ticked = {person.code for person in people} | self._saved_as_ticked()
            self._read_term(self.form.initial)
            if not service.pk:
                self.form.autofocus_first_empty()
        self.heading = service.heading if service.pk else "Nowa wizyta"

    def _with_grids(self, data):
        """The data as the form of a service has it."""
        data = data.copy()
        if picked := data.get("recipient-pick"):
            data["recipient"] = picked
        self.ticked = set(data.getlist("people"))
        self._read_term(data)
        add_grids(data, self.term, self._rows(data))
        return data

    def _read_term(self, data):
        saved = self.service if self.service.pk else None
        day, hours, adviser = (data.get(name) for name in ("day", "hours", "adviser"))
        adviser = adviser if str(adviser or "").isdecimal() else None
        shown = data.get("told", "")
        try:
            self.term = read_term(day, hours, adviser=adviser, service=saved, shown=shown)
        except ValidationError as error:
            self.term_error = error
        else:
            self.shown_term = shown

    def _rows(self, data):
        """`(person, cell)` of those ticked, of those whose saved state is kept, and of others."""
        rows = [(code, RosterRow.TICKED) for code in data.getlist("people")]
        if self._is_saved_entity(data.get("recipient", "")):
            rows += [
                (person.code, state.value)
                for person, state in self.known.items()
                if person.code not in self.ticked and self.is_kept(state)
            ]
        self.first_other = len(rows)
        others = filter(None, map(typed, data.getlist("others")))
        return rows + [(text, RosterRow.TICKED) for text in others]

    def _is_saved_entity(self, text):
        """Whether the text names the entity that the people of the saved visit represent."""
        recipients = self.service.recipients.all() if self.service.pk else ()
        return text in [label_of(entity) for entity in recipients]

    def is_kept(self, state):
        """Whether a person who is not ticked stays in this state.

        Unticking removes presence. An absence stays, and so does somebody expected at a session
        that has ended: submitting asks whether they came.
        """
        is_ahead = self.saved_session.ends_at > timezone.now()
        return state in (State.ABSENT, State.EXCUSED) or (state == State.EXPECTED and not is_ahead)

    def _saved_as_ticked(self):
        """Codes of those ticked on opening: present, or expected at a session still ahead."""
        return {
            person.code
            for person, state in self.known.items()
            if state in (State.PRESENT, State.EXPECTED) and not self.is_kept(state)
        }

    # The term, as the page shows it

    @property
    def unread(self):
        """Why the day or the hours typed cannot be read; empty while nothing is typed."""
        if self.term_error:
            return self.term_error.messages
        sentences = []
        for name in ("day", "hours"):
            try:
                self.form.fields[name].clean(self.form[name].value())
            except ValidationError as error:
                sentences += error.messages
        return sentences

    @property
    def is_shown_otherwise(self):
        """Whether the assumed hour differs from the one the page showed for the same texts."""
        term = self.term
        if not (term and term.is_assumed and self.shown_term):
            return False
        is_same_text = self.shown_term.startswith(f"{term.day}_{term.minutes}_")
        return is_same_text and self.shown_term != term.field_value

    @property
    def outside(self):
        """The words for a day outside the project, while no error beside it says so."""
        if self.form.shows_errors and self.form.has_error("day"):
            return ""
        day = self.form.fields["day"].read_quietly(self.form["day"].value())
        return outside_period(day, self.project.period)

    # People, as the page shows them

    @cached_property
    def companion_choices(self):
        """A `Companion` for each who may be ticked: representatives, those saved, those asked."""
        entity = next(iter(self.recipients), None)
        day = self.term.day if self.term else timezone.localdate()
        people = {row.person.code: row for row in companions(entity, day)} if entity else {}
        if entity and self._is_saved_entity(label_of(entity)):
            for person, state in self.known.items():
                words = "" if state == State.PRESENT else state.label
                companion = people.get(person.code, Companion(person))
                people[person.code] = replace(companion, state=words, is_usual=True)
        for person in Person.objects.filter(code__in=self.ticked - people.keys()):
            people[person.code] = Companion(person)
        return [replace(row, is_marked=code in self.ticked) for code, row in people.items()]

    @property
    def shows_people(self):
        """Whether the page shows the people of the entity already, so that ticks may stay."""
        codes = [entity.code for entity in self.recipients]
        return bool(codes) and codes == self.data.getlist("recipients")

    @property
    def other_rows(self):
        """The rows of the roster of those typed by name."""
        return self.roster.forms[self.first_other :]

    @property
    def others(self):
        """An `OtherPerson` for each typed, and a blank one."""
        people = []
        for place, row in enumerate(self.other_rows if self.data is not None else []):
            errors = row.errors.get("person", []) if self.shows_roster_errors else []
            of_row = row.suggestions if errors else []
            suggestions = [(words, text) for field, words, text in of_row if field == "person"]
            people.append(OtherPerson(place, row["person"].value(), errors, suggestions))
        attributes = "autofocus" if self.adds_person else ""
        return [*people, OtherPerson(len(people), attributes=attributes)]

    @cached_property
    def usual_entities(self):
        """The entities that the person asked for represents, while no entity is chosen."""
        if self.recipients or not self.requested_people:
            return []
        rows = Representation.objects.filter(person__in=self.requested_people)
        return list(dict.fromkeys(row.entity for row in rows.select_related("entity")))

    @property
    def unmarked(self):
        return self.data.getlist("unmarked") if self.data is not None else []

    def draft_of_left_rows(self):
        data = self.data.copy()
        data.setlist("people", [row.chosen["person"].code for row in self.roster.right])
        data.setlist("others", [row["person"].value() for row in self.roster.wrong])
        data["tells"] = "1"
        return without_grids(data)

    # What somebody else saved meanwhile

    def _lists_since(self, opened):
        """A person who is not ticked stays in the state of `opened`, as in `_rows`."""
        typed_lists = self.lists()
        kept = {
            (day, *who): state
            for (_, *who), state in opened.attendances.items()
            for day in typed_lists.terms
            if self.is_kept(State(state)) and who[1] in typed_lists.recipients
        }
        return replace(typed_lists, attendances=kept | typed_lists.attendances)

    def _data_with_lists(self, typed, merged):
        return visit_data_with_lists(self, typed, merged)

    # Errors

    def is_valid_but_rows(self):
        is_valid = super().is_valid_but_rows()
        form, session = self.form, self.sessions.forms[0]
        if self.term_error:
            form.add_error("hours", self.term_error)
        elif self.is_shown_otherwise:
            hour = self.shown_term.rpartition("_")[2]
            message = f"Godzina {hour} jest już zajęta inną usługą. Wolne: {self.term.hours}."
            form.add_error("hours", f"{message} Zapisz jeszcze raz albo wpisz godziny.")
        elif not form.has_error("day") and not form.has_error("hours"):
            for name, errors in session.errors.items():
                form.add_error("day" if name == "day" else "hours", errors)
        if self.roster.forms and not self.recipients and not form.has_error("recipient"):
            form.add_error("recipient", "Wskaż podmiot, który te osoby reprezentują.")
        return is_valid and not form.errors

    def refuse(self, error):
        for item in error.error_list:
            if item.code == "sessions":
                self.form.add_error("day", item)
            else:
                super().refuse(item)

    def problems(self):
        if not self.shows_errors:
            return []
        people = self.PARTS["attendances"]
        problems = [("", sentence) for sentence in self.refusals]
        problems += field_problems(self.form, self.form.HEAD)
        problems += [(people, sentence) for sentence in self.part_errors["attendances"]]
        for place, row in enumerate(self.roster.forms, start=-self.first_other):
            anchor = f"id_others_{place}" if place >= 0 else people
            problems += [(anchor, f"Osoba: {error}") for error in row.errors.get("person", [])]
        return problems + field_problems(self.form, self.form.TAIL)


def apply_visit_action(entry, act):
    """As `apply_action`, for the buttons of the form of a visit."""
    act, _, argument = act.partition(":")
    data = without_grids(entry.data)
    match act:
        case "add_person":
            pass
        case "people":
            _untick_strangers(entry, data)
        case "person":
            place, _, text = argument.partition(":")
            others = enumerate(data.getlist("others"))
            data.setlist("others", [text if str(n) == place else other for n, other in others])
        case "entity":
            data["recipient"] = argument
        case "clear_carried":
            clear_carried(entry, data, argument)
        case _:
            return None
    return data


def _untick_strangers(entry, data):
    """Unticks people who do not represent the entity, after it changed, and says who they are."""
    marked = [row for row in entry.companion_choices if row.is_marked]
    strangers = [row.person for row in marked if not row.is_usual]
    codes = {person.code for person in strangers}
    data.setlist("people", [code for code in data.getlist("people") if code not in codes])
    data.setlist("unmarked", [str(person) for person in strangers])
