"""The people of an earlier training, brought to the list of a service; saved with it alone."""

from functools import cached_property

from owes.lookups import label_of
from support.models import Activity
from support.roster import typed_rows
from support.roster.lists import MOST_ROWS, lines
from support.roster.previous import trainings_before

MARKER = "previous"
MOST_OFFERED = 4


class PreviousPeople:
    """What the form holds of it: which training, the recipients added for its people.

    Rows that came so carry a marker and go together; those already on the list stay as they are.
    """

    def __init__(self, entry):
        self.entry, self.data = entry, entry.data
        self.asked = entry.data.get(MARKER) if entry.data is not None else None

    @cached_property
    def wanted(self):
        """What of the form a training is found by."""
        fields = self.entry.form.cleaned_data
        activities = Activity.objects.filter(project=self.entry.project)
        found = {
            "adviser": fields.get("adviser"),
            "activity": activities.named(fields.get("activity_name", "")),
            "themes": list(fields.get("themes", ())),
        }
        return {name: value for name, value in found.items() if value}

    @cached_property
    def trainings(self):
        """Those offered, the likeliest first; none while there is nothing to find them by."""
        if not self.wanted:
            return []
        day = min(filter(None, self.entry.sessions.days()), default=None)
        return list(trainings_before(self.entry.service, day=day, **self.wanted)[:MOST_OFFERED])

    def _training(self, key):
        return next((one for one in self.trainings if str(one.pk) == key), None)

    @property
    def training(self):
        """The one whose people were asked for."""
        return self._training(self.asked)

    @property
    def others(self):
        return [one for one in self.trainings if one != self.training]

    @property
    def added(self):
        """How many people of it are on the list by this."""
        rows = [row for row in self.entry.roster.shown if self.data.get(row.add_prefix(MARKER))]
        return len({row["person"].value() for row in rows})

    @property
    def recipients(self):
        return self.data.getlist(f"{MARKER}-recipients")

    def bring(self, data, key, places):
        """Rows of the training of this key, or of the likeliest, in place of those of another."""
        self.take_away(data)
        training = self._training(key) or next(iter(self.trainings), None)
        data[MARKER] = str(training.pk) if training else "none"
        there = typed_rows.people(data)
        found = lines(list(training.sessions.all())) if training else []
        found = [line for line in found if line.places]
        if len(there) + len(found) > MOST_ROWS:
            return
        for line in found:
            row = label_of(line.person), label_of(line.entity)
            if row not in there:
                typed_rows.add_person(data, *row, places, MARKER)
                self._add_recipient(data, line.entity.code)
        typed_rows.drop_blank(data, range(len(there)))

    def _add_recipient(self, data, code):
        if code not in data.getlist("recipients"):
            data.appendlist("recipients", code)
            data.appendlist(f"{MARKER}-recipients", code)

    def take_away(self, data):
        """Takes out the rows that came so, and the recipients whom nobody else represents."""
        for place in range(typed_rows.count(data, "roster")):
            if data.get(f"roster-{place}-{MARKER}"):
                typed_rows.drop(data, rf"roster-{place}-.*")
        left = {entity for _, entity in typed_rows.people(data)}
        for code in data.getlist(f"{MARKER}-recipients"):
            if not any(entity.endswith(f"({code})") or entity == code for entity in left):
                typed_rows.drop_recipient(data, code)
        self.forget(data)

    def forget(self, data):
        """From now on the rows that came so are like any other."""
        typed_rows.drop(data, rf"(roster-[0-9]+-)?{MARKER}(-recipients)?")
