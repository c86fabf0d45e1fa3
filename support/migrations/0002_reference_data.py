from django.db import migrations

from support import reference


def load(apps, schema_editor):
    reference.load(apps)


class Migration(migrations.Migration):
    """Dictionaries and the project SPUTNIK II."""

    dependencies = [("support", "0001_projects_and_services"), ("entities", "0002_reference_data")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
