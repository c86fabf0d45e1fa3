"""Base classes of forms: errors of constraints at fields, rows under a record, printed texts."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import router
from django.db.models import Model
from django.db.models.deletion import Collector, ProtectedError
from django.http import QueryDict

from owes.free_text import printed_columns
from owes.personal_data import personal_data_in, told_of

GONE = "Tego wiersza już nie ma, ktoś go usunął. Zaznacz przy nim „Usuń” albo wpisz go w nowym."


HELD = "Nie można usunąć wiersza „{row}”: odwołują się do niego inne zapisy, na przykład dowody."


# In data typed in the form of a new record, and read as a correction of the record it became.
CORRECTS = "editing-corrects"


class InlineRows(forms.BaseInlineFormSet):
    """Rows under a record.

    One that another person took away meanwhile, and one that others hold on to, is told of in
    words. Rows typed under a new record correct those saved of it, in the order of typing.
    """

    superfluous: frozenset[int] = frozenset()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if CORRECTS in self.data:
            keys = sorted(row.pk for row in self.get_queryset())
            self.data = _with_keys(self.data.copy(), self.prefix, keys)  # type: ignore[arg-type]

    def open_with(self, rows: Iterable[Model]) -> None:
        """Shows these rows, an earlier state, in place of those of now: nothing is saved yet.

        Those added since are marked to be deleted, those deleted since stand as new ones.
        """
        then, shown = {row.pk: row for row in rows}, list(self.get_queryset())
        self.superfluous = frozenset(row.pk for row in shown if row.pk not in then)
        for row in shown:
            if earlier := then.pop(row.pk, None):
                for column in row._meta.concrete_fields:
                    setattr(row, column.attname, getattr(earlier, column.attname))
        typed = self.form._meta.fields  # a row that is no more has no key
        self.initial_extra = [forms.model_to_dict(row, typed) for row in then.values()]
        self.extra += len(then)

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if form.instance.pk in self.superfluous:
            form.fields["DELETE"].initial = True
        key = form.fields[self.model._meta.pk.name]
        key.label, key.error_messages["invalid_choice"] = "stan", GONE

    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk:
                self._refuse_held(form.instance)

    def _refuse_held(self, row: Model) -> None:
        """Raises `ValidationError` when deleting the row would be refused."""
        try:
            Collector(using=router.db_for_write(type(row))).collect([row])
        except ProtectedError:
            raise ValidationError(HELD.format(row=row)) from None


def _with_keys(data: QueryDict, prefix: str, keys: list[int]) -> QueryDict:
    """The data with the keys of saved rows put into typed rows; other saved rows are deleted."""
    places = {int(match[1]) for name in data if (match := re.match(rf"{prefix}-(\d+)-", name))}
    rows = [_taken(data, f"{prefix}-{place}-") for place in sorted(places)]
    rows = [row for row in rows if any(row.values()) and "DELETE" not in row]
    rows += [{"DELETE": "on"} for _ in keys[len(rows) :]]
    for place, row in enumerate(rows):
        key = str(keys[place]) if place < len(keys) else ""
        for name, value in (row | {"id": key}).items():
            data[f"{prefix}-{place}-{name}"] = value
    data[f"{prefix}-TOTAL_FORMS"] = str(len(rows))
    data[f"{prefix}-INITIAL_FORMS"] = str(len(keys))
    return data


def _taken(data: QueryDict, prefix: str) -> dict[str, str]:
    """The fields of one row, taken out of the data."""
    names = [name for name in data if name.startswith(prefix) and not name.endswith("-id")]
    return {name.removeprefix(prefix): data.pop(name)[-1] for name in names}


UNNAMED = "Bez nazwisk, telefonów i adresów e-mail: ten tekst czyta zleceniodawca."


class PrintedTexts:
    """A form that warns of personal data at each text that is printed for the funder.

    `personal_data_warnings` are the same in sentences, for a form drawn without words at fields.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.personal_data_warnings: list[str] = []
        for column in printed_columns(type(self.instance)):
            if column.name in self.fields:
                self._warn_at(column.name)

    def _warn_at(self, name: str) -> None:
        given = self.data.get(self.add_prefix(name)) if self.is_bound else self.initial.get(name)
        field, kinds = self.fields[name], personal_data_in(given or "")
        if kinds:
            self.personal_data_warnings.append(told_of(field.label, kinds))
        words = told_of("Uwaga", kinds) if kinds else UNNAMED
        field.help_text = " ".join(filter(None, [str(field.help_text), words]))


class PlacedForm(PrintedTexts, forms.ModelForm):
    """Puts the sentence of a broken constraint at the field that mends it.

    `places` leads from the name of a constraint to a field. `given` names the fields that the
    program fills and constraints speak of: without them Django would skip those constraints.
    """

    places: ClassVar[dict[str, str]] = {}
    given: tuple[str, ...] = ()

    # Private to Django, which has no public way to say what a constraint is to see.
    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - set(self.given)

    def add_error(self, field, error):
        # What the model refuses comes by fields, that of a constraint at none of them.
        is_of_model = isinstance(error, ValidationError) and hasattr(error, "error_dict")
        super().add_error(field, self._placed(error) if is_of_model else error)

    def _placed(self, errors):
        """The errors of the model, those of constraints at the fields of `places`."""
        fields = {
            str(constraint.violation_error_message): self.places[constraint.name]
            for constraint in self.instance._meta.constraints
            if constraint.name in self.places
        }
        placed: dict[str, list] = {}
        for key, entries in errors.error_dict.items():
            for entry in entries:
                field = fields.get(entry.messages[0], key) if key == NON_FIELD_ERRORS else key
                placed.setdefault(field, []).append(entry)
        return ValidationError(placed)
