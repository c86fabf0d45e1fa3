"""The form in which a rule of an indicator is composed of blocks."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError

from entities.models import LegalForm, LocalGovernment, Person
from indicators.counting.blocks import BASES, BLOCKS, blocks_of
from indicators.counting.units import unit_of
from indicators.models import IndicatorRule
from owes.fields import DayField, LengthField, WholeField
from support.models import AdoptionKind, Partnership, Service, ServiceType, Theme

MOST_THRESHOLDS = 3
OTHER_UNIT = (
    "Ten wskaźnik ma już cele i sprawozdania w innej jednostce; godziny licz w osobnym wskaźniku."
)


def chosen(label, choices, **more):
    """A list of ticks; empty asks for nothing."""
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        **more,
    )


def keys_chosen(label, **more):
    return forms.TypedMultipleChoiceField(
        label=label,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        **more,
    )


def types_by_group():
    """`[(group, [(key, name)])]`; those of no group come last, without any group by themselves."""
    groups = {}
    for pk, name, group in ServiceType.objects.values_list("pk", "name", "group"):
        groups.setdefault(group, []).append((pk, name))
    others = groups.pop("", [])
    return [*groups.items(), *([("inne", others)] * bool(others))] if groups else others


OF_BASE = {
    "whom": {"present"},
    "represented_in_area": {"present"},
    "kinds": {"cooperating"},
    "adoption_kind": {"adopted"},
    "linked": {"adopted"},
}
# The block whose values a field holds.
BLOCK_OF = {
    "types": "types",
    "themes": "themes",
    "modes": "modes",
    "pes_form": "pes_form",
    "in_area": "in_area",
    "jst_in_area": "jst_in_area",
    "status": "ps_status",
    "sex": "sex",
    "at_most": "age",
    "at_least": "age",
    "forms_of_law": "forms",
    "powiats": "seat_in",
}
# What a section says, by the bases it is said of; "none" is before one is chosen.
SECTION_WORDS = {
    "2. Jakie usługi": {
        "none supported present services": "Bez zaznaczenia: każda usługa wsparcia.",
        "hours": "Bez zaznaczenia: godziny każdej usługi wsparcia.",
        "participations": "Bez zaznaczenia: uczestnictwa w każdej usłudze wsparcia.",
        "heads": "Bez zaznaczenia: każde wydarzenie otwarte, także takie, które nie jest "
        "wsparciem.",
        "founded cooperating adopted trained": "Tego, co wybrano, nie zawęża się usługami.",
    },
    "3. Kto": {
        "none": "Każdy podany warunek musi być spełniony.",
        "supported founded adopted": "Każdy podany warunek musi być spełniony. Podmioty zwykle "
        "liczą się z formą prawną PES i siedzibą w obszarze.",
        "present": "Każdy podany warunek musi spełniać osoba.",
        "cooperating": "Samorządy zwykle liczą się tylko z obszaru.",
        "trained": "Kadra ośrodka liczy się bez dalszych warunków.",
        "hours participations": "Dodają się terminy usług, bez warunków co do podmiotów i osób.",
        "services heads": "Dodają się usługi, bez warunków co do podmiotów i osób.",
    },
}
SECTIONS = {
    "1. Co się liczy": ["base", "whom", "represented_in_area", "kinds", "adoption_kind", "linked"],
    "2. Jakie usługi": ["types", "themes", "modes"],
    "3. Kto": [
        *("pes_form", "in_area", "jst_in_area", "status"),
        *("sex", "at_most", "at_least", "forms_of_law", "powiats"),
    ],
}


@dataclass(frozen=True)
class Filled:
    """A block of the form: where its errors stand, and its values (None where not asked for)."""

    code: str
    field: str
    values: dict | None


class RuleForm(forms.Form):
    """Blocks of a rule, since when it holds and why. `blocks` are of a right form."""

    use_required_attribute = False

    base = forms.ChoiceField(
        label="Liczą się",
        choices=[(base.code, base.label) for base in BASES],
        widget=forms.RadioSelect,
        error_messages={"required": "Wybierz, co się liczy."},
    )
    whom = forms.ChoiceField(
        label="Kogo reprezentuje osoba",
        choices=[(code, words) for code, words in BLOCKS["present"].WHOM.items()],
        required=False,
    )
    represented_in_area = forms.BooleanField(
        label="Tylko podmiotów z obszaru projektu", required=False, initial=True
    )
    kinds = chosen("Tylko współpraca rodzaju", Partnership.Kind.choices)
    adoption_kind = forms.ChoiceField(label="Rodzaj wdrożenia", required=False)
    linked = forms.BooleanField(
        label="Tylko po usłudze wsparcia, z którą się łączy",
        required=False,
        initial=True,
        help_text="Bez zaznaczenia liczy się sama data zapisu, na przykład gdy grupa wypracowała "
        "założenia PES.",
    )
    types = keys_chosen("Tylko rodzaje usług")
    themes = keys_chosen("Tylko zagadnienia")
    modes = chosen("Tylko tryb", Service.Mode.choices)
    pes_form = forms.BooleanField(label="Ma formę prawną PES", required=False)
    in_area = forms.BooleanField(label="Ma siedzibę w obszarze projektu", required=False)
    jst_in_area = forms.BooleanField(
        label="Gmina, powiat albo miasto z obszaru, bez województw", required=False
    )
    status = forms.ChoiceField(
        label="Status PS w dniu zaliczenia",
        choices=[("", "bez znaczenia"), ("held", "ma status"), ("none", "nie ma statusu")],
        required=False,
    )
    sex = forms.ChoiceField(
        label="Płeć", choices=[("", "bez znaczenia"), *Person.Sex.choices], required=False
    )
    at_most = WholeField(label="Najwyżej lat", required=False, max_value=120)
    at_least = WholeField(label="Co najmniej lat", required=False, max_value=120)
    forms_of_law = chosen("Tylko formy prawne", LegalForm.choices)
    powiats = keys_chosen("Tylko z siedzibą w powiecie")
    valid_from = DayField(
        label="Obowiązuje od",
        help_text="Liczby mówiące o tym dniu i późniejsze liczą się według tej zasady.",
    )
    basis = forms.CharField(
        label="Podstawa",
        max_length=200,
        help_text="Umowa, aneks, pismo; drukuje się w raporcie.",
    )

    def __init__(self, *args, project, row=None, **kwargs):
        """`row` is the indicator of the rule, None of a new one."""
        super().__init__(*args, **kwargs)
        self.project, self.row, self.blocks = project, row, []
        fields = self.fields
        fields["types"].choices = types_by_group()
        fields["adoption_kind"].choices = [
            (kind.pk, kind.words) for kind in AdoptionKind.objects.all()
        ]
        fields["themes"].choices = list(Theme.objects.values_list("pk", "name"))
        own = LocalGovernment.objects.powiats_of(project.area.all())
        near = LocalGovernment.objects.powiats().filter(parent__in=own.values("parent"))
        fields["powiats"].choices = [(each.pk, str(each)) for each in near.order_by("sort_key")]
        for number in range(1, MOST_THRESHOLDS + 1):
            fields[f"services_{number}"] = WholeField(
                label="Najmniej usług", required=False, max_value=1000
            )
            fields[f"minutes_{number}"] = LengthField(
                label="Najmniej godzin", required=False, is_silent=True
            )
            fields[f"types_{number}"] = keys_chosen("Rodzaju", choices=fields["types"].choices)

    def clean_valid_from(self):
        day, period = self.cleaned_data["valid_from"], self.project.period
        if day not in period:
            raise ValidationError(
                f"Podaj dzień z okresu projektu, {period.start:%d.%m.%Y}–{period.end:%d.%m.%Y}."
            )
        if self.row and self.row.rules.filter(valid_from=day).exists():
            raise ValidationError("Od tego dnia obowiązuje już inna zasada.")
        return day

    def clean(self):
        data = super().clean()
        if not self.errors or self.errors.keys() <= {"valid_from", "basis"}:
            self._compose(data)
        return data

    def _compose(self, data):
        """Blocks of what is filled in, each error at the field of its block."""
        base, blocks = BLOCKS[data["base"]], []
        for filled in self._filled(data):
            block = BLOCKS[filled.code]
            if filled.values is None:
                continue
            if block.suits and base.code not in block.suits:
                self.add_error(filled.field, f"Nie pasuje do: {base.label}.")
                continue
            blocks.append({"block": filled.code} | filled.values)
        kept = [{"block": base.code} | self._of_base(data), *blocks]
        if self.row and self.row.rules.exists() and base.unit != unit_of(self.row):
            self.add_error("base", OTHER_UNIT)
            return
        try:
            self.blocks = [block.as_json() for block in blocks_of(kept)]
        except ValidationError as error:
            self.add_error("base", error)

    @staticmethod
    def _of_base(data):
        match data["base"]:
            case "present":
                return {"whom": data["whom"] or "pes", "in_area": data["represented_in_area"]}
            case "cooperating":
                return {"kinds": data["kinds"]}
            case "adopted":
                kind = data["adoption_kind"] or AdoptionKind.DIGITAL
                return {"kind": kind, "linked": data["linked"]}
        return {}

    @staticmethod
    def _filled(data):
        for code, field, name in (
            ("types", "types", "types"),
            ("themes", "themes", "themes"),
            ("modes", "modes", "modes"),
            ("forms", "forms_of_law", "forms"),
            ("seat_in", "powiats", "powiats"),
        ):
            yield Filled(code, field, {name: data[field]} if data[field] else None)
        for code in ("pes_form", "in_area", "jst_in_area"):
            yield Filled(code, code, {} if data[code] else None)
        status = {"held": data["status"] == "held"} if data["status"] else None
        yield Filled("ps_status", "status", status)
        yield Filled("sex", "sex", {"sex": data["sex"]} if data["sex"] else None)
        limits = {name: data[name] for name in ("at_most", "at_least") if data[name]}
        yield Filled("age", "at_most", limits or None)
        for number in range(1, MOST_THRESHOLDS + 1):
            least = {
                name: data[f"{name}_{number}"] or ([] if name == "types" else 0)
                for name in ("services", "minutes", "types")
            }
            yield Filled("at_least", f"services_{number}", least if any(least.values()) else None)

    @classmethod
    def initial_of(cls, rule):
        """The fields of a rule that is there."""
        values, number = {"represented_in_area": True, "linked": True}, 0
        for block in blocks_of(rule.blocks):
            fields = vars(block)
            match block.code:
                case "present":
                    values["whom"] = block.whom
                    values["represented_in_area"] = block.in_area
                case "cooperating":
                    values["kinds"] = list(block.kinds)
                case "adopted":
                    values["adoption_kind"], values["linked"] = block.kind, block.linked
                case "forms":
                    values["forms_of_law"] = list(block.forms)
                case "seat_in":
                    values["powiats"] = list(block.powiats)
                case "ps_status":
                    values["status"] = "held" if block.held else "none"
                case "at_least":
                    number += 1
                    values |= {f"{name}_{number}": value for name, value in fields.items()}
                case _:
                    values |= fields or {block.code: True}
            if block.slot == "base":
                values["base"] = block.code
        return values

    @property
    def thresholds(self):
        """The bound fields of each row of thresholds."""
        return [
            [self[f"{name}_{number}"] for name in ("services", "minutes", "types")]
            for number in range(1, MOST_THRESHOLDS + 1)
        ]

    def rule(self):
        """The rule that is composed, unsaved."""
        data = self.cleaned_data
        return IndicatorRule(
            indicator=self.row,
            valid_from=data.get("valid_from") or self.project.starts_on,
            basis=data.get("basis", ""),
            blocks=self.blocks,
        )

    def sections(self):
        """`(legend, hints, fields)`; of a field it and two lists of bases.

        The first are those it goes with, empty for all, the second those it is usual with. A hint
        is `(bases, sentence, whether it is said now)`.
        """
        base = self["base"].value() or "none"
        for legend, names in SECTIONS.items():
            fields = [(self[name], self._suits(name), self._usual(name)) for name in names]
            said = SECTION_WORDS.get(legend, {}).items()
            yield legend, [(of, words, base in of.split()) for of, words in said], fields

    @staticmethod
    def _usual(name):
        return " ".join(base.code for base in BASES if name in base.usual)

    @staticmethod
    def _suits(name):
        suits = OF_BASE.get(name) or (BLOCKS[BLOCK_OF[name]].suits if name in BLOCK_OF else ())
        return " ".join(sorted(suits))
