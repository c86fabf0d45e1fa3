"""The form of the names of an indicator, and of the day since which it does not count."""

from django.core.exceptions import ValidationError

from indicators.models import ProjectIndicator, Report
from owes.fields import DayField
from owes.folding import fold
from owes.form_layout import laid_out, section
from owes.formatting import period as as_period
from owes.forms import PlacedForm


class IndicatorWordsForm(PlacedForm):
    """What an indicator is called; empty words are those of what it counts."""

    given = ("project",)
    places = {"indicator_label_once": "label", "indicator_code_once": "short_name"}

    retired_on = DayField(
        label="Przestaje obowiązywać od",
        required=False,
        help_text="Od tego dnia wskaźnik się nie liczy i znika z pulpitu. Puste: obowiązuje.",
    )

    class Meta:
        model = ProjectIndicator
        fields = [
            "name",
            "short_name",
            "label",
            "noun",
            "lacks",
            "achieved",
            "achieved_noun",
            "retired_on",
        ]
        help_texts = {
            "name": "Jak w umowie.",
            "short_name": "Nagłówek strony i wiersz tabeli.",
            "label": "Jedno, dwa słowa do kolumny.",
            "noun": "Trzy formy po przecinkach: kobieta,kobiety,kobiet.",
            "lacks": "„Brakuje 1 …, 2 …”: kobiety,kobiet.",
            "achieved": "Na przykład „Objęto wsparciem {}”; nawiasy zastępuje liczba.",
            "achieved_noun": "Trzy formy w tym zdaniu: kobietę,kobiety,kobiet.",
        }

    retirement_layout = laid_out(section("Koniec", retired_on=6))
    noun_layout = laid_out(
        section("Odmiana w zdaniach", noun=6, lacks=6, achieved=6, achieved_noun=6)
    )

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.project = project
        if not self.instance.pk:
            del self.fields["retired_on"]

    @property
    def names_layout(self):
        legend = "Nazwy" if self.instance.pk else "6. Nazwy"
        return laid_out(section(legend, name=12, short_name=6, label=6))

    def clean_retired_on(self):
        """A closed report keeps its indicators: none of them ends inside it."""
        day, project = self.cleaned_data["retired_on"], self.instance.project
        if not day or "retired_on" not in self.changed_data:
            return day
        if day not in project.period:
            raise ValidationError(f"Podaj dzień z okresu projektu, {as_period(project.period)}.")
        reports = Report.objects.in_force().filter(project=project)
        reports = reports.filter(lines__indicator=self.instance.code, ends_on__gte=day)
        if last := reports.defer("document").order_by("ends_on").last():
            raise ValidationError(
                f"Wskaźnik jest w zamkniętym sprawozdaniu za {as_period(last.period)}. "
                f"Podaj późniejszy dzień."
            )
        return day

    def clean(self):
        data = super().clean()
        for field, forms_asked in (("noun", 3), ("lacks", 2), ("achieved_noun", 3)):
            if data.get(field) and len(data[field].split(",")) != forms_asked:
                self.add_error(field, f"Podaj {forms_asked} formy po przecinkach.")
        if bool(data.get("achieved")) != bool(data.get("achieved_noun")):
            self.add_error("achieved", "Podaj początek zdania razem z odmianą.")
        elif data.get("achieved") and data["achieved"].count("{}") != 1:
            self.add_error("achieved", "Wpisz {} tam, gdzie ma stać liczba.")
        if not self.instance.pk and data.get("short_name"):
            self.instance.code = _free_code(self.instance.project, data["short_name"])
            last = self.instance.project.indicators.order_by("position").last()
            self.instance.position = last.position + 1 if last else 0
        return data


def _free_code(project, name):
    """A code made of a name, which no indicator of the project has or had."""
    words = "_".join(
        "".join(c if c.isascii() and c.isalnum() else " " for c in fold(name)).split()
    )
    stem = words[:24].strip("_") if words[:1].isalpha() else f"w_{words}"[:24].strip("_")
    used = set(ProjectIndicator.history.filter(project=project).values_list("code", flat=True))
    used |= set(project.indicators.values_list("code", flat=True))
    numbered = (stem if number == 1 else f"{stem}_{number}" for number in range(1, 1000))
    return next(code for code in numbered if code not in used)
