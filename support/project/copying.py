"""What a new project takes of another: all of the contract and its settings; no records."""

from django.conf import settings
from django.utils.module_loading import import_string

from support.models import Activity, Project

# What is the project's own, or is said anew in the contract.
OWN = {
    "id",
    "slug",
    "name",
    "title",
    "contract_number",
    "contract_date",
    "starts_on",
    "ends_on",
    "documents_kept_until",
    "archived_on",
}


def begun_from(source):
    """A project not saved yet, with the texts and settings of another one."""
    fields = [field.attname for field in Project._meta.concrete_fields if field.name not in OWN]
    return Project(**{name: getattr(source, name) for name in fields})


def copy_contract(source, project):
    """Area and dictionaries, and what other apps keep of the contract (PROJECT_COPIES)."""
    project.area.set(source.area.all())
    copy_dictionaries(source, project)
    for name in settings.PROJECT_COPIES:
        import_string(name)(source, project)


def copy_dictionaries(source, project):
    """Activities and required evidence that the project does not have yet."""
    known = set(project.activities.values_list("folded_name", flat=True))
    for activity in source.activities.exclude(folded_name__in=known):
        Activity.objects.create(project=project, name=activity.name)
    held = {_facts(row) for row in project.evidence_requirements.all()}
    for row in source.evidence_requirements.all():
        if _facts(row) not in held:
            row.pk, row._state.adding, row.project = None, True, project
            row.save()


def _facts(requirement):
    return (requirement.subject, requirement.service_type_id, requirement.documents)
