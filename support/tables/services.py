from django.db.models import F
from django.utils.html import format_html

from owes.formatting import hours, plural, state_badge
from owes.tables import Column, DayColumn, HeadingColumn, HoursColumn, NumberColumn, Table
from support.models import Service

SHOWN_RECIPIENTS = 2


class TopicColumn(HeadingColumn):
    """The topic; what is cancelled stays, struck through."""

    def render(self, value, record):
        if record.state == Service.State.CANCELLED:
            value = format_html('<span class="struck">{}</span>', value)
        return super().render(value, record)


class RecipientsColumn(Column):
    def render(self, record):
        names = [str(entity) for entity in record.recipients.all()]
        more = len(names) - SHOWN_RECIPIENTS
        if more > 1:
            return f"{', '.join(names[:SHOWN_RECIPIENTS])} i {more} dalszych"
        return ", ".join(names)

    def value(self, record):
        return "; ".join(str(entity) for entity in record.recipients.all())


class AdvisersColumn(Column):
    def render(self, record):
        return ", ".join(str(link.staff_member) for link in record.adviser_links.all())


class StateColumn(Column):
    def render(self, record):
        return state_badge(record)

    def value(self, record):
        return record.get_state_display()


def second_line(service):
    mode = service.get_mode_display()
    return ", ".join(part for part in (service.printed_number, str(service.type), mode) if part)


class ServiceTable(Table):
    caption = "Usługi"
    empty_title = "Nie ma tu usług"
    empty_text = "Zmień filtry albo dodaj pierwszą usługę."

    topic = TopicColumn(
        verbose_name="Usługa",
        second=second_line,
        order_by="sort_key",
        footer=lambda table: f"Razem {plural(table.count, 'usługa,usługi,usług')}",
    )
    number = Column(verbose_name="Numer", accessor="printed_number", visible=False)
    type = Column(verbose_name="Rodzaj", visible=False)
    recipients = RecipientsColumn(
        verbose_name="Odbiorcy", empty_values=(), orderable=False, footer=""
    )
    advisers = AdvisersColumn(
        verbose_name="Kadra", empty_values=(), orderable=False, footer=""
    )
    first_day = DayColumn(verbose_name="Pierwszy termin", footer="")
    minutes = HoursColumn(
        verbose_name="Czas",
        accessor="total_minutes",
        footer=lambda table: hours(table.total_minutes),
    )
    state = StateColumn(verbose_name="Stan", orderable=False, footer="")
    activity = Column(verbose_name="Działanie", spare=True, orderable=False, footer="")
    mode = Column(verbose_name="Tryb", spare=True, orderable=False, footer="")
    place = Column(verbose_name="Miejsce", spare=True, orderable=False, footer="")
    last_day = DayColumn(verbose_name="Ostatni termin", spare=True, orderable=False, footer="")
    session_count = NumberColumn(verbose_name="Terminy", spare=True, orderable=False, footer="")
    signed_on = DayColumn(verbose_name="Karta podpisana", spare=True, footer="")
    created_by = Column(verbose_name="Kto zapisał", spare=True, orderable=False, footer="")

    class Meta(Table.Meta):
        sequence = ("topic", "number", "type", "...")
        row_attrs = {
            "class": lambda record: "is-off" if record.state == Service.State.CANCELLED else ""
        }

    def __init__(self, services, start=None, end=None, **kwargs):
        """Hours are of the sessions from `start` to `end`, where the list asks for days."""
        self.count = services.count()
        self.total_minutes = services.total_minutes(start, end)
        super().__init__(services.for_list(start, end), **kwargs)

    def order_first_day(self, queryset, is_descending):
        day = F("first_day")
        by = day.desc(nulls_first=True) if is_descending else day.asc(nulls_last=True)
        return queryset.order_by(by, "-pk"), True

    def order_minutes(self, queryset, is_descending):
        time = F("total_minutes")
        by = time.desc(nulls_last=True) if is_descending else time.asc(nulls_first=True)
        return queryset.order_by(by, "-pk"), True
