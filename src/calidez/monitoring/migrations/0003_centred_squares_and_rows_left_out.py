from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('monitoring', '0002_days_with_rows'),
    ]

    operations = [
        migrations.AddField(
            model_name='measurement',
            name='centred',
            field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name='measurement',
            name='left_out',
            field=models.BigIntegerField(null=True),
        ),
    ]
