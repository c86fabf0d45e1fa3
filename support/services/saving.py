"""Saves the form of a service, or rehearses what saving it would do to the indicators."""

from copy import copy

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from entities.models import Representation
from owes.rehearsal import rehearse
from support.models import Activity, Attendance, PasteBatch, Service
from support.services.warnings import merge_days, warnings_of


def save_entry(entry, by, *, submit=False, is_unchanged=False):
    """The service as saved, or None: then the entry shows the errors and nothing is saved.

    `is_unchanged` as in `Service.submit`.
    """
    if submit:
        entry.refused_title = "Usługi nie złożono."
    if not entry.is_valid():
        return None
    try:
        with transaction.atomic():
            service = write_entry(entry, by)
            if submit:
                service.submit(by, is_unchanged=is_unchanged)
    except ValidationError as error:
        entry.refuse(error)
        return None
    return service


def rehearse_entry(entry, by):
    """Sets the effects and warnings of the entry to those of saving and approving it.

    Called after `entry.is_valid()`; everything that it writes is rolled back.
    """

    def save_and_approve():
        service = write_entry(entry, by)
        entry.warnings = merge_days(warnings_of([service.pk]).get(service.pk, []))
        service.rehearse_approval()

    try:
        entry.effects = rehearse(save_and_approve, project=entry.project).effects
    except ValidationError as error:
        entry.refuse(error)


def write_entry(entry, by):
    """Writes all that is typed; called inside a transaction, after `entry.is_valid()`."""
    lists, rows = entry.lists(), entry.roster.right
    service = _write_service(entry, min(lists.terms, default=timezone.localdate()), by)
    attendances = Attendance.objects.filter(session__service=service)
    existing = set(attendances.values_list("pk", flat=True))
    people, created = _create_newcomers(rows, by)
    lists.with_people(people).save(service)
    service.check_signed(service.signed_on)
    if pasted := {row.key for row in rows if row.is_pasted}:
        new = attendances.exclude(pk__in=existing).values_list("pk", "person_id", "entity_id")
        created["attendances"] = [pk for pk, *key in new if tuple(key) in pasted]
        if any(created.values()):
            PasteBatch.objects.create(service=service, by=by, made=created)
    return service


def _write_service(entry, first_day, by):
    """The row of the service, written only where it changed; the instance of the form stays."""
    typed = entry.form.instance
    activity = _activity(entry.project, entry.form.cleaned_data["activity_name"])
    if not typed.pk:
        service = copy(typed)
        service.activity, service.created_by = activity, by
        service.code = Service.new_code(entry.project, first_day.year)
        service.save()
        return service
    service = Service.objects.select_for_update().get(pk=typed.pk)
    service.check_state(Service.EDITABLE)
    columns = [Service._meta.get_field(name).attname for name in entry.form.Meta.fields]
    values = {column: getattr(typed, column) for column in columns}
    values["activity_id"] = activity and activity.pk
    changed = [column for column, value in values.items() if getattr(service, column) != value]
    for column in changed:
        setattr(service, column, values[column])
    if changed:
        service.save(update_fields=[column.removesuffix("_id") for column in changed])
    return service


def _activity(project, name):
    """The activity of the project with this name, created if it is new; None of no name."""
    if not name:
        return None
    activities = Activity.objects.filter(project=project)
    return activities.named(name) or Activity.objects.create(project=project, name=name)


def _create_newcomers(rows, by):
    """Saves the people that the rows name as new, once each, with whom they represent.

    Returns `{Newcomer.key: key of the person}`, and `PasteBatch.made` of the pasted rows.
    """
    created = {"people": [], "representations": [], "attendances": [], "recipients": []}
    people = {}
    for row in rows:
        if newcomer := row.newcomer:
            is_first = newcomer.key not in people
            if is_first:
                people[newcomer.key] = newcomer.create(by)
            person = row.chosen["person"] = people[newcomer.key]
            representation = Representation.objects.create(
                person=person, entity=row.chosen["entity"]
            )
            if row.is_pasted:
                created["people"] += [person.pk] * is_first
                created["representations"].append(representation.pk)
    return {key: person.pk for key, person in people.items()}, created
