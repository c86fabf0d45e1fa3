from owes.tables import Column, DayColumn, NumberColumn, Table
from support.models import StaffTraining
from support.records.tables import EvidenceColumn, RecordColumn, RecordTable


class StaffTrainingTable(RecordTable):
    caption = "Szkolenia kadry"
    empty_title = "Nie ma takich szkoleń"
    empty_text = (
        "Szkolenie kadry to szkolenie, które ukończył ktoś z kadry ośrodka. Pierwsze "
        "ukończone w okresie projektu liczy się we wskaźniku."
    )

    topic = RecordColumn(
        verbose_name="Temat", second=lambda record: record.organiser, orderable=False
    )
    organiser = Column(verbose_name="Organizator", visible=False)
    staff_member = Column(verbose_name="Kadra", order_by=("staff_member__sort_key", "starts_on"))
    starts_on = DayColumn(verbose_name="Od")
    ends_on = DayColumn(verbose_name="Do", orderable=False)
    hours = NumberColumn(verbose_name="Godziny")
    certificate_number = Column(verbose_name="Nr zaświadczenia", orderable=False)
    evidence = EvidenceColumn()

    class Meta(Table.Meta):
        model = StaffTraining
        fields = (
            "topic",
            "organiser",
            "staff_member",
            "starts_on",
            "ends_on",
            "hours",
            "certificate_number",
            "evidence",
        )
        order_by = ("-starts_on",)
