from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from owes.formatting import badge, day
from owes.tables import Column, DayColumn, Table


class RetentionListTable(Table):
    """Projects; who may go is counted on the page of each, for it asks of everybody."""

    caption = "Projekty i koniec przechowywania dokumentów"
    is_choosable = False
    empty_title = "Nie ma projektów"
    empty_text = "Zobaczysz tu projekty, które koordynujesz."

    name = Column(verbose_name="Projekt", orderable=False)
    documents_kept_until = DayColumn(
        verbose_name="Dokumenty do", orderable=False, default="nie wpisano"
    )
    state = Column(verbose_name="Stan", orderable=False, empty_values=())

    def render_name(self, record):
        url = reverse("support:retention_detail", args=[record.slug])
        return format_html('<a href="{}">{}</a>', url, record.name)

    def render_state(self, record):
        until = record.documents_kept_until
        if record.held_since:
            since = day(timezone.localdate(record.held_since))
            return badge("watch", "watch", f"wstrzymano {since}")
        if until and until < timezone.localdate():
            return badge("risk", "clock", "termin minął, przejrzyj listę")
        return badge("ok", "check", "przechowuje się")


class RetentionTable(Table):
    caption = "Osoby i konta projektu"
    is_choosable, is_wide = False, True
    empty_title = "W projekcie nie ma nikogo, czyje dane trzeba usunąć"
    empty_text = "Nikt nie brał w nim udziału albo wszystkie dane już usunięto."

    words = Column(verbose_name="Zapis", orderable=False)
    outcome = Column(verbose_name="Co się stanie", orderable=False, empty_values=())
    reasons = Column(verbose_name="Dlaczego zostaje", orderable=False)

    def render_outcome(self, record):
        if record.reasons:
            return badge("watch", "lock", "zostaje")
        return badge("ok", "check", "do anonimizacji")

    def value_outcome(self, record):
        return "zostaje" if record.reasons else "do anonimizacji"

    def render_reasons(self, value):
        return " ".join(value)
