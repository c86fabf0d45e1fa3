from django import forms
from django.core.exceptions import ValidationError

from owes.folding import fold
from owes.form_layout import laid_out, section
from support.models import Document, EvidenceRequirement
from support.records.forms import RecordForm

LONGEST_KIND = 100


class EvidenceRequirementForm(RecordForm):
    """One of the documents named proves a record of the kind."""

    places = {"evidence_requirement_type_of_service": "service_type"}

    class Meta:
        model = EvidenceRequirement
        fields = ["subject", "service_type", "documents", "is_required"]
        widgets = {"documents": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = [("", "wybierz"), *self.fields["subject"].choices[1:]]
        kind = self.fields["service_type"]
        kind.empty_label = "każda, w której zapisuje się obecność"
        kind.help_text = "Tylko dla usług."

    def clean_documents(self):
        """One kind in a line, in the spelling of the program, so that scans meet it."""
        known = {fold(kind): kind for kind in Document.values}
        kinds = [" ".join(line.split()) for line in self.cleaned_data["documents"].splitlines()]
        kinds = list(dict.fromkeys(known.get(fold(kind), kind) for kind in kinds if kind))
        if not kinds:
            raise ValidationError("Podaj choć jeden dokument.")
        if max(map(len, kinds)) > LONGEST_KIND:
            raise ValidationError(f"Nazwa dokumentu może mieć najwyżej {LONGEST_KIND} znaków.")
        return "\n".join(kinds)

    @property
    def helper(self):
        return laid_out(
            section("Zapis", subject=6, service_type=6),
            section("Czego potrzebuje", documents=12, is_required=12),
        )
