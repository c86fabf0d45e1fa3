"""Forms that order papers: of the meetings of a month, or a register of some days."""

import uuid

from django import forms
from django.utils import timezone

from entities.lookups import EntityLookup
from owes.choices import LookupField
from owes.fields import DayField
from owes.formatting import month, period
from owes.jobs import order
from owes.periods import Period
from support.models import Service, Session, StaffMember
from support.papers.batches import OF_MEETINGS, REGISTERS, Batch, Meetings

WHOLE = "all"
FORMATS = [("pdf", "jeden plik PDF"), ("zip", "osobne pliki w ZIP")]
MOST_ROWS = 60


class MeetingsForm(forms.Form):
    """The meetings of a month, of one adviser or all; for one entity also of the whole project."""

    month = forms.ChoiceField(label="Miesiąc")
    staff_member = forms.ModelChoiceField(
        StaffMember.objects.none(), label="Kadra", required=False, empty_label="cała"
    )
    entity = LookupField(EntityLookup, label="Podmiot", required=False)

    def __init__(self, data, *, project, user):
        self.project = project
        months = {f"{days.start:%Y-%m}": days for days in _months(project)}
        self.days_of = months | {WHOLE: project.period}
        data = data.copy()
        if not data.get("month"):
            data["month"] = _latest(project, months)
        led = StaffMember.objects.filter(services__project=project).distinct()
        if "staff_member" not in data and not user.has_perm("support.approve_service", project):
            myself = led.filter(user=user).first()
            data["staff_member"] = myself.pk if myself else ""
        super().__init__(data)
        self.fields["month"].choices = [
            *((key, month(days.start)) for key, days in reversed(months.items())),
            (WHOLE, "cały projekt"),
        ]
        self.fields["staff_member"].queryset = led
        self.fields["entity"].offer(source="support:record_entities", slug=project.slug)

    @property
    def meetings(self):
        """The meetings chosen; None when the address has a mistake."""
        if not self.is_valid():
            return None
        data = self.cleaned_data
        return Meetings(
            self.project, self.days_of[data["month"]], data["entity"], data["staff_member"]
        )


def _months(project):
    """Months of the project that have begun; before the project its first month."""
    last = max(min(project.ends_on, timezone.localdate()), project.starts_on)
    return Period(project.starts_on, last).months()


def _latest(project, months):
    """The last month with a meeting, so that the page does not open on nothing."""
    sessions = Session.objects.inside(project, project.period)
    last = sessions.filter(day__lte=timezone.localdate()).order_by("-day").first()
    return f"{last.day:%Y-%m}" if last else next(reversed(months))


class BatchForm(forms.Form):
    """Orders the papers of meetings; the token makes a double click one job."""

    batch = forms.ChoiceField(
        label="Co wydrukować", choices=[(batch.value, batch.label) for batch in OF_MEETINGS]
    )
    format = forms.ChoiceField(label="Plik", choices=FORMATS)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, batch=None):
        super().__init__(data, initial={"token": uuid.uuid4(), "batch": batch})

    def order(self, meetings, owner):
        params = {
            "project": meetings.project.slug,
            "batch": self.cleaned_data["batch"],
            "start": meetings.days.start.isoformat(),
            "end": meetings.days.end.isoformat(),
            "entity": meetings.entity and meetings.entity.pk,
            "staff_member": meetings.staff_member and meetings.staff_member.pk,
            "format": self.cleaned_data["format"],
        }
        return order("papers", params=params, owner=owner, key=str(self.cleaned_data["token"]))


class UnsignedForm(forms.Form):
    """Orders a user's own unsigned cards and lists, of a month or all."""

    month = forms.RegexField(r"^\d{4}-\d{2}$", required=False)
    token = forms.UUIDField()

    def order(self, project, services, owner):
        """The job, or None when no service is left; `services` are from `with_dates`."""
        month = self.cleaned_data["month"]
        rows = services.values_list("pk", "first_day", "last_day")
        rows = [row for row in rows if month in ("", f"{row[2]:%Y-%m}")]
        if not rows:
            return None
        keys, first_days, last_days = zip(*rows, strict=True)
        params = {
            "project": project.slug,
            "batch": Batch.UNSIGNED.value,
            "start": min(first_days).isoformat(),
            "end": max(last_days).isoformat(),
            "entity": None,
            "staff_member": None,
            "services": list(keys),
            "format": "pdf",
        }
        key = f"{self.cleaned_data['token']} {month}"
        return order("papers", params=params, owner=owner, key=key)


class RegisterForm(forms.Form):
    """A register of the project for some days; the state is for the register of services only."""

    batch = forms.ChoiceField(
        label="Rejestr", choices=[(batch.value, batch.label) for batch in REGISTERS]
    )
    start = DayField(label="Od")
    end = DayField(label="Do")
    state = forms.ChoiceField(
        label="Stan usług",
        choices=[("", "wszystkie"), *Service.State.choices],
        required=False,
        help_text="Tylko w rejestrze usług.",
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, project):
        self.project = project
        initial = {"start": project.starts_on, "end": project.ends_on, "token": uuid.uuid4()}
        super().__init__(data, initial=initial)

    def clean(self):
        start, end = self.cleaned_data.get("start"), self.cleaned_data.get("end")
        if not start or not end:
            return
        if end < start:
            self.add_error("end", "Koniec jest wcześniejszy niż początek.")
        elif not Period(start, end).overlap(self.project.period):
            self.add_error("start", f"To poza okresem projektu: {period(self.project.period)}.")

    def order(self, owner):
        data = self.cleaned_data
        batch = Batch(data["batch"])
        state = {"state": data["state"]} if batch == Batch.SERVICES and data["state"] else {}
        params = {
            "project": self.project.slug,
            "batch": batch.value,
            "start": data["start"].isoformat(),
            "end": data["end"].isoformat(),
            "filters": state,
            "format": "pdf",
        }
        return order("papers", params=params, owner=owner, key=str(data["token"]))


class ListForm(forms.Form):
    """How an attendance list is printed; wrong values in the address are ignored."""

    blank = forms.BooleanField(required=False)
    rows = forms.IntegerField(required=False, min_value=0, max_value=MOST_ROWS)
    session = forms.ModelChoiceField(Session.objects.none(), required=False)

    def __init__(self, data, *, service):
        super().__init__(data)
        self.service = service
        self.fields["session"].queryset = service.sessions.all()
        self.full_clean()

    @property
    def sessions(self):
        chosen = self.cleaned_data.get("session")
        return [chosen] if chosen else list(self.service.sessions.all())

    @property
    def options(self):
        return {
            "is_blank": self.cleaned_data.get("blank", False),
            "empty_rows": self.cleaned_data.get("rows"),
        }
