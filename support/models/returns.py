"""A service that came back to be corrected: the remark, and what was changed since."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError

from owes.versions import changed_after, label_of
from support.models.states import ServiceState

JUDGED = (ServiceState.RETURNED, ServiceState.APPROVED)
# What a change of state writes, which is no answer to a remark.
OF_STATE = ("state", "state_by", "state_at", "state_reason", "number")


@dataclass
class Return:
    """Returning a service with a remark, or opening it again."""

    service: Any
    remark: str
    by: Any
    at: datetime

    @classmethod
    def last_of(cls, service):
        """The last one, until the service is approved; else None."""
        rows = service.history.filter(state__in=JUDGED).select_related("state_by")
        last = rows.order_by("history_id").last()
        if not last or last.state == ServiceState.APPROVED or not last.state_reason:
            return None
        return cls(service, last.state_reason, last.state_by, last.state_at or last.history_date)

    @cached_property
    def changed(self):
        """Labels of what was changed since, "Dowody" for a file added."""
        of_state = {label_of(self.service._meta.get_field(name)) for name in OF_STATE}
        labels = changed_after(self.service, self.service.PARTS, self.at)
        labels = [label for label in labels if label not in of_state]
        is_proven = self.service.evidence.filter(added_at__gt=self.at).exists()
        return [*labels, "Dowody"] if is_proven else labels

    @property
    def unanswered(self):
        """An error while nothing was changed since."""
        if self.changed:
            return []
        message = f"Nic nie zmieniono od zwrotu: „{self.remark}”"
        return [ValidationError(message, code="unchanged")]
