from django.db import migrations

from indicators import reference


def load(apps, schema_editor):
    reference.load(apps)


class Migration(migrations.Migration):
    """Targets of SPUTNIK II."""

    dependencies = [("indicators", "0001_targets_and_reports"), ("support", "0002_reference_data")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
