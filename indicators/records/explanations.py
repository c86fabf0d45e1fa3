"""Why a record is not counted, as pages say it, with links to where it can be mended.

The rule says "żadna usługa nie jest zatwierdzona"; the row that passed most steps says which one
it is and what it waits for. A sentence is chosen by the code of the reason and by the known facts.
"""

from collections import defaultdict
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from string import Formatter
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from entities.models import Entity, Person
from indicators.counting.row_objects import ADOPTION, PARTNERSHIP, TRAINING, RowObjects, SourceRows
from indicators.counting.sources import Remedy
from indicators.counting.store import kept
from owes.formatting import day
from owes.links import with_query
from support.models import Service, Session
from support.models.session import WARSAW

STATES = {
    Service.State.DRAFT: "jest szkicem",
    Service.State.SUBMITTED: "czeka na zatwierdzenie",
    Service.State.RETURNED: "wróciła do poprawy",
    Service.State.CANCELLED: "jest anulowana",
}

# The first sentence of a reason whose facts are all known is shown; else the sentence of the rule.
SENTENCES = {
    "not_pes_form": [
        "Osoba reprezentowała podmiot {represented} ({represented_form}), który nie jest PES.",
        "Forma prawna „{form}” nie jest formą PES.",
    ],
    "out_of_area": [
        "Osoba reprezentowała podmiot {represented} z siedzibą poza obszarem projektu "
        "({represented_seat}).",
        "Osoba reprezentowała podmiot {represented}, który nie ma podanej gminy siedziby.",
        "Siedziba ({seat}) jest poza obszarem projektu.",
    ],
    "counted_as_ps": [
        "W {counted_day}, {counted_on}, miał status PS, więc nie liczy się jako PES."
    ],
    "counted_as_pes": ["W {counted_day}, {counted_on}, nie miał statusu PS."],
    "registered_outside_period": ["Rejestracja z {registered} jest poza okresem projektu."],
    "not_approved": [
        "Wdrożenie {adoption} łączy się z usługą {service}, która {state}.",
        "Usługa {service} {state}.",
    ],
    "not_support_type": [
        "Wdrożenie {adoption} łączy się z usługą {service}; rodzaj „{type}” nie jest wsparciem.",
        "Usługa {service} jest rodzaju „{type}”, który nie jest wsparciem.",
    ],
    "outside_period": [
        "Wdrożenie {adoption} z {day} jest poza okresem projektu.",
        "Akt współpracy {partnership} z {day} jest poza okresem projektu.",
        "Szkolenie „{training}” skończyło się {day}, poza okresem projektu.",
        "Termin usługi {session} jest poza okresem projektu.",
        "Usługa {service} nie ma terminu w okresie projektu.",
    ],
    "nobody_came": ["Na usłudze {service} nikt nie był obecny."],
    "no_head_count": ["Przy usłudze {service} nie wpisano liczby osób."],
    "nobody_present": ["Na usłudze {service} nikt z podmiotu nie był obecny."],
    "outside_registration": [
        "Usługa {service} była przed rejestracją podmiotu {represented} albo po jego wykreśleniu.",
        "Usługa {service} była po wykreśleniu podmiotu ({struck_off}).",
        "Usługa {service} była przed rejestracją podmiotu ({registered}).",
    ],
    "not_recipient": [
        "Wdrożenie {adoption} łączy się z usługą {service}, której odbiorcą jest inny podmiot.",
        "Na usłudze {service} osoba reprezentowała podmiot {represented}, który nie był jej "
        "odbiorcą.",
        "Grupa ani podmiot nie byli odbiorcami usługi {service}.",
    ],
    "no_linked_service": ["Wdrożenie {adoption} z {day} nie łączy się z żadną usługą."],
    "not_supported": [
        "Wdrożenie {adoption} łączy się z usługą {service}, która nie dała podmiotowi dnia "
        "wsparcia: nikt nie był obecny albo termin jest poza okresem projektu lub życia podmiotu."
    ],
    "recorded_outside_period": ["Zapis {adoption} z {day} jest poza okresem projektu."],
    "recorded_outside_life": [
        "W dniu zapisu {adoption}, {day}, podmiot jeszcze nie był zarejestrowany albo był już "
        "wykreślony."
    ],
    "before_service": ["Wdrożenie {adoption} z {day} jest wcześniejsze niż usługa {service}."],
}


# What the sentences name of a record.
RELATED = defaultdict(
    tuple, {Entity: ("seat",), Session: ("service__project",), Service: ("project",)}
)


