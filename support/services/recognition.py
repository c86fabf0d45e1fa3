"""Finds people of the register by the names of pasted rows."""

from collections import defaultdict

from django.core.exceptions import ValidationError

from entities.models import Person, Representation
from owes.folding import fold
from support.models import Attendance
from support.services.pasted_rows import WrittenName


class NameRegister:
    """All people, by name and by code: one query, and two for the entities they represent.

    Names are compared without regard to the order and the case of their words.
    """

    def __init__(self):
        self.by_name, self.by_code = {}, {}
        self.first_names = set()
        for person in Person.objects.order_by("sort_key", "code"):
            words = f"{person.first_name} {person.last_name}"
            self.by_name.setdefault(_name_key(words), []).append(person)
            self.by_code[person.code.casefold()] = person
            self.first_names.add(fold(person.first_name))
        represented = Representation.objects.values_list("person_id", "entity_id")
        attended = Attendance.objects.values_list("person_id", "entity_id")
        self.entities_of = defaultdict(set)
        for person, entity in [*represented, *attended.distinct()]:
            self.entities_of[person].add(entity)

    def split_name(self, row):
        """Sets the first and last name of the row: by its header, else by known first names."""
        values = row.values
        written = WrittenName.read(values.get("name") or values.get("turned_name", ""))
        words, row.bracket = written.words, written.bracket
        if "last_name" in values:
            row.first_name, row.last_name = values.get("first_name", ""), values["last_name"]
        elif len(words) < 2:
            return
        elif "turned_name" in values:
            place = self._place_of_first_name(words)
            row.first_name, row.last_name = " ".join(words[place:]), " ".join(words[:place])
        else:
            is_turned = fold(words[0]) not in self.first_names
            if is_turned and fold(words[-1]) in self.first_names:
                words = [words[-1], *words[:-1]]
            row.first_name, row.last_name = words[0], " ".join(words[1:])

    def _place_of_first_name(self, words):
        """The place of the first name in "Nowak Anna Maria": a known one, else the last word."""
        known = [place for place in range(1, len(words)) if fold(words[place]) in self.first_names]
        return known[0] if known else len(words) - 1

    def people_named(self, row):
        """People of exactly this name; of several, those who represented the entity, if any did.

        Of a row with a code of the register only the person of that code.
        """
        if person := self.by_code.get(row.bracket.casefold()):
            row.bracket, row.has_code = "", True
            return [person]
        if any(sign.isdigit() for sign in row.bracket):
            return []
        people = self.by_name.get(_name_key(row.name), [])
        if len(people) > 1 and row.entity:
            entity = row.entity.pk
            return [person for person in people if entity in self.entities_of[person.pk]] or people
        return people

    def is_clear(self, row, people):
        """Whether the row means the only person of that name.

        It does with the person's code, and when the person represented this entity or none so far.
        """
        if len(people) != 1 or row.has_code or not row.entity:
            return len(people) == 1
        entities = self.entities_of[people[0].pk]
        return not entities or row.entity.pk in entities


def found_or_none(lookup, text):
    """The row of the register that the text names, or None."""
    try:
        return lookup.one(text) if text else None
    except ValidationError:
        return None


def _name_key(words):
    return tuple(sorted(words.casefold().replace("-", " ").split()))
