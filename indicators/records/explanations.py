"""Why a record is not counted, as a page says it: concrete where a row of evidence allows.

The rule says "żadna usługa nie jest zatwierdzona"; the row that got furthest says which one it is
and what it waits for. A sentence is chosen by the code of the reason and by the facts at hand.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from string import Formatter
from urllib.parse import urlencode

from django.urls import reverse

from entities.models import Entity, Person
from indicators.counting.engine import Remedy
from indicators.counting.rows import SourceRows
from owes.formatting import day
from owes.links import with_query
from support.models import Service
from support.models.session import WARSAW

STATES = {
    Service.State.DRAFT: "jest szkicem",
    Service.State.SUBMITTED: "czeka na zatwierdzenie",
    Service.State.RETURNED: "wróciła do poprawy",
    Service.State.CANCELLED: "jest anulowana",
}

# The first sentence of a reason whose facts are all known is told; else the one of the rule.
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
        "W {support_day}, {counted_on}, miał status PS, więc należy do wskaźnika PS."
    ],
    "counted_as_pes": ["W {support_day}, {counted_on}, nie miał statusu PS."],
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
        "Usługa {service} nie ma terminu w okresie projektu.",
    ],
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
    "before_service": ["Wdrożenie {adoption} z {day} jest wcześniejsze niż usługa {service}."],
}


@dataclass(frozen=True)
class Shown:
    """A reason in words; `url` with the verb `label` lead to where it can be mended."""

    code: str
    text: str
    is_mendable: bool
    label: str = ""
    url: str = ""


@dataclass(frozen=True)
class Explained:
    """A candidate that is not counted, and why. `has_evidence`: a row of the project names it."""

    record: object
    reasons: list
    has_evidence: bool

    @property
    def is_mendable(self):
        return any(reason.is_mendable for reason in self.reasons)


def explain(indicator, scope, keys, period, user):
    """`{key: Explained}` of records not counted, in their order; a fixed number of queries."""
    judged = indicator.judged(scope).filter(pk__in=keys)
    if judged.model is Entity:
        judged = judged.select_related("seat")
    records = indicator.with_furthest(scope, judged).in_bulk(keys)  # no keys, no query
    rows = SourceRows.of(record.furthest for record in records.values())
    support_day = scope.reading.support_day
    mender = RemedyLinks.of(scope.project, user)
    return {
        key: Explained(
            records[key],
            [
                _shown(
                    indicator,
                    records[key],
                    reason,
                    RowFacts(records[key], reason.row, rows, mender, support_day),
                    mender,
                )
                for reason in indicator.reasons(scope, records[key], period)
            ],
            has_evidence=RowFacts(records[key], records[key].furthest, rows, mender).is_shown,
        )
        for key in keys
    }


class RowFacts:
    """What the row of a reason speaks of; nothing of it when the reason has no row."""

    def __init__(self, record, row, rows, reader, support_day=""):
        self.record, self.row, self.support_day = record, row, support_day
        service = rows.service(row)
        is_hidden = service and not reader.may_write and service.state != Service.State.APPROVED
        self.service = None if is_hidden else service
        self.is_shown = row is not None and not is_hidden
        self.adoption = rows.adoption(row)
        self.partnership = rows.partnership(row)
        self.training = rows.training(row)
        self.represented = rows.entity(row) if isinstance(record, Person) else None

    def facts(self):
        """What can be told, by name; what is unknown is left out."""
        found = self._of_record() | self._of_row()
        return {name: words for name, words in found.items() if words}

    def _of_record(self):
        record = self.record
        counted_on = {"counted_on": day(record.counted_on), "support_day": self.support_day}
        if not isinstance(record, Entity):
            return counted_on
        return counted_on | {
            "form": record.get_legal_form_display(),
            "seat": str(record.seat or ""),
            "registered": day(record.registered_on),
            "struck_off": day(record.struck_off_on) if self._is_after_life() else "",
        }

    def _of_row(self):
        found = {"day": day(self._day("day"))}
        if self.service:
            found |= {
                "service": self._named_service(),
                "state": STATES.get(self.service.state),
                "type": str(self.service.type),
            }
        if self.represented:
            found |= {
                "represented": str(self.represented),
                "represented_form": self.represented.get_legal_form_display(),
                "represented_seat": str(self.represented.seat or ""),
            }
        return found | {
            "adoption": self.adoption and self.adoption.code,
            "partnership": self.partnership and self.partnership.code,
            "training": self.training and self.training.topic,
        }

    def _named_service(self):
        held = self._day("start")
        return f"{self.service.printed_number}{f' z {day(held)}' if held else ''}"

    def _is_after_life(self):
        """A row without a session has no day, and no side of the strike-off."""
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


def _sentence(reason, evidence):
    facts = evidence.facts()
    for sentence in SENTENCES.get(reason.code, []):
        needed = {name for _, name, _, _ in Formatter().parse(sentence) if name}
        if needed <= facts.keys():
            return sentence.format(**facts)
    return reason.sentence


def _shown(indicator, record, reason, evidence, mender):
    remedy = reason.remedy and mender.suited(reason.remedy, evidence)
    url = mender.address(remedy.target, record, evidence) if remedy else ""
    url = with_query(url, finding=f"{indicator.code}.{reason.code}")
    return Shown(
        code=reason.code,
        text=_sentence(reason, evidence),
        is_mendable=reason.remedy is not None,
        label=remedy.label if url else "",
        url=url,
    )


@dataclass(frozen=True)
class RemedyLinks:
    """The user as one who can mend: which verb to offer and the address of it."""

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

    def suited(self, remedy, evidence):
        """The remedy in the words of the service's state; a cancelled service mends nothing."""
        service, adoption = evidence.service, evidence.adoption
        if service is None:
            return remedy
        if service.state == Service.State.CANCELLED:
            if adoption:
                return Remedy("Wskaż inną usługę", "adoption")
            return Remedy("Dodaj usługę", "new_service")
        if service.state == Service.State.APPROVED or remedy.target == "new_service":
            return remedy
        if service.state == Service.State.SUBMITTED and self.may_approve:
            return Remedy("Zatwierdź usługę", "service")
        return Remedy("Otwórz usługę", "service")

    def offer(self, record, step):
        """A step that no row of evidence has reached, of a record that is no candidate yet."""
        nothing = RowFacts(record, None, SourceRows(), self)
        url = self.address(step.remedy.target, record, nothing)
        label = step.remedy.label if url else ""
        return Explained(record, [Shown(step.code, step.missing, True, label, url)], False)

    def address(self, target, record, evidence):
        """Where it is done; nowhere for those who only look."""
        if not self.may_write:
            return ""
        if target == "candidate":
            noun = "person" if isinstance(record, Person) else "entity"
            return reverse(f"entities:{noun}_edit", args=[record.pk])
        if target == "service" and evidence.service:
            return reverse("support:service_detail", args=[self.project.slug, evidence.service.pk])
        if target == "adoption" and evidence.adoption:
            return reverse("support:adoption_edit", args=[self.project.slug, evidence.adoption.pk])
        noun = "adoption" if "adoption" in target else "service"
        query = f"?{urlencode({'entity': record.code})}" if isinstance(record, Entity) else ""
        return reverse(f"support:{noun}_create", args=[self.project.slug]) + query
