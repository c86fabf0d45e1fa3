"""The short page of a visit: a front of the page of a service, written by the same hand.

What is typed in it is written out as the whole form of a service has it; that one says whether it
is right and saves it. What it says is shown at the fields of the short form.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils import timezone

from entities.lookups import EntityLookup
from entities.models import Entity, Person, Representation
from owes.choices import LookupField
from owes.fields import DayField, SpanField
from owes.lookups import label_of, typed
from support.models import Attendance
from support.roster.forms import RosterRow, outside
from support.services.entry import ServiceEntry
from support.services.forms import ServiceForm
from support.services.visits import (
    Companion,
    companions,
    hours_of,
    read_term,
    saved_companions,
    visit_types,
)

State = Attendance.State


# Of the parts of the whole form that the short one has not.
WHOLE = ("sessions-", "roster-", "repeat-", "previous")


class VisitForm(ServiceForm):
    """The fields of a service with one adviser, one entity and one day, read in words."""

    # Both are said back together, by the page.
    day = DayField(
        label="Dzień",
        required=False,
        is_silent=True,
        help_text="Na przykład 5.4.2022, dziś albo wczoraj.",
    )
    hours = SpanField(
        label="Godziny albo długość",
        required=False,
        is_silent=True,
        help_text="Na przykład 9–11, 2 h, 90 min.",
    )
    recipient = LookupField(
        EntityLookup,
        label="Podmiot",
        required=False,
        help_text="Nazwa, NIP albo kod podmiotu z rejestru.",
    )
    co_advisers = head_count = recipients = None

    class Meta(ServiceForm.Meta):
        fields = [name for name in ServiceForm.Meta.fields if name != "head_count"]

    # Nothing is carried over to where it is folded.
    CARRIED = ("type", "mode")
    # What is mostly held already comes first: typing begins at the day and goes on to the people.
    WHEN = {"adviser": "w-4", "type": "w-4", "mode": "w-4"}
    WHEN |= {"day": "w-3", "hours": "w-3", "recipient": ""}
    WHAT = {"topic": "w-12"}
    AGREED = {"outcome": "", "next_steps": ""}
    MORE = {
        "activity_name": "",
        "place": "",
        "themes": "w-12",
        "description": "w-12",
        "signed_on": "w-4",
    }
    HEAD = WHEN | WHAT
    TAIL = AGREED | MORE

    def __init__(self, data=None, *, instance, recipients=(), initial=None):
        super().__init__(data, instance=instance, initial=initial)
        self.fields["type"].queryset = visit_types()
        if instance.project.ends_on < timezone.localdate():
            self.fields["day"].help_text = "Na przykład 5.4.2022."
        self.fields["recipient"].offer(
            source="support:record_entities", slug=instance.project.slug
        )
        recipients = recipients or self.initial.get("recipients") or []
        self.initial.setdefault("recipient", EntityLookup.label(next(iter(recipients), "")))
        if instance.pk and (session := instance.sessions.first()):
            self.initial |= {"day": session.day, "hours": hours_of(instance)}

    @property
    def when(self):
        return self._layout("", self.WHEN)

    @property
    def what(self):
        return self._layout("", self.WHAT)

    @property
    def agreed(self):
        return self._layout("Ustalenia", self.AGREED)

    @property
    def more(self):
        return self._layout("", self.MORE)

    @property
    def opens_more(self):
        """What is folded holds nothing, and nothing is asked of it."""
        has_errors = self.tells and any(name in self.errors for name in self.MORE)
        return has_errors or any(self[name].value() for name in self.MORE)

    def begin_at_the_first_empty(self):
        """One who opens the form types at once."""
        empty = [name for name in (*self.HEAD, *self.AGREED) if not self[name].value()]
        self.fields[empty[0] if empty else "outcome"].widget.attrs["autofocus"] = True

    def clean(self):
        super().clean()
        day, hours = (typed(self.data.get(name)) for name in ("day", "hours"))
        if hours and not day:
            self.add_error("day", ValidationError("Podaj dzień.", code="required"))
        if day and not hours:
            message = "Podaj godziny albo długość, na przykład 9–11 albo 2 h."
            self.add_error("hours", ValidationError(message, code="required"))

    def _entities(self):
        entity = self.cleaned_data.get("recipient")
        return [entity] if entity else []

    def chosen(self):
        if self.is_bound:
            return super().chosen()
        try:
            entity = self.fields["recipient"].clean(self.initial["recipient"])
        except ValidationError:
            entity = None
        return [entity] if entity else []

    def advisers(self):
        adviser = self.cleaned_data["adviser"]
        return [adviser.pk] if adviser else []


@dataclass(frozen=True)
class Other:
    """A field for somebody not offered; `picks` are `(words, text)` of whom it may mean."""

    place: int
    text: str = ""
    errors: list = ()
    picks: list = ()
    attributes: str = ""

    @property
    def id(self):
        return f"id_others_{self.place}"

    @property
    def error_id(self):
        return f"{self.id}_error"


class VisitEntry(ServiceEntry):
    """The page of a visit.

    `people` holds the codes of those marked among the companions offered, `others` the texts that
    name somebody else, as a row of the roster does.
    """

    form_class = VisitForm
    PARTS = {"sessions": "id_day", "attendances": "osoby"}
    adds_person = False
    was_told = ""
    SHORT = ("day", "hours", "told", "people", "others", "recipients")

    def __init__(self, data, service, recipients=(), initial=None, people=()):
        self.service, self.asked = service, people
        self.known = saved_companions(service) if service.pk else {}
        self.held = service.sessions.first() if service.pk else None
        self.term = self.term_error = None
        whole = None if data is None else self._written_out(data)
        super().__init__(whole, service, recipients, initial)
        if data is None:
            self.marked = {person.code for person in people} | self._present()
            self._read_term(self.form.initial)
            if not service.pk:
                self.form.begin_at_the_first_empty()
        self.heading = service.heading if service.pk else "Nowa wizyta"

    # What is typed, as the form of a service has it

    def _written_out(self, data):
        data = data.copy()
        if chosen := data.get("recipient-pick"):
            data["recipient"] = chosen
        self.marked = set(data.getlist("people"))
        self._read_term(data)
        term = self.term
        session = {
            "day": f"{term.day:%d.%m.%Y}" if term else "",
            "start": f"{term.start:%H:%M}" if term else "",
            "end": f"{term.end:%H:%M}" if term else "",
        }
        entity = data.get("recipient", "")
        rows = [{"person": who, "entity": entity, "s0": mark} for who, mark in self._rows(data)]
        for name, value in {**_grid("sessions", [session]), **_grid("roster", rows)}.items():
            data[name] = value
        return data

    def _read_term(self, data):
        own = self.service if self.service.pk else None
        day, hours, adviser = (data.get(name) for name in ("day", "hours", "adviser"))
        adviser = adviser if str(adviser or "").isdecimal() else None
        try:
            told = data.get("told", "")
            self.term = read_term(day, hours, adviser=adviser, service=own, told=told)
        except ValidationError as error:
            self.term_error = error
        else:
            self.was_told = told

    @property
    def unread(self):
        """Why the term typed so far has no meaning; nothing while nothing is typed."""
        if self.term_error:
            return self.term_error.messages
        found = []
        for name in ("day", "hours"):
            try:
                self.form.fields[name].clean(self.form[name].value())
            except ValidationError as error:
                found += error.messages
        return found

    @property
    def is_told_otherwise(self):
        """Whether the hour assumed is another than the page said for the same texts."""
        term = self.term
        if not (term and term.is_assumed and self.was_told):
            return False
        same = self.was_told.startswith(f"{term.day}_{term.minutes}_")
        return same and self.was_told != term.told

    @property
    def outside(self):
        """Said of the day before anything is saved."""
        day = self.form.fields["day"].read_quietly(self.form["day"].value())
        return outside(day, self.project.period)

    def _rows(self, data):
        """`(person, mark)` of those marked, of those whose state is kept, and of others."""
        rows = [(code, RosterRow.MARK) for code in data.getlist("people")]
        if self._is_of_the_saved(data.get("recipient", "")):
            rows += [
                (person.code, state.value)
                for person, state in self.known.items()
                if person.code not in self.marked and self._is_kept(state)
            ]
        self.first_other = len(rows)
        return rows + [(text, RosterRow.MARK) for text in _filled(data.getlist("others"))]

    def _is_of_the_saved(self, text):
        """Whether the entity is the one whose people are on the saved list."""
        saved = self.service.recipients.all() if self.service.pk else ()
        return text in [label_of(entity) for entity in saved]

    def _is_kept(self, state):
        """Unmarking takes presence away; an absence told before stays, and so does somebody
        expected at a session that has ended: whether they came is asked on submitting."""
        is_ahead = self.held.ends_at > timezone.now()
        return state in (State.ABSENT, State.EXCUSED) or (state == State.EXPECTED and not is_ahead)

    def _present(self):
        """Codes of those marked on opening: present, or expected at what is still ahead."""
        return {
            person.code
            for person, state in self.known.items()
            if state in (State.PRESENT, State.EXPECTED) and not self._is_kept(state)
        }

    # People

    @cached_property
    def offered(self):
        """A `Companion` for each who may be marked: representatives, those saved, those asked."""
        entity = next(iter(self.recipients), None)
        day = self.term.day if self.term else timezone.localdate()
        found = {one.person.code: one for one in companions(entity, day)} if entity else {}
        if entity and self._is_of_the_saved(label_of(entity)):
            for person, state in self.known.items():
                told = "" if state == State.PRESENT else state.label
                one = found.get(person.code, Companion(person))
                found[person.code] = replace(one, state=told, is_usual=True)
        missing = self.marked - found.keys()
        for person in Person.objects.filter(code__in=missing):
            found[person.code] = Companion(person)
        return [replace(one, is_marked=code in self.marked) for code, one in found.items()]

    @property
    def shows_the_people(self):
        """Whether the page shows those of the entity already: a mark made meanwhile stays."""
        codes = [entity.code for entity in self.recipients]
        return bool(codes) and codes == self.data.getlist("recipients")

    @property
    def others(self):
        """Each `Other` typed, and a blank one more."""
        rows = self.roster.forms[self.first_other :] if self.data is not None else []
        found = []
        for place, row in enumerate(rows):
            errors = row.errors.get("person", []) if self.tells_roster else []
            picks = [pick[1:] for pick in row.picks if pick[0] == "person"] if errors else []
            found.append(Other(place, row["person"].value(), errors, picks))
        return [*found, Other(len(found), attributes="autofocus" if self.adds_person else "")]

    @cached_property
    def usual_entities(self):
        """Whom the person asked for represents, while no entity is chosen."""
        if self.recipients or not self.asked:
            return []
        rows = Representation.objects.filter(person__in=self.asked).select_related("entity")
        return list(dict.fromkeys(row.entity for row in rows))

    # What somebody else saved meanwhile

    def _lists_of(self, opened):
        """Who is not marked stays in the state the form told of, as `_rows` keeps it."""
        typed = self._lists()
        told = {
            (day, *who): state
            for (_, *who), state in opened.attendances.items()
            for day in typed.terms
            if self._is_kept(State(state)) and who[1] in typed.recipients
        }
        return replace(typed, attendances=told | typed.attendances)

    def _with_lists(self, typed, merged):
        """The data with what stands in the fields of a visit; of two answers the typed one."""
        data = _without_grids(self.form.data)
        for day, term in merged.terms.items() if len(merged.terms) == 1 else ():
            if typed.terms.get(day) != term:
                data["day"] = f"{day:%d.%m.%Y}"
                data["hours"] = f"{term.start:%H:%M}–{term.end:%H:%M}"
        recipients = merged.recipients if len(merged.recipients) == 1 else typed.recipients
        if recipients != typed.recipients:
            data["recipient"] = label_of(Entity.objects.get(pk__in=recipients))
        advisers = merged.advisers if len(merged.advisers) == 1 else typed.advisers
        data["adviser"] = "".join(map(str, advisers))
        data.setlist("themes", [str(key) for key in merged.themes])
        self._mark_people(data, _states(typed, typed.recipients), _states(merged, recipients))
        return data

    def _mark_people(self, data, typed, merged):
        """Brings the marks to `{person: state}` as merged; who stands by name is a mark then."""
        changed = {key for key in typed | merged if typed.get(key) != merged.get(key)}
        codes = {key: person.code for key, person in Person.objects.in_bulk(changed).items()}
        marked = [code for code in data.getlist("people") if code not in codes.values()]
        for key, code in codes.items():
            state = State(merged.get(key, State.ABSENT))
            marked += [code] if not self._is_kept(state) else []
        others = [row for row in self.roster.forms[self.first_other :] if not row.is_blank()]
        named = [row for row in others if not (row.is_right and row.key[0] in changed)]
        data.setlist("people", marked)
        data.setlist("others", [row["person"].value() for row in named])

    # Right or wrong

    def _is_right_but_rows(self):
        is_right = super()._is_right_but_rows()
        form, session = self.form, self.sessions.forms[0]
        if self.term_error:
            form.add_error("hours", self.term_error)
        elif self.is_told_otherwise:
            before = self.was_told.rpartition("_")[2]
            message = f"Godzina {before} jest już zajęta inną usługą. Wolne: {self.term.hours}."
            form.add_error("hours", f"{message} Zapisz jeszcze raz albo wpisz godziny.")
        elif not form.has_error("day") and not form.has_error("hours"):
            for name, errors in session.errors.items():
                form.add_error("day" if name == "day" else "hours", errors)
        if self.roster.forms and not self.recipients and not form.has_error("recipient"):
            form.add_error("recipient", "Wskaż podmiot, który te osoby reprezentują.")
        return is_right and not form.errors

    def _refuse(self, error):
        for one in error.error_list:
            if one.code == "sessions":
                self.form.add_error("day", one)
            else:
                super()._refuse(one)

    def tell_people(self):
        """Shows what is wrong with the people typed, before anything is saved."""
        self.tells_roster = True
        self.roster.is_valid()

    def problems(self):
        if not self.tells:
            return []
        form, people = self.form, self.PARTS["attendances"]
        found = [("", sentence) for sentence in self.refusals]
        found += self._field_problems(form, form.HEAD)
        found += [(people, sentence) for sentence in self.part_errors["attendances"]]
        for place, row in enumerate(self.roster.forms, start=-self.first_other):
            anchor = f"id_others_{place}" if place >= 0 else people
            found += [(anchor, f"Osoba: {one}") for one in row.errors.get("person", [])]
        return found + self._field_problems(form, form.TAIL)

    # The rest of the page

    def draft_of_the_left(self):
        data = self.data.copy()
        data.setlist("people", [row.found["person"].code for row in self.roster.right])
        data.setlist("others", [row["person"].value() for row in self.roster.wrong])
        data["tells"] = "1"
        return _without_grids(data)

    def rearrange(self, act):
        act, _, what = act.partition(":")
        data = _without_grids(self.data)
        match act:
            case "add_person":
                pass
            case "people":
                self._unmark_strangers(data)
            case "person":
                place, _, text = what.partition(":")
                others = enumerate(data.getlist("others"))
                data.setlist("others", [text if str(n) == place else one for n, one in others])
            case "entity":
                data["recipient"] = what
            case "clear_carried":
                self._clear_carried(data)
            case _:
                return None
        return data

    def _unmark_strangers(self, data):
        """Another entity has other people: marks of those not its own go, and it is said whose."""
        strangers = [one.person for one in self.offered if one.is_marked and not one.is_usual]
        codes = {person.code for person in strangers}
        data.setlist("people", [code for code in data.getlist("people") if code not in codes])
        data.setlist("unmarked", [str(person) for person in strangers])

    @property
    def unmarked(self):
        return self.data.getlist("unmarked") if self.data is not None else []

    def as_of_service(self):
        """What is typed, for the long form; hours that cannot be read stand there as typed."""
        data = self.data.copy()
        if self.term is None:
            data["sessions-0-day"] = data.get("day", "")
            data["sessions-0-start"] = data.get("hours", "")
        for name in self.SHORT:
            data.pop(name, None)
        return data


def as_of_visit(entry):
    """What is typed in the long form (a `ServiceEntry`), for the short one; None if it is more."""
    data = _without_grids(entry.data)
    sessions = [row for row in entry.sessions.shown if not row.is_blank()]
    rows = [row for row in entry.roster.shown if not row.is_blank()]
    entity = next(iter(entry.recipients), None)
    kinds = {str(kind.pk) for kind in visit_types()}
    if (
        max(len(sessions), len(entry.recipients)) > 1
        or data.get("type") not in {"", None} | kinds
        or data.getlist("co_advisers")
        or typed(data.get("head_count"))
        or any(typed(row["break_minutes"].value()) for row in sessions)
        or any(not _is_of_visit(row, entity) for row in rows)
    ):
        return None
    for row in sessions:
        data["day"] = row["day"].value()
        data["hours"] = "–".join(filter(None, (row[name].value() for name in ("start", "end"))))
    data["recipient"] = label_of(entity) if entity else data.get("recipient", "")
    data.pop("recipients", None)
    data.setlist("others", [row["person"].value() for row in rows])
    return data


def _states(lists, entities):
    """`{person: state}` of those who represent the entities."""
    rows = lists.attendances.items()
    return {person: state for (_, person, entity), state in rows if entity in entities}


def _is_of_visit(row, entity):
    """Whether a row of the roster says nothing but that somebody was there for the entity."""
    text = typed(row["entity"].value())
    return row["s0"].value() in (RosterRow.MARK, State.PRESENT, State.EXPECTED) and (
        not text or (entity and text in (label_of(entity), entity.code))
    )


def _filled(texts):
    return [text for text in map(typed, texts) if text]


def _grid(prefix, rows):
    """The fields of a grid, as its page sends them."""
    data = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"}
    for place, row in enumerate(rows):
        data |= {f"{prefix}-{place}-{name}": value for name, value in row.items()}
    return data


def _without_grids(data):
    data = data.copy()
    for name in [name for name in data if name.startswith(WHOLE)]:
        del data[name]
    return data
