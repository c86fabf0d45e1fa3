from django_filters import ChoiceFilter, ModelChoiceFilter

from support.models import Adoption, AdoptionKind
from support.records.filters import RecordFilter


class AdoptionFilter(RecordFilter):
    kind = ModelChoiceFilter(
        queryset=AdoptionKind.objects.all(), label="Rodzaj", empty_label="wszystkie"
    )
    linked = ChoiceFilter(
        method="by_services",
        choices=[("yes", "z usługą"), ("no", "bez usługi")],
        label="Usługi",
        empty_label="wszystkie",
    )

    class Meta:
        model = Adoption
        fields = ["q", "kind", "linked", "year"]

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, project=project, **kwargs)
        self.filters["q"].label = "Podmiot, numer, opis"

    def by_services(self, queryset, name, value):
        return queryset.linked(value == "yes")
