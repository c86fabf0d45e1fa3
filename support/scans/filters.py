from django_filters import ChoiceFilter, FilterSet

from support.models import Scan


class ScanFilter(FilterSet):
    """The state, asked by chips with counts."""

    state = ChoiceFilter(choices=Scan.State.choices)

    class Meta:
        model = Scan
        fields = ["state"]