@dataclass(frozen=True)
class ReasonText:
    """A reason in words; `url` with the verb `label` lead to where it can be mended."""

    code: str
    text: str
    is_mendable: bool
    label: str = ""
    url: str = ""


@dataclass(frozen=True)
class Explanation:
    """A candidate that is not counted, and why. `has_evidence`: a row of the project names it."""

    record: object
    reasons: list
    has_evidence: bool

    @property
    def is_mendable(self):
        return any(reason.is_mendable for reason in self.reasons)


def explain(indicator, scope, keys, period, user):
    """`{key: Explanation}` of records not counted, in their order; a fixed number of queries."""
    return explain_several(scope, {indicator: keys}, period, user)[indicator]


def explain_several(scope, keys_by_indicator, period, user):
    """`{indicator: {key: Explanation}}`; what their rows name is fetched for all at once."""
    records = _assessed(scope, keys_by_indicator)
    rows = SourceRows.of(record.row for found in records.values() for record in found.values())
    links = RemedyLinks.of(scope.project, user)
    return {
        indicator: {
            key: _explanation(indicator, scope, records[indicator][key], period, rows, links)
            for key in keys
        }
        for indicator, keys in keys_by_indicator.items()
    }


def _assessed(scope, keys_by_indicator):
    """`{indicator: {key: record}}`, each with what judging says of it."""
    found = _records(keys_by_indicator)
    judged = {(row.indicator, row.candidate): row for row in _judged(scope, keys_by_indicator)}
    assessed = {}
    for indicator, keys in keys_by_indicator.items():
        own = {key: copy(found[indicator.model][key]) for key in keys}
        rows = {key: judged.get((indicator.code, key)) for key in keys}
        for key, row in rows.items():
            if row:
                record = own[key]
                record.failed, record.passed = row.failed, row.passed
                record.counted_on, record.row = row.counted_on, row.row
        # The project never touched the rest.
        if rest := [key for key, row in rows.items() if row is None]:
            records = indicator.assessed(scope).select_related(*RELATED[indicator.model])
            own |= records.in_bulk(rest)
        assessed[indicator] = own
    return assessed


def _records(keys_by_indicator):
    """`{model: {key: record}}`; one query for each model."""
    asked, records = defaultdict(set), {}
    for indicator, keys in keys_by_indicator.items():
        asked[indicator.model].update(keys)
        records[indicator.model] = indicator.records()
    return {
        model: records[model].select_related(*RELATED[model]).in_bulk(keys)
        for model, keys in asked.items()
    }


def _judged(scope, keys_by_indicator):
    asked = Q()
    for indicator, keys in keys_by_indicator.items():
        if keys:
            asked |= Q(indicator=indicator.code, candidate__in=keys)
    return kept(scope).filter(asked).defer("facts", "labels") if asked else []


def _explanation(indicator, scope, record, period, rows, links):
    counted_day = indicator.composition.counted_day
    reasons = [
        _reason_text(
            indicator,
            reason,
            RowFacts(record, reason.row, rows.named_by(reason.row), links, counted_day),
            links,
        )
        for reason in indicator.reasons(scope, record, period)
    ]
    best = RowFacts(record, record.row, rows.named_by(record.row), links)
    return Explanation(record, reasons, has_evidence=best.is_visible)


