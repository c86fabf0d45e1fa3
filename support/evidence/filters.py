"""Filters of the evidence of a project and of what is missing."""

from crispy_forms.helper import FormHelper
from django import forms
from django_filters import ChoiceFilter

from owes.filters import ListFilter
from owes.free_text import Withheld
from support.models import Evidence, EvidenceRequirement, Subject


class EvidenceFilter(ListFilter):
    """Filters of the evidence of a project; names of files are searched if the user sees them."""

    subject = ChoiceFilter(
        method="about", choices=Subject.choices, label="Zapis", empty_label="wszystkie"
    )
    kind = ChoiceFilter(label="Dokument", empty_label="wszystkie")
    state = ChoiceFilter(choices=Evidence.State.choices, label="Stan", empty_label="wszystkie")
    released = ChoiceFilter(
        method="open_to_auditor",
        choices=[("yes", "udostępnione"), ("no", "nieudostępnione")],
        label="Dla kontroli",
        empty_label="wszystkie",
    )

    class Meta:
        model = Evidence
        fields = ["q", "subject", "kind", "state", "released"]

    def __init__(self, *args, project, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.sees_names = user.has_perm("support.open_evidence", project)
        kinds = project.evidence.order_by("kind").values_list("kind", flat=True).distinct()
        # A withheld kind is shown by a replacement, which is no value to filter by.
        known = [kind for kind in kinds if not isinstance(kind, Withheld)]
        self.filters["kind"].extra["choices"] = [(kind, kind) for kind in known]
        self.filters["q"].label = "Zapis, podmiot, plik"

    def search(self, queryset, name, value):
        return queryset.search(value, sees_names=self.sees_names)

    def open_to_auditor(self, queryset, name, value):
        return queryset.filter(released_at__isnull=value != "yes")

    def about(self, queryset, name, value):
        return queryset.filter(**{f"{value}__isnull": False})


class MissingForm(forms.Form):
    subject = forms.ChoiceField(
        label="Zapis", required=False, choices=[("", "wszystkie"), *Subject.choices]
    )
    requirement = forms.ModelChoiceField(
        EvidenceRequirement.objects.none(), label="Brakuje", required=False, empty_label="wszystko"
    )

    def __init__(self, data, *, project):
        super().__init__(data)
        self.fields["requirement"].queryset = project.evidence_requirements.filter(
            is_required=True
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class MissingFilter:
    """Missing evidence in a project, of one kind of record or of one requirement."""

    def __init__(self, data, *, project):
        self.form = MissingForm(data, project=project)
        self.chosen = self.form.cleaned_data if self.form.is_valid() else {}
        requirements = project.evidence_requirements.all()
        if subject := self.chosen.get("subject"):
            requirements = requirements.filter(subject=subject)
        if requirement := self.chosen.get("requirement"):
            requirements = requirements.filter(pk=requirement.pk)
        self.qs = requirements.missing().order_by("requirement", "-row")

    def in_words(self):
        chosen = {name: value for name, value in self.chosen.items() if value}
        return [(self.form[name].label, str(value)) for name, value in chosen.items()]
