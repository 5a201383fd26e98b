import calidez.kit.core.no_overlap
import django.db.models.deletion
import django.db.models.expressions
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('documents', '0001_initial'),
        ('people', '0001_initial'),
        ('policy', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='QualityDimension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('key', models.SlugField(editable=False, max_length=60, unique=True, verbose_name='key')),
                ('family', models.CharField(choices=[('servqual', 'SERVQUAL'), ('en13816', 'EN 13816 (public transport)'), ('own', 'Our own')], default='own', editable=False, max_length=10, verbose_name='from')),
                ('name', models.CharField(help_text='As customers would say it, for example: warmth.', max_length=100, verbose_name='name')),
                ('meaning', models.TextField(blank=True, help_text='What belongs to it in your service.', verbose_name='what it means here')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
            ],
            options={
                'verbose_name': 'quality dimension',
                'verbose_name_plural': 'quality dimensions',
            },
        ),
        migrations.CreateModel(
            name='Standard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('starts', models.DateField(blank=True, null=True, verbose_name='in force from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='in force until')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('proposed', 'Proposed'), ('in_force', 'In force'), ('revising', 'Being revised'), ('retired', 'Retired')], default='draft', editable=False, max_length=10, verbose_name='state')),
                ('code', models.CharField(editable=False, max_length=20, unique=True, verbose_name='code')),
                ('title', models.CharField(help_text='Short, as people call it.', max_length=200, verbose_name='title')),
                ('requirement', models.TextField(help_text='One sentence that anyone can check, for example: patients leave within four hours.', verbose_name='requirement')),
                ('kind', models.CharField(choices=[('result', 'Result: what the customer gets'), ('process', 'Process: how we work')], default='result', max_length=10, verbose_name='kind')),
                ('direction', models.CharField(choices=[('at_least', 'at least'), ('at_most', 'at most')], default='at_least', max_length=10, verbose_name='the figure must be')),
                ('target', models.FloatField(blank=True, help_text='In the unit of measure: 95 for 95%.', null=True, verbose_name='target')),
                ('tolerance', models.FloatField(default=0, help_text='How far from the target is at risk and not yet broken, in the same unit of measure.', verbose_name='tolerance')),
                ('measured_in', models.CharField(default='%', help_text='Such as %, min, per 1,000.', max_length=20, verbose_name='unit of measure')),
                ('case_limit', models.FloatField(blank=True, help_text='Where the target is a share of cases within a limit: 20 for “95% of calls within 20 s”. Empty where the figure itself has to reach the target.', null=True, verbose_name='limit for one case')),
                ('case_direction', models.CharField(choices=[('at_least', 'at least'), ('at_most', 'at most')], default='at_most', max_length=10, verbose_name='one case must be')),
                ('case_measured_in', models.CharField(blank=True, help_text='Such as s, min, days.', max_length=20, verbose_name='unit of measure of one case')),
                ('unacceptable', models.FloatField(blank=True, help_text='A figure worse than this asks for a reaction at once. Empty where there is no such threshold.', null=True, verbose_name='unacceptable threshold')),
                ('reaction', models.TextField(blank=True, help_text='Who does what, and how soon, when a figure is unacceptable.', verbose_name='reaction required')),
                ('frequency', models.CharField(blank=True, choices=[('case', 'with every case'), ('day', 'every day'), ('week', 'every week'), ('month', 'every month'), ('quarter', 'every quarter'), ('year', 'every year')], max_length=10, verbose_name='how often it is measured')),
                ('sampling', models.TextField(blank=True, help_text='Every case, or which sample, where and by whom.', verbose_name='how it is measured')),
                ('remedy', models.TextField(blank=True, help_text='What the customer gets when the standard is not kept.', verbose_name='remedy')),
                ('stretch_reason', models.TextField(blank=True, help_text='Only where the figures so far do not reach the target.', verbose_name='why more than was shown to be possible')),
                ('stretch_plan', models.TextField(blank=True, help_text='What is changed so that the target can be kept.', verbose_name='how it becomes possible')),
                ('stretch_until', models.DateField(blank=True, null=True, verbose_name='possible by')),
                ('commitment', models.ForeignKey(blank=True, help_text='What of the policy it makes measurable.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='standards', to='policy.commitment', verbose_name='commitment')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('dimension', models.ForeignKey(blank=True, help_text='The aspect of quality that customers see in it.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='standards', to='standards.qualitydimension', verbose_name='quality dimension')),
                ('document', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='standards', to='documents.document', verbose_name='standard sheet')),
                ('owner', models.ForeignKey(help_text='Who answers for it.', on_delete=django.db.models.deletion.PROTECT, related_name='standards', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('proposed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                ('readers_positions', models.ManyToManyField(blank=True, help_text='Who holds one of them is asked to read the standard when it comes into force.', related_name='+', to='people.position', verbose_name='positions that must know it')),
                ('readers_units', models.ManyToManyField(blank=True, related_name='+', to='people.unit', verbose_name='units in which everybody must know it')),
                ('unit', models.ForeignKey(help_text='Where it belongs: it holds in this unit and below, unless units are named.', on_delete=django.db.models.deletion.PROTECT, related_name='standards', to='people.unit', verbose_name='unit')),
                ('units', models.ManyToManyField(blank=True, help_text='Leave empty for all units below.', related_name='+', to='people.unit', verbose_name='only in these units')),
            ],
            options={
                'verbose_name': 'standard',
                'verbose_name_plural': 'standards',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='LocalTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target', models.FloatField(verbose_name='target')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.unit', verbose_name='unit')),
                ('standard', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='local_targets', to='standards.standard')),
            ],
            options={
                'verbose_name': 'local target',
                'verbose_name_plural': 'local targets',
            },
        ),
        migrations.CreateModel(
            name='StandardBasis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('norm', 'Norm or law'), ('need', 'Customer need'), ('capability', 'Own capability')], max_length=12, verbose_name='it rests on')),
                ('reference', models.CharField(max_length=200, verbose_name='source')),
                ('explanation', models.TextField(blank=True, help_text='The clause of the norm, the answers of the survey, the figures: what follows from it here.', verbose_name='what it says')),
                ('standard', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='basis', to='standards.standard')),
            ],
            options={
                'verbose_name': 'basis',
                'verbose_name_plural': 'bases',
            },
        ),
        migrations.CreateModel(
            name='StandardVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('content', models.JSONField(default=dict)),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('starts', models.DateField(verbose_name='in force from')),
                ('ends', models.DateField(null=True, verbose_name='in force until')),
                ('direction', models.CharField(choices=[('at_least', 'at least'), ('at_most', 'at most')], max_length=10, verbose_name='the figure must be')),
                ('target', models.FloatField(verbose_name='target')),
                ('tolerance', models.FloatField(default=0, verbose_name='tolerance')),
                ('measured_in', models.CharField(max_length=20, verbose_name='unit of measure')),
                ('unacceptable', models.FloatField(null=True, verbose_name='unacceptable threshold')),
                ('reaction', models.TextField(blank=True, verbose_name='reaction required')),
                ('case_direction', models.CharField(blank=True, choices=[('at_least', 'at least'), ('at_most', 'at most')], max_length=10)),
                ('case_limit', models.FloatField(null=True)),
                ('case_measured_in', models.CharField(blank=True, max_length=20)),
                ('stretch_reason', models.TextField(blank=True, verbose_name='why more than was shown to be possible')),
                ('stretch_plan', models.TextField(blank=True, verbose_name='how it becomes possible')),
                ('stretch_until', models.DateField(null=True, verbose_name='possible by')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='made by')),
                ('proposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='standards.standard')),
                ('sheet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.documentversion')),
            ],
            options={
                'verbose_name': 'version of a standard',
                'verbose_name_plural': 'versions of standards',
                'ordering': ('record', '-number'),
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='standard',
            name='latest',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='standards.standardversion'),
        ),
        migrations.AddConstraint(
            model_name='qualitydimension',
            constraint=models.UniqueConstraint(fields=('family', 'name'), name='standards_dimension_once', violation_error_message='There is already a dimension with this name.'),
        ),
        migrations.AddConstraint(
            model_name='localtarget',
            constraint=models.UniqueConstraint(fields=('standard', 'unit'), name='standards_local_target_once', violation_error_message='This unit already has a local target.'),
        ),
        migrations.AddConstraint(
            model_name='standardversion',
            constraint=models.UniqueConstraint(fields=('record', 'number'), name='standards_standardversion_number'),
        ),
        migrations.AddConstraint(
            model_name='standardversion',
            constraint=models.CheckConstraint(condition=models.Q(('ends__isnull', True), ('ends__gte', models.F('starts')), _connector='OR'), name='standards_standardversion_order'),
        ),
        migrations.AddConstraint(
            model_name='standardversion',
            constraint=models.CheckConstraint(condition=models.Q(('made_by__isnull', True), ('proposed_by__isnull', True), models.Q(('made_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='standards_standardversion_two_people'),
        ),
        migrations.AddConstraint(
            model_name='standardversion',
            constraint=calidez.kit.core.no_overlap.NoOverlap(ends='ends', name='standards_standardversion_apart', of='record', starts='starts'),
        ),
        migrations.AddConstraint(
            model_name='standard',
            constraint=models.CheckConstraint(condition=models.Q(('starts__isnull', True), ('ends__isnull', True), ('ends__gte', models.F('starts')), _connector='OR'), name='standards_standard_ends_after_start', violation_error_message='It cannot end before it begins.'),
        ),
        migrations.AddConstraint(
            model_name='standard',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'in_force'), _negated=True), ('starts__isnull', False), _connector='OR'), name='standards_standard_in_force_from_a_day', violation_error_message='What is in force has a day from which it holds.'),
        ),
        migrations.AddConstraint(
            model_name='standard',
            constraint=models.CheckConstraint(condition=models.Q(('tolerance__gte', 0)), name='standards_tolerance_not_negative', violation_error_message='A tolerance cannot be negative.'),
        ),
        migrations.AddConstraint(
            model_name='standard',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'in_force'), _negated=True), ('target__isnull', False), _connector='OR'), name='standards_in_force_has_target', violation_error_message='A standard in force has a target.'),
        ),
        migrations.AddConstraint(
            model_name='standard',
            constraint=models.CheckConstraint(condition=models.Q(('case_limit__isnull', True), models.Q(('case_measured_in', ''), _negated=True), _connector='OR'), name='standards_case_limit_has_unit', violation_error_message='Say in which unit of measure the limit for one case is.'),
        ),
        migrations.AddConstraint(
            model_name='standard',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('unacceptable__isnull', True), ('reaction', '')), models.Q(('unacceptable__isnull', False), models.Q(('reaction', ''), _negated=True)), _connector='OR'), name='standards_unacceptable_has_reaction', violation_error_message='What is unacceptable and the reaction it requires belong together: give both, or neither.'),
        ),
        migrations.AddConstraint(
            model_name='standard',
            constraint=models.CheckConstraint(condition=models.Q(('unacceptable__isnull', True), ('target__isnull', True), models.Q(('direction', 'at_least'), ('unacceptable__lte', django.db.models.expressions.CombinedExpression(models.F('target'), '-', models.F('tolerance')))), models.Q(('direction', 'at_most'), ('unacceptable__gte', django.db.models.expressions.CombinedExpression(models.F('target'), '+', models.F('tolerance')))), _connector='OR'), name='standards_unacceptable_is_worse', violation_error_message='The unacceptable threshold lies beyond the target and its tolerance, on the worse side.'),
        ),
    ]
