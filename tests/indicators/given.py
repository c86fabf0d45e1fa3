"""What happened, in a line: the records that the rules of counting are tried on."""

from datetime import date, time

from indicators.counting.scope import Scope
from support.models import Attendance, Recipient, ServiceType, Session
from tests.factories import EntityFactory, PersonFactory, ServiceFactory, sputnik

FIRST, LAST = date(2022, 4, 5), date(2024, 12, 31)
DAY = date(2023, 3, 9)


def service_of(*days, entity, type="doradztwo ogólne", **fields):
    """An approved service with a two-hour session on each day, for the entity, with nobody yet."""
    kind = ServiceType.objects.get(name=type)
    service = ServiceFactory(**({"type": kind, "state": "approved"} | fields))
    Recipient.objects.create(service=service, entity=entity)
    for day in days:
        session = Session(service=service)
        session.set_term(day, time(9), time(11))
        session.save()
    return service


def attend(service, entity, person=None, **fields):
    """The person at every session of the service, for the entity."""
    person = person or PersonFactory()
    for session in service.sessions.all():
        Attendance.objects.create(session=session, person=person, entity=entity, **fields)
    return person


def supported(*days, entity=None, person=None, **fields):
    """An entity that received a service and came to it: a support day each."""
    entity = entity or EntityFactory()
    service = service_of(*(days or [DAY]), entity=entity, **fields)
    attend(service, entity, person)
    return entity


def scope():
    return Scope.of(sputnik())


def counted(code):
    """`{code of the record: day it counts from}` over the whole project."""
    here = scope()
    indicator = here.indicator(code)
    rows = indicator.counted(here, here.period)
    return dict(rows.values_list(indicator.record_code, "counted_on"))


def reasons(code):
    """`{code of the record: [codes of its reasons]}` over the whole project."""
    here = scope()
    indicator = here.indicator(code)
    return {
        getattr(record, indicator.record_code): [
            reason.code for reason in indicator.reasons(here, record, here.period)
        ]
        for record in indicator.not_counted(here, here.period)
    }
