from indicators.models import Reading
from owes.fields import DayField, WholeField
from owes.form_layout import laid_out, section
from support.records.forms import RecordForm


class ReadingForm(RecordForm):
    """A new row of how the contract is read; rows that are there are never edited."""

    places = {"reading_once_a_day": "valid_from"}

    valid_from = DayField(
        label="Obowiązuje od",
        help_text="Liczby mówiące o tym dniu i o dniach późniejszych liczą się według tego wpisu.",
    )
    least_services = WholeField(
        label="Najmniej usług",
        min_value=1,
        max_value=1000,
        help_text="Ile zatwierdzonych usług z obecnością obejmuje podmiot wsparciem.",
    )
    least_minutes = WholeField(
        label="Najmniej minut wsparcia",
        max_value=60_000,
        help_text="Łącznie na terminach tych usług; 0, gdy umowa nie pyta o godziny.",
    )

    class Meta:
        model = Reading
        fields = [
            "valid_from",
            "basis",
            "ps_within_pes",
            "least_services",
            "least_minutes",
            "founders_count",
        ]
        help_texts = {
            "basis": "Aneks, pismo albo wyjaśnienie funduszodawcy; drukuje się w raporcie.",
            "ps_within_pes": "Zaznacz, gdy cel PES obejmuje cel PS (na przykład 45, w tym 5).",
            "founders_count": "Zaznacz, gdy umowa zalicza osoby z grup inicjatywnych.",
        }

    def clean_valid_from(self):
        return self.refuse_outside_period("valid_from")

    @property
    def helper(self):
        return laid_out(
            section("Od kiedy i dlaczego", valid_from=6, basis=12),
            section("Kogo się liczy", ps_within_pes=6, founders_count=6),
            section("Od ilu usług podmiot jest objęty", least_services=6, least_minutes=6),
        )
