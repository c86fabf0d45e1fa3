from datetime import date

from django.shortcuts import render

from owes.tables import Column, DayColumn, HoursColumn, Table, paged


class Sample:
    """A row of the sample table."""

    def __init__(self, name, kind, day, minutes):
        self.name, self.kind, self.day, self.minutes = name, kind, day, minutes

    def get_absolute_url(self):
        return "#"


class SampleTable(Table):
    caption = "Tabela rejestru"
    shows_caption = True

    name = Column(verbose_name="Temat")
    kind = Column(verbose_name="Rodzaj", kind="bare")
    day = DayColumn(verbose_name="Dzień")
    minutes = HoursColumn(verbose_name="Czas")


def components(request):
    """Every part a page is built from, once, with all its states: look here before drawing one."""
    return render(request, "owes/components.html", {"table": _sample_table(request)})


def _sample_table(request):
    rows = [
        Sample("Montaż finansowy", "doradztwo finansowe", date(2024, 2, 16), 120),
        Sample("Rola lidera", "warsztat", date(2024, 3, 9), 255),
    ]
    return paged(request, SampleTable(rows))