class RowFacts:
    """What is known of a record and of the row of a reason; a reason may have no row (None)."""

    def __init__(self, record, row, objects, links, counted_day=""):
        """`objects` as of `SourceRows.named_by`."""
        self.record, self.row, self.counted_day = record, row, counted_day
        self.objects = RowObjects(**objects)
        service = self.objects.service
        is_hidden = service and not links.may_write and service.state != Service.State.APPROVED
        self.service = None if is_hidden else service
        self.is_visible = row is not None and not is_hidden

    def known(self):
        """`{name: words}` of the facts that a sentence may hold; unknown ones are left out."""
        facts = self._of_record() | self._of_row()
        return {name: words for name, words in facts.items() if words}

    def _of_record(self):
        record = self.record
        counted_on = {"counted_on": day(record.counted_on), "counted_day": self.counted_day}
        if isinstance(record, Session):
            counted_on["session"] = f"{record.service.printed_number} z {day(record.day)}"
        if not isinstance(record, Entity):
            return counted_on
        return counted_on | {
            "form": record.get_legal_form_display(),
            "seat": str(record.seat or ""),
            "registered": day(record.registered_on),
            "struck_off": day(record.struck_off_on) if self._is_after_strike_off() else "",
        }

    def _of_row(self):
        facts = {"day": day(self._day("day"))}
        if self.service:
            facts |= {
                "service": self._service_and_day(),
                "state": STATES.get(self.service.state),
                "type": str(self.service.type),
            }
        if isinstance(self.record, Person) and (represented := self.objects.entity):
            facts |= {
                "represented": str(represented),
                "represented_form": represented.get_legal_form_display(),
                "represented_seat": str(represented.seat or ""),
            }
        for kind in (ADOPTION, PARTNERSHIP, TRAINING):
            instance = getattr(self.objects, kind.name)
            facts[kind.name] = instance and kind.code_of(instance)
        return facts

    def _service_and_day(self):
        held = self._day("start")
        return f"{self.service.printed_number}{f' z {day(held)}' if held else ''}"

    def _is_after_strike_off(self):
        """A row without a session has no day, so it is neither before nor after."""
        held, struck_off = self._day("start"), self.record.struck_off_on
        return bool(held and struck_off and held > struck_off)

    def _day(self, name):
        """The local day of a date or moment of the row; SQLite writes moments of UTC bare."""
        text = (self.row or {}).get(name)
        if not text:
            return None
        moment = datetime.fromisoformat(text)
        if name == "day":
            return moment.date()
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return moment.astimezone(WARSAW).date()


def _sentence(indicator, reason, facts):
    for threshold in indicator.counting_source.thresholds:
        if threshold.code == reason.code and (so_far := (facts.row or {}).get("so_far")):
            return f"{reason.sentence} {threshold.told(*so_far)}"
    known = facts.known()
    for sentence in SENTENCES.get(reason.code, []):
        needed = {name for _, name, _, _ in Formatter().parse(sentence) if name}
        if needed <= known.keys():
            return sentence.format(**known)
    return reason.sentence


def _reason_text(indicator, reason, facts, links):
    remedy = reason.remedy and links.fitting(reason.remedy, facts)
    url = links.url(remedy.target, facts) if remedy else ""
    url = with_query(url, finding=f"{indicator.code}.{reason.code}")
    return ReasonText(
        code=reason.code,
        text=_sentence(indicator, reason, facts),
        is_mendable=reason.remedy is not None,
        label=remedy.label if url else "",
        url=url,
    )


@dataclass(frozen=True)
class RemedyLinks:
    """What a user can do about a reason: the verb to show and the URL where it is done."""

    project: object
    may_write: bool
    may_approve: bool

    @classmethod
    def of(cls, project, user):
        return cls(
            project,
            may_write=user.has_perm("support.add_record", project),
            may_approve=user.has_perm("support.approve_service", project),
        )

    def fitting(self, remedy, facts):
        """The remedy that fits the state of the service; a cancelled service mends nothing."""
        service = facts.service
        if service is None:
            return remedy
        if service.state == Service.State.CANCELLED:
            if facts.objects.adoption:
                return Remedy("Wskaż inną usługę", "adoption")
            return Remedy("Dodaj usługę", "new_service")
        if service.state == Service.State.APPROVED or remedy.target == "new_service":
            return remedy
        if service.state == Service.State.SUBMITTED and self.may_approve:
            return Remedy("Zatwierdź usługę", "service")
        return Remedy("Otwórz usługę", "service")

    def first_step(self, record, step):
        """The `Explanation` of a record that is no candidate yet: what would make it one."""
        url = self.url(step.remedy.target, RowFacts(record, None, {}, self))
        label = step.remedy.label if url else ""
        reason = ReasonText(step.code, step.sentence, True, label, url)
        return Explanation(record, [reason], False)

    def url(self, target, facts):
        """Empty for those who may only look."""
        record, adoption = facts.record, facts.objects.adoption
        if not self.may_write:
            return ""
        if target == "candidate" and isinstance(record, Service):
            return record.get_absolute_url()
        if target == "candidate":
            noun = "person" if isinstance(record, Person) else "entity"
            return reverse(f"entities:{noun}_edit", args=[record.pk])
        if target == "service" and facts.service:
            return reverse("support:service_detail", args=[self.project.slug, facts.service.pk])
        if target == "adoption" and adoption:
            return reverse("support:adoption_edit", args=[self.project.slug, adoption.pk])
        noun = "adoption" if "adoption" in target else "service"
        query = f"?{urlencode({'entity': record.code})}" if isinstance(record, Entity) else ""
        return reverse(f"support:{noun}_create", args=[self.project.slug]) + query
