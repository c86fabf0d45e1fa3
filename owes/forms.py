"""The base of forms whose models speak through constraints."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import router
from django.db.models.deletion import Collector, ProtectedError

GONE = "Tego wiersza już nie ma, ktoś go usunął. Zaznacz przy nim „Usuń” albo wpisz go w nowym."


HELD = "Nie można usunąć wiersza „{row}”: odwołują się do niego inne zapisy, na przykład dowody."


class Rows(forms.BaseInlineFormSet):
    """Rows under a record.

    One that another person took away meanwhile, and one that others hold on to, is told of in
    words.
    """

    def add_fields(self, form, index):
        super().add_fields(form, index)
        key = form.fields[self._pk_field.name]
        key.label, key.error_messages["invalid_choice"] = "stan", GONE

    def clean(self):
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk:
                self._refuse_held(form.instance)

    def _refuse_held(self, row):
        """Asks what deleting would ask, and deletes nothing."""
        try:
            Collector(using=router.db_for_write(type(row))).collect([row])
        except ProtectedError:
            raise ValidationError(HELD.format(row=row)) from None


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
