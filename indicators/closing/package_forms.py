from django import forms

from indicators.models import Package, Report
from owes.form_layout import laid_out, section
from owes.jobs import order


class PackageForm(forms.ModelForm):
    """Which closed report the funder gets, what for, and which evidence goes with it."""

    indicators = forms.MultipleChoiceField(
        label="Dowody do wskaźników",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Pliki zapisów zaliczonych w tych wskaźnikach.",
    )
    documents = forms.MultipleChoiceField(
        label="Rodzaje dokumentów",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tylko sprawdzone. Pliki mogą zawierać dane osób: wybierz te, o które proszono.",
    )

    class Meta:
        model = Package
        fields = ["report", "purpose", "indicators", "documents"]
        widgets = {"purpose": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "purpose": "Kto i po co prosi, na przykład: kontrola projektu, pismo nr 12/2026. "
            "Zostaje w rejestrze pakietów."
        }

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.helper = laid_out(section("Pakiet", report=12, purpose=12))
        reports = Report.objects.closed().filter(project=project)
        self.fields["report"].queryset = reports.select_related("project", "corrects")
        self.fields["report"].empty_label = "wybierz"
        self.fields["indicators"].choices = project.indicators.values_list("code", "name")
        kinds = project.evidence.verified().order_by("kind").values_list("kind", flat=True)
        self.fields["documents"].choices = [(kind, kind) for kind in dict.fromkeys(kinds)]
        if not self.fields["documents"].choices:
            for name in ("indicators", "documents"):
                del self.fields[name]
        else:
            self.helper.layout.append(section("Dowody", indicators=12, documents=12))

    def clean_purpose(self):
        return " ".join(self.cleaned_data["purpose"].split())

    def clean(self):
        data = super().clean()
        if data.get("documents") and not data.get("indicators"):
            self.add_error("indicators", "Zaznacz, do których wskaźników.")
        if data.get("indicators") and not data.get("documents"):
            self.add_error("documents", "Zaznacz, jakie dokumenty.")
        return data

    def save(self, by):
        """The package, whose file is made in the background."""
        self.instance.by = by
        package = super().save()
        order("package", params={"package": package.pk}, owner=by, key=str(package.pk))
        return package
