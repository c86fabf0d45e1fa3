from django_filters import ChoiceFilter, ModelChoiceFilter

from entities.models import LocalGovernment
from support.models import Partnership
from support.records.filters import RecordFilter


class PartnershipFilter(RecordFilter):
    kind = ChoiceFilter(choices=Partnership.Kind.choices, label="Rodzaj", empty_label="wszystkie")
    powiat = ModelChoiceFilter(
        field_name="local_government__powiat",
        queryset=LocalGovernment.objects.none(),
        label="Powiat",
        empty_label="wszystkie",
    )

    class Meta:
        model = Partnership
        fields = ["q", "kind", "powiat", "year"]

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, project=project, **kwargs)
        self.filters["q"].label = "Samorząd, numer, podmiot, opis"
        self.filters["powiat"].queryset = LocalGovernment.objects.powiats_of(project.area.all())
