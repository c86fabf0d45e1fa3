"""The official report to the funder: annex 5 to Dz.U. 2018 poz. 2057, as values that can be kept.

Its fields are drafted by the program, where there are numbers to say, and finished by the
coordinator; a field nobody touched always says the numbers of the day. Closing keeps the fields,
what was done in each action and the cells of part II in the report's document, and the closed
report is rendered from there alone.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from indicators.counting.scope import Scope
from indicators.reports.annex5_works import UNNAMED, Work, works
from indicators.reports.costs import Amounts, Cost, Costs
from owes.formatting import number, percent1, plural

NOT_APPLICABLE = "nie dotyczy"
RESULTS, ACTIONS, PAYMENTS, MORE = "I.1", "I.2", "II.3", "III"
SECTIONS = {
    RESULTS: "Opis osiągniętych rezultatów wraz z liczbowym określeniem skali działań "
    "zrealizowanych w ramach zadania",
    ACTIONS: "Szczegółowy opis wykonania poszczególnych działań",
    PAYMENTS: "Informacje o świadczeniach pieniężnych pobranych w związku z realizacją zadania "
    "od odbiorców zadania",
    MORE: "Dodatkowe informacje",
}

LABELS = {
    "durable": "Rezultaty trwałe",
    "goal": "Przyczynienie się do osiągnięcia celu zadania",
    "departures": "Odstępstwa od umowy",
    "contributions": "Wkład osobowy i rzeczowy w realizację działań",
    "subcontractors": "Działania wykonane przez podmiot niebędący stroną umowy",
    "payments": "Świadczenia pieniężne od odbiorców zadania",
    "more": "Dodatkowe informacje",
}
SHORTFALL = "Przyczyna nieosiągnięcia: {}"


def label_of(part, activities, indicators):
    """What a part is called, by names of `activities` by key and of `indicators` by code."""
    kind, _, code = part.partition("-")
    match kind:
        case "result":
            return indicators.get(code, UNNAMED)
        case "shortfall":
            return SHORTFALL.format(indicators.get(code, UNNAMED))
        case "activity":
            return activities.get(int(code), UNNAMED) if code.isdigit() else UNNAMED
    return LABELS[part]


@dataclass(frozen=True)
class Field:
    """A field of the report. `part` names it for good, `skeleton` is what the program drafts.

    `mentions` is a number of the program that the text is to say; None where there is none.
    """

    part: str
    section: str
    label: str
    skeleton: str = ""
    hint: str = ""
    mentions: int | None = None
    is_required: bool = True
    text: str = ""

    @property
    def is_drafted(self):
        """Whether the text is, word for word, what the program drafted."""
        return bool(self.skeleton) and self.text == self.skeleton

    @property
    def offer(self):
        """The words of the button that puts the skeleton in."""
        return f"Wstaw „{self.skeleton}”" if self.mentions is None else "Wstaw zdanie z liczb"

    @property
    def says_its_number(self):
        if not self.mentions:
            return True
        digits = re.sub(r"(?<=\d)[\s\u00a0](?=\d{3}\b)", "", self.text)
        return str(self.mentions) in re.findall(r"\d+", digits)

    @property
    def gap(self):
        """What closing has against the text; empty where nothing."""
        if self.is_required and not self.text.strip():
            return "nie ma tekstu"
        return "" if self.says_its_number else f"w tekście nie ma liczby {number(self.mentions)}"


@dataclass(frozen=True)
class OfficialReport:
    """What annex 5 prints beyond the numbers: `fields` by section, `works`, `costs`."""

    fields: list
    works: list
    costs: Costs

    @classmethod
    def of(cls, report, report_values):
        """Of a draft and of its `IndicatorReport` of now."""
        action_works = works(Scope.of(report.project, report.ends_on), report_values.period)
        written = dict(report.texts.values_list("part", "text"))
        fields = [
            field_with(field, written.get(field.part, field.skeleton))
            for field in drafted(report_values, action_works, written)
        ]
        return cls(fields=fields, works=action_works, costs=Costs.of(report))

    @classmethod
    def of_json(cls, data):
        costs = data["costs"]
        return cls(
            fields=[Field(**field) for field in data["fields"]],
            works=[
                Work(
                    **work
                    | {name: _day(work[name]) for name in ("first", "last")}
                    | {name: tuple(work[name]) for name in ("places", "advisers")}
                )
                for work in data["works"]
            ],
            costs=Costs(
                **costs
                | {
                    "costs": [
                        Cost(**cost | {"amounts": _amounts(cost["amounts"])})
                        for cost in costs["costs"]
                    ],
                    "sources": {
                        source: _amounts(amounts) for source, amounts in costs["sources"].items()
                    },
                }
            ),
        )

    def sections(self):
        """`(number, heading, fields)` of the sections that hold texts, in the order of annex 5."""
        return [
            (section, heading, [field for field in self.fields if field.section == section])
            for section, heading in SECTIONS.items()
        ]

    def of_section(self, section):
        return [field for field in self.fields if field.section == section]

    @property
    def results(self):
        return self.of_section(RESULTS)

    @property
    def actions(self):
        """`(work, its field)` of each action, then the fields that speak of all of them."""
        by_part = {field.part: field for field in self.of_section(ACTIONS)}
        return [(work, by_part[_part_of(work)]) for work in self.works]

    @property
    def about_actions(self):
        parts = {_part_of(work) for work in self.works}
        return [field for field in self.of_section(ACTIONS) if field.part not in parts]

    @property
    def unexplained(self):
        """Why a target, or what was planned of it, was not met, where that is asked for."""
        return [
            field
            for field in self.results
            if field.part.startswith("shortfall-") and field.is_required and not field.text.strip()
        ]

    @property
    def gaps(self):
        """Texts that are missing, or do not say today's number."""
        return [field for field in self.fields if field.gap]

    @property
    def payments(self):
        return self.of_section(PAYMENTS)[0]

    @property
    def more(self):
        return self.of_section(MORE)[0]


