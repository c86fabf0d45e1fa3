"""The list of monthly sheets."""

from owes.formatting import month
from owes.tables import Column, HeadingColumn, HoursColumn, NumberColumn, Table
from support.labels import state_badge


class MonthColumn(HeadingColumn):
    def render(self, value, record):
        return super().render(month(value), record)

    def value(self, value):
        return value


class SheetStateColumn(Column):
    def render(self, record):
        return state_badge(record.sheet)

    def value(self, record):
        return record.sheet.get_state_display()


class DifferenceColumn(Column):
    def render(self, record):
        return "zmieniło się od złożenia" if record.differs else ""


class LeftOutColumn(HoursColumn):
    """Nothing where all is approved."""

    def render(self, value):
        return super().render(value) if value else ""


class MonthlySheetTable(Table):
    """Months computed of services, so they keep their order."""

    caption = "Miesięczne zestawienia godzin"
    empty_title = "Nie ma tu zestawień"
    empty_text = "Zestawienie powstaje samo z zatwierdzonych usług. Zmień filtry."
    is_choosable = False

    month = MonthColumn(verbose_name="Miesiąc", second=lambda row: row.staff_member)
    staff_member = Column(verbose_name="Kadra", visible=False)
    sessions = NumberColumn(verbose_name="Terminy")
    minutes = HoursColumn(verbose_name="Godziny teraz")
    left_out = LeftOutColumn(verbose_name="Poza zestawieniem")
    kept_minutes = HoursColumn(verbose_name="Złożone")
    state = SheetStateColumn(verbose_name="Stan")
    differs = DifferenceColumn(verbose_name="Różnica", empty_values=())

    class Meta(Table.Meta):
        orderable = False
