import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0035_known_kinds_of_adoptions'),
    ]

    operations = [
        migrations.AlterField(
            model_name='adoption',
            name='kind',
            field=models.ForeignKey(db_column='kind', db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='adoptions', to='support.adoptionkind', verbose_name='rodzaj'),
        ),
        migrations.AlterField(
            model_name='historicaladoption',
            name='kind',
            field=models.ForeignKey(blank=True, db_column='kind', db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='support.adoptionkind', verbose_name='rodzaj'),
        ),
    ]
