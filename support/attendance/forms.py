"""The form that adds one person to the list of a service, on the page of its attendance."""

from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from entities.lookups import EntityLookup, PersonLookup
from entities.models import Representation
from owes.choices import PickerInput
from owes.lookups import label_of
from support.attendance.changes import CellChange, save_changes
from support.attendance.sheet import days_of, shown_of
from support.roster.forms import RosterRow, check_people


class AttendanceForm(RosterRow):
    """One row of a roster: it accepts what the roster accepts, with the same questions."""

    required_messages = {
        "person": "Podaj imię i nazwisko osoby.",
        "entity": "Podaj podmiot, który ta osoba reprezentuje.",
        "cells": "Zaznacz choć jeden termin.",
    }

    adds_recipient = forms.BooleanField(
        label="Podmiot spoza odbiorców dopisz do odbiorców usługi", required=False
    )

    def __init__(self, data, *, service, now, session=None):
        self.service, self.days = service, days_of(service, now)
        recipients = self.recipients = list(service.recipients.all())
        values = data or {}
        super().__init__(
            data,
            sessions=self.days,
            lookups={
                "person": PersonLookup([values.get("person", "")]),
                "entity": EntityLookup([values.get("entity", "")]),
            },
            initial={f"s{day.place}": self.TICKED for day in shown_of(self.days, session)}
            | {"entity": label_of(recipients[0]) if len(recipients) == 1 else ""},
        )
        codes = urlencode([("recipients", entity.code) for entity in recipients])
        for name, label, source in (
            ("person", "Osoba", "support:service_people"),
            ("entity", "Podmiot tego dnia", "support:record_entities"),
        ):
            field = self.fields[name]
            field.label, field.widget = label, PickerInput()
            field.widget.source = f"{reverse(source, args=[service.project.slug])}?{codes}"
        self.fields[
            "person"
        ].help_text = "Kogo nie ma w rejestrze, dopisz z podpowiedzi „nowa osoba”."

    def is_blank(self):
        return False

    def clean(self):
        super().clean()
        entity = self.chosen.get("entity")
        if entity and entity not in self.recipients and not self.cleaned_data["adds_recipient"]:
            message = "Ten podmiot nie jest odbiorcą usługi. Dopisz go do odbiorców."
            self.add_error("entity", ValidationError(message, code="not_recipient"))
        check_people([self])

    def save(self, by):
        """Saves the recipient, the new person and the attendances; returns the person."""
        entity, person = self.chosen["entity"], self.chosen["person"]
        self.service.recipient_links.get_or_create(entity=entity)
        if self.newcomer:
            person = self.newcomer.create(by)
            Representation(person=person, entity=entity).save()
        changes = [
            CellChange(self.days[place].session.pk, person.pk, entity.pk, state)
            for place, state in self.states().items()
        ]
        save_changes(self.service, changes)
        return person
