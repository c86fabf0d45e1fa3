"""The people of an earlier training in the form of a service; saving the form saves them."""

from functools import cached_property

from owes.lookups import label_of
from support.models import Activity
from support.roster import typed_rows
from support.roster.lists import MOST_ROWS, participants_of
from support.roster.previous import trainings_before

MARKER = "previous"
MOST_TRAININGS = 4


class PreviousPeople:
    """The training chosen in the form, and the rows and recipients added from it.

    Such rows carry a marker and can be removed together; rows that were on the list before stay
    as they are.
    """

    def __init__(self, data, service, form, sessions, roster):
        self.data, self.service = data, service
        self.form, self.sessions, self.roster = form, sessions, roster
        self.chosen_key = data.get(MARKER) if data is not None else None

    @cached_property
    def criteria(self):
        """The values of the form by which trainings are found."""
        fields = self.form.cleaned_data
        activities = Activity.objects.filter(project=self.service.project)
        values = {
            "adviser": fields.get("adviser"),
            "activity": activities.named(fields.get("activity_name", "")),
            "themes": list(fields.get("themes", ())),
        }
        return {name: value for name, value in values.items() if value}

    @cached_property
    def trainings(self):
        """The likeliest trainings first; none while the form says nothing to find them by."""
        if not self.criteria:
            return []
        day = min(filter(None, self.sessions.days()), default=None)
        return list(trainings_before(self.service, day=day, **self.criteria)[:MOST_TRAININGS])

    def _training(self, key):
        return next((row for row in self.trainings if str(row.pk) == key), None)

    @property
    def training(self):
        """The training whose people were asked for, or None."""
        return self._training(self.chosen_key)

    @property
    def others(self):
        return [row for row in self.trainings if row != self.training]

    @property
    def added(self):
        """How many people of the training are on the list with the marker."""
        rows = [row for row in self.roster.shown if self.data.get(row.add_prefix(MARKER))]
        return len({row["person"].value() for row in rows})

    @property
    def recipients(self):
        return self.data.getlist(f"{MARKER}-recipients")

    def add_people(self, data, key, places):
        """Replaces the people of another training by those of this one, or of the likeliest."""
        remove_people(data)
        training = self._training(key) or next(iter(self.trainings), None)
        data[MARKER] = str(training.pk) if training else "none"
        typed = typed_rows.people(data)
        participants = participants_of(list(training.sessions.all())) if training else []
        participants = [participant for participant in participants if participant.places]
        if len(typed) + len(participants) > MOST_ROWS:
            return
        for participant in participants:
            person, entity = label_of(participant.person), label_of(participant.entity)
            if (person, entity) not in typed:
                typed_rows.add_person(data, person, entity, places, MARKER)
                _add_recipient(data, participant.entity.code)
        typed_rows.drop_blank(data, range(len(typed)))


def _add_recipient(data, code):
    if code not in data.getlist("recipients"):
        data.appendlist("recipients", code)
        data.appendlist(f"{MARKER}-recipients", code)


def remove_people(data):
    """Removes the rows with the marker, and recipients whom nobody else represents."""
    for place in range(typed_rows.count(data, "roster")):
        if data.get(f"roster-{place}-{MARKER}"):
            typed_rows.drop(data, rf"roster-{place}-.*")
    entities = {entity for _, entity in typed_rows.people(data)}
    for code in data.getlist(f"{MARKER}-recipients"):
        if not any(entity.endswith(f"({code})") or entity == code for entity in entities):
            typed_rows.drop_recipient(data, code)
    remove_markers(data)


def remove_markers(data):
    """Makes the rows with the marker like any other."""
    typed_rows.drop(data, rf"(roster-[0-9]+-)?{MARKER}(-recipients)?")
