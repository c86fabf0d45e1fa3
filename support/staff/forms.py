"""Forms of a member of staff and of a training."""

from owes.fields import DayField, HoursField
from owes.form_layout import laid_out, section
from owes.forms import PlacedForm
from support.models import StaffMember, StaffTraining
from support.records.forms import RecordForm


class StaffMemberForm(PlacedForm):
    """`accounts` are those the person may have; None leaves out the field of the account."""

    places = {"staff_member_dates_in_order": "active_until"}

    active_from = DayField(label="Pracuje od", required=False)
    active_until = DayField(label="Pracuje do", required=False)

    class Meta:
        model = StaffMember
        fields = ["name", "user", "active_from", "active_until"]
        help_texts = {
            "user": "Usługi, które ta osoba prowadzi, są wtedy dla tego konta własne.",
        }

    def __init__(self, *args, accounts=None, **kwargs):
        super().__init__(*args, **kwargs)
        if accounts is None:
            del self.fields["user"]
        else:
            self.fields["user"].queryset = accounts
            self.fields["user"].empty_label = "bez konta"

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    @property
    def helper(self):
        widths = dict.fromkeys(self.fields, 6)
        return laid_out(section("Osoba z kadry", **widths))


class StaffTrainingForm(RecordForm):
    places = {
        "staff_training_once": "topic",
        "staff_training_dates_in_order": "ends_on",
    }

    starts_on = DayField(label="Od")
    ends_on = DayField(
        label="Do", required=False, help_text="Puste, gdy szkolenie trwało jeden dzień."
    )
    hours = HoursField(
        label="Godziny", required=False, help_text="Na przykład 7,5, 1:30 albo 90 min."
    )

    class Meta:
        model = StaffTraining
        fields = [
            "staff_member",
            "topic",
            "organiser",
            "starts_on",
            "ends_on",
            "hours",
            "certificate_number",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["staff_member"].empty_label = "wybierz osobę"

    def clean(self):
        """Refuses a training that differs by its last day alone; an import may hold both."""
        super().clean()
        names = ("staff_member", "topic", "starts_on")
        key = {name: self.cleaned_data.get(name) for name in names}
        others = self.instance.project.staff_trainings.exclude(pk=self.instance.pk)
        is_typed = all(key.values()) and not {*names}.isdisjoint(self.changed_data)
        if is_typed and others.filter(**key).exists():
            self.add_error("topic", "To szkolenie tej osoby jest już zapisane.")

    @property
    def helper(self):
        return laid_out(
            section(
                "Szkolenie",
                staff_member=4,
                topic=8,
                organiser=12,
                starts_on=3,
                ends_on=3,
                hours=3,
                certificate_number=3,
            ),
        )
