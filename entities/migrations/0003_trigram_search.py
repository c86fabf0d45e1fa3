from django.db import migrations

from owes.trigrams import AddTrigramIndex


class Migration(migrations.Migration):
    dependencies = [("entities", "0002_reference_data")]

    operations = [AddTrigramIndex("entity"), AddTrigramIndex("person")]
