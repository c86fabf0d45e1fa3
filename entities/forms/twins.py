"""The part of the form of a new record that asks about its likely twins."""

from entities.matching import Matching
from entities.models import Kind, NotDuplicate
from entities.traits import EntityTraits, PersonTraits, Traits
from owes.lookups import label_of

NUMBERS = {"NIP", "REGON", "KRS"}


class Twins:
    """The part of the form of a new record that asks about its likely twins.

    Each must be said to be another one before the record is saved, and what was said is kept with
    the pair. A record already saved is not asked about: the list of likely duplicates has it.
    """

    def __init__(self, request, form, representations=None):
        self.form, self.representations, self.by = form, representations, request.user
        self.kind = Kind.of(form.instance)
        self.is_asked = request.method == "POST" and form.instance.pk is None
        self.answered = set(request.POST.getlist("not_twin"))
        self._candidates = None

    @property
    def candidates(self):
        """`(twin, whether the user said that it is another record)` of each likely twin."""
        if self._candidates is None:
            self._candidates = self._find() if self.is_asked else []
        return [(twin, self._is_dismissed(twin)) for twin in self._candidates]

    def _is_dismissed(self, twin):
        """A typed reason for a shared number counts as an answer for twins with that number."""
        reason = getattr(self.form.instance, "shared_identifier_reason", "")
        is_explained = bool(reason) and not NUMBERS.isdisjoint(twin.shared)
        return is_explained or str(twin.row.pk) in self.answered

    def _find(self):
        # Its instance then holds those of the typed values that are right.
        self.form.is_valid()
        record = self.form.instance
        traits: Traits
        if self.is_of_people:
            traits = PersonTraits.of(record, self._entities())
        else:
            traits = EntityTraits.of(record)
        (twins,) = Matching(self.kind).twins(traits)
        return twins

    def _entities(self):
        """Keys of the entities that the new person represents."""
        self.representations.is_valid()
        rows = (form.instance for form in self.representations)
        return [row.entity_id for row in rows if row.entity_id]

    @property
    def heading(self):
        if self.is_of_people:
            return "Podobna osoba jest już w rejestrze"
        return "Podobny podmiot jest już w rejestrze"

    @property
    def is_of_people(self):
        return self.kind == Kind.PERSON

    @property
    def errors(self):
        """`(id of the field, sentence)` of each twin that has no answer yet."""
        return [
            (f"nie-{twin.row.pk}", f"{self.heading}: {label_of(twin.row)}.")
            for twin, is_dismissed in self.candidates
            if not is_dismissed
        ]

    def is_valid(self):
        return not self.errors

    def save(self):
        """Keeps that the record, now saved, is none of the twins."""
        for twin, _ in self.candidates:
            NotDuplicate.say(self.kind, self.form.instance.pk, twin.row.pk, by=self.by)
