from django.db import migrations

from entities import reference


def load(apps, schema_editor):
    reference.load(apps)


class Migration(migrations.Migration):
    """Local governments of Poland and their TERYT codes."""

    dependencies = [("entities", "0001_register")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
