from django.db import migrations

from support import reference


def add_kinds(apps, schema_editor):
    reference.add_adoption_kinds(apps)


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0034_kinds_of_adoptions'),
    ]

    operations = [
        migrations.RunPython(add_kinds, migrations.RunPython.noop),
    ]
