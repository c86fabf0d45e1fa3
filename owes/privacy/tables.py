from typing import Any

from owes.formatting import badge, moment
from owes.models import Anonymisation
from owes.tables import Column, Table


class AnonymisationTable(Table):
    caption = "Anonimizacje zlecone, zrobione i wycofane"
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

    def render_state(self, record: Anonymisation) -> str:
        if record.obstacle:
            return badge("risk", "risk", f"nie zrobiono: {record.obstacle}")
        if record.withdrawn_at:
            return badge("watch", "cross", "wycofano")
        if record.done_at is None:
            return badge("watch", "clock", "zlecona")
        return badge("ok", "check", f"zrobiona {moment(record.done_at)}")
