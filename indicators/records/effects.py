"""What a change does to the indicators, measured before and after it.

`owes.rehearsal` calls `of` by its dotted name in settings.
"""

from indicators.counting.movements import values
from indicators.counting.scope import Scope
from owes.rehearsal import Measurement
from support.models import Project


def projects():
    """All that a change of the registers may touch."""
    return list(Project.objects.order_by("pk"))


def of(project):
    """The value of each indicator at the project's end.

    The project is read anew: its days and area may be what the change changes.
    """
    scope = Scope.of(Project.objects.get(pk=project.pk))
    return Measurement(
        values=values(scope, scope.period.end),
        labels={indicator.code: indicator.label for indicator in scope.indicators},
        units={each.code: each.unit for each in scope.indicators if each.unit},
    )
