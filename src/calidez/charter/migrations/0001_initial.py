import calidez.people.languages
import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('documents', '0001_initial'),
        ('objectives', '0001_initial'),
        ('people', '0001_initial'),
        ('policy', '0001_initial'),
        ('standards', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Charter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('code', models.CharField(editable=False, max_length=20, unique=True, verbose_name='code')),
                ('title', models.CharField(help_text='For example: What you can count on.', max_length=200, verbose_name='title')),
                ('language', models.CharField(choices=calidez.people.languages.choices, default=calidez.people.languages.usual, max_length=10, verbose_name='language')),
                ('introduction', models.TextField(blank=True, help_text='For customers. Markdown: **bold**, lists with -.', verbose_name='introduction')),
                ('complain', models.TextField(help_text='What a customer does, and what happens then.', verbose_name='how to complain')),
                ('mail', models.EmailField(blank=True, max_length=254, verbose_name='e-mail for complaints')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone for complaints')),
                ('postal', models.TextField(blank=True, verbose_name='address for complaints')),
                ('answer_within', models.CharField(blank=True, help_text='For example: five working days.', max_length=100, verbose_name='answered within')),
                ('slug', models.CharField(blank=True, help_text='Leave empty for a random one. It cannot change once the charter was published.', max_length=60, validators=[django.core.validators.RegexValidator('^[a-z0-9]+(-[a-z0-9]+)*$', 'Small letters, digits and single hyphens only, such as north-clinic.')], verbose_name='last part of the address')),
                ('listed', models.BooleanField(default=False, help_text='Else only who has the address finds it.', verbose_name='search engines may show it')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('withdrawn', 'Withdrawn')], default='draft', editable=False, max_length=10, verbose_name='state')),
                ('published_on', models.DateField(editable=False, null=True, verbose_name='published on')),
                ('stale_from', models.DateField(editable=False, null=True, verbose_name='results too old from')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('edition', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.documentversion', verbose_name='edition of the policy')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='charters', to='policy.policy', verbose_name='policy')),
                ('unit', models.ForeignKey(help_text='Whose charter it is: results are those of this unit with all below it.', on_delete=django.db.models.deletion.PROTECT, related_name='charters', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'service charter',
                'verbose_name_plural': 'service charters',
            },
        ),
        migrations.CreateModel(
            name='CharterItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('result', models.CharField(choices=[('none', 'do not publish a result'), ('publish', 'publish the last result'), ('even_without', 'publish it, or say that there are not enough data')], default='none', max_length=12, verbose_name='result')),
                ('place', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('charter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='charter.charter')),
                ('commitment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='policy.commitment', verbose_name='commitment')),
                ('objective', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='objectives.objective', verbose_name='or by the objective')),
                ('standard', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='standards.standard', verbose_name='proved by the standard')),
            ],
            options={
                'verbose_name': 'commitment of the charter',
                'verbose_name_plural': 'commitments of the charter',
                'ordering': ('place', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='CharterVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('content', models.JSONField(default=dict)),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('digest', models.CharField(max_length=64)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='charter.charter')),
            ],
            options={
                'ordering': ('record', '-number'),
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='charter',
            constraint=models.UniqueConstraint(fields=('slug',), name='charter_address_once', violation_error_message='Another charter already has this address.'),
        ),
        migrations.AddConstraint(
            model_name='charter',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('published_on__isnull', False), _connector='OR'), name='charter_published_on_a_day', violation_error_message='A published charter says since when.'),
        ),
        migrations.AddConstraint(
            model_name='charteritem',
            constraint=models.UniqueConstraint(fields=('charter', 'commitment'), name='charter_commitment_once', violation_error_message='This commitment already stands in the charter.'),
        ),
        migrations.AddConstraint(
            model_name='charterversion',
            constraint=models.UniqueConstraint(fields=('record', 'number'), name='charter_charterversion_number'),
        ),
    ]
