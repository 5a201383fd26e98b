import calidez.kit.core.any_record
import calidez.kit.core.no_overlap
import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Ledger',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('title', models.CharField(max_length=100)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Remark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('code', models.CharField(editable=False, max_length=20, unique=True)),
                ('text', models.CharField(max_length=100)),
                ('origin', calidez.kit.core.any_record.AnyRecord(blank=True, db_index=True, max_length=100, null=True, verbose_name='origin')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Tariff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('starts', models.DateField(blank=True, null=True, verbose_name='in force from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='in force until')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('proposed', 'Proposed'), ('in_force', 'In force'), ('revising', 'Being revised'), ('retired', 'Retired')], default='draft', editable=False, max_length=10, verbose_name='state')),
                ('title', models.CharField(max_length=100, verbose_name='title')),
                ('kind', models.CharField(choices=[('hour', 'by the hour'), ('case', 'by the case')], default='hour', max_length=10, verbose_name='kind')),
                ('price', models.FloatField(blank=True, null=True, verbose_name='price')),
                ('secret', models.CharField(blank=True, max_length=100, verbose_name='what it costs us')),
                ('since', models.DateField(blank=True, null=True, verbose_name='first agreed')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                ('tellers', models.ManyToManyField(blank=True, to=settings.AUTH_USER_MODEL, verbose_name='tellers')),
            ],
            options={
                'verbose_name': 'tariff',
                'verbose_name_plural': 'tariffs',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Rebate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rate', models.FloatField(verbose_name='rate')),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tariff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rebates', to='ledger.tariff')),
            ],
        ),
        migrations.CreateModel(
            name='TariffEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('content', models.JSONField(default=dict)),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('starts', models.DateField(verbose_name='in force from')),
                ('ends', models.DateField(null=True, verbose_name='in force until')),
                ('price', models.FloatField(null=True)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='editions', to='ledger.tariff')),
            ],
            options={
                'ordering': ('record', '-number'),
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='tariff',
            name='latest',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='ledger.tariffedition'),
        ),
        migrations.CreateModel(
            name='Line',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveIntegerField(default=0)),
                ('text', models.CharField(max_length=100)),
                ('amount', models.IntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(0)])),
                ('ledger', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='ledger.ledger')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('ledger', 'text'), name='ledger_line_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='tariffedition',
            constraint=models.UniqueConstraint(fields=('record', 'number'), name='ledger_tariffedition_number'),
        ),
        migrations.AddConstraint(
            model_name='tariffedition',
            constraint=models.CheckConstraint(condition=models.Q(('ends__isnull', True), ('ends__gte', models.F('starts')), _connector='OR'), name='ledger_tariffedition_order'),
        ),
        migrations.AddConstraint(
            model_name='tariffedition',
            constraint=models.CheckConstraint(condition=models.Q(('made_by__isnull', True), ('proposed_by__isnull', True), models.Q(('made_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='ledger_tariffedition_two_people'),
        ),
        migrations.AddConstraint(
            model_name='tariffedition',
            constraint=calidez.kit.core.no_overlap.NoOverlap(ends='ends', name='ledger_tariffedition_apart', of='record', starts='starts'),
        ),
        migrations.AddConstraint(
            model_name='tariff',
            constraint=models.CheckConstraint(condition=models.Q(('starts__isnull', True), ('ends__isnull', True), ('ends__gte', models.F('starts')), _connector='OR'), name='ledger_tariff_ends_after_start', violation_error_message='It cannot end before it begins.'),
        ),
        migrations.AddConstraint(
            model_name='tariff',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'in_force'), _negated=True), ('starts__isnull', False), _connector='OR'), name='ledger_tariff_in_force_from_a_day', violation_error_message='What is in force has a day from which it holds.'),
        ),
    ]
