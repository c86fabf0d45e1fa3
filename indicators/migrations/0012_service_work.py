import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0011_judgements'),
        ('support', '0019_days_that_have_come'),
    ]

    operations = [
        migrations.RenameModel(old_name='ReportWork', new_name='ReportNumbers'),
        migrations.AlterModelOptions(
            name='reportnumbers',
            options={'verbose_name': 'liczby raportu na dziś', 'verbose_name_plural': 'liczby raportów na dziś'},
        ),
        migrations.AlterField(
            model_name='reportnumbers',
            name='report',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='numbers_now', to='indicators.report', verbose_name='raport'),
        ),
        migrations.CreateModel(
            name='ServiceWork',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.BigIntegerField(verbose_name='usługa')),
                ('work', models.JSONField(verbose_name='praca')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='support.project', verbose_name='projekt')),
            ],
            options={
                'verbose_name': 'praca usługi',
                'verbose_name_plural': 'praca usług',
                'constraints': [models.UniqueConstraint(fields=('project', 'service'), name='service_work_once')],
            },
        ),
    ]
