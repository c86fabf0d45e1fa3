"""Forms of the settings of a project and of the dictionaries."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from entities.forms.contact import PostalCodeField
from entities.lookups import LocalGovernmentLookup
from entities.models import LocalGovernment
from owes.choices import LookupsField
from owes.fields import ClockField, DayField, WholeField
from owes.folding import fold
from owes.form_layout import laid_out, section
from owes.forms import PlacedForm
from owes.pictures import cleaned_picture
from support import wording
from support.models import Activity, AdoptionKind, Project, ServiceType, Theme
from support.records.forms import RecordForm

OFFICE = "Biuro projektu, drukowane na dokumentach dla uczestników"
OFFICE_WIDTHS = {
    "office_street": 6,
    "office_postal_code": 2,
    "office_locality": 4,
    "office_phone": 4,
    "office_email": 4,
    "office_hours": 4,
}


class ProjectForm(PlacedForm):
    """What documents print of a project, and limits of warnings; nothing here changes a number."""

    places = {"project_hours_in_order": "latest_hour"}

    contract_date = DayField(label="Data umowy", required=False)
    documents_kept_until = DayField(label="Dokumenty przechowywane do", required=False)
    office_postal_code = PostalCodeField(label="Kod pocztowy biura")
    most_hours_a_day = WholeField(
        label="Godziny osoby z kadry w dniu, najwięcej", min_value=1, max_value=24
    )
    most_hours_a_month = WholeField(
        label="Godziny osoby z kadry w miesiącu, najwięcej", min_value=1, max_value=744
    )
    earliest_hour = ClockField(label="Usługi najwcześniej od")
    latest_hour = ClockField(label="Usługi najpóźniej do")
    days_to_sign = WholeField(
        label="Dni na podpisanie karty",
        min_value=1,
        max_value=365,
        help_text=Project._meta.get_field("days_to_sign").help_text,
    )

    meeting_presence_share = WholeField(
        label="Obecność na spotkaniu zdalnym od (%)",
        min_value=0,
        max_value=100,
        help_text=Project._meta.get_field("meeting_presence_share").help_text,
    )

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
            *OFFICE_WIDTHS,
            "documents_kept_until",
            "logotypes",
            "logotype_strip",
            "needs_two_people",
            "remote_needs_no_signature",
            "most_hours_a_day",
            "most_hours_a_month",
            "earliest_hour",
            "latest_hour",
            "days_to_sign",
            "meeting_presence_share",
        ]
        help_texts = {"logotype_strip": "PNG albo JPEG, najwyżej 2 MB."}
        widgets = {
            "logotypes": forms.Textarea(attrs={"rows": 3}),
            "logotype_strip": forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        }

    def clean_logotype_strip(self):
        file = self.cleaned_data["logotype_strip"]
        if isinstance(file, UploadedFile):
            return cleaned_picture(file, self.instance.slug)
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
            section(OFFICE, **OFFICE_WIDTHS),
            section("Zatwierdzanie usług", needs_two_people=12),
            section("Karty usług", remote_needs_no_signature=12, days_to_sign=4),
            section(
                "Kiedy ostrzegać o godzinach",
                most_hours_a_day=6,
                most_hours_a_month=6,
                earliest_hour=6,
                latest_hour=6,
            ),
            section("Raporty ze spotkań zdalnych", meeting_presence_share=4),
        )


def _lines(text):
    """The text with line ends of one sign; browsers send two."""
    return text.replace("\r\n", "\n")


class WordingForm(PlacedForm):
    """The texts that papers print, and the presence needed for a certificate."""

    places = {"project_certificate_threshold_is_a_share": "certificate_threshold"}

    certificate_threshold = WholeField(
        label="Próg obecności do zaświadczenia (%)",
        min_value=1,
        max_value=100,
        help_text=Project._meta.get_field("certificate_threshold").help_text,
    )

    class Meta:
        model = Project
        fields = ["clause", "clause_version", "agreement", "certificate_threshold"]
        help_texts = {
            "clause_version": "Nowa treść po podpisaniu deklaracji to nowa wersja.",
            "agreement": "Drukowana w porozumieniu i liście intencyjnym.",
        }
        widgets = {
            "clause": forms.Textarea(attrs={"rows": 18}),
            "agreement": forms.Textarea(attrs={"rows": 18}),
        }

    def clean_clause(self):
        return _lines(self.cleaned_data["clause"])

    def clean_agreement(self):
        return _lines(self.cleaned_data["agreement"])

    def clean(self):
        """A clause that was signed may change only with a new version."""
        data = super().clean()
        version = data.get("clause_version")
        if version and data.get("clause") != self.initial["clause"]:
            signed = self.instance.declarations.filter(clause_version=version)
            if signed.exists():
                self.add_error(
                    "clause_version",
                    f"Podpisano już deklaracje z klauzulą w wersji {version}. "
                    "Zmienionej treści nadaj nową wersję.",
                )
        return data

    @property
    def gaps(self):
        """The parts of the printed texts still in square brackets."""
        return wording.gaps(self.instance.clause) + wording.gaps(self.instance.agreement)

    @property
    def helper(self):
        return laid_out(
            section("Klauzula RODO na deklaracji uczestnika", clause=12, clause_version=4),
            section("Współpraca z JST", agreement=12),
            section("Zaświadczenia", certificate_threshold=6),
        )


class AreaField(LookupsField):
    """Places of an area; a voivodeship stands for all its powiats, a powiat for its gminas."""

    def __init__(self):
        super().__init__(
            LocalGovernmentLookup,
            label="Obszar",
            help_text=(
                "Gminy, powiaty i miasta, po jednym w polu. Powiat to wszystkie jego gminy, "
                "województwo wszystkie jego powiaty."
            ),
            error_messages={"required": "Wskaż obszar: bez niego żaden podmiot się nie liczy."},
        )

    def to_python(self, value):
        chosen = super().to_python(value)
        is_whole = LocalGovernment.Level.VOIVODESHIP
        whole = [row.pk for row in chosen if row.level == is_whole]
        within = LocalGovernment.objects.powiats().filter(parent__in=whole)
        places = dict.fromkeys([*(row for row in chosen if row.level != is_whole), *within])
        known = {row.pk for row in places}
        return [row for row in places if row.powiat_id == row.pk or row.powiat_id not in known]


class ProjectScopeForm(PlacedForm):
    """The period and the area that the rules of the indicators use."""

    places = {"project_dates_in_order": "ends_on"}

    starts_on = DayField(label="Początek")
    ends_on = DayField(label="Koniec")
    area = AreaField()

    class Meta:
        model = Project
        fields = ["starts_on", "ends_on", "area"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].offer(source="entities:area_options")

    @property
    def helper(self):
        return laid_out(
            section("Okres i obszar", starts_on=6, ends_on=6, area=12),
        )


class NamedOnceForm(PlacedForm):
    """A row of a dictionary; names that differ only by case or diacritics are equal."""

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        others = type(self.instance).objects.exclude(pk=self.instance.pk)
        if fold(name) in {fold(other) for other in others.values_list("name", flat=True)}:
            raise ValidationError("Taka nazwa już jest w słowniku.")
        return name


class ServiceTypeForm(NamedOnceForm):
    position = WholeField(label="Kolejność na liście", min_value=0, max_value=9999)

    class Meta:
        model = ServiceType
        fields = [
            "name",
            "group",
            "position",
            "hour_kind",
            "counts_as_support",
            "needs_attendance",
            "is_open_event",
        ]

    def clean_group(self):
        return " ".join(self.cleaned_data["group"].split()).lower()

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
            section("Rodzaj usługi", name=6, group=6, hour_kind=6, position=6),
            section("Jak się liczy", counts_as_support=12, needs_attendance=12, is_open_event=12),
        )


class AdoptionKindForm(NamedOnceForm):
    position = WholeField(label="Kolejność na liście", min_value=0, max_value=9999)

    class Meta:
        model = AdoptionKind
        fields = ["name", "position", "full_name", "statement", "needs_service"]

    @property
    def helper(self):
        return laid_out(
            section("Rodzaj wdrożenia", name=8, position=4, full_name=12, statement=12),
            section("Usługa", needs_service=12),
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
