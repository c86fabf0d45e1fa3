"""The list of acts of cooperation."""

from django.utils.html import format_html, format_html_join

from owes.tables import Column, DayColumn, Table
from support.models import Partnership
from support.records.tables import EvidenceColumn, PaperColumn, RecordColumn, RecordTable


class EntitiesColumn(Column):
    """The entities an act is about, one under another."""

    def render(self, record):
        names = format_html_join("", "<div>{}</div>", self._names(record))
        return format_html("<div>{}</div>", names) if names else ""

    def value(self, record):
        return "; ".join(name for (name,) in self._names(record))

    def _names(self, record):
        return [(link.entity.name,) for link in record.entity_links.all()]


class PartnershipTable(RecordTable):
    caption = "Współpraca z JST"
    empty_title = "Nie ma takich aktów współpracy"
    empty_text = (
        "Akt współpracy to porozumienie, list intencyjny, spotkanie, zlecenie zadania, klauzula "
        "społeczna albo szkolenie JST. Pierwszy akt samorządu liczy się we wskaźniku."
    )

    local_government = RecordColumn(
        verbose_name="Samorząd",
        second=lambda record: record.code,
        order_by=("local_government__sort_key", "day"),
    )
    code = Column(verbose_name="Nr", visible=False)
    kind = Column(verbose_name="Rodzaj", orderable=False)
    document_number = Column(verbose_name="Dokument", orderable=False)
    day = DayColumn(verbose_name="Data")
    entities = EntitiesColumn(verbose_name="Podmioty", orderable=False, empty_values=())
    description = Column(verbose_name="Opis", orderable=False)
    evidence = EvidenceColumn()
    paper = PaperColumn("partnership_paper")

    class Meta(Table.Meta):
        model = Partnership
        fields = (
            "local_government",
            "code",
            "kind",
            "document_number",
            "day",
            "entities",
            "description",
            "evidence",
            "paper",
        )
        order_by = ("-day",)

    def render_document_number(self, value):
        return format_html('<span class="code">{}</span>', value)

    def value_document_number(self, value):
        return value
