from typing import Any

from owes.formatting import badge, moment
from owes.tables import Column, Table


class AnonymisationTable(Table):
    caption = "Anonimizacje zrobione i wycofane"
    is_choosable, is_wide = False, True
    empty_title = "Nie było jeszcze żadnej anonimizacji"
    empty_text = "Wnosi się o nią z karty osoby, osoby z kadry albo konta."

    words = Column(verbose_name="Czyje dane", orderable=False)
    basis = Column(verbose_name="Podstawa", orderable=False)
    proposed_by = Column(verbose_name="Kto wniósł", orderable=False)
    approved_by = Column(verbose_name="Kto zatwierdził", orderable=False)
    proposed_at = Column(verbose_name="Kiedy wniesiono", orderable=False)
    state = Column(verbose_name="Stan", orderable=False, accessor="done_at", empty_values=())

    def render_proposed_at(self, value: Any) -> str:
        return moment(value)

    def render_state(self, value: Any) -> str:
        if value is None:
            return badge("watch", "cross", "wycofano")
        return badge("ok", "check", f"zrobiona {moment(value)}")
