"""What the lists of a project's records have in common."""

from django.utils.html import format_html

from owes.tables import HeadingColumn, Table


class RecordColumn(HeadingColumn):
    """The heading of a row: a link for those who may change the record, words for the others."""

    def render(self, value, record, table):
        if table.may_change:
            return super().render(value, record)
        line = self.second(record) if self.second else ""
        return format_html('{}<span class="quiet">{}</span>', value, line)


class RecordTable(Table):
    def __init__(self, *args, may_change, **kwargs):
        super().__init__(*args, **kwargs)
        self.may_change = may_change
