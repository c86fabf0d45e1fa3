"""Giving certificates of a training to those who were there, and cancelling one."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from owes.fields import DayField
from owes.form_layout import laid_out, section
from support import presence
from support.models import Certificate


class CertificateIssueForm(forms.Form):
    """Everybody present, those who qualify ticked: one click gives certificates to them all."""

    issued_on = DayField(label="Data wydania")
    scope = forms.CharField(
        label="Zakres i efekty",
        required=False,
        max_length=2000,
        help_text="Drukowane na każdym zaświadczeniu, np. czego dotyczyły zajęcia.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    use_required_attribute = False

    def __init__(self, data=None, *, service, by):
        self.service, self.by = service, by
        self.sessions = list(service.sessions.all())
        self.presences = presence.of_service(service)
        super().__init__(data, initial={"issued_on": timezone.localdate()})
        for found in self.waiting:
            name = str(found.person)
            self.fields[f"give-{found.person.pk}"] = forms.BooleanField(
                label=f"Wydaj: {name}", required=False, initial=found.is_ready
            )
            if not found.is_enough:
                self.fields[f"reason-{found.person.pk}"] = forms.CharField(
                    label=f"Powód wyjątku: {name}", required=False, max_length=300
                )

    @property
    def waiting(self):
        return [found for found in self.presences if not found.certificate]

    @property
    def rows(self):
        """`(presence, box, reason)`; no box beside one who has the certificate."""
        return [
            (found, *map(self._bound, ("give", "reason"), [found] * 2)) for found in self.presences
        ]

    def _bound(self, kind, found):
        name = f"{kind}-{found.person.pk}"
        return self[name] if name in self.fields else None

    @property
    def total(self):
        return sum(session.minutes for session in self.sessions)

    @property
    def ready(self):
        return [found for found in self.presences if found.is_ready]

    @property
    def helper(self):
        return laid_out(section("Zaświadczenia", issued_on=4, scope=8))

    def clean_issued_on(self):
        day = self.cleaned_data["issued_on"]
        last = presence.last_day(self.sessions)
        if day < last:
            raise ValidationError(
                f"Szkolenie skończyło się {last:%d.%m.%Y}; podaj ten albo późniejszy dzień."
            )
        if day > timezone.localdate():
            raise ValidationError("Ten dzień jeszcze nie nadszedł.")
        return day

    def clean(self):
        data = super().clean()
        self.chosen = [found for found in self.waiting if data.get(f"give-{found.person.pk}")]
        if not self.chosen:
            raise ValidationError("Zaznacz, komu wydać zaświadczenie.")
        for found in self.chosen:
            name = f"reason-{found.person.pk}"
            if not found.is_enough and not (data.get(name) or "").strip():
                self.add_error(name, "Obecność poniżej progu: podaj powód wyjątku.")
        return data

    def save(self):
        data = self.cleaned_data
        return Certificate.issue(
            [
                presence.draft(
                    found,
                    self.service,
                    self.sessions,
                    issued_on=data["issued_on"],
                    issued_by=self.by,
                    scope=data["scope"].strip(),
                    exception_reason=(data.get(f"reason-{found.person.pk}") or "").strip(),
                )
                for found in self.chosen
            ]
        )
