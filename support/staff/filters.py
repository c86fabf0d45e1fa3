from django_filters import ModelChoiceFilter

from support.models import StaffMember, StaffTraining
from support.records.filters import RecordFilter


class StaffTrainingFilter(RecordFilter):
    day_field = "starts_on"

    staff_member = ModelChoiceFilter(
        queryset=StaffMember.objects.all(), label="Kadra", empty_label="wszystkie"
    )

    class Meta:
        model = StaffTraining
        fields = ["q", "staff_member", "year"]

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, project=project, **kwargs)
        self.filters["q"].label = "Temat, organizator, osoba, numer zaświadczenia"
