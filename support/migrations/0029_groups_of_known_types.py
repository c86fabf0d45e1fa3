from django.db import migrations

from support import reference


def add_groups(apps, schema_editor):
    reference.add_groups(apps)


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0028_groups_of_service_types'),
    ]

    operations = [
        migrations.RunPython(add_groups, migrations.RunPython.noop),
    ]
