from owes.tables import Column, HeadingColumn, HoursColumn, NumberColumn, Table


def second_line(card):
    return f"{card.entity.code}, {card.month_words}"


class WaitingColumn(HoursColumn):
    """Nothing where all is approved."""

    def render(self, value):
        return super().render(value) if value else ""


class CollectiveCardTable(Table):
    """Cards computed of meetings, not rows of the database, so they keep their order."""

    caption = "Karty zbiorcze"
    empty_title = "Nie ma tu kart zbiorczych"
    empty_text = "W tym miesiącu nikt nie miał doradztwa. Wybierz inny miesiąc."
    is_choosable = False

    entity = HeadingColumn(verbose_name="Odbiorca", second=second_line)
    staff_member = Column(verbose_name="Kadra")
    count = NumberColumn(verbose_name="Spotkania")
    minutes = HoursColumn(verbose_name="Czas zatwierdzony")
    waiting = WaitingColumn(verbose_name="Poza sumą", accessor="waiting_minutes")
    code = Column(verbose_name="Kod", kind="d")

    class Meta(Table.Meta):
        orderable = False
