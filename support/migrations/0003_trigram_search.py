from django.db import migrations

from owes.trigrams import AddTrigramIndex


class Migration(migrations.Migration):
    dependencies = [("support", "0002_reference_data")]

    operations = [AddTrigramIndex("service"), AddTrigramIndex("staffmember")]
