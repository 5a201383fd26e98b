import calidez.people.languages
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('documents', '0001_initial'),
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('code', models.CharField(editable=False, max_length=20, unique=True, verbose_name='code')),
                ('title', models.CharField(help_text='For example: Our service policy.', max_length=200, verbose_name='title')),
                ('language', models.CharField(choices=calidez.people.languages.choices, default=calidez.people.languages.usual, help_text='The language that the policy is written in; the check reads it in this language.', max_length=10, verbose_name='language')),
                ('introduction', models.TextField(blank=True, help_text='Why you make these promises and to whom, in a few sentences. Markdown: **bold**, lists with -.', verbose_name='introduction')),
                ('changes', models.TextField(blank=True, help_text='For those who read the edition before. Needed from the second edition on.', verbose_name='what changes')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('in_force', 'In force'), ('revising', 'Being revised'), ('superseded', 'Superseded'), ('retired', 'Retired')], default='draft', editable=False, max_length=12, verbose_name='state')),
                ('in_force_from', models.DateField(blank=True, editable=False, null=True, verbose_name='in force from')),
                ('in_force_until', models.DateField(blank=True, editable=False, null=True, verbose_name='in force until')),
                ('approvers', models.ManyToManyField(help_text='Who must approve it before it comes into force. Nobody approves what they wrote themselves.', related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approvers')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('document', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='policy', to='documents.document', verbose_name='document')),
                ('owner', models.ForeignKey(help_text='Who answers for it and writes it.', on_delete=django.db.models.deletion.PROTECT, related_name='policies', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('readers_positions', models.ManyToManyField(blank=True, help_text='Whoever holds one of these positions is asked to confirm having read it.', related_name='+', to='people.position', verbose_name='positions that confirm reading it')),
                ('readers_units', models.ManyToManyField(blank=True, help_text='Everybody in these units, and in those below, is asked to confirm having read it.', related_name='+', to='people.unit', verbose_name='units that confirm reading it')),
                ('unit', models.ForeignKey(help_text='It holds in this unit and in every unit below.', on_delete=django.db.models.deletion.PROTECT, related_name='policies', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'policy',
                'verbose_name_plural': 'policies',
            },
        ),
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('code', models.CharField(editable=False, max_length=20, unique=True, verbose_name='code')),
                ('statement', models.TextField(help_text='One sentence that a customer can check, for example: We answer every call within 20 seconds.', verbose_name='what you promise')),
                ('for_whom', models.CharField(blank=True, help_text='Which customers may count on it.', max_length=300, verbose_name='for whom')),
                ('why', models.TextField(blank=True, help_text='What it does for them.', verbose_name='why')),
                ('remedy', models.TextField(blank=True, help_text='What the customer gets when you do not keep it.', verbose_name='when it is broken')),
                ('process', models.CharField(blank=True, help_text='The work by which it is kept: Answering calls.', max_length=200, verbose_name='process')),
                ('place', models.PositiveSmallIntegerField(default=0, help_text='The order on the page; 0 puts it last.', verbose_name='order')),
                ('state', models.CharField(choices=[('standing', 'Part of the policy'), ('withdrawn', 'Withdrawn')], default='standing', editable=False, max_length=10, verbose_name='state')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('documents', models.ManyToManyField(blank=True, help_text='Where it is written how this is done: a procedure, an instruction.', related_name='commitments', to='documents.document', verbose_name='documents')),
                ('owner', models.ForeignKey(blank=True, help_text='Who answers for keeping it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('unit', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='people.unit', verbose_name='unit')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='policy.policy', verbose_name='policy')),
            ],
            options={
                'verbose_name': 'commitment',
                'verbose_name_plural': 'commitments',
            },
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.UniqueConstraint(condition=models.Q(('in_force_from__isnull', False), ('in_force_until__isnull', True)), fields=('unit',), name='policy_one_in_force_per_unit', violation_error_message='This unit already has a policy in force: a unit has one, and a new one takes its place.'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(('in_force_until__isnull', True), models.Q(('in_force_from__isnull', False), ('in_force_until__gte', models.F('in_force_from'))), _connector='OR'), name='policy_ends_after_it_begins', violation_error_message='A policy cannot end before it begins.'),
        ),
        migrations.AddConstraint(
            model_name='policy',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['in_force', 'revising']), _negated=True), models.Q(('in_force_from__isnull', False), ('in_force_until__isnull', True)), _connector='OR'), name='policy_in_force_since', violation_error_message='A policy in force has a date from which it holds.'),
        ),
        migrations.AddIndex(
            model_name='commitment',
            index=models.Index(fields=['policy', 'place', 'id'], name='policy_commitment_place'),
        ),
    ]
