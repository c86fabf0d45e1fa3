"""What the search finds in the projects the user works in: services, acts, adoptions, files."""

from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from entities.finding import entity_hit
from entities.models import Entity
from owes.finding import Hit, by_name, group
from owes.formatting import day
from support.models import Adoption, Evidence, Partnership, Project, Recipient, Service

LATEST = F("first_day").desc(nulls_first=True)


def find(user, text):
    """One group a kind over all the projects; the list it leads to is that of the newest one."""
    projects = list(Project.objects.of_member(user))
    if not projects:
        return []

    def records(model):
        return model.objects.filter(project__in=projects).search(text).select_related("project")

    def found(title, icon, rows, noun):
        address = reverse(f"support:{noun}_list", args=[projects[0].slug])
        return group(title, icon, rows, hits[noun], f"{address}?{urlencode({'q': text})}")

    hits = {
        "service": _service_hit,
        "partnership": lambda row: _record_hit(row, row.local_government, user),
        "adoption": lambda row: _record_hit(row, row.entity, user),
        "evidence": _evidence_hit,
    }
    evidence = records(Evidence).for_list().order_by("-added_at", "-pk")
    if not user.has_perm("entities.see_names"):
        evidence = []
    services = records(Service).select_related("type").with_dates().order_by(LATEST, "-pk")
    partnerships = records(Partnership).select_related("local_government").order_by("-day", "pk")
    adoptions = records(Adoption).select_related("entity").order_by("-day", "pk")
    return [
        *_supported_entities(user, projects, text),
        *found("Usługi", "service", services, "service"),
        *found("Współpraca z JST", "handshake", partnerships, "partnership"),
        *found("Wdrożenia", "chip", adoptions, "adoption"),
        *found("Dokumenty", "file", evidence, "evidence"),
    ]


def _supported_entities(user, projects, text):
    """For those to whom the registers are closed: the entities of their projects."""
    if user.has_perm("entities.list_registers"):
        return []
    served = Recipient.objects.filter(entity=OuterRef("pk"), service__project__in=projects)
    adopting = Adoption.objects.filter(entity=OuterRef("pk"), project__in=projects)
    entities = Entity.objects.filter(Q(Exists(served)) | Q(Exists(adopting)))
    return group("Podmioty", "org", by_name(entities.select_related("seat"), text), entity_hit, "")


def _service_hit(service):
    words = (service.printed_number, str(service.type), day(service.first_day))
    line = ", ".join(part for part in (*words, service.get_state_display()) if part)
    return Hit(service.topic, line, service.get_absolute_url())


def _evidence_hit(evidence):
    line = f"{evidence.kind}, {evidence.get_state_display()}"
    return Hit(evidence.file_name, line, evidence.get_absolute_url())


def _record_hit(record, subject, user):
    """Its form opens for those who may write in it; others see it in its list."""
    noun = record._meta.model_name
    address = record.get_absolute_url()
    if not user.has_perm(f"support.change_{noun}", record):
        address = reverse(f"support:{noun}_list", args=[record.project.slug])
        address += f"?{urlencode({'q': record.code})}"
    line = f"{record.code}, {day(record.day)}"
    kind = record.get_kind_display()
    return Hit(f"{subject}: {kind}", line, address)
