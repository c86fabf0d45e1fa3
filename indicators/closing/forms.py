from django import forms
from django.utils import timezone
from django.utils.functional import cached_property

from indicators.closing.obstacles import Obstacles, refuse_at_once
from indicators.closing.orders import order_closing
from indicators.models import Report
from indicators.reports.builder import build_report
from owes.fields import DayField
from owes.form_layout import laid_out, section
from owes.forms import PlacedForm
from owes.history import LONGEST
from owes.validators import not_ahead

LARGEST = 300 * 1024 * 1024  # bytes; a package holds scans


class ReportDraftForm(PlacedForm):
    """A report to be closed one day: what kind, and of which days."""

    starts_on = DayField(label="Okres od")
    ends_on = DayField(label="Okres do")

    class Meta:
        model = Report
        fields = ["kind", "starts_on", "ends_on"]

    def __init__(self, *args, project, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.project = project
        self.helper = laid_out(section("Sprawozdanie", kind=4, starts_on=4, ends_on=4))

    def clean(self):
        super().clean()
        start, end = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        period = self.instance.project.period
        if start and start < period.start:
            self.add_error("starts_on", f"Projekt zaczyna się {period.start:%d.%m.%Y}.")
        if end and end > period.end:
            self.add_error("ends_on", f"Projekt kończy się {period.end:%d.%m.%Y}.")


class ClosingForm(forms.Form):
    """Closing a draft; the page it is on asks for a reason where something stands in the way."""

    reason = forms.CharField(
        label="Powód, dla którego mogą zostać",
        max_length=Report._meta.get_field("closing_reason").max_length,
        required=False,
        widget=forms.TextInput(attrs={"form": "zamknij", "autocomplete": "off"}),
    )

    def __init__(self, *args, report, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.report, self.by = report, by

    @cached_property
    def values(self):
        """The report as it would be closed now."""
        report = self.report
        return build_report(report.project, report.kind, report.period).drafted(report)

    @cached_property
    def obstacles(self):
        return Obstacles.of(self.report, self.values)

    def clean(self):
        refuse_at_once(self.report, self.by)
        was_asked = "reason" in self.data
        if was_asked and not self.cleaned_data.get("reason") and self.obstacles.are_there:
            self.add_error("reason", self.obstacles.refusal)

    def order(self):
        return order_closing(self.report, self.by, self.cleaned_data["reason"])


class SentForm(forms.Form):
    """The day a closed report went to the funder; another day than the one kept needs a reason."""

    sent_on = DayField(label="Dzień wysłania", initial=timezone.localdate, validators=[not_ahead])
    use_required_attribute = False

    def __init__(self, *args, report, **kwargs):
        super().__init__(*args, **kwargs)
        self.report = report
        if report.sent_on:
            self.fields["sent_on"].initial = report.sent_on
            self.fields["reason"] = forms.CharField(
                label="Powód poprawki",
                max_length=LONGEST,
                widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
            )

    def clean_sent_on(self):
        day = self.cleaned_data["sent_on"]
        if not self.report.file:
            raise forms.ValidationError("PDF jeszcze powstaje. Zapisz dzień, gdy będzie gotowy.")
        if day and day < timezone.localdate(self.report.closed_at):
            raise forms.ValidationError("Raport zamknięto później, niż miałby być wysłany.")
        return day

    def save(self, by):
        report = self.report
        report.state, report.sent_on = Report.State.SENT, self.cleaned_data["sent_on"]
        report._history_user, report._change_reason = by, self.cleaned_data.get("reason", "")
        report.save()


class VerifyForm(forms.Form):
    """A file to be compared with what was closed; it is read and never kept."""

    file = forms.FileField(
        label="Plik",
        help_text="PDF raportu albo sprawozdania, ich załącznik (raport.xlsx, dane.json), pakiet.",
        allow_empty_file=True,
    )
    use_required_attribute = False

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("Plik jest większy niż 300 MB. Sprawdź mniejszy.")
        return file
