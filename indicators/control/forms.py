from django import forms

from indicators.control.trial import evidence_of, twins_of
from indicators.models import ControlledDocument, ControlledRecord, TrialControl
from indicators.models.control import LARGEST_SAMPLE
from owes.fields import DayField, WholeField
from owes.form_layout import laid_out, section
from owes.forms import PlacedForm
from owes.validators import not_ahead
from support.records.forms import RecordForm


class ControlForm(RecordForm):
    """What the sample of a trial control is drawn from."""

    on = DayField(label="Stan na dzień", validators=[not_ahead])
    size = WholeField(label="Zapisów z każdego wskaźnika", min_value=1, max_value=LARGEST_SAMPLE)

    class Meta:
        model = TrialControl
        fields = ["on", "size", "seed"]
        help_texts = {
            "seed": "To samo ziarno losuje z tych samych zapisów te same. Niech poda je ktoś "
            "spoza zespołu, na przykład datę pisma o kontroli."
        }

    helper = laid_out(section("Próba", on=4, size=4, seed=4))

    def clean_on(self):
        return self.refuse_outside_period("on")

    def clean_seed(self):
        return " ".join(self.cleaned_data["seed"].split())


class DocumentForm(PlacedForm):
    """The outcome of the search for one paper."""

    places = {"controlled_document_wrong_says_why": "note"}

    class Meta:
        model = ControlledDocument
        fields = ["verdict", "note"]
        widgets = {"verdict": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        verdicts = ControlledDocument.Verdict.choices
        self.fields["verdict"].choices = [("", "jeszcze nie sprawdzono"), *verdicts]

    def clean_note(self):
        return " ".join(self.cleaned_data["note"].split())


def document_rows(data, record):
    """A row for each paper of the record.

    `files_held` are the files that the program has of it, `twins` the other records that rest on
    it, in words.
    """
    formset = forms.inlineformset_factory(
        ControlledRecord,
        ControlledDocument,
        form=DocumentForm,
        extra=0,
        can_delete=False,
        edit_only=True,
    )
    rows = formset(data, instance=record, prefix="documents")
    files, twins = evidence_of(record), twins_of(record)
    names = dict(record.control.project.indicators.values_list("code", "short_name"))
    for form in rows:
        form.files_held = files.get(form.instance.pk, [])
        form.twins = [
            f"{twin.record} ({names.get(twin.record.indicator, twin.record.indicator)})"
            for twin in twins.get(form.instance.pk, [])
        ]
    return rows
