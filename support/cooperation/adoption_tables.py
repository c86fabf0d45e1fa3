"""The list of adoptions."""

from django.urls import reverse
from django.utils.html import format_html, format_html_join

from owes.formatting import icon
from owes.tables import Column, DayColumn, Table
from support.models import Adoption
from support.records.tables import EvidenceColumn, PaperColumn, RecordColumn, RecordTable


class ServicesColumn(Column):
    """The services that led to an adoption, or a warning where its kind needs one."""

    def render(self, record):
        services = self._services(record)
        if not services and not record.kind.needs_service:
            return ""
        if not services:
            return format_html(
                '<span class="state is-watch">{}<span>bez usługi</span></span>', icon("watch")
            )
        slug = record.project.slug
        links = [
            (reverse("support:service_detail", args=[slug, service.pk]), service.printed_number)
            for service in services
        ]
        return format_html_join(", ", '<a class="code" href="{}">{}</a>', links)

    def value(self, record):
        return ", ".join(service.printed_number for service in self._services(record))

    def _services(self, record):
        return [link.service for link in record.service_links.all()]


class AdoptionTable(RecordTable):
    caption = "Wdrożenia"
    empty_title = "Nie ma takich wdrożeń"
    empty_text = (
        "Wdrożenie to zmiana, którą podmiot przyjął na stałe; łączy się z usługą, która do niej "
        "doprowadziła. Tu zapisuje się też to, co podmiot albo grupa osiągnęli w danym dniu, na "
        "przykład wypracowanie założeń PES."
    )

    entity = RecordColumn(
        verbose_name="Podmiot",
        second=lambda record: record.code,
        order_by=("entity__sort_key", "day"),
    )
    code = Column(verbose_name="Nr", visible=False)
    kind = Column(verbose_name="Rodzaj", orderable=False)
    day = DayColumn(verbose_name="Data")
    services = ServicesColumn(verbose_name="Usługi", orderable=False, empty_values=())
    description = Column(verbose_name="Opis", orderable=False)
    evidence = EvidenceColumn()
    paper = PaperColumn("adoption_paper")

    class Meta(Table.Meta):
        model = Adoption
        fields = ("entity", "code", "kind", "day", "services", "description", "evidence", "paper")
        order_by = ("-day",)
