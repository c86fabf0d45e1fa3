from django.db import migrations

# Of django-axes, which counted failed sign-ins before; they hold typed addresses.
TABLES = [
    "axes_accessattemptexpiration",
    "axes_accessattempt",
    "axes_accesslog",
    "axes_accessfailurelog",
]


class Migration(migrations.Migration):

    dependencies = [
        ("owes", "0007_cache_in_the_database"),
    ]

    operations = [
        migrations.RunSQL(f'DROP TABLE IF EXISTS "{table}"', migrations.RunSQL.noop)
        for table in TABLES
    ]
