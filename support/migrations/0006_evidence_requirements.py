from django.db import migrations

from support import reference


def load(apps, schema_editor):
    project = apps.get_model("support", "Project").objects.filter(slug="sputnik-ii").first()
    if project:
        reference.load_evidence_requirements(apps, project)


class Migration(migrations.Migration):
    """What proves the records of SPUTNIK II."""

    dependencies = [("support", "0005_evidence_and_scans")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
