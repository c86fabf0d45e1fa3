from operator import attrgetter

from django import forms

from owes.formatting import month
from support.models import MonthlySheet

by_name = attrgetter("sort_key")


class MonthlySheetFilter(forms.Form):
    """Chooses among the months of staff, which are computed and not rows of the database."""

    month = forms.ChoiceField(label="Miesiąc", required=False)
    staff_member = forms.ChoiceField(label="Kadra", required=False)
    state = forms.ChoiceField(
        label="Stan", choices=[("", "wszystkie"), *MonthlySheet.State.choices], required=False
    )

    def __init__(self, data, *, rows):
        super().__init__(data)
        self.rows = rows
        months = dict.fromkeys(row.month for row in rows)
        self.fields["month"].choices = [
            ("", "wszystkie"),
            *((f"{day:%Y-%m}", month(day)) for day in months),
        ]
        members = {row.staff_member for row in rows}
        self.fields["staff_member"].choices = [
            ("", "wszyscy"),
            *((str(member.pk), str(member)) for member in sorted(members, key=by_name)),
        ]

    def chosen(self):
        """The rows that meet the filters; none when the address has a mistake, which is shown."""
        if not self.is_valid():
            return []
        wanted = self.cleaned_data
        return [
            row
            for row in self.rows
            if wanted["month"] in ("", f"{row.month:%Y-%m}")
            and wanted["staff_member"] in ("", str(row.staff_member.pk))
            and wanted["state"] in ("", row.state)
        ]
