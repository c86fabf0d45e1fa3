"""Services, staff and entities of a project as people name them in a form."""

from django.db.models import Exists, OuterRef, Q

from entities.lookups import EntityLookup
from owes.formatting import day
from owes.lookups import Lookup
from owes.options import Option
from owes.ranking import ranked
from support.models import Attendance, Recipient, Service

RECENT = 20


class ServiceLookup(Lookup):
    """Services of one project, by the permanent code or the printed number."""

    model = Service
    missing = "W projekcie nie ma usługi „{text}”. Wybierz z listy albo podaj jej numer."
    unclear = "„{text}” nie wskazuje jednej usługi. Wybierz z listy albo podaj jej numer."
    question = "Którą usługę masz na myśli?"

    def __init__(self, project, texts):
        self.project = project
        super().__init__(texts)
        self.by_code |= {row.number: row for row in self.rows if row.number}

    def allowed(self):
        """With all that an option of a picker shows."""
        services = self.project.services.with_dates().select_related("type")
        return services.prefetch_related("recipients")

    def _found(self, codes, keys, numbers):
        return self.allowed().filter(Q(code__in=codes) | Q(number__in=codes))

    def _named(self, text):
        return []


def recent_services(user, project):
    """Keys of the last services that the user led or entered."""
    own = project.services.led_or_made_by(user).order_by("-pk")
    return list(own.values_list("pk", flat=True)[:RECENT])


def recently_received(services):
    """Condition of an entity: a recipient of one of the services."""
    return Exists(Recipient.objects.filter(entity=OuterRef("pk"), service__in=services))


def recently_attended(services):
    """Condition of a person: on the list of one of the services."""
    rows = Attendance.objects.filter(person=OuterRef("pk"), session__service__in=services)
    return Exists(rows)


def suggested_services(services, text, entity_text):
    """The services by what is typed; of equals those the entity received, then the latest."""
    received = Recipient.objects.none()
    if entity := EntityLookup([entity_text]).meant(entity_text):
        received = Recipient.objects.filter(service=OuterRef("pk"), entity__in=entity)
    services = services.exclude(state=Service.State.CANCELLED)
    return ranked(services, text, [Exists(received)], latest_first=True)


def service_option(service):
    """With its first day, kind and recipients: topics repeat."""
    names = ", ".join(str(entity) for entity in service.recipients.all())
    line = [day(service.first_day), service.type.name, names]
    option = Option.of(service, " · ".join(filter(None, line)))
    option.name, option.code = service.topic, service.printed_number
    return option
