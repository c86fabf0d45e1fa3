"""Which records changed since a moment, field by field, from their history."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from entities.models import Entity, LocalGovernment, Person, SocialEnterpriseStatus
from owes.free_text import FreeText
from owes.models import User
from owes.versions import FIRST, changed_fields
from support.models import (
    Adoption,
    AdoptionService,
    Attendance,
    Partnership,
    Recipient,
    Service,
    Session,
    StaffMember,
    StaffTraining,
)

# The records that decide what is counted, by the kind that evidence names them by, and the page
# of each.
KINDS = {
    "service": (Service, "support:service_detail"),
    "entity": (Entity, "entities:entity_detail"),
    "person": (Person, "entities:person_detail"),
    "adoption": (Adoption, "support:adoption_edit"),
    "partnership": (Partnership, "support:partnership_edit"),
    "training": (StaffTraining, "support:staff_training_edit"),
}
# The rows under them: `(kind, model, column that leads to the record)`.
PARTS = [
    ("service", Session, "service_id"),
    ("service", Recipient, "service_id"),
    ("service", Attendance, "session_id"),
    ("entity", SocialEnterpriseStatus, "entity_id"),
    ("adoption", AdoptionService, "adoption_id"),
]
# What the program writes along with a change of the state.
ALONG = {"state_by", "state_at", "state_reason"}


@dataclass(frozen=True)
class Author:
    """Who changed what was reported, when, and the reason given; unknown is empty."""

    name: str = ""
    at: datetime | None = None
    reason: str = ""


@dataclass
class ChangedRecord:
    """A record that changed: what it is called, its page (none of one gone), what, and by whom."""

    name: str
    url: str
    words: list = field(default_factory=list)
    author: Author = Author()


class ChangeCauses:
    """The records that decide of entries, with what changed in them since a moment."""

    def __init__(self, project, entries, since):
        """A fixed number of queries, however many entries."""
        self.project, self.since = project, since
        codes = {kind: set() for kind in KINDS}
        for entry in entries:
            for kind, code in _names(entry):
                codes[kind].add(code)
        self.keys, self.pages, self.called = {}, {}, {}
        for kind, (model, _) in KINDS.items():
            self._find(kind, model, codes[kind])
        found = LocalGovernment.objects.filter(code__in=codes["entity"])
        self.pages |= {("entity", one.code): one.get_absolute_url() for one in found}
        self.found = {}
        for kind, (model, _) in KINDS.items():
            self._look(kind, model, "id", self.keys[kind])
        for kind, model, column in PARTS:
            keys = self.keys[kind]
            if model is Attendance:
                held = Session.history.filter(service_id__in=keys).values_list("id", "service_id")
                keys = {session: keys[service] for session, service in held.distinct()}
            self._look(kind, model, column, keys)
        for change in self.found.values():
            change.words = _counted(change.words)

    def of(self, entries):
        """The changes that touch an entry as it was and as it is, the latest first."""
        names = {name for entry in entries for name in _names(entry)}
        found = [self.found[name] for name in names if name in self.found]
        return sorted(found, key=lambda change: change.author.at, reverse=True)

    def page(self, code):
        """Where an entry of this code is shown."""
        return self.pages.get(("entity", code)) or self.pages.get(("person", code), "")

    def _find(self, kind, model, codes):
        """Keys by code; of a record that is gone its history knows the key."""
        column = "topic" if model is StaffTraining else "code"
        wanted = Q(**{f"{column}__in": codes})
        if kind not in ("entity", "person"):
            wanted &= Q(project=self.project)
        gone = model.history.filter(wanted).values_list("id", column)
        self.keys[kind] = dict(gone.order_by("history_id"))
        shown = "number" if model is Service else column
        for key, code, words in model.objects.filter(wanted).values_list("pk", column, shown):
            self.keys[kind][key] = code
            self.called[kind, code] = words or code
            self.pages[kind, code] = self._address(kind, key)

    def _address(self, kind, key):
        place = [key] if kind in ("entity", "person") else [self.project.slug, key]
        return reverse(KINDS[kind][1], args=place)

    def name(self, kind, code):
        """ "wdrożenie W027", "usługa 1/2024"."""
        noun = KINDS[kind][0]._meta.verbose_name
        return f"{noun} {self.called.get((kind, code), code)}"

    def _look(self, kind, model, column, keys):
        of_keys = model.history.filter(**{f"{column}__in": keys})
        later = of_keys.filter(history_date__gt=self.since)
        rows = of_keys.filter(id__in=later.values("id"))
        rows = rows.select_related("history_user").order_by("id", "history_date", "history_id")
        saved = {}
        for row in rows:
            saved.setdefault(row.id, []).append(row)
        sides = {key: self._sides(found) for key, found in saved.items()}
        words = _told(model, sides, column)
        for key, (_, last) in sides.items():
            if words[key]:
                name = (kind, keys[getattr(last, column)])
                change = self.found.setdefault(
                    name, ChangedRecord(self.name(*name), self.pages.get(name, ""))
                )
                change.words += words[key]
                change.author = max(change.author, _author(last), key=_moment)

    def _sides(self, rows):
        """A row of the register before the moment, None if it was not there, and as it is now."""
        before = [
            row
            for row in rows
            if row.history_date <= self.since or row.history_change_reason == FIRST
        ]
        return (before[-1] if before else None), rows[-1]


def _names(entry):
    """`(kind, code)` of the records an entry speaks of."""
    return [*entry.decided_by.items(), ("entity", entry.code), ("person", entry.code)]


def _told(model, sides, column):
    """`{key: what is otherwise, in words}` of rows of one model."""
    is_part = column != "id"
    noun = f"{model._meta.verbose_name}: " if is_part else ""
    both = {key: pair for key, pair in sides.items() if pair[0] and pair[1].history_type != "-"}
    changed = changed_fields(model, both.values())
    told = {
        key: [f"{noun}{_change(*one)}" for one in fields if one[0].name not in ALONG]
        for key, fields in zip(both, changed, strict=True)
    }
    for key, (before, now) in sides.items():
        if key not in both:
            is_gone = now.history_type == "-"
            verb = "usunięto" if is_gone else "dodano"
            # What came and went again since is no difference.
            told[key] = [f"{noun}{verb}"] if before or not is_gone else []
    return told


def _change(field, before, after):
    if not _is_shown(field):
        return f"{field.verbose_name}: zmieniono"
    return f"{field.verbose_name}: {before or 'brak'} → {after or 'brak'}"


def _is_shown(field):
    """Not what is typed freely, nor who somebody is: the funder reads it too."""
    if field.is_relation:
        return field.related_model not in (Person, StaffMember, User)
    is_of_person = field.model in (Person, StaffMember) and not field.choices
    return not isinstance(field, FreeText) and not is_of_person


def _counted(words):
    return [one if count == 1 else f"{one} (×{count})" for one, count in Counter(words).items()]


def _author(row):
    reason = row.history_change_reason or getattr(row, "state_reason", "")
    return Author(str(row.history_user or "program"), row.history_date, reason)


def _moment(author):
    return author.at.timestamp() if author.at else 0
