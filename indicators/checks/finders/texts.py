"""Texts that documents for the funder print and that hold what may lead to a person."""

from django.db.models import Q
from django.utils.text import capfirst

from indicators.checks.checking import FindingKind, Offender
from indicators.checks.finders.services import warned
from indicators.models import ControlledDocument, Report
from indicators.reports.annex5 import label_of
from owes.free_text import printed_columns
from owes.personal_data import personal_data_in, told_of
from support.models import Service


def printed_personal_data(data):
    """V47: a phone, an e-mail, eleven digits or somebody's name in a text that is printed.

    Topics of services are checked by `support.services.warnings`, as on their own page.
    """
    yield from warned("V47")(data)
    yield from _places(data)
    yield from _records(data.project)
    yield from _reports(data.project)
    yield from _targets(data.project)
    yield from _trial_controls(data.project)


def _places(data):
    rows = data.project.services.exclude(state=Service.State.CANCELLED).exclude(place="")
    for pk, place in rows.order_by("pk").values_list("pk", "place"):
        if kinds := personal_data_in(place):
            yield data.service(pk, ", ".join(kinds), told_of("Miejsce", kinds))


def _records(project):
    for row in project.adoptions.select_related("entity").order_by("day", "code"):
        yield from _of_row(FindingKind.ADOPTION, row, row.code, row.entity, day=row.day)
    for row in project.partnerships.select_related("local_government").order_by("day", "code"):
        yield from _of_row(
            FindingKind.PARTNERSHIP, row, row.code, row.local_government, day=row.day
        )
    trainings = project.staff_trainings.select_related("staff_member")
    for row in trainings.order_by("starts_on", "pk"):
        day = row.ends_on or row.starts_on
        yield from _of_row(FindingKind.STAFF_TRAINING, row, "", row.staff_member, day=day)
    yield from _of_row(FindingKind.PROJECT, project, project.slug, project.name)


def _reports(project):
    """Of drafts, and of what was closed and not corrected since: a correction mends that."""
    reports = project.reports.filter(
        Q(state=Report.State.DRAFT) | Q(pk__in=Report.objects.in_force().values("pk"))
    )
    activities = dict(project.activities.values_list("pk", "name"))
    indicators = dict(project.indicators.values_list("code", "short_name"))
    rows = reports.select_related("project", "corrects").prefetch_related("texts", "costs")
    for report in rows.order_by("pk"):
        typed = [("other_public_body", "Organ", report.other_public_body)]
        typed += [
            (text.part, label_of(text.part, activities, indicators), text.text)
            for text in report.texts.all()
        ]
        typed += [("costs", "Rodzaj kosztu", cost.name) for cost in report.costs.all()]
        for field, words, text in typed:
            if kinds := personal_data_in(text):
                yield Offender(
                    FindingKind.REPORT,
                    report.pk,
                    report.number,
                    report.title,
                    f"{field}: {', '.join(kinds)}",
                    told_of(words, kinds),
                    field="" if report.is_closed else field,
                    reports=(report.pk,),
                )


def _targets(project):
    names = dict(project.indicators.values_list("code", "name"))
    for row in project.targets.order_by("indicator", "valid_from"):
        name = names.get(row.indicator, row.indicator)
        yield from _of_row(FindingKind.INDICATOR, row, row.indicator, name, pk=0)


def _trial_controls(project):
    """A protocol of a trial control is no part of a report, so no report waits for it."""
    rows = ControlledDocument.objects.filter(record__control__project=project).exclude(note="")
    for row in rows.select_related("record__control").order_by("pk"):
        record = row.record
        trial_control = str(record.control)
        yield from _of_row(
            FindingKind.TRIAL_CONTROL, row, trial_control, record.label, pk=record.pk, reports=()
        )


def _of_row(kind, row, code, name, pk=None, **more):
    for column in printed_columns(type(row)):
        if kinds := personal_data_in(getattr(row, column.name)):
            yield Offender(
                kind,
                row.pk if pk is None else pk,
                code,
                str(name),
                f"{column.name}: {', '.join(kinds)}",
                told_of(capfirst(column.verbose_name), kinds),
                field=column.name,
                **more,
            )
