"""Services as people name them in a form."""

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q

from entities.lookups import EntityLookup
from owes.lookups import SUGGESTED, Lookup
from support.models import Recipient, Service


class ServiceLookup(Lookup):
    """Services of one project, by the permanent code or the printed number."""

    model = Service
    missing = "W projekcie nie ma usługi „{text}”. Wybierz z listy albo podaj jej numer."

    def __init__(self, project, texts):
        self.project = project
        super().__init__(texts)
        self.by_code |= {row.number: row for row in self.rows if row.number}

    def _found(self, codes, keys, numbers):
        return self.project.services.filter(Q(code__in=codes) | Q(number__in=codes))

    def _named(self, text):
        return []


def suggested_services(project, text, entity_text):
    """Services by what is typed; first those whose recipient the entity is."""
    try:
        entity = EntityLookup([entity_text]).one(entity_text)
    except ValidationError:
        entity = None
    own = Recipient.objects.filter(service=OuterRef("pk"), entity=entity)
    services = project.services.exclude(state=Service.State.CANCELLED).search(text)
    return services.annotate(is_own=Exists(own)).order_by("-is_own", "-pk")[:SUGGESTED]
