from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html

from owes.fields import DayField
from support.models import Service
from support.warnings import warnings_of


class SignaturesForm(forms.Form):
    """The days on which signed cards came back, many at once; an empty field says nothing."""

    use_required_attribute = False

    def __init__(self, data, *, services):
        super().__init__(data)
        self.services = {f"signed-{service.pk}": service for service in services}
        for name, service in self.services.items():
            self.fields[name] = DayField(
                label=f"Karta {service.printed_number} podpisana", required=False
            )

    def clean(self):
        today = timezone.localdate()
        for name, service in self.services.items():
            day = self.cleaned_data.get(name)
            if day and day > today:
                self.add_error(name, "Dzień podpisania karty jeszcze nie nadszedł.")
            elif day and day < service.first_day:
                self.add_error(name, "Karta nie mogła wrócić przed usługą.")

    def rows(self):
        """`(service, field)` of each card."""
        return [(service, self[name]) for name, service in self.services.items()]

    def save(self):
        signed = []
        for name, service in self.services.items():
            if day := self.cleaned_data.get(name):
                service.signed_on = day
                service.save(update_fields=["signed_on"])
                signed.append(service)
        return signed


class QueueForm(forms.Form):
    """Services chosen to be approved, or returned with one comment."""

    service = forms.ModelMultipleChoiceField(
        Service.objects.none(),
        error_messages={
            "required": "Zaznacz choć jedną usługę.",
            "invalid_choice": "Na liście zaznaczonych jest usługa spoza projektu.",
            "invalid_pk_value": "Zaznacz usługi z listy.",
        },
    )
    reason = forms.CharField(
        label="Co poprawić",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )
    use_required_attribute = False

    def __init__(self, data, *, project):
        super().__init__(data)
        self.fields["service"].queryset = project.services.all()

    def clean(self):
        if self.data.get("act") == "return" and not self.cleaned_data.get("reason", "").strip():
            self.add_error("reason", "Napisz, co poprawić.")

    @property
    def is_chosen(self):
        self.is_valid()
        return bool(self.cleaned_data.get("service"))

    def rehearse(self):
        """Approves what waits and may be among the chosen, in a transaction rolled back."""
        waiting = self.cleaned_data["service"].waiting()
        found = warnings_of(waiting.values_list("pk", flat=True))
        stopped = [key for key, told in found.items() if any(one.blocks for one in told)]
        waiting.exclude(pk__in=stopped).update(state=Service.State.APPROVED)

    def decide(self, by, act):
        """`(services decided, sentences about those that were not)`; each under its own lock."""
        done, refused = [], []
        for service in self.cleaned_data["service"].select_related("project").order_by("pk"):
            try:
                if act == "approve":
                    service.approve(by)
                else:
                    service.send_back(by, self.cleaned_data["reason"])
            except ValidationError as error:
                refused += [
                    format_html("{}: {}", service.printed_number, message)
                    for message in error.messages
                ]
            else:
                done.append(service)
        return done, refused
