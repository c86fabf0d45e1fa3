from django.shortcuts import render

from owes.samples import SAMPLES, WRONG, SampleForm, SampleTable
from owes.tables import paged


def components(request):
    """Every part of the interface once, with its states: what a page is made of."""
    parts = {
        "table": paged(request, SampleTable(SAMPLES), per_page=3),
        "empty_table": SampleTable([]),
        "sample_form": SampleForm(WRONG),
    }
    return render(request, "owes/components.html", parts)
