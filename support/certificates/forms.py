"""Forms that issue certificates of a training and print many of them."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from owes.fields import DayField
from owes.form_layout import laid_out, section
from owes.jobs import order
from owes.validators import not_ahead
from support.certificates import earned
from support.models import Certificate
from support.papers.batches import Batch


class CertificatePrintForm(forms.Form):
    """Orders one file of many certificates; the token makes a double click one order."""

    REGISTER = "register"

    format = forms.ChoiceField(
        choices=[(REGISTER, "rejestr PDF"), ("pdf", "jeden PDF"), ("zip", "ZIP z osobnymi PDF")]
    )
    token = forms.UUIDField()

    def order(self, project, filters, owner):
        """The job, or None without anything to print; only the register has cancelled ones."""
        format = self.cleaned_data["format"]
        is_register = format == self.REGISTER
        rows = filters.qs if is_register else filters.qs.valid()
        certificates = list(rows.values_list("pk", "issued_on"))
        if not certificates:
            return None
        days = [day for _, day in certificates]
        batch = Batch.CERTIFICATE_REGISTER if is_register else Batch.CERTIFICATES
        params = {
            "project": project.slug,
            "batch": batch.value,
            "start": min(days).isoformat(),
            "end": max(days).isoformat(),
            "format": "pdf" if is_register else format,
            "certificates": [key for key, _ in certificates],
            "asked": filters.in_words() if is_register else [],
        }
        return order("papers", params=params, owner=owner, key=str(self.cleaned_data["token"]))


class CertificateIssueForm(forms.Form):
    """Everybody present; those who qualify are ticked, so that one click issues them all."""

    issued_on = DayField(label="Data wydania", validators=[not_ahead])
    scope = forms.CharField(
        label="Zakres i efekty",
        required=False,
        max_length=600,
        help_text="Drukowane na każdym zaświadczeniu, np. czego dotyczyły zajęcia.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    use_required_attribute = False

    def __init__(self, data=None, *, service, by):
        self.service, self.by = service, by
        self.sessions = list(service.sessions.all())
        self.presences = earned.of_service(service)
        super().__init__(data, initial={"issued_on": timezone.localdate()})
        for presence in self.waiting:
            name = str(presence.person)
            self.fields[f"give-{presence.person.pk}"] = forms.BooleanField(
                label=f"Wydaj: {name}", required=False, initial=presence.is_ready
            )
            if not presence.is_enough:
                self.fields[f"reason-{presence.person.pk}"] = forms.CharField(
                    label=f"Powód wyjątku: {name}", required=False, max_length=300
                )

    @property
    def waiting(self):
        return [presence for presence in self.presences if not presence.certificate]

    @property
    def rows(self):
        """`(presence, checkbox, reason)`; the checkbox of a person with a certificate is None."""
        return [
            (presence, self._bound("give", presence), self._bound("reason", presence))
            for presence in self.presences
        ]

    def _bound(self, kind, presence):
        name = f"{kind}-{presence.person.pk}"
        return self[name] if name in self.fields else None

    @property
    def issued(self):
        return [presence for presence in self.presences if presence.certificate]

    @property
    def total(self):
        return sum(session.minutes for session in self.sessions)

    @property
    def ready(self):
        return [presence for presence in self.presences if presence.is_ready]

    @property
    def helper(self):
        return laid_out(section("Wspólne dla wszystkich", issued_on=4, scope=8))

    def clean_issued_on(self):
        day = self.cleaned_data["issued_on"]
        last = earned.last_day(self.sessions)
        if day < last:
            raise ValidationError(
                f"Szkolenie skończyło się {last:%d.%m.%Y}; podaj ten albo późniejszy dzień."
            )
        return day

    def clean(self):
        data = super().clean()
        self.chosen = [
            presence for presence in self.waiting if data.get(f"give-{presence.person.pk}")
        ]
        if not self.chosen:
            raise ValidationError("Zaznacz, komu wydać zaświadczenie.")
        for presence in self.chosen:
            name = f"reason-{presence.person.pk}"
            if not presence.is_enough and not (data.get(name) or "").strip():
                self.add_error(name, "Obecność poniżej progu: podaj powód wyjątku.")
        return data

    def save(self):
        data = self.cleaned_data
        return Certificate.issue(
            [
                earned.draft(
                    presence,
                    self.service,
                    self.sessions,
                    issued_on=data["issued_on"],
                    issued_by=self.by,
                    scope=data["scope"].strip(),
                    exception_reason=(data.get(f"reason-{presence.person.pk}") or "").strip(),
                )
                for presence in self.chosen
            ]
        )
