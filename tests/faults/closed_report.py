"""Run by `manage.py shell`: closes the draft that is open, or a new one."""

from datetime import date

from indicators.closing.closing import close
from indicators.models import Report
from owes.models import User
from support.models import Project

user = User.objects.get(email="faults@example.org")
report = Report.objects.filter(state="draft").first() or Report.objects.create(
    project=Project.objects.get(slug="sputnik-ii"),
    kind="partial",
    starts_on=date(2022, 4, 5),
    ends_on=date(2022, 12, 31),
    created_by=user,
)
print(close(report, user, "próba").pk)  # noqa: T201
