"""What the search finds in the projects of the user: services, acts, adoptions, papers, files."""

from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q, Value
from django.urls import reverse

from entities.labels import seen_by
from entities.models import Entity
from entities.search import entity_result
from owes.formatting import day
from owes.search import EXACT, SearchResult, by_name, exact_first, group
from support.models import (
    Adoption,
    Attendance,
    Certificate,
    Evidence,
    Partnership,
    Project,
    Recipient,
    Service,
)

LATEST = F("first_day").desc(nulls_first=True)


def find(user, text):
    """A group for each kind, over all projects; its link opens the list of the newest project."""
    projects = list(Project.objects.of_member(user))
    if not projects:
        return []

    def records(model):
        return model.objects.filter(project__in=projects).search(text).select_related("project")

    def hits_of(noun, title, icon, rows):
        address = reverse(f"support:{noun}_list", args=[projects[0].slug])
        return group(title, icon, rows, hit_makers[noun], f"{address}?{urlencode({'q': text})}")

    hit_makers = {
        "service": _service_result,
        "partnership": lambda row: _record_result(
            row, f"{row.local_government}: {row.get_kind_display()}", user
        ),
        "adoption": lambda row: _record_result(row, f"{row.entity}: {row.kind}", user),
        "evidence": _evidence_result,
        "certificate": _certificate_result,
    }
    evidence = records(Evidence).for_list().order_by("-added_at", "-pk")
    if not user.has_perm("entities.see_names"):
        evidence = []
    services = records(Service).visible_to(user).select_related("type").with_dates()
    services = exact_first(services, text, LATEST, "-pk")
    partnerships = records(Partnership).select_related("local_government")
    partnerships = exact_first(partnerships, text, "-day", "pk")
    adoptions = exact_first(records(Adoption).select_related("entity", "kind"), text, "-day", "pk")
    worked_on = Project.objects.worked_on_by(user)
    certificates = records(Certificate).filter(project__in=worked_on)
    certificates = exact_first(certificates, text, "-year", "-ordinal")
    return [
        *_people_by_code(user, text),
        *_supported_entities(user, projects, text),
        *hits_of("service", "Usługi", "service", services),
        *hits_of("partnership", "Współpraca z JST", "handshake", partnerships),
        *hits_of("adoption", "Wdrożenia", "chip", adoptions),
        *hits_of("certificate", "Zaświadczenia", "file", certificates),
        *hits_of("evidence", "Dokumenty", "file", evidence),
    ]


def _supported_entities(user, projects, text):
    """The entities of the user's projects, for users who may not list the registers."""
    if user.has_perm("entities.list_registers"):
        return []
    visible = Service.objects.visible_to(user).order_by().values("pk")
    served = Recipient.objects.filter(entity=OuterRef("pk"), service__in=visible)
    adopting = Adoption.objects.filter(entity=OuterRef("pk"), project__in=projects)
    # A new entity counts by what was done for the group it grew from.
    founding = Recipient.objects.filter(entity=OuterRef("founding_group"), service__in=visible)
    entities = Entity.objects.filter(Q(Exists(served)) | Q(Exists(adopting)) | Q(Exists(founding)))
    return group(
        "Podmioty", "org", by_name(entities.select_related("seat"), text), entity_result, ""
    )


def _people_by_code(user, text):
    """People by the code that reports print, for users who may not read names."""
    if user.has_perm("entities.see_names"):
        return []
    visible = Service.objects.visible_to(user).order_by().values("pk")
    came = Attendance.objects.present().filter(session__service__in=visible)
    came = came.filter(person__code__iexact=text.strip()).select_related("person", "entity")
    first = came.annotate(exactness=Value(EXACT)).order_by("day", "pk")[:1]
    return group("Osoby", "person", first, lambda row: _person_result(row, user), "")


def _person_result(attendance, user):
    person = attendance.person
    line = f"{attendance.entity}, pierwsza obecność {day(attendance.day)}"
    return SearchResult(seen_by(person, user), line, person.get_absolute_url())


def _certificate_result(certificate):
    line = ", ".join(part for part in (certificate.topic, certificate.entity_names) if part)
    label = f"{certificate.number} {certificate.holder}"
    return SearchResult(label, line, certificate.get_absolute_url())


def _service_result(service):
    words = (service.printed_number, str(service.type), day(service.first_day))
    line = ", ".join(part for part in (*words, service.get_state_display()) if part)
    return SearchResult(service.topic, line, service.get_absolute_url())


def _evidence_result(evidence):
    line = f"{evidence.kind}, {evidence.get_state_display()}"
    return SearchResult(evidence.file_name, line, evidence.get_absolute_url())


def _record_result(record, label, user):
    """A link to the form for users who may change the record, else to the list with it."""
    noun = record._meta.model_name
    address = record.get_absolute_url()
    if not user.has_perm(f"support.change_{noun}", record):
        address = reverse(f"support:{noun}_list", args=[record.project.slug])
        address += f"?{urlencode({'q': record.code})}"
    line = f"{record.code}, {day(record.day)}"
    return SearchResult(label, line, address)
