import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='PackEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pack', models.CharField(max_length=60)),
                ('section', models.CharField(max_length=20)),
                ('key', models.CharField(max_length=60)),
                ('record', models.UUIDField(db_index=True)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('unit', 'pack', 'section', 'key'), name='samples_one_record_an_entry')],
            },
        ),
    ]
