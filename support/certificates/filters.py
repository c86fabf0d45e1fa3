from django_filters import CharFilter, ChoiceFilter

from owes.filters import ListFilter
from support.models import Certificate

STATES = [("valid", "wydane"), ("cancelled", "anulowane")]


class CertificateFilter(ListFilter):
    q = CharFilter(method="search", label="Numer, osoba, podmiot, temat")
    year = ChoiceFilter(label="Rok wydania", empty_label="wszystkie")
    state = ChoiceFilter(choices=STATES, method="in_state", label="Stan", empty_label="wszystkie")
    service = CharFilter(method="of_service", label="Numer usługi")

    class Meta:
        model = Certificate
        fields = ["q", "year", "state", "service"]

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        years = project.certificates.order_by("year").values_list("year", flat=True).distinct()
        self.filters["year"].extra["choices"] = [(str(year), str(year)) for year in years]

    def in_state(self, queryset, name, value):
        return queryset.filter(cancelled_at__isnull=value == "valid")

    def of_service(self, queryset, name, value):
        return queryset.of_service_numbered(value.strip())
