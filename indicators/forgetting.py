"""What reports and controls keep of a member of staff, who has a name for a code.

A participant stands there as a code. Numbers, days and reasons stay; the new name stands in the
report and in the records of now alike, so the two do not differ by it.
"""

from typing import Any

from indicators.models import ControlledRecord, Judgement, Report, ReportChange, ReportRecord
from support.models import StaffMember


def forget(forgetting: Any) -> None:
    if not isinstance(forgetting.record, StaffMember):
        return
    names = {f"{first} {last}".strip() for first, last in forgetting.names}
    label = forgetting.label
    for model in (ReportRecord, Judgement):
        model.objects.filter(code__in=names).update(code=label)
    ReportRecord.objects.filter(label__in=names).update(label=label)
    ever = ControlledRecord.history.filter(code__in=names).values_list("id", flat=True)
    forgetting.rewrite(ControlledRecord, set(ever), code=label, label=label)
    for model, column in (
        (Report, "document"),
        (ReportChange, "records"),
        (ReportRecord, "details"),
        (Judgement, "facts"),
    ):
        for row in model.objects.order_by("pk"):
            value = getattr(row, column)
            became = _renamed(value, names, label)
            if became != value:
                model.objects.filter(pk=row.pk).update(**{column: became})


def _renamed(value: Any, names: set[str], label: str) -> Any:
    """A JSON value in which each text that is exactly one of the names is the label."""
    if isinstance(value, str):
        return label if value in names else value
    if isinstance(value, list):
        return [_renamed(each, names, label) for each in value]
    if isinstance(value, dict):
        return {
            _renamed(name, names, label): _renamed(each, names, label)
            for name, each in value.items()
        }
    return value
