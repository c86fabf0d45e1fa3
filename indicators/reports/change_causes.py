"""Which records changed since a moment, field by field, from their history."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from entities.models import LocalGovernment, Person, SocialEnterpriseStatus
from indicators.counting.row_objects import ADOPTION, ENTITY, PARTNERSHIP, SERVICE, TRAINING, Kind
from owes.free_text import FreeText
from owes.models import User
from owes.versions import FIRST, changed_fields
from support.models import (
    AdoptionService,
    Attendance,
    Recipient,
    Session,
    StaffMember,
    Subject,
)

PERSON = Kind("person", Subject.PERSON, "entities:person_detail")
# The records that decide what is counted.
RECORD_KINDS = [SERVICE, ENTITY, PERSON, ADOPTION, PARTNERSHIP, TRAINING]
OF_REGISTERS = [ENTITY, PERSON]
# The rows under them: `(kind, model, column that leads to the record)`.
PARTS = [
    (SERVICE, Session, "service_id"),
    (SERVICE, Recipient, "service_id"),
    (SERVICE, Attendance, "session_id"),
    (ENTITY, SocialEnterpriseStatus, "entity_id"),
    (ADOPTION, AdoptionService, "adoption_id"),
]
# Columns that the program writes together with a change of the state.
WRITTEN_WITH_STATE = {"state_by", "state_at", "state_reason"}


@dataclass(frozen=True)
class Author:
    """Who changed what was reported, when, and the reason given; unknown is empty."""

    name: str = ""
    at: datetime | None = None
    reason: str = ""


@dataclass
class ChangedRecord:
    """A record that changed: its name, page (empty when it is gone), what changed and by whom."""

    name: str
    url: str
    words: list = field(default_factory=list)
    author: Author = Author()


class ChangeCauses:
    """The records that decided about entries, with what changed in them since a moment."""

    def __init__(self, project, entries, since):
        """A fixed number of queries, however many entries."""
        self.project, self.since = project, since
        codes = {kind.name: set() for kind in RECORD_KINDS}
        for entry in entries:
            for name, code in _names(entry):
                codes[name].add(code)
        self.codes, self.pages, self.labels = {}, {}, {}
        for kind in RECORD_KINDS:
            self._read_records(kind, codes[kind.name])
        local_governments = LocalGovernment.objects.filter(code__in=codes[ENTITY.name])
        self.pages |= {
            (ENTITY.name, local_government.code): local_government.get_absolute_url()
            for local_government in local_governments
        }
        self.changes = {}
        for kind in RECORD_KINDS:
            self._read_changes(kind, kind.model, "id", self.codes[kind.name])
        for kind, model, column in PARTS:
            of_keys = self.codes[kind.name]
            if model is Attendance:
                sessions = Session.history.filter(service_id__in=of_keys)
                sessions = sessions.values_list("id", "service_id").distinct()
                of_keys = {session: of_keys[service] for session, service in sessions}
            self._read_changes(kind, model, column, of_keys)
        for change in self.changes.values():
            change.words = _counted(change.words)

    def of(self, entries):
        """The changes that touch an entry as it was and as it is, the latest first."""
        names = {name for entry in entries for name in _names(entry)}
        changes = [self.changes[name] for name in names if name in self.changes]
        return sorted(changes, key=lambda change: change.author.at, reverse=True)

    def page(self, code):
        """Where an entry of this code is shown."""
        return self.pages.get((ENTITY.name, code)) or self.pages.get((PERSON.name, code), "")

    def _read_records(self, kind, codes):
        """Codes by key, labels and pages; the key of a record that is gone is in its history."""
        wanted = Q(**{f"{kind.code}__in": codes})
        if kind not in OF_REGISTERS:
            wanted &= Q(project=self.project)
        in_history = kind.model.history.filter(wanted).values_list("id", kind.code)
        self.codes[kind.name] = dict(in_history.order_by("history_id"))
        label = "number" if kind is SERVICE else kind.code
        records = kind.model.objects.filter(wanted)
        for key, code, words in records.values_list("pk", kind.code, label):
            self.codes[kind.name][key] = code
            self.labels[kind.name, code] = words or code
            self.pages[kind.name, code] = self._url(kind, key)

    def _url(self, kind, key):
        arguments = [key] if kind in OF_REGISTERS else [self.project.slug, key]
        return reverse(kind.page, args=arguments)

    def name(self, kind, code):
        """ "wdrożenie W027", "usługa 1/2024"."""
        noun = kind.model._meta.verbose_name
        return f"{noun} {self.labels.get((kind.name, code), code)}"

    def _read_changes(self, kind, model, column, codes):
        """Changes of the rows whose `column` has a key of `codes`: `{key: code of the record}`."""
        all_rows = model.history.filter(**{f"{column}__in": codes})
        later = all_rows.filter(history_date__gt=self.since)
        rows = all_rows.filter(id__in=later.values("id"))
        rows = rows.select_related("history_user").order_by("id", "history_date", "history_id")
        versions = {}
        for row in rows:
            versions.setdefault(row.id, []).append(row)
        sides = {key: self._sides(of_row) for key, of_row in versions.items()}
        words = _differences(model, sides, column)
        for key, (_, last) in sides.items():
            if words[key]:
                code = codes[getattr(last, column)]
                page = self.pages.get((kind.name, code), "")
                change = self.changes.setdefault(
                    (kind.name, code), ChangedRecord(self.name(kind, code), page)
                )
                change.words += words[key]
                change.author = max(change.author, _author(last), key=_moment)

    def _sides(self, rows):
        """`(row before the moment, row of now)`; before is None if it was not there."""
        before = [
            row
            for row in rows
            if row.history_date <= self.since or row.history_change_reason == FIRST
        ]
        return (before[-1] if before else None), rows[-1]


def _names(entry):
    """`(name of the kind, code)` of the records that an entry names."""
    return [*entry.decided_by.items(), (ENTITY.name, entry.code), (PERSON.name, entry.code)]


def _differences(model, sides, column):
    """`{key: what differs, in words}` of rows of one model."""
    is_part = column != "id"
    noun = f"{model._meta.verbose_name}: " if is_part else ""
    both = {key: pair for key, pair in sides.items() if pair[0] and pair[1].history_type != "-"}
    changed = changed_fields(model, both.values())
    words = {
        key: [
            f"{noun}{_change(field, before, after)}"
            for field, before, after in fields
            if field.name not in WRITTEN_WITH_STATE
        ]
        for key, fields in zip(both, changed, strict=True)
    }
    for key, (before, now) in sides.items():
        if key not in both:
            is_gone = now.history_type == "-"
            verb = "usunięto" if is_gone else "dodano"
            # A row added and deleted again since is no difference.
            words[key] = [f"{noun}{verb}"] if before or not is_gone else []
    return words


def _change(field, before, after):
    if not _is_shown(field):
        return f"{field.verbose_name}: zmieniono"
    return f"{field.verbose_name}: {before or 'brak'} → {after or 'brak'}"


def _is_shown(field):
    """Not free texts, nor who somebody is: the funder reads it too."""
    if field.is_relation:
        return field.related_model not in (Person, StaffMember, User)
    is_of_person = field.model in (Person, StaffMember) and not field.choices
    return not isinstance(field, FreeText) and not is_of_person


def _counted(words):
    return [text if count == 1 else f"{text} (×{count})" for text, count in Counter(words).items()]


def _author(row):
    reason = row.history_change_reason or getattr(row, "state_reason", "")
    return Author(str(row.history_user or "program"), row.history_date, reason)


def _moment(author):
    return author.at.timestamp() if author.at else 0
