import calidez.documents.models.versions
import calidez.kit.platform.kept_files.field
import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('code', models.CharField(editable=False, max_length=20, unique=True, verbose_name='code')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('kind', models.CharField(choices=[('policy', 'Policy'), ('procedure', 'Procedure'), ('manual', 'Manual'), ('instruction', 'Work instruction'), ('form', 'Form'), ('external', 'External document'), ('standard', 'Standard sheet')], default='procedure', max_length=20, verbose_name='kind')),
                ('process', models.CharField(blank=True, help_text='The process it belongs to, such as admission or complaints.', max_length=200, verbose_name='process')),
                ('confidentiality', models.CharField(choices=[('open', 'Open: may be given to anybody'), ('internal', 'Internal: stays in the organisation'), ('restricted', 'Restricted: only for those named')], default='internal', help_text='A restricted document is seen by its owner, its approvers and those who are asked to read it.', max_length=12, verbose_name='confidentiality')),
                ('approval_order', models.CharField(choices=[('parallel', 'All at once'), ('sequential', 'One after the other')], default='parallel', help_text='The approvers are named below.', max_length=12, verbose_name='approval')),
                ('read_within', models.PositiveSmallIntegerField(default=14, help_text='How long people have to say “read and understood”.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)], verbose_name='days to read it')),
                ('readers_share', models.PositiveSmallIntegerField(blank=True, help_text='In per cent. Empty: it may take effect at once, and people read it afterwards.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='share of readers needed before it takes effect')),
                ('review_every', models.PositiveSmallIntegerField(blank=True, help_text='Empty: it is not reviewed by the calendar.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(120)], verbose_name='months between reviews')),
                ('review_due', models.DateField(blank=True, null=True, verbose_name='next review')),
                ('retention_years', models.PositiveSmallIntegerField(blank=True, help_text='Counted from the day a version stopped being in force. Empty: without an end.', null=True, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='years to keep past versions')),
                ('state', models.CharField(choices=[('draft', 'Nothing in force yet'), ('in_force', 'In force'), ('retired', 'Retired')], default='draft', editable=False, max_length=10, verbose_name='state')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('owner', models.ForeignKey(help_text='Who keeps it up to date.', on_delete=django.db.models.deletion.PROTECT, related_name='documents', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('readers_positions', models.ManyToManyField(blank=True, related_name='+', to='people.position', verbose_name='positions that must read it')),
                ('readers_units', models.ManyToManyField(blank=True, help_text='Everybody in these units and in those below.', related_name='+', to='people.unit', verbose_name='units that must read it')),
                ('unit', models.ForeignKey(help_text='It holds in this unit and in every unit below.', on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documents',
            },
        ),
        migrations.CreateModel(
            name='DocumentVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('number', models.PositiveIntegerField(editable=False, verbose_name='version')),
                ('text', models.TextField(blank=True, help_text='In Markdown. Or give a file instead.', verbose_name='text')),
                ('file', calidez.kit.platform.kept_files.field.KeptFileField(blank=True, help_text='PDF, DOCX or XLSX, instead of the text.', max_length=330, upload_to='', validators=[calidez.documents.models.versions.only_documents], verbose_name='file')),
                ('text_digest', models.CharField(blank=True, editable=False, max_length=64, verbose_name='digest of the text')),
                ('summary', models.TextField(blank=True, help_text='For readers of the version before. Needed from the second version on.', verbose_name='what changes')),
                ('question', models.CharField(blank=True, help_text='Whoever says “read and understood” answers it first.', max_length=300, verbose_name='check question')),
                ('right_answer', models.CharField(blank=True, max_length=300, verbose_name='right answer')),
                ('wrong_answers', models.TextField(blank=True, help_text='One on each line.', verbose_name='wrong answers')),
                ('title', models.CharField(blank=True, editable=False, max_length=200, verbose_name='title')),
                ('kind', models.CharField(blank=True, choices=[('policy', 'Policy'), ('procedure', 'Procedure'), ('manual', 'Manual'), ('instruction', 'Work instruction'), ('form', 'Form'), ('external', 'External document'), ('standard', 'Standard sheet')], editable=False, max_length=20, verbose_name='kind')),
                ('submitted_at', models.DateTimeField(editable=False, null=True, verbose_name='submitted')),
                ('approved_at', models.DateTimeField(editable=False, null=True, verbose_name='approved')),
                ('approved_by', models.CharField(blank=True, editable=False, max_length=500, verbose_name='approved by')),
                ('digest', models.CharField(blank=True, editable=False, max_length=64, verbose_name='digest of what was approved')),
                ('effective_on', models.DateField(blank=True, null=True, verbose_name='in force from')),
                ('ended_on', models.DateField(editable=False, null=True, verbose_name='in force until')),
                ('keep_until', models.DateField(editable=False, null=True, verbose_name='kept until')),
                ('disposed_at', models.DateTimeField(editable=False, null=True, verbose_name='disposed of')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('in_review', 'In review'), ('approved', 'Approved'), ('effective', 'In force'), ('superseded', 'Superseded'), ('retired', 'Retired')], default='draft', editable=False, max_length=12, verbose_name='state')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='documents.document', verbose_name='document')),
            ],
            options={
                'verbose_name': 'version of a document',
                'verbose_name_plural': 'versions of documents',
            },
        ),
        migrations.AddField(
            model_name='document',
            name='current',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.documentversion', verbose_name='version in force'),
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField(default=1)),
                ('asked_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision', models.CharField(blank=True, choices=[('approved', 'Approved'), ('sent_back', 'Sent back')], max_length=10)),
                ('note', models.TextField(blank=True)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('void_at', models.DateTimeField(null=True)),
                ('void_reason', models.TextField(blank=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='document_approvals', to=settings.AUTH_USER_MODEL)),
                ('document_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='documents.documentversion')),
            ],
            options={
                'verbose_name': 'approval',
                'verbose_name_plural': 'approvals',
            },
        ),
        migrations.CreateModel(
            name='Acknowledgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('due', models.DateField(verbose_name='due')),
                ('answer', models.CharField(blank=True, max_length=300, verbose_name='your answer')),
                ('tries', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='wrong answers')),
                ('done_at', models.DateTimeField(editable=False, null=True, verbose_name='read')),
                ('void_at', models.DateTimeField(editable=False, null=True)),
                ('void_reason', models.CharField(blank=True, editable=False, max_length=300, verbose_name='why no longer')),
                ('state', models.CharField(choices=[('asked', 'To read'), ('done', 'Read and understood'), ('void', 'No longer needed')], default='asked', editable=False, max_length=10, verbose_name='state')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgements', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('document_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgements', to='documents.documentversion', verbose_name='version')),
            ],
            options={
                'verbose_name': 'acknowledgement',
                'verbose_name_plural': 'acknowledgements',
            },
        ),
        migrations.CreateModel(
            name='Approver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField(default=1, verbose_name='order')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='approvers', to='documents.document')),
            ],
            options={
                'verbose_name': 'approver',
                'verbose_name_plural': 'approvers',
                'constraints': [models.UniqueConstraint(fields=('document', 'person'), name='documents_approver_once', violation_error_message='This person is already among the approvers.')],
            },
        ),
        migrations.AddIndex(
            model_name='documentversion',
            index=models.Index(fields=['state', 'effective_on'], name='documents_version_state'),
        ),
        migrations.AddConstraint(
            model_name='documentversion',
            constraint=models.UniqueConstraint(fields=('document', 'number'), name='documents_version_number'),
        ),
        migrations.AddConstraint(
            model_name='documentversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'in_review', 'approved'))), fields=('document',), name='documents_one_open_version', violation_error_message='A version of this document is already in the works: finish or discard it first.'),
        ),
        migrations.AddConstraint(
            model_name='documentversion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'effective')), fields=('document',), name='documents_one_in_force'),
        ),
        migrations.AddConstraint(
            model_name='documentversion',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), ('file', ''), _connector='OR'), name='documents_text_or_file', violation_error_message='Give a text or a file, not both.'),
        ),
        migrations.AddConstraint(
            model_name='documentversion',
            constraint=models.CheckConstraint(condition=models.Q(('question', ''), models.Q(models.Q(('right_answer', ''), _negated=True), models.Q(('wrong_answers', ''), _negated=True)), _connector='OR'), name='documents_question_has_answers', violation_error_message='A check question needs its right answer and at least one wrong one.'),
        ),
        migrations.AddConstraint(
            model_name='documentversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'effective'), _negated=True), ('effective_on__isnull', False), _connector='OR'), name='documents_in_force_since'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('current__isnull', False), ('state', 'in_force')), models.Q(models.Q(('state', 'in_force'), _negated=True), ('current__isnull', True)), _connector='OR'), name='documents_in_force_has_version'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.UniqueConstraint(condition=models.Q(('void_at__isnull', True), models.Q(('decision', 'sent_back'), _negated=True)), fields=('document_version', 'person'), name='documents_approval_once'),
        ),
        migrations.AddIndex(
            model_name='acknowledgement',
            index=models.Index(fields=['person', 'state', 'due'], name='documents_to_read'),
        ),
        migrations.AddConstraint(
            model_name='acknowledgement',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'void'), _negated=True), fields=('document_version', 'person'), name='documents_acknowledgement_once'),
        ),
        migrations.AddConstraint(
            model_name='acknowledgement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('done_at__isnull', False), _connector='OR'), name='documents_read_has_moment'),
        ),
    ]
