import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('monitoring', '0001_initial'),
        ('people', '0001_initial'),
        ('policy', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Objective',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('code', models.CharField(editable=False, max_length=20, unique=True, verbose_name='code')),
                ('title', models.CharField(help_text='One sentence, for example: nine in ten callers are answered within 20 seconds.', max_length=200, verbose_name='what is to be reached')),
                ('direction', models.CharField(choices=[('at_least', 'at least'), ('at_most', 'at most')], default='at_least', max_length=10, verbose_name='the figure must be')),
                ('target', models.FloatField(blank=True, help_text='In the unit of measure: 95 for 95%.', null=True, verbose_name='target')),
                ('measured_in', models.CharField(blank=True, help_text="Only while no indicator is chosen; afterwards it is the indicator's.", max_length=20, verbose_name='unit of measure')),
                ('baseline', models.FloatField(blank=True, help_text='Where the figure stands before anything is done. It can be taken from the indicator.', null=True, verbose_name='baseline')),
                ('baseline_from', models.DateField(blank=True, null=True, verbose_name='baseline measured from')),
                ('baseline_until', models.DateField(blank=True, null=True, verbose_name='baseline measured until')),
                ('baseline_low', models.FloatField(editable=False, null=True, verbose_name='baseline at least')),
                ('baseline_high', models.FloatField(editable=False, null=True, verbose_name='baseline at most')),
                ('baseline_n', models.BigIntegerField(editable=False, null=True, verbose_name='cases of the baseline')),
                ('no_baseline', models.CharField(blank=True, help_text='Only where there is none, for example: the service is new.', max_length=300, verbose_name='why there is no baseline')),
                ('starts', models.DateField(blank=True, help_text='From this day the plan asks for progress.', null=True, verbose_name='starts')),
                ('due', models.DateField(blank=True, help_text='The day by which the target is to be reached.', null=True, verbose_name='due')),
                ('resources', models.TextField(blank=True, help_text='People, money, time and equipment that it takes.', verbose_name='resources')),
                ('evaluation', models.TextField(blank=True, help_text='Who looks at the figure, how often, and what is done when it stays behind.', verbose_name='how it is evaluated')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('active', 'Active'), ('reached', 'Reached'), ('not_reached', 'Not reached'), ('withdrawn', 'Withdrawn')], default='draft', editable=False, max_length=12, verbose_name='state')),
                ('status', models.CharField(choices=[('ahead', 'Ahead of the plan'), ('on_plan', 'On plan'), ('behind', 'Behind the plan'), ('reached', 'Target met'), ('unknown', 'Not enough data')], default='unknown', editable=False, max_length=8, verbose_name='progress')),
                ('period_start', models.DateField(editable=False, null=True, verbose_name='period')),
                ('value', models.FloatField(editable=False, null=True, verbose_name='value')),
                ('low', models.FloatField(editable=False, null=True, verbose_name='value at least')),
                ('high', models.FloatField(editable=False, null=True, verbose_name='value at most')),
                ('n', models.BigIntegerField(default=0, editable=False, verbose_name='cases')),
                ('asked', models.FloatField(editable=False, null=True, verbose_name='what the plan asks')),
                ('trace', models.JSONField(default=list, editable=False)),
                ('result', models.FloatField(editable=False, null=True, verbose_name='result')),
                ('result_low', models.FloatField(editable=False, null=True, verbose_name='result at least')),
                ('result_high', models.FloatField(editable=False, null=True, verbose_name='result at most')),
                ('result_n', models.BigIntegerField(editable=False, null=True, verbose_name='cases of the result')),
                ('result_on', models.DateField(editable=False, null=True, verbose_name='result of the period')),
                ('closed_on', models.DateField(editable=False, null=True, verbose_name='closed on')),
                ('closed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='closed by')),
                ('commitment', models.ForeignKey(blank=True, help_text='The promise that it helps to keep.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='objectives', to='policy.commitment', verbose_name='commitment')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('indicator', models.ForeignKey(blank=True, help_text='The figure by which everybody sees whether it is reached.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='objectives', to='monitoring.indicator', verbose_name='indicator')),
                ('owner', models.ForeignKey(help_text='Who answers for it.', on_delete=django.db.models.deletion.PROTECT, related_name='objectives', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('parent', models.ForeignKey(blank=True, help_text='The objective of the unit above of which this is a share.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='objectives.objective', verbose_name='contributes to')),
                ('unit', models.ForeignKey(help_text='Where it is to be reached: the figure is that of this unit with all below it.', on_delete=django.db.models.deletion.PROTECT, related_name='objectives', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'objective',
                'verbose_name_plural': 'objectives',
            },
        ),
        migrations.CreateModel(
            name='Milestone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='by this day')),
                ('value', models.FloatField(verbose_name='value')),
                ('objective', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='objectives.objective')),
            ],
            options={
                'verbose_name': 'milestone',
                'verbose_name_plural': 'milestones',
                'ordering': ('on',),
            },
        ),
        migrations.AddIndex(
            model_name='objective',
            index=models.Index(fields=['state', 'due'], name='objectives_state_due'),
        ),
        migrations.AddConstraint(
            model_name='objective',
            constraint=models.CheckConstraint(condition=models.Q(('starts__isnull', True), ('due__isnull', True), ('due__gt', models.F('starts')), _connector='OR'), name='objectives_due_after_start', violation_error_message='An objective is due after it starts.'),
        ),
        migrations.AddConstraint(
            model_name='objective',
            constraint=models.CheckConstraint(condition=models.Q(('baseline_from__isnull', True), ('baseline_until__isnull', True), ('baseline_until__gte', models.F('baseline_from')), _connector='OR'), name='objectives_baseline_in_order', violation_error_message='The baseline cannot end before it begins.'),
        ),
        migrations.AddConstraint(
            model_name='objective',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('draft', 'withdrawn')), models.Q(('indicator__isnull', False), ('target__isnull', False), ('starts__isnull', False), ('due__isnull', False)), _connector='OR'), name='objectives_active_is_planned', violation_error_message='An active objective has an indicator, a target and its dates.'),
        ),
        migrations.AddConstraint(
            model_name='objective',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('reached', 'not_reached')), _negated=True), ('result__isnull', False), _connector='OR'), name='objectives_closed_has_result', violation_error_message='A closed objective says with which result.'),
        ),
        migrations.AddConstraint(
            model_name='milestone',
            constraint=models.UniqueConstraint(fields=('objective', 'on'), name='objectives_one_milestone_a_day', violation_error_message='There is already a milestone on this day.'),
        ),
    ]
