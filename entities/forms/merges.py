"""The form that merges two records of a register."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.text import capfirst

from entities.lookups import EntityLookup, PersonLookup
from entities.models import Entity, Person
from owes.folding import fold
from owes.lookups import label_of, typed

# Columns in which two records of one person, or of one entity, rarely differ.
DOUBTFUL = {
    "sex": "inna płeć",
    "first_name": "inne imię",
    "birth_date": "inna data urodzenia",
    "birth_year": "inny rok urodzenia",
    "nip": "inny NIP",
    "regon": "inny REGON",
    "krs": "inny KRS",
}
# What a person chooses between; keys and texts made of others are not among it.
LEFT_OUT = {"id", "code", "search_text", "sort_key", "anonymised_at"}


class MergeForm(forms.Form):
    """Chooses the other record and, for each column that differs, whose value stays."""

    other = forms.CharField(
        label="Drugi zapis",
        max_length=400,
        help_text="Kod albo pełna nazwa zapisu, który zniknie.",
        error_messages={"required": "Wskaż drugi zapis."},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    use_required_attribute = False

    def __init__(
        self, data: QueryDict | None, *, survivor: Entity | Person, other: str | None
    ) -> None:
        super().__init__(data, initial={"other": other})
        self.survivor = survivor
        self.loser: Entity | Person | None = None
        self.lookup_error = ""
        if typed(other):
            self._find(typed(other))
        for column, mine, theirs in self.differences():
            choices = [("", mine or "brak"), ("loser", theirs or "brak")]
            self.fields[column.name] = forms.ChoiceField(
                label=capfirst(column.verbose_name),
                choices=choices,
                required=False,
                initial="" if mine else "loser",
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
            )

    def _find(self, text: str) -> None:
        lookup = EntityLookup if isinstance(self.survivor, Entity) else PersonLookup
        try:
            self.loser = lookup([text]).one(text)
        except ValidationError as error:
            self.lookup_error = error.messages[0]
        else:
            if self.loser == self.survivor:
                self.loser, self.lookup_error = None, "To ten sam zapis. Wskaż drugi."

    def differences(self) -> Iterator[tuple[Any, str, str]]:
        """`(column, value of the survivor, of the loser)` where they differ, in words."""
        if self.loser is None:
            return
        for column in self.survivor._meta.concrete_fields:
            if column.name in LEFT_OUT:
                continue
            mine, theirs = (getattr(row, column.name) for row in (self.survivor, self.loser))
            if mine != theirs:
                yield (
                    column,
                    _words(self.survivor, column, mine),
                    _words(self.loser, column, theirs),
                )

    def clean_other(self) -> str:
        if self.lookup_error:
            raise ValidationError(self.lookup_error)
        return self.cleaned_data["other"]

    @property
    def taken(self) -> list[str]:
        """The columns whose value is the loser's."""
        return [
            name
            for name, value in self.cleaned_data.items()
            if name != "other" and value == "loser"
        ]

    def doubts(self) -> list[str]:
        """Sentences on why the two may be different records; merging then needs a confirmation."""
        if self.loser is None:
            return []
        pairs = {
            column.name: (mine, theirs)
            for column, mine, theirs in self.differences()
            if mine and theirs
        }
        return [
            f"{capfirst(words)}: {' a '.join(pairs[name])}."
            for name, words in DOUBTFUL.items()
            if name in pairs and fold(pairs[name][0]) != fold(pairs[name][1])
        ]

    def clean(self) -> None:
        super().clean()
        if self.data.get("act") == "merge" and self.doubts() and not self.data.get("sure"):
            raise ValidationError("Zapisy się różnią. Zaznacz, że to na pewno ten sam.")

    def refuse(self, error: ValidationError) -> None:
        for message in error.messages:
            self.add_error(None, message)

    @property
    def label(self) -> str:
        return label_of(self.loser) if self.loser else ""

    def choices(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name != "other"]


def _words(row: Any, column: Any, value: Any) -> str:
    if value is None or value == "":
        return ""
    if column.choices:
        return getattr(row, f"get_{column.name}_display")()
    return f"{value:%d.%m.%Y}" if hasattr(value, "strftime") else str(value)
