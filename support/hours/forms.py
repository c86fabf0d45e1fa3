from django import forms

from owes.formatting import month
from support.models import MonthlySheet


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
            *((str(one.pk), str(one)) for one in sorted(members, key=lambda one: one.sort_key)),
        ]

    def chosen(self):
        """The rows asked for; a mistake in the address chooses nothing and is told."""
        if not self.is_valid():
            return []
        asked = self.cleaned_data
        return [
            row
            for row in self.rows
            if asked["month"] in ("", f"{row.month:%Y-%m}")
            and asked["staff_member"] in ("", str(row.staff_member.pk))
            and asked["state"] in ("", row.state)
        ]
