"""The forms of the calendar: what to show, and a new feed."""

from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from owes.fields import DayField
from owes.periods import Period
from support.calendar.month import month_of, week_of
from support.models import CalendarFeed, StaffMember

WEEK, MONTH = "week", "month"
# Not the limits of `date`: a calendar also shows days before and after those asked for.
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)


class CalendarForm(forms.Form):
    """What the address asks to show; a wrong value is ignored."""

    view = forms.ChoiceField(
        label="Widok", choices=[(MONTH, "miesiąc"), (WEEK, "tydzień")], required=False
    )
    day = DayField(label="Dzień", required=False)
    adviser = forms.ModelChoiceField(
        StaffMember.objects.all(), label="Kadra", required=False, empty_label="cała"
    )

    def __init__(self, data, *, project, user):
        data = data.copy()
        if "adviser" not in data and user.has_perm("support.add_record", project):
            data["adviser"] = getattr(getattr(user, "staff_member", None), "pk", "")
        super().__init__(data)
        self.fields["adviser"].widget.attrs["class"] = "form-select"
        self.project = project
        self.is_valid()

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day and not FIRST <= day <= LAST:
            raise ValidationError(f"Podaj dzień od {FIRST:%d.%m.%Y} do {LAST:%d.%m.%Y}.")
        return day

    @property
    def is_week(self):
        return self.cleaned_data.get("view") == WEEK

    @property
    def staff_member(self):
        return self.cleaned_data.get("adviser")

    @property
    def on(self):
        """The day asked for, else today, or the last day of a project that has ended."""
        return self.cleaned_data.get("day") or min(timezone.localdate(), self.project.ends_on)

    @property
    def period(self):
        """The week or the month that the page is about."""
        return week_of(self.on) if self.is_week else month_of(self.on)

    @property
    def shown(self):
        """The days shown: the period in whole weeks."""
        return Period(week_of(self.period.start).start, week_of(self.period.end).end)

    def addresses(self):
        """Query strings of the period before, the period after, and of both views."""
        before, after = (
            self.period.start - timedelta(days=1),
            self.period.end + timedelta(days=1),
        )
        return {
            "before": self._query(day=before),
            "after": self._query(day=after),
            MONTH: self._query(view=MONTH),
            WEEK: self._query(view=WEEK),
        }

    def week(self, day):
        return self._query(day=day, view=WEEK)

    def _query(self, **changed):
        values = {"view": WEEK if self.is_week else MONTH, "day": self.on} | changed
        query = self.data.copy()
        query["view"], query["day"] = values["view"], f"{values['day']:%Y-%m-%d}"
        return query.urlencode()


class CalendarFeedForm(forms.ModelForm):
    class Meta:
        model = CalendarFeed
        fields = ["staff_member"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["staff_member"].widget.attrs["class"] = "form-select"
        self.fields["staff_member"].empty_label = "cała kadra"
