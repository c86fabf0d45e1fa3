"""The two grids on the page of a service: its sessions, and who was present at each of them."""

from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from entities.lookups import EntityLookup, PersonLookup
from entities.matching import Matching
from entities.models import Kind
from owes.fields import ClockField, DayField, EndField, MinutesField
from owes.formatting import hours, period
from owes.lookups import label_of, typed
from owes.parsing.hours import minutes_between
from support.calendar.month import day_and_holiday
from support.models import Attendance
from support.models.session import term_between
from support.roster.lists import SessionTerm
from support.roster.newcomers import Newcomer, people_register

State = Attendance.State


class GridRow(forms.Form):
    """A row of a grid; a blank row is ignored, and a row not sent by the page is gone."""

    use_required_attribute = False
    first_field = None
    place = number = None

    def is_blank(self):
        if not self.is_bound:
            return not self.initial
        names = (self.add_prefix(name) for name in self.fields)
        return not any(typed(self.data.get(name)) for name in names)

    @property
    def shown_number(self):
        """The number for texts of the page; the script numbers the rows that it adds."""
        return str(self.number or "")

    @property
    def is_gone(self):
        return self.is_bound and self.add_prefix(self.first_field) not in self.data


class GridRows(forms.BaseFormSet):
    """A grid that treats rows shown on opening and new rows in the same way."""

    def __init__(self, data=None, *, extra=1, **kwargs):
        self.extra = extra
        super().__init__(data, **kwargs)
        for place, row in enumerate(self.forms):
            row.place = place
        for number, row in enumerate(self.shown, start=1):
            row.number = number

    @property
    def shown(self):
        return [row for row in self.forms if not row.is_gone]


def outside_period(day, project_period):
    """The words for a day outside the project; empty for other days and for None."""
    if day is None or day in project_period:
        return ""
    return f"poza okresem projektu {period(project_period)}"


