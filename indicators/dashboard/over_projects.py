"""All projects of a user on one page: whether each will reach its targets, what is due and waits.

Each project counts by its own rules. Entities and people are one record of the centre, so over
all projects they are counted once.
"""

from collections import Counter
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone

from indicators.checks.findings import last_run
from indicators.contract.deadlines import Deadline, deadlines
from indicators.counting.progress import ProjectVerdict, verdict
from indicators.counting.scope import Scope
from indicators.counting.totals import support_received, support_sessions
from indicators.records.lines import progress_lines
from owes.formatting import plural
from support.frame import first_page
from support.models import Attendance, Project
from support.project.steps import Step, first_undone

DATA = "niezgodność,niezgodności,niezgodności"
WAITING = "usługa do zatwierdzenia,usługi do zatwierdzenia,usług do zatwierdzenia"


@dataclass(frozen=True)
class ProjectLine:
    """A project of the list; who may not see its numbers has neither verdict nor keys.

    `waiting` holds `(sentence, address)`, `entities` and `people` keys of those supported.
    """

    project: Project
    url: str
    step: Step | None = None
    verdict: ProjectVerdict | None = None
    deadline: Deadline | None = None
    waiting: list = field(default_factory=list)
    entities: set | None = None
    people: set | None = None

    @property
    def step_url(self):
        return self.step.url(self.project)

    @property
    def entities_url(self):
        address = reverse("indicators:project_entity_list", args=[self.project.slug])
        return f"{address}?show=supported"


def lines_of(user):
    """A line for each project of the user; a fixed number of queries for each."""
    today = timezone.localdate()
    return [_line(user, project, today) for project in Project.objects.of_user(user)]


def _line(user, project, today):
    url = first_page(user, project)
    if user.has_perm("support.set_up_project", project):
        return ProjectLine(project, url, first_undone(project))
    if not user.has_perm("indicators.view_indicators", project):
        return ProjectLine(project, url)
    scope = Scope.of(project)
    on = scope.as_of(today)
    lines = progress_lines(scope.at(on), on)
    sessions = support_sessions(scope, scope.period)
    present = Attendance.objects.present().filter(session__in=sessions)
    return ProjectLine(
        project,
        url,
        verdict=verdict(lines) if lines else None,
        deadline=None if project.is_archived else _nearest(project, today),
        waiting=[] if project.is_archived else list(_waiting(user, project)),
        entities=set(support_received(scope, scope.period).values_list("entity", flat=True)),
        people=set(present.values_list("person", flat=True)),
    )


def _nearest(project, today):
    """The duty that is late, else the day that comes next."""
    return next((one for one in deadlines(project, today) if one.is_duty or one.left >= 0), None)


def _waiting(user, project):
    """What waits for this user, by the last saved run of the checks."""
    may_approve = user.has_perm("support.approve_service", project)
    if may_approve and (count := project.services.waiting().count()):
        yield plural(count, WAITING), reverse("support:queue", args=[project.slug])
    if user.has_perm("indicators.view_checks", project):
        run = last_run(user, project)
        if run and run.total:
            yield plural(run.total, DATA), reverse("indicators:check_list", args=[project.slug])


@dataclass(frozen=True)
class CountedOnce:
    """Entities, or people, over projects: the sum of the lines, each once, and in several."""

    total: int
    once: int
    in_several: int

    @classmethod
    def of(cls, sets):
        times = Counter(key for keys in sets for key in keys)
        several = sum(1 for count in times.values() if count > 1)
        return cls(times.total(), len(times), several)


def counted_once(lines):
    """`(entities, people)` of the lines with numbers; None when fewer than two have any."""
    counted = [line for line in lines if line.entities is not None]
    if len(counted) < 2:
        return None
    return (
        CountedOnce.of(line.entities for line in counted),
        CountedOnce.of(line.people for line in counted),
    )
