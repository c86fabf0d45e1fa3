"""The filter that lists of a project's records share."""

from django_filters import ChoiceFilter

from owes.filters import ListFilter


class RecordFilter(ListFilter):
    """Filters of a list of one project by the year of a day."""

    day_field = "day"

    year = ChoiceFilter(method="in_year", label="Rok", empty_label="wszystkie")

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        period = project.period
        years = range(period.start.year, period.end.year + 1)
        self.filters["year"].extra["choices"] = [(str(year), str(year)) for year in years]

    def in_year(self, queryset, name, value):
        return queryset.filter(**{f"{self.day_field}__year": value})
