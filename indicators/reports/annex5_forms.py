"""What a coordinator writes into a draft of the official report: its texts, and part II."""

import hashlib

from django import forms
from django.core.exceptions import ValidationError
from django.forms import inlineformset_factory

from indicators.models import Report, ReportCost, ReportSource, ReportText
from indicators.reports.annex5 import SECTIONS
from indicators.reports.costs import Amounts, Cost, Costs
from owes.fields import MoneyField
from owes.forms import UNNAMED, InlineRows, PlacedForm
from owes.personal_data import personal_data_in, told_of

LONGEST = 20_000  # characters of a text
BLANK_ROWS = 4


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class TextsForm(forms.Form):
    """Every text of the report at once. None is required before closing.

    A text the program drafted and nobody changed is not stored: it goes on saying today's numbers,
    also when these changed while the form was open. So the form carries what it was drafted as.
    """

    use_required_attribute = False
    personal_data_note = UNNAMED

    def __init__(self, data=None, *, report, fields):
        super().__init__(data)
        self.report, self.parts = report, fields
        for field in fields:
            self.fields[field.part] = forms.CharField(
                label=field.label,
                required=False,
                max_length=LONGEST,
                initial=field.text,
                help_text=" ".join(filter(None, [field.hint, self._warning(field)])),
                widget=forms.Textarea(attrs={"rows": max(3, len(field.text) // 90 + 1)}),
            )
            if field.skeleton:
                self.fields[f"drafted-{field.part}"] = forms.CharField(
                    required=False, initial=digest(field.skeleton), widget=forms.HiddenInput
                )

    def _warning(self, field):
        """What a field holds whose text, typed or saved, leads to somebody; else empty."""
        text = self.data.get(field.part, "") if self.is_bound else field.text
        return told_of("Uwaga", kinds) if (kinds := personal_data_in(text)) else ""

    @property
    def warnings(self):
        """`[sentence]` of the fields whose typed texts lead to somebody."""
        return [
            told_of(field.label, kinds)
            for field in self.parts
            if (kinds := personal_data_in(self.cleaned_data[field.part]))
        ]

    def sections(self):
        """`(number, heading, rows)`; a row is `(field of the report, its text, hidden digest)`."""
        for section, heading in SECTIONS.items():
            yield (
                section,
                heading,
                [
                    (
                        field,
                        self[field.part],
                        self[f"drafted-{field.part}"] if field.skeleton else None,
                    )
                    for field in self.parts
                    if field.section == section
                ],
            )

    def clean(self):
        for field in self.parts:
            text = self.cleaned_data.get(field.part, "")
            self.cleaned_data[field.part] = "\n".join(text.splitlines())
        return self.cleaned_data

    @property
    def skeletons(self):
        """`{part: what the program drafts now}`."""
        return {field.part: field.skeleton for field in self.parts if field.skeleton}

    def with_skeleton(self, part):
        """The same typing with one field as the program drafts it now; nothing is saved."""
        data = self.data.copy()
        data[part] = self.skeletons[part]
        return type(self)(data, report=self.report, fields=self.parts)

    def save(self):
        written = {row.part: row for row in self.report.texts.all()}
        for field in self.parts:
            text, row = self.cleaned_data[field.part], written.get(field.part)
            drafts = {field.skeleton} if field.skeleton else {""}
            shown = self.cleaned_data.get(f"drafted-{field.part}")
            if text in drafts or digest(text) == shown:
                if row:
                    row.delete()
            elif row is None:
                ReportText.objects.create(report=self.report, part=field.part, text=text)
            elif row.text != text:
                row.text = text
                row.save()


class CostForm(PlacedForm):
    year = forms.TypedChoiceField(label="Rok", coerce=int)
    planned = MoneyField(label="Zgodnie z umową (zł)", required=False)
    actual = MoneyField(label="Faktycznie poniesione (zł)", required=False)

    class Meta:
        model = ReportCost
        fields = ["year", "activity", "name", "planned", "actual"]

    def __init__(self, *args, report, **kwargs):
        super().__init__(*args, **kwargs)
        years = range(report.starts_on.year, report.ends_on.year + 1)
        self.fields["year"].choices = [(year, str(year)) for year in years]
        self.fields["activity"].queryset = report.project.activities.all()
        self.fields["activity"].empty_label = "koszty administracyjne"

    def has_changed(self):
        """A new row without a name and amounts is one not used, whatever year it offers."""
        if self.instance.pk is None:
            typed = (self[name].data for name in ("name", "planned", "actual"))
            return any((value or "").strip() for value in typed)
        return super().has_changed()

    def clean(self):
        data = super().clean()
        is_named = data.get("name") or data.get("activity") or "activity" in self.errors
        if self.has_changed() and not is_named:
            self.add_error("name", "Podaj rodzaj kosztu administracyjnego.")
        return data


class CostRows(InlineRows):
    """Rows of costs; the sums of an action are the sums of its rows, so each of many is named."""

    def clean(self):
        super().clean()
        seen = {}
        for form in self.filled():
            place = form.cleaned_data.get("year"), form.cleaned_data.get("activity")
            if None not in place:
                seen.setdefault(place, []).append(form)
        for rows in seen.values():
            for form in rows:
                if len(rows) > 1 and not form.cleaned_data.get("name"):
                    form.add_error(
                        "name", ValidationError("Działanie ma kilka kosztów: nazwij każdy z nich.")
                    )

    def filled(self):
        """Forms of the rows that will be there after saving."""
        for form in self.forms:
            is_kept = form.instance.pk or form.has_changed()
            if is_kept and form not in self.deleted_forms and hasattr(form, "cleaned_data"):
                yield form


def cost_rows(data, report):
    """The formset; a report without costs is offered a row for each action of each year."""
    has_rows = data is not None or report.costs.exists()
    years = range(report.starts_on.year, report.ends_on.year + 1)
    activities = [*report.project.activities.values_list("pk", flat=True), None]
    initial = [{"year": year, "activity": pk} for year in years for pk in activities]
    if has_rows:
        initial = [{"year": report.ends_on.year}] * BLANK_ROWS
    formset = inlineformset_factory(
        Report,
        ReportCost,
        form=CostForm,
        formset=CostRows,
        extra=len(initial),
        can_delete=True,
    )
    return formset(
        data,
        instance=report,
        prefix="costs",
        initial=initial,
        form_kwargs={"report": report},
    )


class FinanceForm(PlacedForm):
    """Part II but for its costs: who writes it, and what each source of money paid."""

    COLUMNS = {"planned": "zgodnie z umową", "actual": "faktycznie"}

    class Meta:
        model = Report
        fields = ["leaves_costs_to_accounting", "other_public_body"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.saved = {row.source: row for row in self.instance.sources.all()}
        for source in ReportSource.Source:
            for column, words in self.COLUMNS.items():
                self.fields[f"{source}_{column}"] = MoneyField(
                    label=f"{source.label}, {words}",
                    required=False,
                    initial=getattr(self.saved.get(source), column, None),
                )

    def rows(self):
        """`(label, its two fields, [(id, sentence)] of their errors)` of each source."""
        for source in ReportSource.Source:
            boxes = [self[f"{source}_{column}"] for column in self.COLUMNS]
            errors = [
                (box.id_for_label, f"{box.label}: {sentence}")
                for box in boxes
                for sentence in box.errors
            ]
            yield source.label, boxes, errors

    def amounts(self):
        """`{source: Amounts}` as typed, of a valid form."""
        return {
            source.value: Amounts(
                **{column: self.cleaned_data[f"{source}_{column}"] for column in self.COLUMNS}
            )
            for source in ReportSource.Source
        }

    def save(self, commit=True):
        if set(self.changed_data) & set(self.Meta.fields):
            super().save(commit)
        for source, amounts in self.amounts().items():
            row = self.saved.get(source)
            if row is None and amounts.is_empty:
                continue
            row = row or ReportSource(report=self.instance, source=source)
            if row.pk is None or (row.planned, row.actual) != (amounts.planned, amounts.actual):
                row.planned, row.actual = amounts.planned, amounts.actual
                row.save()
        return self.instance


def typed_costs(form, rows):
    """The cells as typed, of valid forms, so that sums can be shown before saving."""
    return Costs(
        is_left_to_accounting=form.cleaned_data["leaves_costs_to_accounting"],
        other_public_body=form.cleaned_data["other_public_body"],
        costs=[
            Cost(
                row.cleaned_data["year"],
                row.cleaned_data["activity"].name if row.cleaned_data["activity"] else "",
                row.cleaned_data["name"],
                Amounts(row.cleaned_data["planned"], row.cleaned_data["actual"]),
            )
            for row in rows.filled()
        ],
        sources=form.amounts(),
    )
