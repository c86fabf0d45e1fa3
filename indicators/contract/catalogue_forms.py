"""Choosing indicators that are composed already."""

from django import forms
from django.utils.html import format_html

from indicators.catalogue import CATALOGUE
from indicators.contract.copying import entry_of, is_of_catalogue, last_rules
from indicators.counting.blocks import blocks_of
from indicators.counting.composition import composed
from owes.form_layout import laid_out, section
from support.models import Project


class CatalogueForm(forms.Form):
    """Entries of the catalogue, and indicators of other projects by their last rule."""

    use_required_attribute = False

    chosen = forms.MultipleChoiceField(
        label="Z katalogu", required=False, widget=forms.CheckboxSelectMultiple
    )
    copied = forms.MultipleChoiceField(
        label="Z innych projektów", required=False, widget=forms.CheckboxSelectMultiple
    )
    helper = laid_out(section("Wskaźniki do dodania", chosen=12, copied=12))

    def __init__(self, *args, project, user, **kwargs):
        super().__init__(*args, **kwargs)
        has = list(project.indicators.values_list("code", "label"))
        codes, labels = {code for code, _ in has}, {label for _, label in has}
        self.fields["chosen"].choices = [
            (code, _told(entry["words"]["name"], entry["blocks"], entry.get("summary", "")))
            for code, entry in CATALOGUE.items()
            if code not in codes and entry["words"]["label"] not in labels
        ]
        self.others = _of_other_projects(project, user, codes, labels)
        self.fields["copied"].choices = [
            (
                key,
                _told(
                    f"{rule.indicator.name} ({rule.indicator.project.name})",
                    rule.blocks,
                    rule.summary,
                ),
            )
            for key, rule in self.others.items()
        ]
        if not self.others:
            del self.fields["copied"]
            self.helper = laid_out(section("Wskaźniki do dodania", chosen=12))

    def clean(self):
        data = super().clean()
        if not data.get("chosen") and not data.get("copied"):
            self.add_error("chosen", "Zaznacz co najmniej jeden wskaźnik.")
        copied = [self.others[key].indicator for key in data.get("copied", ())]
        codes = [*data.get("chosen", ()), *(row.code for row in copied)]
        labels = [CATALOGUE[code]["words"]["label"] for code in data.get("chosen", ())]
        labels += [row.label for row in copied]
        if len(set(codes)) < len(codes) or len(set(labels)) < len(labels):
            self.add_error("chosen", "Dwa zaznaczone wskaźniki mają ten sam kod albo etykietę.")
        return data

    def entries(self):
        """What is chosen, as entries of the catalogue."""
        data = self.cleaned_data
        entries = [CATALOGUE[code] for code in data["chosen"]]
        return entries + [entry_of(self.others[key]) for key in data.get("copied", ())]


def _told(name, blocks, summary):
    """The name with how it counts, in a sentence."""
    how = summary or composed(blocks_of(blocks)).sentence()
    return format_html('{}<span class="quiet d-block">{}</span>', name, how)


def _of_other_projects(project, user, codes, labels):
    """`{key: last rule}` of indicators of the user's other projects that this one lacks."""
    mine = Project.objects.all() if user.is_administrator else Project.objects.of_member(user)
    found = {}
    for other, rules in last_rules(list(mine.exclude(pk=project.pk))).items():
        for rule in rules:
            rule.indicator.project = other
            if is_of_catalogue(rule):
                continue
            if rule.indicator.code not in codes and rule.indicator.label not in labels:
                found[str(rule.indicator.pk)] = rule
    return found
