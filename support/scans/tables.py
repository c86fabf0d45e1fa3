from owes.formatting import moment
from owes.tables import Column, HeadingColumn, NumberColumn, Table
from support.labels import scan_badge


class ScanTable(Table):
    caption = "Skany"
    empty_title = "Nie ma takich skanów"
    empty_text = "Dodaj skan podpisanego dokumentu: po kodzie z wydruku trafi do swojego zapisu."

    file_name = HeadingColumn(verbose_name="Plik", orderable=False)
    state = Column(verbose_name="Stan", orderable=False)
    codes = Column(verbose_name="Kody", orderable=False)
    records = NumberColumn(verbose_name="Zapisy", orderable=False)
    error = Column(verbose_name="Uwagi", orderable=False)
    added_at = Column(verbose_name="Dodano", orderable=False)
    added_by = Column(verbose_name="Kto dodał", orderable=False)

    def render_state(self, record):
        return scan_badge(record)

    def value_state(self, record):
        return record.get_state_display()

    def render_added_at(self, value):
        return moment(value)

    def value_added_at(self, value):
        return value