class SessionRow(GridRow):
    first_field = "day"

    day = DayField(label="Data", required=False, is_silent=True)
    start = ClockField(label="Od", required=False, is_silent=True)
    end = EndField(label="Do", required=False, is_silent=True)
    break_minutes = MinutesField(label="Przerwa (min)", required=False, is_silent=True)

    minutes = None
    required_fields = {"day": "Podaj datę.", "start": "Podaj początek.", "end": "Podaj koniec."}

    def __init__(self, *args, project, kept_days=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.period, self.kept_days = project.period, kept_days

    def clean(self):
        if self.is_blank():
            return
        for name, sentence in self.required_fields.items():
            if name not in self.errors and self.cleaned_data.get(name) is None:
                self.add_error(name, ValidationError(sentence, code="required"))
        day = self.cleaned_data.get("day")
        # An imported session outside the period may stay as it is.
        if day and day not in self.period and day not in self.kept_days:
            message = f"Termin jest {outside_period(day, self.period)}."
            self.add_error("day", ValidationError(message, code="outside_period"))
        if not self.errors:
            self._read_term()

    def _read_term(self):
        term = self.term
        try:
            _, self.ends_at, self.minutes = term_between(
                self.cleaned_data["day"], term.start, term.end, term.break_minutes
            )
        except ValidationError as error:
            self.add_error(None, error)

    @property
    def term(self):
        data = self.cleaned_data
        return SessionTerm(data["start"], data["end"], data["break_minutes"] or 0)

    @property
    def title(self):
        return f"Termin {self.number or ''}".strip()

    @property
    def time_words(self):
        """10:00–12:00; 1 h 45 min: from, to and the net time; empty while they cannot be read."""
        read = self._read_quietly if self.is_bound else self.initial.get
        start, end, minutes = read("start"), read("end"), self._shown_minutes(read)
        if minutes is None:
            return ""
        return f"{start:%H:%M}–{end:%H:%M}; {hours(minutes)}"

    def _shown_minutes(self, read):
        """Net minutes; as long as the day cannot be read, those of the clock."""
        saved = self.minutes if self.is_bound else read("minutes")
        if saved is not None or None in (read("start"), read("end")):
            return saved
        try:
            minutes = minutes_between(read("start"), read("end")) - (read("break_minutes") or 0)
        except ValidationError:
            return None
        return minutes if minutes > 0 else None

    def _read_quietly(self, name):
        return self.fields[name].read_quietly(self[name].value())

    @property
    def shown_day(self):
        """The day, or None while it cannot be read."""
        if self.is_bound:
            return self._read_quietly("day")
        return self.initial.get("day")

    @property
    def date_words(self):
        return day_and_holiday(self.shown_day)

    @property
    def day_words(self):
        """The date, and what is wrong with it where no error beside it says so."""
        outside = outside_period(self.shown_day, self.period)
        return "; ".join(filter(None, [self.date_words, outside]))

    @property
    def short_day(self):
        """The head of the column of the roster: 08.05, or the number of a row without a day."""
        return f"{self.shown_day:%d.%m}" if self.shown_day else self.title

    @property
    def is_ahead(self):
        """Whether the session has not ended yet, so that people are only expected at it."""
        ends_at = getattr(self, "ends_at", None) or self.initial.get("ends_at")
        return bool(ends_at) and ends_at > timezone.now()


class BaseSessionRows(GridRows):
    def clean(self):
        days = set()
        for row in self.forms:
            day = row.cleaned_data.get("day") if hasattr(row, "cleaned_data") else None
            if day in days:
                message = "Usługa ma już termin tego dnia."
                row.add_error("day", ValidationError(message, code="duplicate"))
            elif day:
                days.add(day)

    def days(self):
        """Day of each row by its place; rows that cannot be read have none."""
        return [
            None if row.is_blank() or row.errors else row.cleaned_data["day"] for row in self.forms
        ]

    def terms(self):
        """`{day: SessionTerm}` of the rows that can be read."""
        return {day: row.term for day, row in zip(self.days(), self.forms, strict=True) if day}


class RosterRow(GridRow):
    """A person, the entity they represent, and a cell for each session of the form.

    A cell is empty, `yes` (present, or expected while the session is ahead) or a state. The person
    may be a `Newcomer`, who is saved to the register with the service. `chosen` holds the person
    and the entity, where the texts could be read.
    """

    TICKED = "yes"
    # Hidden fields that say how a row was added to the list.
    MARKERS = ("pasted", "previous")
    first_field = "person"
    required_messages = {
        "person": "Wskaż osobę albo usuń wiersz.",
        "entity": "Wskaż podmiot, który ta osoba reprezentuje, albo usuń wiersz.",
        "cells": "Zaznacz choć jeden termin albo usuń wiersz.",
    }

    person = forms.CharField(required=False)
    entity = forms.CharField(required=False)

    def __init__(self, *args, sessions, lookups=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.sessions, self.lookups = sessions, lookups
        self.is_pasted = self.is_bound and bool(self.data.get(self.add_prefix("pasted")))
        self.cell_names = [f"s{place}" for place in range(len(sessions))]
        for name in self.cell_names:
            self.fields[name] = forms.CharField(required=False)

    def clean(self):
        self.chosen, self.candidates = {}, []
        if self.is_blank():
            return
        for name in ("person", "entity"):
            text = typed(self.cleaned_data.get(name))
            try:
                if not text:
                    raise ValidationError(self.required_messages[name], code="required")
                newcomer = Newcomer.read(text) if name == "person" else None
                self.chosen[name] = newcomer or self.lookups[name].one(text)
            except ValidationError as error:
                self.add_error(name, error)
                self.candidates += self._candidates(name, text, error)
        if not self.states():
            self.add_error(
                "person", ValidationError(self.required_messages["cells"], code="required")
            )

    def states(self):
        """`{place of the session: state}` of the filled cells."""
        states = {}
        for place, name in enumerate(self.cell_names):
            value = self.cleaned_data.get(name)
            if self.sessions[place].is_gone:
                continue
            if value == self.TICKED:
                states[place] = State.EXPECTED if self.sessions[place].is_ahead else State.PRESENT
            elif value in State.values:
                states[place] = State(value)
        return states

    @property
    def newcomer(self):
        person = getattr(self, "chosen", {}).get("person")
        return person if isinstance(person, Newcomer) else None

    @property
    def named_person(self):
        """The person of the register whom the row names without a code, with the entity; or None.

        A code says who it is, however strange.
        """
        person, entity = (getattr(self, "chosen", {}).get(name) for name in ("person", "entity"))
        if not person or not entity or self.newcomer or "person" in self.errors:
            return None
        text = typed(self.cleaned_data["person"])
        return None if person.code.casefold() in text.casefold() else person

    @property
    def is_right(self):
        return not self.is_blank() and not self.errors

    @property
    def key(self):
        person = self.newcomer
        return person.key if person else self.chosen["person"].pk, self.chosen["entity"].pk

    def _candidates(self, name, text, error):
        options = [
            self.lookups[name].option(row, text) for row in getattr(error, "candidates", ())
        ]
        return [
            (name, ", ".join(filter(None, (option.text, option.line))), option.text)
            for option in options
        ]

    @property
    def suggestions(self):
        """`(field, words, text)` of what the row may mean: near records, then a new person."""
        if not self.errors:
            return []
        newcomer = self.possible_newcomer if "person" in self.errors else None
        people = newcomer.suggestions() if newcomer else []
        new = [("person", words, text) for words, text in people]
        new_texts = {text for *_, text in new}
        return [candidate for candidate in self.candidates if candidate[2] not in new_texts] + new

    @cached_property
    def possible_newcomer(self):
        """The newcomer named, or the one that a name not in the register may mean, or None."""
        text = self.cleaned_data.get("person") or self.data.get(self.add_prefix("person"))
        return self.newcomer or (Newcomer.from_name(typed(text)) if self.is_unknown else None)

    @property
    def is_unknown(self):
        return self.has_error("person", "unknown_reference")

    @property
    def is_unknown_entity(self):
        return self.has_error("entity", "unknown_reference")

    @property
    def markers(self):
        """Names of the hidden fields that say how the row was added."""
        names = map(self.add_prefix, self.MARKERS)
        return [name for name in names if self.is_bound and self.data.get(name)]

    def cells(self):
        """What the template shows under each session: a checkbox where it can hold the state."""
        for place, (name, session) in enumerate(zip(self.cell_names, self.sessions, strict=True)):
            if session.is_gone:
                continue
            value = self[name].value() or ""
            ticked_state = State.EXPECTED if session.is_ahead else State.PRESENT
            yield {
                "name": self.add_prefix(name),
                "id": self[name].auto_id,
                "place": place,
                "session": session,
                "choices": State.choices,
                "is_box": value in ("", self.TICKED, ticked_state),
                "is_checked": value in (self.TICKED, ticked_state),
                "value": ticked_state.value if value == self.TICKED else value,
            }


OF_ANOTHER = "{person} reprezentuje w rejestrze kogo innego. Kto to jest?"


def check_people(rows):
    """Asks whom the rows mean that name one of the register by the name alone, or a new person.

    Refuses new people with errors, and those like somebody of the register until confirmed.
    """
    if named := [row for row in rows if row.named_person]:
        _check_named(named)
    if new := [row for row in rows if row.possible_newcomer]:
        _check_newcomers(new)


def _check_named(rows):
    traits = [Newcomer.of(row.named_person).traits(_entities_of(row)) for row in rows]
    for row, match in zip(rows, people_register().matches(*traits), strict=True):
        if match.row != row.named_person:
            message = OF_ANOTHER.format(person=label_of(row.named_person))
            row.add_error("person", ValidationError(message, code="unknown_reference"))


def _check_newcomers(rows):
    traits = [row.possible_newcomer.traits(_entities_of(row)) for row in rows]
    for row, twins in zip(rows, Matching(Kind.PERSON).twins(*traits), strict=True):
        row.possible_newcomer.twins = twins
        for sentence in row.newcomer.question if row.newcomer else ():
            row.add_error("person", ValidationError(sentence, code="newcomer"))


def _entities_of(row):
    entity = row.chosen.get("entity")
    return [entity.pk] if entity else []


class BaseRosterRows(GridRows):
    def __init__(self, data=None, *, sessions, **kwargs):
        self.sessions = sessions
        super().__init__(data, prefix="roster", **kwargs)

    def get_form_kwargs(self, index):
        lookups = self.lookups if self.is_bound and index is not None else None
        return {"sessions": self.sessions, "lookups": lookups}

    @property
    def lookups(self):
        """Lookups of all texts of the grid: one query for people and one for entities."""
        if not hasattr(self, "_lookups"):
            rows = range(self.total_form_count())

            def texts(name):
                return [self.data.get(f"{self.add_prefix(row)}-{name}", "") for row in rows]

            self._lookups = {
                "person": PersonLookup(texts("person")),
                "entity": EntityLookup(texts("entity")),
            }
        return self._lookups

    def clean(self):
        seen = set()
        for row in self.forms:
            if row.is_blank() or len(getattr(row, "chosen", {})) < 2:
                continue
            if row.key in seen:
                message = "Ta osoba jest już wpisana z tym podmiotem."
                row.add_error("person", ValidationError(message, code="duplicate"))
            seen.add(row.key)
        check_people(self.forms)

    @property
    def right(self):
        return [row for row in self.forms if row.is_right]

    @property
    def wrong(self):
        return [row for row in self.forms if row.errors]

    def filled_cells(self):
        """`(place of the session, row, state)` of every filled cell in the rows without errors."""
        for row in self.forms:
            if row.is_right:
                for place, state in row.states().items():
                    yield place, row, state

    def have_days(self):
        """Whether every session with a filled cell has a day; adds errors to those without."""
        places = {place for place, _, _ in self.filled_cells()}
        undated = {place for place in places if self.sessions[place].is_blank()}
        for place in undated:
            message = "Podaj datę: na ten termin są zaznaczone osoby."
            self.sessions[place].add_error("day", ValidationError(message, code="required"))
        return not undated

    def attendances(self, days):
        """`{(day, person, entity): state}` of the grid; `days` are the days of the sessions."""
        return {(days[place], *row.key): state.value for place, row, state in self.filled_cells()}


SessionRows = forms.formset_factory(
    SessionRow, formset=BaseSessionRows, extra=1, max_num=400, absolute_max=400
)
RosterRows = forms.formset_factory(
    RosterRow, formset=BaseRosterRows, extra=1, max_num=1000, absolute_max=1000
)
