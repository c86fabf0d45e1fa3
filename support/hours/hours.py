"""The hours of the staff by month, beside the state of the monthly sheet."""

from dataclasses import dataclass

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from support.models import MonthlySheet, Session, StaffMember


@dataclass(frozen=True)
class MonthOfStaff:
    """A month of one member of staff: the hours of now, beside the sheet, submitted or not yet.

    `left_out` are minutes of services that are not approved; the sheet is without them.
    """

    sheet: MonthlySheet
    minutes: int
    sessions: int
    left_out: int

    @property
    def staff_member(self):
        return self.sheet.staff_member

    @property
    def month(self):
        return self.sheet.month

    @property
    def state(self):
        return self.sheet.state

    @property
    def kept_minutes(self):
        """The minutes submitted or approved; None when nothing is."""
        if not self.sheet.is_kept:
            return None
        return sum(row["minutes"] for row in self.sheet.kept_rows)

    @property
    def differs(self):
        """Whether the sums have changed; the page of the sheet compares row by row."""
        if not self.sheet.is_kept:
            return False
        return (self.kept_minutes, len(self.sheet.kept_rows)) != (self.minutes, self.sessions)

    def get_absolute_url(self):
        return self.sheet.get_absolute_url()


def months_of_staff(project, staff_member=None):
    """Each month in which somebody led a counted session or submitted; the latest first."""
    sessions = Session.objects.counted_in(project, project.period)
    sheets = MonthlySheet.objects.filter(project=project)
    if staff_member:
        sessions, sheets = sessions.led_by(staff_member), sheets.filter(staff_member=staff_member)
    waiting = Session.objects.left_out(project, project.period)
    waiting = waiting.led_by(staff_member) if staff_member else waiting
    hours, left_out = _by_month(sessions), _by_month(waiting)
    saved = {(sheet.staff_member_id, sheet.month): sheet for sheet in sheets}
    members = StaffMember.objects.in_bulk({member for member, _ in hours.keys() | saved.keys()})
    months = []
    for key in hours.keys() | saved.keys():
        member, month = members.get(key[0]), key[1]
        if member is None or staff_member not in (None, member):
            continue
        sheet = saved.get(key) or MonthlySheet(month=month)
        sheet.project, sheet.staff_member = project, member
        minutes, count = hours.get(key, (0, 0))
        months.append(MonthOfStaff(sheet, minutes, count, left_out.get(key, (0, 0))[0]))
    months.sort(key=lambda row: row.staff_member.sort_key)
    return sorted(months, key=lambda row: row.month, reverse=True)


def _by_month(sessions):
    """`{(adviser, month): (minutes, sessions)}`: hours are each adviser's, never a total."""
    led = (
        sessions.order_by()
        .values("service__adviser_links__staff_member", month=TruncMonth("day"))
        .annotate(minutes=Sum("minutes"), sessions=Count("pk"))
        .values_list("service__adviser_links__staff_member", "month", "minutes", "sessions")
    )
    return {(member, month): tuple(numbers) for member, month, *numbers in led}


def without_adviser(project):
    """Counted sessions that are on no sheet, since their services name no adviser."""
    sessions = Session.objects.counted_in(project, project.period)
    return sessions.filter(service__adviser_links=None).aggregate(
        sessions=Count("pk"), minutes=Sum("minutes")
    )
