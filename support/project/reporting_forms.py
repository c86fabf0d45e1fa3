"""When the project reports: its periods and the days reports are due."""

from datetime import date

from django.core.exceptions import ValidationError

from owes.fields import DaysField, WholeField
from owes.form_layout import laid_out, section
from owes.formatting import day as as_day
from owes.forms import PlacedForm
from support.models import Project, ReportingCycle


class PeriodEndsField(DaysField):
    """Days kept as ISO texts."""

    def to_python(self, value):
        return [day.isoformat() for day in super().to_python(value) or []]

    def prepare_value(self, value):
        if isinstance(value, list):
            return ", ".join(as_day(date.fromisoformat(text)) for text in value)
        return value


class ReportingForm(PlacedForm):
    own_period_ends = PeriodEndsField(
        label="Ostatnie dni własnych okresów",
        required=False,
        help_text="Po przecinku, na przykład 31.03.2024, 30.09.2024. Ostatni okres kończy się "
        "z projektem. Przy latach, półroczach i kwartałach pole nie ma znaczenia.",
    )
    days_to_report = WholeField(
        label="Dni na sprawozdanie częściowe",
        min_value=1,
        max_value=365,
        help_text=Project._meta.get_field("days_to_report").help_text,
    )
    days_to_final_report = WholeField(
        label="Dni na sprawozdanie końcowe",
        min_value=1,
        max_value=365,
        help_text=Project._meta.get_field("days_to_final_report").help_text,
    )

    class Meta:
        model = Project
        fields = [
            "reporting_cycle",
            "own_period_ends",
            "days_to_report",
            "days_to_final_report",
        ]

    def clean(self):
        data = super().clean()
        if data.get("reporting_cycle") == ReportingCycle.OWN and "own_period_ends" in data:
            try:
                self._refuse_ends(data["own_period_ends"])
            except ValidationError as error:
                self.add_error("own_period_ends", error)
        return data

    def _refuse_ends(self, ends):
        period = self.instance.period
        if not ends:
            raise ValidationError("Podaj ostatnie dni okresów.")
        days = [date.fromisoformat(text) for text in ends]
        outside = [day for day in days if not period.start <= day < period.end]
        if outside:
            raise ValidationError(
                f"Podaj dni projektu przed jego ostatnim dniem, {as_day(period.end)}; "
                f"{as_day(outside[0])} do nich nie należy."
            )

    def shown_terms(self, project, is_preview):
        """For the table of reports: of what is typed where that was asked for, else as saved."""
        is_typed = is_preview and self.is_valid()
        terms = (self.instance if is_typed else project).report_terms()
        return {"terms": terms, "is_typed": is_typed}

    @property
    def helper(self):
        return laid_out(
            section(
                "Okresy i terminy sprawozdań",
                reporting_cycle=12,
                days_to_report=6,
                days_to_final_report=6,
                own_period_ends=12,
            ),
        )
