"""What a member of staff has to finish in a project."""

from functools import cached_property

from django.db.models import Exists, OuterRef
from django.utils import timezone

from support.models import Attendance, Evidence, Service, Session

SHOWN = 50
UNSIGNED_SHOWN = 100


def scanned_unsigned(project, user):
    """Services the user may sign that have a scan of the signed card and no day of signing."""
    may_all = user.has_perm("support.sign_service", project)
    services = project.services if may_all else project.services.led_or_made_by(user)
    undated = services.filter(_has_scan(), signed_on=None, type__is_open_event=False)
    return undated.exclude(state=Service.State.CANCELLED)


def _has_scan():
    papers = Evidence.objects.holding().signed_papers()
    return Exists(papers.filter(service=OuterRef("pk")))


class Mine:
    """The services that the user made or leads, by what they wait for.

    `to_finish` ended and were not submitted, `submitted` wait for the coordinator, `drafts` are
    ahead or have no day yet; `unsigned` ended and their card has not come back. A service is in
    one list; a submitted one may also be among the unsigned. With a `text` only services that
    contain each of its words.
    """

    def __init__(self, project, user, now, text=""):
        self.own = project.services.led_or_made_by(user)
        own = self.own.search(text)
        ahead = Session.objects.filter(service=OuterRef("pk"), ends_at__gt=now)
        held = Session.objects.filter(service=OuterRef("pk"))
        has_ended = Exists(held) & ~Exists(ahead)
        expected = Attendance.objects.filter(
            session__service=OuterRef("pk"), state=Attendance.State.EXPECTED
        )
        self.today, self.days_to_sign = now.date(), project.days_to_sign
        drafts = own.filter(state=Service.State.DRAFT)
        self._returned = own.filter(state=Service.State.RETURNED)
        self._to_finish = drafts.filter(has_ended).annotate(is_unmarked=Exists(expected))
        today = held.filter(day=timezone.localdate(now))
        self._submitted = own.waiting()
        self._drafts = drafts.exclude(has_ended).annotate(is_today=Exists(today))
        unsigned = own.awaiting_signature().filter(has_ended)
        self._unsigned = unsigned.annotate(has_scan=_has_scan())

    @cached_property
    def returned(self):
        return list(self._returned.for_list().with_remark()[:SHOWN])

    @cached_property
    def to_finish(self):
        return list(self._to_finish.for_list().with_remark().order_by("first_day", "pk")[:SHOWN])

    @cached_property
    def submitted(self):
        return list(self._submitted.for_list().with_remark()[:SHOWN])

    @cached_property
    def drafts(self):
        return list(self._drafts.for_list().with_remark()[:SHOWN])

    @cached_property
    def unsigned(self):
        """The longest waiting first, each with `waits`, days since its last session."""
        services = list(self._unsigned.for_list().order_by("last_day", "pk")[:UNSIGNED_SHOWN])
        for service in services:
            service.waits = (self.today - service.last_day).days
            service.is_late = service.waits > self.days_to_sign and not service.has_scan
        return services

    def unsigned_services(self):
        """All the unsigned services with their days, also those that the page does not show."""
        return self._unsigned.with_dates().order_by("first_day", "pk")

    def counts(self):
        return {
            "returned": self._returned.count(),
            "to_finish": self._to_finish.count(),
            "submitted": self._submitted.count(),
            "drafts": self._drafts.count(),
            "unsigned": self._unsigned.count(),
        }

    @property
    def total(self):
        return sum(self.counts().values())
