"""What reports and controls keep of a member of staff, who has a name for a code.

A participant stands there as a code. Numbers, days and reasons stay; the new name stands in the
report and in the records of now alike, so the two do not differ by it.
"""

from typing import Any

from django.db.models import Q

from entities.models import Person
from indicators.models import ControlledRecord, Judgement, Report, ReportChange, ReportRecord
from owes.privacy.keeping import Kept
from support.models import StaffMember
from support.retention.keeping import documents_kept, parts


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


def kept(model, keys, on):
    """People of whom a closed report tells, also where nothing else of its project does.

    Yields `(key, Kept)`. Those who take part in the project are kept by its documents already.
    """
    if model is not Person:
        return
    people = dict(Person.objects.filter(pk__in=keys).order_by().values_list("code", "pk"))
    told = ReportRecord.objects.filter(
        ~Q(line__report__state=Report.State.DRAFT),
        documents_kept(on, "line__report__project__"),
        code__in=people,
    )
    reports = told.order_by("code", "line__report__project__slug").distinct()
    columns = [f"line__report__project{column}" for column in ("", "__name")]
    taking_part = parts(model, record__in=keys)
    for code, project, name in reports.values_list("code", *columns):
        if (people[code], project) not in taking_part:
            yield people[code], Kept(f"{name}: wymienia ją zamknięty raport.")
