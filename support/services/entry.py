"""The one page of a service: its fields, sessions, recipients and who was present."""

from collections import Counter
from copy import copy
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.utils import ErrorDict
from django.utils import timezone

from entities.lookups import representatives
from entities.models import Entity, Person, Representation
from owes.formatting import plural
from owes.lookups import label_of
from owes.rehearsal import rehearse
from support.models import Attendance, PasteBatch, Service
from support.roster import typed_rows
from support.roster.forms import RosterRow, RosterRows, SessionRows
from support.roster.lists import MOST_ROWS, Roster, lines
from support.roster.previous_forms import PreviousPeople
from support.roster.repeat_forms import RepeatForm
from support.services.forms import CarriedOver, ServiceForm
from support.services.pasting import rows_to_type
from support.services.warnings import told_together, warnings_of


class ServiceEntry:
    """The whole page of a service: right, and saved at once, or wrong, and nothing is saved.

    `tells` says whether errors are shown: adding a row asks nothing of what is not typed yet;
    `tells_roster` shows those of the roster alone. With `leaves_wrong_rows` the right rows of the
    roster are saved and the wrong ones are `left`; `tells_left` says that this has happened.
    """

    form_class = ServiceForm
    PARTS = {"sessions": "id_sessions-0-day", "attendances": "id_roster-0-person"}

    def __init__(self, data, service, recipients=(), initial=None, source=None):
        """`initial` is what a new service begins with, `source` the one it copies (`copy_of`)."""
        self.service, self.project = service, service.project
        self.heading = service.heading if service.pk else "Nowa usługa"
        self.number = service.printed_number
        self.data = data
        self.tells = self.tells_roster = self.leaves_wrong_rows = self.tells_left = False
        self.effects = None
        self.warnings = []
        self.refusals = []
        self.part_errors = {part: [] for part in self.PARTS}
        self.form = self.form_class(data, instance=service, recipients=recipients, initial=initial)
        self._carried = data.get("carried") if data is not None else (initial or {}).get("carried")
        saved = list(service.sessions.all()) if service.pk else []
        sessions = saved if data is None else []
        copied = list(source.sessions.all()) if source and data is None else []
        self.sessions = SessionRows(
            data,
            prefix="sessions",
            form_kwargs={
                "project": self.project,
                "kept_days": {session.day for session in saved},
            },
            initial=[self._initial_session(session) for session in sessions]
            or [self._initial_session(session, "day", "ends_at") for session in copied],
            extra=0 if sessions or copied else 1,
        )
        if data is not None:
            self.sessions.is_valid()  # what they mean stands beside them, right or wrong
        self.recipients = self.form.chosen()
        self._hush()
        self.roster = RosterRows(
            data,
            sessions=self.sessions.forms,
            initial=self._initial_roster(sessions) or self._copied_roster(copied),
        )
        self.previous = PreviousPeople(self)
        self.repeat = RepeatForm(data, project=self.project)
        self.repeat._errors = ErrorDict()
        self.has_all_states = bool(data and data.get("states"))
        self.roster_columns = len(self.sessions.shown) + 3
        self.refused_title = "Usługi nie zapisano."
        self.focus = "first" if data is None and not service.pk else ""
        if copied:
            self.focus = ""
            _begin_at(self.sessions.forms[0].fields["day"])

    def _initial_session(self, session, *without):
        initial = {
            "day": session.day,
            "start": session.start,
            "end": session.end,
            "break_minutes": session.break_minutes or None,
            "minutes": session.minutes,
            "ends_at": session.ends_at,
        }
        return {name: value for name, value in initial.items() if name not in without}

    def _initial_roster(self, sessions):
        return [
            {"person": label_of(line.person), "entity": label_of(line.entity)}
            | {f"s{place}": state.value for place, state in enumerate(line.states) if state}
            for line in lines(sessions)
        ]

    def _copied_roster(self, sessions):
        """The same people at the same sessions; of those who did not come it says nothing."""
        return [
            {"person": label_of(line.person), "entity": label_of(line.entity)}
            | {f"s{place}": RosterRow.MARK for place in line.places}
            for line in lines(sessions)
        ]

    def _hush(self):
        """Until all is asked about, only a wrong recipient is told."""
        if self.data is not None:
            told = {
                name: self.form.errors[name] for name in self.form.errors if name == "recipient"
            }
            self.form._errors = ErrorDict(told)

    @cached_property
    def carried(self):
        """What the form holds of one's last service, or None."""
        if not str(self._carried or "").isdecimal():
            return None
        rows = self.project.services.select_related("type", "activity").with_dates()
        last = rows.filter(pk=str(self._carried)[:18]).first()
        return CarriedOver(last, self.form) if last else None

    def is_valid(self):
        self.tells = self.tells_roster = self.form.tells = True
        return self._is_right_but_rows() and (self.leaves_wrong_rows or not self.roster.wrong)

    def _is_right_but_rows(self):
        self.roster.is_valid()
        self.form.full_clean()
        return all([self.form.is_valid(), self.sessions.is_valid(), self._marks_have_days()])

    def tell_roster(self, by):
        """Shows what is wrong in the roster alone, and what its right rows would change."""
        self.tells_roster = True
        self.roster.is_valid()
        if self.data.get("type") and self._is_right_but_rows():
            self._try(by)

    def tell_left(self):
        """Shows the rows that were left when the rest was saved."""
        self.is_valid()
        self.tells_left = bool(self.roster.wrong)

    def _marks_have_days(self):
        undated = {place for place, _, _ in self.roster.marked()}
        undated = {place for place in undated if self.sessions.forms[place].is_blank()}
        for place in undated:
            message = "Podaj datę: na ten termin są zaznaczone osoby."
            self.sessions.forms[place].add_error("day", ValidationError(message, code="required"))
        return not undated

    @property
    def errors(self):
        return self.problems()

    @property
    def recipient_errors(self):
        """Shown as soon as a text leads to no entity: it is asked for by a button of its own."""
        return self.form.errors.get("recipient", []) if self.data is not None else []

    def save(self, by, *, submit=False):
        """The service as saved, or None: then the errors say why, and nothing has changed."""
        if submit:
            self.refused_title = "Usługi nie złożono."
        if not self.is_valid():
            return None
        try:
            with transaction.atomic():
                service = self.write(by)
                if submit:
                    service.submit(by)
        except ValidationError as error:
            self._refuse(error)
            return None
        return service

    def rehearse(self, by):
        """Finds what the service would do to the numbers once approved; saves nothing."""
        if self.is_valid():
            self._try(by)

    def _try(self, by):
        try:
            rehearsal = rehearse(lambda: self._approved(by), project=self.project)
        except ValidationError as error:
            self._refuse(error)
        else:
            self.effects = rehearsal.effects

    def _approved(self, by):
        """What is typed as saved and approved; the warnings are asked of it."""
        service = self.write(by)
        self.warnings = told_together(warnings_of([service.pk]).get(service.pk, []))
        service.rehearse_approval()

    def write(self, by):
        """Writes all that is typed; inside a transaction, after `is_valid`."""
        first = min(filter(None, self.sessions.days()), default=timezone.localdate())
        service = self._write_service(by, first.year)
        before = set(
            Attendance.objects.filter(session__service=service).values_list("pk", flat=True)
        )
        made = self._write_newcomers(by)
        self._lists().save(service)
        service.check_signed(service.signed_on)
        self._keep_batch(service, by, before, made)
        return service

    def _lists(self):
        """The lists of the service as typed, of rows that are right."""
        days = self.sessions.days()
        return Roster(
            terms={
                day: row.term for day, row in zip(days, self.sessions.forms, strict=True) if day
            },
            attendances=self.roster.attendances(days),
            recipients=[entity.pk for entity in (*self.recipients, *self.joining)],
            advisers=self.form.advisers(),
            themes=[theme.pk for theme in self.form.cleaned_data["themes"]],
        )

    @property
    def joining(self):
        """Entities of the roster that become recipients when it is saved."""
        rows = self.roster.right if self.data is not None else []
        entities = dict.fromkeys(row.found["entity"] for row in rows)
        return [entity for entity in entities if entity not in self.recipients]

    def take_over(self, opened, saved):
        """Brings what was left alone in the lists to what is saved by now; all is read anew."""
        opened, service = Roster.of(opened), self.service
        typed, leaves_wrong_rows = self._lists_of(opened), self.leaves_wrong_rows
        data = self._with_lists(typed, typed.merged(opened, Roster.of(saved)))
        vars(self).clear()
        self.__init__(data, service)
        self.leaves_wrong_rows = leaves_wrong_rows

    def _lists_of(self, opened):
        """The lists as typed in a form that showed those `opened`."""
        return self._lists()

    def _with_lists(self, typed, merged):
        """The data with the lists `merged` in place of those `typed`; rows that are wrong stay."""
        data = self.form.data.copy()
        codes = Entity.objects.in_bulk(merged.recipients)
        data.setlist("recipients", [codes[key].code for key in merged.recipients])
        advisers = [str(key) for key in merged.advisers]
        data["recipient"], data["adviser"] = "", "".join(advisers[:1])
        data.setlist("co_advisers", advisers[1:])
        data.setlist("themes", [str(key) for key in merged.themes])
        places = self._place_sessions(data, typed, merged)
        self._place_people(data, typed, merged, places)
        return data

    def _place_sessions(self, data, typed, merged):
        """Brings the sessions in the data to those merged; answers the place of each day."""
        places = {day: place for place, day in enumerate(self.sessions.days()) if day}
        for day in typed.terms.keys() - merged.terms.keys():
            typed_rows.drop_session(data, places.pop(day))
        for day, term in merged.terms.items():
            if day not in places:
                places[day] = typed_rows.add_rows(data, "sessions", 1)
            if term != typed.terms.get(day):
                for name, text in {"day": f"{day:%d.%m.%Y}", **term.as_typed()}.items():
                    data[f"sessions-{places[day]}-{name}"] = text
        return places

    def _place_people(self, data, typed, merged, places):
        """Brings the marks in the data to the attendances merged; who is at none goes."""
        rows = {row.key: row.place for row in self.roster.right}
        who_is_there = {key[1:] for key in merged.attendances}
        added = who_is_there - rows.keys()
        people = Person.objects.in_bulk([person for person, _ in added])
        entities = Entity.objects.in_bulk([entity for _, entity in added])
        for who in sorted(added):
            person, entity = label_of(people[who[0]]), label_of(entities[who[1]])
            rows[who] = typed_rows.add_person(data, person, entity)
        for key in typed.attendances.keys() | merged.attendances.keys():
            day, *who = key
            state = merged.attendances.get(key, "")
            if day in places and state != typed.attendances.get(key, ""):
                data[f"roster-{rows[tuple(who)]}-s{places[day]}"] = state
        for who in rows.keys() - who_is_there:
            typed_rows.drop(data, rf"roster-{rows[who]}-.*")

    def _write_newcomers(self, by):
        """Saves the people the rows name as new; answers the keys of those that were pasted."""
        made, saved = {"people": [], "representations": []}, {}
        for row in self.roster.right:
            if newcomer := row.newcomer:
                is_first = newcomer.key not in saved
                person = saved.setdefault(newcomer.key, newcomer.create(by) if is_first else None)
                representation = Representation(person=person, entity=row.found["entity"])
                representation.save()
                row.found["person"] = person
                if row.is_pasted:
                    made["people"] += [person.pk] * is_first
                    made["representations"].append(representation.pk)
        return made

    def _keep_batch(self, service, by, before, made):
        """What pasted rows added can be taken back together."""
        pasted = {row.key for row in self.roster.right if row.is_pasted}
        if not pasted:
            return
        added = Attendance.objects.filter(session__service=service).exclude(pk__in=before)
        rows = added.values_list("pk", "person_id", "entity_id")
        made["attendances"] = [key for key, *whose in rows if tuple(whose) in pasted]
        made["recipients"] = []
        if any(made.values()):
            PasteBatch.objects.create(service=service, by=by, made=made)

    @property
    def pasted_notes(self):
        return self.data.getlist("pasted-notes") if self.data is not None else []

    @property
    def left(self):
        """The rows of the roster that were not saved."""
        return self.roster.wrong if self.leaves_wrong_rows else []

    def draft_of_the_left(self):
        """The form as typed, with what was saved as saved: only the rows left wait in it."""
        data = self.data.copy()
        for entity in self.joining:
            data.appendlist("recipients", entity.code)
        for row in self.roster.right:
            data[row.add_prefix("person")] = label_of(row.found["person"])
            data[row.add_prefix("entity")] = label_of(row.found["entity"])
            data.pop(row.add_prefix("pasted"), None)
        self.previous.forget(data)
        data["tells"] = "1"
        return data

    def _write_service(self, by, year):
        """The row of the service, written only where it changed; the typed one stays as it was."""
        typed_in = self.form.instance
        activity = self.form.activity_of(self.project)
        if not typed_in.pk:
            service = copy(typed_in)
            service.activity, service.created_by = activity, by
            service.code = Service.new_code(self.project, year)
            service.save()
            return service
        service = Service.objects.select_for_update().get(pk=typed_in.pk)
        service.check_state(Service.EDITABLE)
        columns = [Service._meta.get_field(name).attname for name in self.form.Meta.fields]
        values = {column: getattr(typed_in, column) for column in columns}
        values["activity_id"] = activity and activity.pk
        changed = [column for column, value in values.items() if getattr(service, column) != value]
        for column in changed:
            setattr(service, column, values[column])
        if changed:
            service.save(update_fields=[column.removesuffix("_id") for column in changed])
        return service

    def _refuse(self, error):
        """Puts what the service said at the part it is about."""
        for one in error.error_list:
            match one.code:
                case "advisers":
                    self.form.add_error("adviser", one)
                case "mode" | "head_count" | "signed_on":
                    self.form.add_error(one.code, one)
                case "recipients":
                    self.form.add_error("recipient", one)
                case "sessions" | "attendances":
                    self.part_errors[one.code] += one.messages
                case _:
                    self.refusals += one.messages

    def problems(self):
        """`(anchor, sentence)` of every error, in the order of the page."""
        if not self.tells:
            return (
                self._grid_problems("attendances", "Wiersz", self.roster)
                if self.tells_roster
                else []
            )
        found = [("", sentence) for sentence in self.refusals]
        found += self._field_problems(self.form, self.form.HEAD)
        found += self._grid_problems("sessions", "Termin", self.sessions)
        found += self._field_problems(self.form, ["recipient"])
        found += self._grid_problems("attendances", "Wiersz", self.roster)
        found += self._field_problems(self.form, self.form.TAIL)
        return found

    def _field_problems(self, form, names, prefix=""):
        return [
            (form[name].id_for_label or form[name].auto_id, f"{prefix or form[name].label}: {one}")
            for name in names
            for one in form.errors.get(name, [])
        ]

    def _grid_problems(self, part, noun, rows):
        found = [(self.PARTS[part], sentence) for sentence in self.part_errors[part]]
        for row in rows.shown:
            found += self._field_problems(row, row.fields, f"{noun} {row.number}")
        return found

    def rearrange(self, act):
        """The data after a button that only adds or takes out rows; None when `act` is another."""
        act, _, what = act.partition(":")
        change = {
            "add_session": lambda: typed_rows.add_rows(data, "sessions", 1),
            "repeat": lambda: self._repeat(data),
            "add_people": lambda: typed_rows.add_rows(data, "roster", 5),
            "drop_session": lambda: typed_rows.drop_session(data, what),
            "drop_person": lambda: typed_rows.drop(data, rf"roster-{what}-.*"),
            "drop_recipient": lambda: typed_rows.drop_recipient(data, what),
            "states": lambda: data.__setitem__("states", "" if data.get("states") else "1"),
            "add_representatives": lambda: self._add_representatives(data),
            "person": lambda: typed_rows.name(data, "person", *what.split(":", 1)),
            "entity": lambda: typed_rows.name(data, "entity", *what.split(":", 1)),
            "paste": lambda: self._paste(data),
            "previous": lambda: self.previous.bring(data, what, self._places_to_mark()),
            "drop_previous": lambda: self.previous.take_away(data),
            "add_recipient": lambda: None,
            "clear_carried": lambda: self._clear_carried(data),
        }.get(act)
        if change is None:
            return None
        data = self.data.copy()
        change()
        typed_rows.keep_a_row(data)
        return data

    def _clear_carried(self, data):
        for name in self.carried.fields() if self.carried else ():
            data[name] = ""

    def _repeat(self, data):
        """The last session with a day once more on each day found, with its hours."""
        rows = [row for row in self.sessions.forms if row.cleaned_data.get("day")]
        self.repeat.full_clean()
        self.repeat.find({row.cleaned_data["day"] for row in rows})
        for day in self.repeat.found:
            last = max(rows, key=lambda row: row.cleaned_data["day"])
            place = typed_rows.add_rows(data, "sessions", 1)
            for name in ("start", "end", "break_minutes"):
                data[f"sessions-{place}-{name}"] = data.get(last.add_prefix(name), "")
            data[f"sessions-{place}-day"] = f"{day:%d.%m.%Y}"

    def tell_repeated(self, repeat):
        """Shows what the repeating said; typing goes on at the first day it added."""
        self.repeat = repeat
        if repeat.found:
            _begin_at(self.sessions.forms[-len(repeat.found)].fields["day"])
        elif repeat.errors:
            _begin_at(repeat.fields[repeat.first_wrong])

    def _places_to_mark(self):
        """The sessions that new rows are marked at: those with a day, or all before any has."""
        shown = self.sessions.shown
        return [row.place for row in shown if not row.is_blank()] or [row.place for row in shown]

    def _add_representatives(self, data):
        """A row for each who represents a recipient on the first day and is not there yet."""
        day = next(filter(None, self.sessions.days()), timezone.localdate())
        rows = range(typed_rows.count(data, "roster"))
        there = {person for person, _ in typed_rows.people(data)}
        places = self._places_to_mark()
        codes = [entity.code for entity in self.recipients]
        for person, entity in representatives(codes, day):
            if label_of(person) not in there:
                typed_rows.add_person(data, label_of(person), label_of(entity), places)
        typed_rows.drop_blank(data, rows)

    def _paste(self, data):
        """A row for each pasted one that is not there yet; its entity becomes a recipient."""
        there = typed_rows.people(data)
        codes = [entity.code for entity in self.recipients]
        counts = Counter(rows_to_type(data.get("paste", ""), codes))
        found = [row for row in counts if (row.person, row.entity) not in there]
        if len(there) + len(found) > MOST_ROWS:
            return
        data.setlist("pasted-notes", list(_notes_of(counts, found)))
        places = self._places_to_mark()
        for row in found:
            typed_rows.add_person(data, row.person, row.entity, places, "pasted")
            if row.code and row.code not in data.getlist("recipients"):
                data.appendlist("recipients", row.code)
        data["paste"] = ""
        typed_rows.drop_blank(data, range(len(there)))


def _begin_at(field):
    field.widget.attrs["autofocus"] = True


def _notes_of(counts, taken):
    """What became of pasted rows that make no row of their own."""
    for row, count in counts.items():
        if row not in taken:
            yield f"{row.person}: jest już na liście."
        elif count > 1:
            alike = plural(count, "taki sam wiersz,takie same wiersze,takich samych wierszy")
            yield f"{row.person}: {alike}, wzięto jeden."
