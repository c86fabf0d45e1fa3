"""The form of a service: its fields, sessions, recipients and roster, with their errors."""

from functools import cached_property

from owes.lookups import label_of
from support.roster.forms import RosterRow, RosterRows, SessionRows
from support.roster.lists import ServiceLists, participants_of
from support.roster.previous_forms import PreviousPeople, remove_markers
from support.roster.repeat_forms import RepeatForm
from support.services.concurrent_edits import data_with_lists
from support.services.forms import CarriedOver, ServiceForm


class ServiceEntry:
    """The whole form of a service as its page shows it.

    Either all of it is right and is saved at once, or nothing is saved. `shows_errors` is false
    after a button that adds a row, which does not complain about what is not typed yet;
    `shows_roster_errors` shows the errors of the roster alone. With `leaves_wrong_rows` the right
    rows of the roster are saved and the wrong ones are `left`, which `is_valid` sets;
    `shows_left_rows` shows this afterwards. `is_unchanged` asks whether to submit a service as it
    came back.
    """

    form_class = ServiceForm
    PARTS = {"sessions": "id_sessions-0-day", "attendances": "id_roster-0-person"}

    def __init__(self, data, service, recipients=(), initial=None, source=None):
        """`initial` holds the first values of a new service, `source` the service it copies."""
        self.service, self.project, self.data = service, service.project, data
        self.heading = service.heading if service.pk else "Nowa usługa"
        self.number = service.printed_number
        self.refused_title = "Usługi nie zapisano."
        self.shows_errors = self.shows_roster_errors = False
        self.leaves_wrong_rows = self.shows_left_rows = False
        self.is_unchanged = False
        self.effects, self.warnings, self.refusals, self.left = None, [], [], []
        self.part_errors = {part: [] for part in self.PARTS}
        self.form = self.form_class(data, instance=service, recipients=recipients, initial=initial)
        self.recipients = self.form.chosen()
        if data is not None:
            self.form.keep_errors(["recipient"])  # others are shown once all is validated
        self._carried_key = ((initial or {}) if data is None else data).get("carried")
        saved = list(service.sessions.all()) if service.pk else []
        session_rows, roster_rows = _initial_rows(saved, source) if data is None else ([], [])
        self.sessions = SessionRows(
            data,
            prefix="sessions",
            form_kwargs={
                "project": self.project,
                "kept_days": {session.day for session in saved},
            },
            initial=session_rows,
            extra=0 if session_rows else 1,
        )
        if data is not None:
            self.sessions.is_valid()  # the page shows what each row means, right or wrong
        self.roster = RosterRows(data, sessions=self.sessions.forms, initial=roster_rows)
        self.previous = PreviousPeople(data, service, self.form, self.sessions, self.roster)
        self.repeat = RepeatForm(data, project=self.project)
        self.repeat.errors.clear()  # they are shown once its button is pressed
        self.has_all_states = bool(data and data.get("states"))
        self.roster_columns = len(self.sessions.shown) + 3
        is_copy = bool(source and session_rows)
        self.focus = "first" if data is None and not service.pk and not is_copy else ""
        if is_copy:
            _autofocus(self.sessions.forms[0].fields["day"])

    @cached_property
    def carried_over(self):
        """What the form holds of one's last service, or None."""
        if not str(self._carried_key or "").isdecimal():
            return None
        services = self.project.services.select_related("type", "activity").with_dates()
        last = services.filter(pk=str(self._carried_key)[:18]).first()
        return CarriedOver(last, self.form) if last else None

    @cached_property
    def evidence_to_come(self):
        """`(requirement, keys of the types that need it, whether the one typed does)`."""
        rows = self.project.evidence_requirements.all().to_come(self.service)
        typed = str(self.form["type"].value() or "")
        found = []
        for row in rows:
            types = [str(key) for key in row.service_types().values_list("pk", flat=True)]
            found.append((row, " ".join(types), typed in types))
        return found

    def is_valid(self):
        self.shows_errors = self.shows_roster_errors = self.form.shows_errors = True
        is_valid, wrong = self.is_valid_but_rows(), self.roster.wrong
        self.left = wrong if self.leaves_wrong_rows else []
        return is_valid and self.left == wrong

    def is_valid_but_rows(self):
        """Whether all but the rows of the roster is right."""
        self.roster.is_valid()
        self.form.full_clean()
        return all([self.form.is_valid(), self.sessions.is_valid(), self.roster.have_days()])

    def show_roster_errors(self):
        self.shows_roster_errors = True
        self.roster.is_valid()

    def show_left_rows(self):
        """Shows the rows that were left when the rest was saved."""
        self.is_valid()
        self.shows_left_rows = bool(self.roster.wrong)

    def show_repeated(self, repeat):
        """Shows the result of repeating the last session; puts the focus at the first new day."""
        self.repeat = repeat
        if repeat.new_days:
            _autofocus(self.sessions.forms[-len(repeat.new_days)].fields["day"])
        elif repeat.errors:
            _autofocus(repeat.fields[repeat.first_wrong])

    def lists(self):
        """The `ServiceLists` as typed, of the rows that are right.

        In attendances of a newcomer who is not saved yet, `Newcomer.key` stands for the person.
        """
        recipients = [*self.recipients, *self.joining]
        return ServiceLists(
            terms=self.sessions.terms(),
            attendances=self.roster.attendances(self.sessions.days()),
            recipients=[entity.pk for entity in recipients],
            advisers=self.form.advisers(),
            themes=[theme.pk for theme in self.form.cleaned_data["themes"]],
        )

    @property
    def joining(self):
        """Entities of the roster that become recipients when it is saved."""
        rows = self.roster.right if self.data is not None else []
        entities = dict.fromkeys(row.chosen["entity"] for row in rows)
        return [entity for entity in entities if entity not in self.recipients]

    def draft_of_left_rows(self):
        """The data of the form after saving, in which only the rows left wait."""
        data = self.data.copy()
        for entity in self.joining:
            data.appendlist("recipients", entity.code)
        for row in self.roster.right:
            data[row.add_prefix("person")] = label_of(row.chosen["person"])
            data[row.add_prefix("entity")] = label_of(row.chosen["entity"])
            data.pop(row.add_prefix("pasted"), None)
        remove_markers(data)
        data["tells"] = "1"
        return data

    # What somebody else saved meanwhile

    def take_over(self, opened, saved):
        """Reads the form anew, with lists left as opened replaced by those saved meanwhile.

        `owes.concurrent_edits` calls it with the rows of both versions.
        """
        opened, saved = ServiceLists.from_version(opened), ServiceLists.from_version(saved)
        typed, leaves_wrong_rows = self._lists_since(opened), self.leaves_wrong_rows
        data = self._data_with_lists(typed, typed.merged(opened, saved))
        service = self.service
        vars(self).clear()
        self.__init__(data, service)
        self.leaves_wrong_rows = leaves_wrong_rows

    def _lists_since(self, opened):
        """The lists as typed in a form that showed the lists `opened`."""
        return self.lists()

    def _data_with_lists(self, typed, merged):
        return data_with_lists(self, typed, merged)

    # Errors

    def refuse(self, error):
        """Shows an error of saving at the part of the form that it is about."""
        for item in error.error_list:
            match item.code:
                case "advisers":
                    self.form.add_error("adviser", item)
                case "mode" | "head_count" | "signed_on":
                    self.form.add_error(item.code, item)
                case "recipients":
                    self.form.add_error("recipient", item)
                case "unchanged":
                    self.is_unchanged = True
                case "sessions" | "attendances":
                    self.part_errors[item.code] += item.messages
                case _:
                    self.refusals += item.messages

    @property
    def errors(self):
        return self.problems()

    @property
    def recipient_errors(self):
        """Shown before the whole form is validated, as a recipient has a button of its own."""
        return self.form.errors.get("recipient", []) if self.data is not None else []

    def problems(self):
        """`(anchor, sentence)` of every error shown, in the order of the page."""
        if not self.shows_errors:
            return self._roster_problems() if self.shows_roster_errors else []
        return [
            *(("", sentence) for sentence in self.refusals),
            *field_problems(self.form, self.form.HEAD),
            *self._grid_problems("sessions", "Termin", self.sessions),
            *field_problems(self.form, ["recipient"]),
            *self._roster_problems(),
            *field_problems(self.form, self.form.TAIL),
        ]

    def _roster_problems(self):
        return self._grid_problems("attendances", "Wiersz", self.roster)

    def _grid_problems(self, part, noun, rows):
        problems = [(self.PARTS[part], sentence) for sentence in self.part_errors[part]]
        for row in rows.shown:
            problems += field_problems(row, row.fields, f"{noun} {row.number}")
        return problems

    @property
    def pasted_notes(self):
        return self.data.getlist("pasted-notes") if self.data is not None else []


def _initial_rows(saved, source):
    """Rows of the sessions and of the roster of a form just opened.

    They are of the saved sessions, or of those of the service `source`, if any. The latter come
    without days and absences.
    """
    if saved or not source:
        return [_session_values(session) for session in saved], [
            _names(participant)
            | {f"s{place}": state.value for place, state in enumerate(participant.states) if state}
            for participant in participants_of(saved)
        ]
    copied = list(source.sessions.all())
    return [_session_values(session) | {"day": None, "ends_at": None} for session in copied], [
        _names(participant) | {f"s{place}": RosterRow.TICKED for place in participant.places}
        for participant in participants_of(copied)
    ]


def _session_values(session):
    return {
        "day": session.day,
        "start": session.start,
        "end": session.end,
        "break_minutes": session.break_minutes or None,
        "minutes": session.minutes,
        "ends_at": session.ends_at,
    }


def _names(participant):
    return {"person": label_of(participant.person), "entity": label_of(participant.entity)}


def field_problems(form, names, prefix=""):
    return [
        (form[name].id_for_label or form[name].auto_id, f"{prefix or form[name].label}: {error}")
        for name in names
        for error in form.errors.get(name, [])
    ]


def _autofocus(field):
    field.widget.attrs["autofocus"] = True