def drafted(report_values, action_works, written=()):
    """The fields of a report with what the program drafts in them, in the order of annex 5.

    A reason that is `written` stays, though it is asked for no more.
    """
    yield from (
        Field(
            part=f"result-{line.code}",
            section=RESULTS,
            label=line.short_name,
            skeleton=sentence(report_values, line),
            mentions=line.whole_number,
        )
        for line in report_values.lines
    )
    yield from (
        _shortfall(report_values, line)
        for line in report_values.missing
        if line in report_values.behind or f"shortfall-{line.code}" in written
    )
    yield Field(
        part="durable",
        section=RESULTS,
        label=LABELS["durable"],
        hint="Co zostanie po zakończeniu zadania i jak będzie wykorzystane.",
    )
    yield Field(
        part="goal",
        section=RESULTS,
        label=LABELS["goal"],
        hint="W jakim stopniu realizacja zadania przyczyniła się do osiągnięcia jego celu.",
    )
    yield from (
        Field(
            part=_part_of(work),
            section=ACTIONS,
            label=work.name,
            skeleton=work.paragraph(),
            mentions=work.services,
        )
        for work in action_works
    )
    for part, hint in (
        ("departures", "Co wykonano inaczej niż w harmonogramie i dlaczego."),
        ("contributions", "Praca wolontariuszy i członków, rzeczy i usługi wniesione do zadania."),
        ("subcontractors", "Kto, co wykonał i w jakim zakresie."),
    ):
        yield Field(part=part, section=ACTIONS, label=LABELS[part], hint=hint)
    yield Field(
        part="payments",
        section=PAYMENTS,
        label=LABELS["payments"],
        skeleton=NOT_APPLICABLE,
        hint="Warunki pobierania, wysokość od pojedynczego odbiorcy, łączna wartość.",
    )
    yield Field(part="more", section=MORE, label=LABELS["more"], skeleton=NOT_APPLICABLE)


def _shortfall(report_values, line):
    """Why less: asked for where milestones say how much was due, and of a final report."""
    is_planned = line.planned is not None
    achieved = report_values.beside_plan(line) if is_planned else line.of_target
    return Field(
        part=f"shortfall-{line.code}",
        section=RESULTS,
        label=SHORTFALL.format(line.short_name),
        hint=f"Osiągnięto {achieved}. Wyjaśnij, dlaczego mniej.",
        is_required=report_values.is_final or (is_planned and not line.meets_plan),
    )


def sentence(report_values, line):
    """ "Objęto wsparciem 45 PES, tj. 100% wartości docelowej (45)."

    Of an indicator without such words: "Kobiety objęte wsparciem: 47, tj. ...".
    """
    words, forms = line.achieved
    is_plain = forms and not line.unit
    counted = plural(line.cumulative, forms) if is_plain else line.said(line.cumulative)
    text = words.format(counted) if words else f"{line.name}: {counted}"
    if line.planned is not None:
        text += f", tj. {report_values.beside_plan(line)}"
    elif line.target is not None:
        share = percent1(line.percent).replace(",0%", "%")
        text += f", tj. {share} wartości docelowej ({line.said(line.target)})"
    if report_values.period != report_values.whole:
        text += f", w tym w okresie sprawozdawczym: {line.said(line.in_period)}"
    return f"{text}."


def field_with(field, text):
    return Field(**{**vars(field), "text": text})


def _part_of(work):
    return f"activity-{work.key or 'none'}"


def _amounts(data):
    return Amounts(
        **{name: None if text is None else Decimal(text) for name, text in data.items()}
    )


def _day(text):
    return date.fromisoformat(text) if text else None
