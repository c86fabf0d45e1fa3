"""Forms of a member of the team, an invitation and an account."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from owes.fields import DayField
from owes.form_layout import laid_out, section
from owes.models import User
from support.models import Membership, StaffMember


class LastDayField(DayField):
    """How long an auditor has access; the other roles have it until somebody takes it away."""

    def __init__(self):
        super().__init__(
            label="Ostatni dzień dostępu",
            required=False,
            help_text="Tylko dla grantodawcy: potem konto nie otwiera projektu.",
        )


class LastDayOfAuditor:
    """The part of a form with `role` and `last_day`."""

    def clean(self):
        data = super().clean()
        if data.get("role") != Membership.Role.AUDITOR:
            data["last_day"] = None
        elif "last_day" in data and not data["last_day"]:
            self.add_error("last_day", "Podaj, do którego dnia grantodawca ma dostęp.")
        return data


class InvitationForm(LastDayOfAuditor, forms.Form):
    """A member of the team, known by the e-mail; the account is created if there is none.

    Who works in the project can then be chosen as the adviser of a service.
    """

    email = forms.EmailField(
        label="Adres e-mail",
        max_length=254,
        help_text="Tym adresem osoba będzie się logować.",
        error_messages={"invalid": "Podaj adres w postaci nazwa@domena.pl."},
    )
    name = forms.CharField(
        label="Imię i nazwisko",
        max_length=150,
        required=False,
        help_text="Gdy konto o tym adresie już jest, zostaje jego imię i nazwisko.",
    )
    role = forms.ChoiceField(label="Rola", choices=Membership.Role.choices)
    last_day = LastDayField()

    def __init__(self, *args, project, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.project, self.by = project, by

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        self.user = User.objects.filter(email=email).first()
        if self.user and self.user == self.by:
            raise ValidationError("Nikt nie nadaje roli sam sobie.")
        if self.user and not self.user.is_active:
            raise ValidationError("To konto jest wyłączone. Włącza je administrator.")
        if self.user and self.project.memberships.filter(user=self.user).exists():
            raise ValidationError("Ta osoba jest już na liście zespołu. Zmień tam jej rolę.")
        return email

    def clean(self):
        data = super().clean()
        data["name"] = " ".join(data.get("name", "").split())
        if "email" in data and not self.user and not data["name"]:
            self.add_error("name", "Podaj imię i nazwisko: to nowe konto.")
        if data.get("last_day") and data["last_day"] < timezone.localdate():
            self.add_error("last_day", "Ten dzień już minął. Podaj dzisiejszy albo późniejszy.")
        return data

    @transaction.atomic
    def save(self):
        if self.user is None:
            self.user = User.objects.create_user(
                self.cleaned_data["email"], name=self.cleaned_data["name"]
            )
        role = self.cleaned_data["role"]
        if role != Membership.Role.AUDITOR:
            StaffMember.take_in(self.user)
        return Membership.objects.create(
            user=self.user,
            project=self.project,
            role=role,
            last_day=self.cleaned_data["last_day"],
        )

    @property
    def helper(self):
        return laid_out(
            section("Osoba", email=6, name=6, role=6, last_day=6),
        )


class MembershipForm(LastDayOfAuditor, forms.ModelForm):
    last_day = LastDayField()

    class Meta:
        model = Membership
        fields = ["role", "last_day", "is_active"]
        labels = {"is_active": "Należy do zespołu"}
        help_texts = {
            "is_active": "Odznaczone odbiera dostęp do projektu; zapisy tej osoby zostają."
        }

    @property
    def helper(self):
        return laid_out(
            section("Udział w projekcie", role=6, last_day=6, is_active=12),
        )


class AccountForm(forms.ModelForm):
    """What an administrator changes of the account, for all projects at once."""

    class Meta:
        model = User
        fields = ["name", "email", "is_active"]
        labels = {"is_active": "Konto czynne"}
        help_texts = {
            "email": "Tym adresem osoba się loguje.",
            "is_active": "Wyłączone nie wpuszcza do żadnego projektu.",
        }

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_email(self):
        return self.cleaned_data["email"].lower()

    def clean_is_active(self):
        is_active = self.cleaned_data["is_active"]
        if self.instance == self.by and not is_active:
            raise ValidationError("Nikt nie wyłącza własnego konta.")
        return is_active

    @property
    def helper(self):
        return laid_out(
            section("Konto", name=6, email=6, is_active=12),
        )
