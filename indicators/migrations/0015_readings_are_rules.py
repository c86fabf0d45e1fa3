from django.db import migrations


class Migration(migrations.Migration):
    """After rules of indicators say what the readings of a contract said."""

    dependencies = [("indicators", "0014_rules_of_contracts")]

    operations = [
        migrations.DeleteModel(name="HistoricalReading"),
        migrations.DeleteModel(name="Reading"),
    ]
