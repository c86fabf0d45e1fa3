"""Whom pasted rows mean: their names as written, and the people who may be meant."""

from dataclasses import replace

from django.core.exceptions import ValidationError

from entities.written_names import WrittenName, split_name
from owes.folding import fold
from support.roster.newcomers import SEXES, people_register


class PeopleOfRows:
    """All people of the register, by what rows say of them."""

    def __init__(self):
        self.register = people_register()
        people = self.register.traits.values()
        self.first_names = {word for traits in people for word in traits.first_name.split()}

    def read_name(self, row):
        """Sets the first and last name of the row: by its header, else by known first names."""
        values = row.values
        written = WrittenName.read(values.get("name") or values.get("turned_name", ""))
        row.bracket, row.maiden_name = written.bracket, written.maiden
        if written.maiden and "last_name" not in values:
            row.bracket = ""
        if "last_name" in values:
            row.first_name, row.last_name = values.get("first_name", ""), values["last_name"]
        elif len(written.words) > 1:
            row.first_name, row.last_name = split_name(
                " ".join(written.words),
                self.first_names,
                is_turned=True if "turned_name" in values else None,
            )

    def matches(self, rows, entities_of):
        """A `Match` of each row; `entities_of` gives the keys of entities it may represent."""
        return self.register.matches(*(self._traits(row, entities_of(row)) for row in rows))

    def _traits(self, row, entities):
        code = row.bracket if any(sign.isdigit() for sign in row.bracket) else ""
        if self.register.key_of(row.bracket):
            code, row.bracket, row.has_code = row.bracket, "", True
        # A sex guessed from the first name says nothing of who this is.
        told = SEXES.get(fold(row.values.get("sex", "")), "")
        newcomer = replace(row.newcomer, sex=told)
        return newcomer.traits(entities, code=code, maiden_name=row.maiden_name)

    def represented_by(self, person):
        return self.register.traits[person.pk].entities


def found_or_none(lookup, text):
    """The row of the register that the text names, or None."""
    try:
        return lookup.one(text) if text else None
    except ValidationError:
        return None
