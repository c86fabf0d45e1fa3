"""Forms of the steps of a new project."""

from django import forms
from django.core.exceptions import ValidationError

from entities.forms.contact import PostalCodeField
from owes.fields import DayField
from owes.folding import fold
from owes.form_layout import laid_out, section
from owes.forms import PlacedForm
from support.models import Activity, Project
from support.project.copying import copy_dictionaries
from support.project.forms import OFFICE, OFFICE_WIDTHS, AreaField

LONGEST_ACTIVITY = Activity._meta.get_field("name").max_length


class ContractForm(PlacedForm):
    """What the contract says, with the period; the short name is given once."""

    places = {"project_dates_in_order": "ends_on"}

    contract_date = DayField(label="Data umowy", required=False)
    starts_on = DayField(label="Początek")
    ends_on = DayField(label="Koniec")
    documents_kept_until = DayField(label="Dokumenty przechowywane do", required=False)
    office_postal_code = PostalCodeField(label="Kod pocztowy biura")

    class Meta:
        model = Project
        fields = [
            "name",
            "slug",
            "title",
            "funder",
            "contractor",
            "contract_number",
            "contract_date",
            "legal_citation",
            "funding_sentence",
            "starts_on",
            "ends_on",
            "documents_kept_until",
            *OFFICE_WIDTHS,
        ]
        help_texts = {
            "slug": "Małe litery bez polskich znaków, cyfry i łączniki, np. kuznia-2025. "
            "Później się nie zmienia.",
        }
        error_messages = {
            "slug": {
                "unique": "Projekt o tym skrócie już jest. Podaj inny.",
                "invalid": "Użyj małych liter bez polskich znaków, cyfr i łączników.",
            }
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["slug"]

    def clean_slug(self):
        return self.cleaned_data["slug"].lower()

    @property
    def helper(self):
        names = (
            {"name": 4, "slug": 4, "title": 12}
            if "slug" in self.fields
            else {"name": 4, "title": 8}
        )
        return laid_out(
            section("Projekt", **names, starts_on=4, ends_on=4, documents_kept_until=4),
            section(
                "Umowa",
                funder=6,
                contractor=6,
                contract_number=6,
                contract_date=6,
                legal_citation=12,
                funding_sentence=12,
            ),
            section(OFFICE, **OFFICE_WIDTHS),
        )


class AreaForm(PlacedForm):
    area = AreaField()

    class Meta:
        model = Project
        fields = ["area"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].offer(source="entities:area_options")

    @property
    def helper(self):
        return laid_out(section("Obszar", area=12))


class ScheduleForm(forms.Form):
    """Activities, one in a line, and what is copied from another project."""

    activities = forms.CharField(
        label="Działania z harmonogramu",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Każde w osobnym wierszu. Usługa wskaże jedno z nich.",
    )
    source = forms.ModelChoiceField(
        Project.objects.none(),
        label="Skopiuj z projektu",
        required=False,
        empty_label="nie kopiuj",
        help_text="Działania i wymagane dowody, których tu jeszcze nie ma.",
    )

    def __init__(self, *args, project, sources, **kwargs):
        known = "\n".join(project.activities.values_list("name", flat=True))
        super().__init__(*args, initial={"activities": known}, **kwargs)
        self.project = project
        self.fields["source"].queryset = sources

    def clean_activities(self):
        lines = [" ".join(line.split()) for line in self.cleaned_data["activities"].splitlines()]
        if any(len(line) > LONGEST_ACTIVITY for line in lines):
            raise ValidationError(f"Nazwa działania: najwyżej {LONGEST_ACTIVITY} znaków.")
        return list({fold(line): line for line in reversed(lines) if line}.values())[::-1]

    def save(self):
        named = {fold(name): name for name in self.cleaned_data["activities"]}
        for activity in self.project.activities.all():
            if activity.folded_name not in named:
                activity.delete()
            elif activity.name != (name := named.pop(activity.folded_name)):
                activity.name = name
                activity.save()
        for name in named.values():
            Activity.objects.create(project=self.project, name=name)
        if source := self.cleaned_data["source"]:
            copy_dictionaries(source, self.project)

    @property
    def helper(self):
        return laid_out(section("Działania", activities=12, source=6))
