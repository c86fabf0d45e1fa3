"""The data of a project that checks look at."""

from functools import cached_property

from django.db.models import Min
from django.utils import timezone

from entities.models import Entity, Person
from indicators.checks.checking import FindingKind, Offender
from indicators.counting.scope import Scope
from support.models import (
    Adoption,
    Attendance,
    Declaration,
    Enrolment,
    PartnershipEntity,
    Recipient,
    Service,
)
from support.services.warnings import RULES, ServiceWarnings


class ProjectData:
    """What checks look at in a project; each part is read once, when first asked for."""

    def __init__(self, project, now=None):
        self.project = project
        self.now = now or timezone.now()
        self.today = timezone.localdate(self.now)

    @cached_property
    def scope(self):
        return Scope.of(self.project, self.today)

    @cached_property
    def services(self):
        """`{key: (code, topic, first day or None)}` of the services that are not cancelled."""
        rows = self.project.services.exclude(state=Service.State.CANCELLED).order_by()
        rows = rows.annotate(first=Min("sessions__day"))
        return {pk: tuple(row) for pk, *row in rows.values_list("pk", "code", "topic", "first")}

    @cached_property
    def entities(self):
        """`{key: (code, name)}` of the whole register."""
        return {pk: tuple(row) for pk, *row in Entity.objects.values_list("pk", "code", "name")}

    @cached_property
    def people(self):
        """`{key: (code, name)}` of the whole register."""
        rows = Person.objects.values_list("pk", "code", "first_name", "last_name")
        return {pk: (code, f"{first} {last}") for pk, code, first, last in rows}

    @cached_property
    def own_entities(self):
        """Keys of the entities that take part in the project in any way."""
        recipients = Recipient.objects.filter(service__project=self.project)
        recipients = recipients.exclude(service__state=Service.State.CANCELLED)
        others = [
            Enrolment.objects.filter(project=self.project),
            Adoption.objects.filter(project=self.project),
            PartnershipEntity.objects.filter(partnership__project=self.project),
        ]
        keys = recipients.order_by().values_list("entity")
        others = [rows.order_by().values_list("entity") for rows in others]
        return {pk for (pk,) in keys.union(*others)}

    @cached_property
    def own_people(self):
        """Keys of the people who came to something of the project or signed its declaration."""
        came = Attendance.objects.filter(session__service__project=self.project).order_by()
        signed = Declaration.objects.filter(project=self.project).order_by()
        return {pk for (pk,) in came.values_list("person").union(signed.values_list("person"))}

    def counted(self, code):
        """`{key: day it counts from}` of an indicator over the whole project."""
        return self._counted[code]

    def indicators_where(self, trait):
        """The project's indicators whose base has the trait (`indicators.counting.blocks`)."""
        return [own for own in self.scope.indicators if getattr(own.composition.base, trait)]

    def counted_where(self, trait):
        """`{key: first day it counts from}` by any of these indicators."""
        first = {}
        for indicator in self.indicators_where(trait):
            for key, day in self.counted(indicator.code).items():
                first[key] = min(day, first.get(key, day))
        return first

    @cached_property
    def _counted(self):
        return CountedDays(self.scope)

    def warnings(self, number):
        """`[(key of the service, warning)]` of the rules with this number of the list."""
        rules = [rule for rule in RULES if rule.number == number]
        return [pair for rule in rules for pair in self._warnings.found_by(rule)]

    @cached_property
    def _warnings(self):
        return ServiceWarnings(self.project.services.exclude(state=Service.State.CANCELLED))

    # Offenders of one kind, with their code and name

    def service(self, pk, facts, sentence, **more):
        code, topic, first = self.services[pk]
        more = {"day": first, "services": (pk,)} | more
        return Offender(FindingKind.SERVICE, pk, code, topic, str(facts), sentence, **more)

    def entity(self, pk, facts, sentence, **more):
        return Offender(FindingKind.ENTITY, pk, *self.entities[pk], str(facts), sentence, **more)

    def person(self, pk, facts, sentence, **more):
        return Offender(FindingKind.PERSON, pk, *self.people[pk], str(facts), sentence, **more)


class CountedDays(dict):
    """`{code: {key: day it counts from}}` of each indicator, read when first asked for."""

    def __init__(self, scope):
        super().__init__()
        self.scope = scope

    def __missing__(self, code):
        indicator = self.scope.indicator(code)
        rows = indicator.counted(self.scope, self.scope.period).order_by()
        self[code] = dict(rows.values_list("pk", "counted_on"))
        return self[code]
