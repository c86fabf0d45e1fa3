"""Columns and the table that lists of a project's records share."""

from functools import cached_property

from django.urls import reverse
from django.utils.html import format_html

from owes.formatting import icon, plural
from owes.tables import Column, HeadingColumn, Table
from support.models import Evidence, EvidenceRequirement, Subject


class RecordColumn(HeadingColumn):
    """The heading of a row: a link for users who may change the record, text for others."""

    def render(self, value, record, table):
        if table.may_change:
            return super().render(value, record)
        line = self.second(record) if self.second else ""
        return format_html('{}<span class="quiet">{}</span>', value, line)


class EvidenceColumn(Column):
    """How many files prove the record, with a link to them, and whether one is missing."""

    def __init__(self, **kwargs):
        super().__init__(verbose_name="Dowody", orderable=False, empty_values=(), **kwargs)

    def render(self, record, table):
        arguments = [record.project.slug, Subject.of(record).value, record.pk]
        url = reverse("support:record_evidence", args=arguments)
        words = plural(table.proofs.get(record.pk, 0), "plik,pliki,plików")
        link = format_html('<a href="{}">{}</a>', url, words)
        if record.pk not in table.lacking:
            return link
        state = '<span class="state is-watch">{}<span>{}, brakuje</span></span>'
        return format_html(state, icon("watch"), link)

    def value(self, record, table):
        """In a file the number, so that it can be summed."""
        return table.proofs.get(record.pk, 0)


class PaperColumn(Column):
    """A link to the paper of a record, for users who may print; not exported."""

    def __init__(self, page):
        super().__init__(
            verbose_name="Druk", orderable=False, empty_values=(), exclude_from_export=True
        )
        self.page = page

    def render(self, record):
        url = reverse(f"support:{self.page}", args=[record.project.slug, record.pk])
        hidden = format_html('<span class="visually-hidden">: {}</span>', record)
        return format_html('<a class="nowrap" href="{}">{} PDF{}</a>', url, icon("print"), hidden)


class RecordTable(Table):
    """A list of records of one project, with the evidence of those that it shows."""

    def __init__(self, *args, may_change, **kwargs):
        super().__init__(*args, **kwargs)
        if "paper" in self.columns.names() and not may_change:
            self.columns.hide("paper")
        self.may_change = may_change

    @cached_property
    def _keys(self):
        """Primary keys of the rows of the page."""
        return [row.record.pk for row in self.paginated_rows]

    @cached_property
    def proofs(self):
        return self._proofs(self._keys)

    def _proofs(self, keys):
        return Evidence.objects.holding().counts(Subject.for_model(self._meta.model), keys)

    def look_up_for_file(self, records):
        self.proofs = self._proofs([record.pk for record in records])

    @cached_property
    def lacking(self):
        """Keys of the records of the page that lack a document their project requires."""
        subject = Subject.for_model(self._meta.model)
        requirements = EvidenceRequirement.objects.filter(subject=subject)
        return {row["row"] for row in requirements.missing(records=self._keys)}
