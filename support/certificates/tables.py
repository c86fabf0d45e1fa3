"""The register of certificates as a list."""

from django.utils.html import format_html

from owes.formatting import badge, didactic
from owes.tables import Column, DayColumn, HeadingColumn, HoursColumn, Table


class HolderColumn(HeadingColumn):
    """The holder, struck through when the certificate is cancelled."""

    def render(self, value, record):
        if record.is_cancelled:
            value = format_html('<span class="struck">{}</span>', value)
        return super().render(value, record)


class DidacticColumn(Column):
    kind = "n"

    def render(self, record):
        return didactic(record.minutes) if record.is_didactic else ""


class CertificateStateColumn(Column):
    def render(self, record):
        if record.is_cancelled:
            return badge("none", "cross", "anulowane")
        return badge("ok", "check", "wydane")

    def value(self, record):
        return "anulowane" if record.is_cancelled else "wydane"


def second_line(certificate):
    return certificate.entity_names


class CertificateTable(Table):
    caption = "Rejestr zaświadczeń"
    empty_title = "Nie wydano jeszcze zaświadczeń"
    empty_text = "Wydaje się je ze strony szkolenia, po jego zakończeniu."

    holder = HolderColumn(verbose_name="Osoba", second=second_line, order_by=("sort_key", "pk"))
    number = Column(verbose_name="Numer", order_by=("year", "ordinal"))
    entity_names = Column(verbose_name="Podmiot", visible=False)
    topic = Column(verbose_name="Temat", orderable=False)
    type_name = Column(verbose_name="Rodzaj", optional=True, orderable=False)
    service = Column(verbose_name="Usługa", accessor="service__printed_number", orderable=False)
    starts_on = DayColumn(verbose_name="Początek", optional=True)
    ends_on = DayColumn(verbose_name="Koniec")
    minutes = HoursColumn(verbose_name="Obecność")
    didactic = DidacticColumn(
        verbose_name="Godz. dydaktyczne", empty_values=(), orderable=False, optional=True
    )
    issued_on = DayColumn(verbose_name="Data wydania")
    issued_by = Column(verbose_name="Kto wydał", optional=True, orderable=False)
    state = CertificateStateColumn(verbose_name="Stan", empty_values=(), orderable=False)
    cancel_reason = Column(verbose_name="Powód anulowania", optional=True, orderable=False)
    exception_reason = Column(verbose_name="Powód wyjątku", optional=True, orderable=False)

    class Meta(Table.Meta):
        row_attrs = {"class": lambda record: "is-off" if record.is_cancelled else ""}
