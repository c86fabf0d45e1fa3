"""Finds services of a project by typed text, and what a user worked with lately."""

from django.db.models import Exists, OuterRef, Q

from entities.lookups import EntityLookup
from owes.formatting import day, plural
from owes.lookups import Lookup, Option, typed
from owes.ranking import ranked
from support.models import Attendance, Recipient, Service

RECENT = 20
OUTSIDE = "spoza odbiorców, dojdzie do nich przy zapisie"


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
        return self.project.services.all()

    def shown(self):
        services = self.allowed().with_dates().select_related("type")
        return services.prefetch_related("recipients")

    def option(self, row, text):
        """Shows its first day, kind and recipients, since topics repeat."""
        first, *others = [*row.recipients.all(), None]
        more = plural(len(others) - 1, "inny podmiot,inne podmioty,innych podmiotów")
        names = f"{first} i {more}" if len(others) > 1 else first
        option = Option.of(row, day(row.first_day), row.type, names)
        option.name, option.code = row.topic, row.printed_number
        return option

    def _found(self, codes, keys, numbers):
        return self.allowed().filter(Q(code__in=codes) | Q(number__in=codes))

    def _named(self, text):
        return []

    def suggested(self, text, favoured=()):
        """Among equal matches the latest come first; cancelled services are left out."""
        services = self.shown().exclude(state=Service.State.CANCELLED)
        return ranked(services, text, favoured, latest_first=True)


class RosterEntityLookup(EntityLookup):
    """Entities for the roster of a service: its recipients, then the others of the register."""

    def __init__(self, texts, recipients):
        """`recipients` are codes."""
        self.recipients = recipients
        super().__init__(texts)

    def option(self, row, text):
        option = super().option(row, text)
        if row.code not in self.recipients:
            option.line = " · ".join(filter(None, [option.line, OUTSIDE]))
        return option

    def suggested(self, text, favoured=()):
        """Without a text only the recipients."""
        own = ranked(self.shown().filter(code__in=self.recipients), text, favoured)
        if not typed(text):
            return own
        return own + ranked(self.shown().exclude(code__in=self.recipients), text, favoured)


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


def received_by(entity_text):
    """Condition of a service: the entity that the text means is its recipient."""
    entities = EntityLookup([entity_text]).meant(entity_text)
    return Exists(Recipient.objects.filter(service=OuterRef("pk"), entity__in=entities))
