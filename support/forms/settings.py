from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from entities.lookups import PowiatLookup
from entities.models import LocalGovernment
from owes.choices import LookupsField
from owes.fields import DayField, WholeField
from owes.folding import fold
from owes.form_layout import laid_out, section
from owes.forms import PlacedForm
from support.forms.records import RecordForm
from support.logotypes import logotype_suffix
from support.models import Activity, Project, ServiceType, Theme


class ProjectForm(forms.ModelForm):
    """What documents print of a project; none of it changes a number."""

    contract_date = DayField(label="Data umowy", required=False)
    documents_kept_until = DayField(label="Dokumenty przechowywane do", required=False)

    class Meta:
        model = Project
        fields = [
            "name",
            "title",
            "funder",
            "contractor",
            "contract_number",
            "contract_date",
            "legal_citation",
            "funding_sentence",
            "documents_kept_until",
            "logotypes",
            "logotype_strip",
            "needs_two_people",
        ]
        help_texts = {"logotype_strip": "PNG albo JPEG, najwyżej 2 MB."}
        widgets = {
            "logotypes": forms.Textarea(attrs={"rows": 3}),
            "logotype_strip": forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        }

    def clean_logotype_strip(self):
        file = self.cleaned_data["logotype_strip"]
        if isinstance(file, UploadedFile):
            file.name = f"{self.instance.slug}.{logotype_suffix(file)}"
        return file

    @property
    def helper(self):
        return laid_out(
            section(
                "Projekt",
                name=4,
                title=8,
                funder=6,
                contractor=6,
                contract_number=4,
                contract_date=4,
                documents_kept_until=4,
                legal_citation=12,
            ),
            section("Co drukują dokumenty", funding_sentence=12, logotype_strip=12, logotypes=12),
            section("Zatwierdzanie usług", needs_two_people=12),
        )


class ProjectScopeForm(PlacedForm):
    """The days and the area in which the rules of the indicators look for records."""

    places = {"project_dates_in_order": "ends_on"}

    starts_on = DayField(label="Początek")
    ends_on = DayField(label="Koniec")
    area = LookupsField(
        PowiatLookup,
        label="Obszar",
        help_text="Powiaty i miasta na prawach powiatu, po jednym w polu.",
        error_messages={"required": "Wskaż obszar: bez niego żaden podmiot się nie liczy."},
    )

    class Meta:
        model = Project
        fields = ["starts_on", "ends_on", "area"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].offer(LocalGovernment.objects.powiats())

    @property
    def helper(self):
        return laid_out(
            section("Okres i obszar", starts_on=6, ends_on=6, area=12),
        )


class NamedOnceForm(PlacedForm):
    """A row of a dictionary; names that differ only by case or diacritics are one for people."""

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        others = self._meta.model.objects.exclude(pk=self.instance.pk)
        if fold(name) in {fold(other) for other in others.values_list("name", flat=True)}:
            raise ValidationError("Taka nazwa już jest w słowniku.")
        return name


class ServiceTypeForm(NamedOnceForm):
    position = WholeField(label="Kolejność na liście", min_value=0, max_value=9999)

    class Meta:
        model = ServiceType
        fields = [
            "name",
            "position",
            "hour_kind",
            "counts_as_support",
            "needs_attendance",
            "is_open_event",
        ]

    def clean(self):
        data = super().clean()
        if data.get("is_open_event") and data.get("needs_attendance"):
            self.add_error(
                "needs_attendance",
                "Wydarzenie otwarte nie ma listy osób, więc nie może wymagać obecności.",
            )
        return data

    @property
    def helper(self):
        return laid_out(
            section("Rodzaj usługi", name=6, hour_kind=3, position=3),
            section("Jak się liczy", counts_as_support=12, needs_attendance=12, is_open_event=12),
        )


class ThemeForm(NamedOnceForm):
    position = WholeField(label="Kolejność na liście", min_value=0, max_value=9999)

    class Meta:
        model = Theme
        fields = ["name", "goal", "position"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["goal"].choices = [("", "żaden"), *Theme.Goal.choices]

    @property
    def helper(self):
        return laid_out(
            section("Zagadnienie", name=6, goal=3, position=3),
        )


class ActivityForm(RecordForm):
    given = ("project", "folded_name")
    places = {"activity_name_once": "name"}

    class Meta:
        model = Activity
        fields = ["name"]

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    @property
    def helper(self):
        return laid_out(
            section("Działanie", name=12),
        )
