"""The base of forms whose models speak through constraints."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

GONE = "Tego wiersza już nie ma, ktoś go usunął. Zaznacz przy nim „Usuń” albo wpisz go w nowym."


class Rows(forms.BaseInlineFormSet):
    """Rows under a record; one that another person took away meanwhile is told of in words."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        key = form.fields[self._pk_field.name]
        key.label, key.error_messages["invalid_choice"] = "stan", GONE


class PlacedForm(forms.ModelForm):
    """Puts the sentence of a broken constraint at the field that mends it.

    `places` leads from the name of a constraint to a field. `given` names the fields that the
    program fills and constraints speak of: without them Django would skip those constraints.
    """

    places = {}
    given = ()

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() - set(self.given)

    def _update_errors(self, errors):
        fields = {
            str(constraint.violation_error_message): self.places[constraint.name]
            for constraint in self._meta.model._meta.constraints
            if constraint.name in self.places
        }
        placed = {}
        for key, entries in errors.error_dict.items():
            for entry in entries:
                field = fields.get(entry.messages[0], key) if key == NON_FIELD_ERRORS else key
                placed.setdefault(field, []).append(entry)
        super()._update_errors(ValidationError(placed))
