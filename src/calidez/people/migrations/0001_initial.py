import calidez.people.languages
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('language', models.CharField(choices=calidez.people.languages.choices, default=calidez.people.languages.usual, max_length=10, verbose_name='language')),
                ('is_active', models.BooleanField(default=True, help_text='Take it away instead of deleting: the history stays.', verbose_name='can sign in')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
            },
        ),
        migrations.CreateModel(
            name='Position',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('purpose', models.TextField(blank=True, help_text='What this position is there for.', verbose_name='purpose')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
            ],
            options={
                'verbose_name': 'position',
                'verbose_name_plural': 'positions',
            },
        ),
        migrations.AddField(
            model_name='user',
            name='position',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='users', to='people.position', verbose_name='position'),
        ),
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='code')),
                ('name', models.CharField(blank=True, max_length=100, verbose_name='name')),
                ('purpose', models.TextField(blank=True, help_text='Whom this role is for.', verbose_name='purpose')),
                ('for_a_time', models.BooleanField(default=False, help_text='Whoever grants it must say until when.', verbose_name='only for a time')),
                ('second_factor', models.BooleanField(default=False, help_text='Whoever holds it signs in with a code from their telephone too.', verbose_name='needs a second factor')),
                ('table', models.JSONField(blank=True, default=dict, verbose_name='permissions')),
                ('shipped', models.JSONField(blank=True, default=dict, editable=False)),
                ('basis', models.ForeignKey(blank=True, help_text='The new role begins with the same permissions; then change them.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='people.role', verbose_name='begins as a copy of')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
            ],
            options={
                'verbose_name': 'role',
                'verbose_name_plural': 'roles',
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('session_key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('device', models.CharField(blank=True, max_length=120)),
                ('address', models.GenericIPAddressField(null=True)),
                ('since', models.DateTimeField(null=True)),
                ('seen', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'sign-in session',
                'verbose_name_plural': 'sign-in sessions',
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('code', models.CharField(help_text='The short name that your files use for this unit.', max_length=40, unique=True, validators=[django.core.validators.RegexValidator('^[^\\s/\\\\<>\\"]+$', 'A code has no spaces, slashes, quotes or angle brackets.')], verbose_name='code')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('kind', models.CharField(choices=[('organisation', 'Organisation'), ('group', 'Group of units'), ('branch', 'Branch'), ('area', 'Area')], default='branch', max_length=20, verbose_name='kind')),
                ('path', models.CharField(editable=False, max_length=255, unique=True, verbose_name='path')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='people.unit', verbose_name='belongs to')),
            ],
            options={
                'verbose_name': 'unit',
                'verbose_name_plural': 'units',
            },
        ),
        migrations.AddField(
            model_name='position',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='positions', to='people.unit', verbose_name='unit'),
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='name')),
                ('ends', models.DateField(blank=True, help_text='Empty: without an end.', null=True, verbose_name='role holds until')),
                ('language', models.CharField(choices=calidez.people.languages.choices, default=calidez.people.languages.usual, max_length=10, verbose_name='language')),
                ('state', models.CharField(choices=[('sent', 'Open'), ('accepted', 'Accepted'), ('revoked', 'Revoked')], default='sent', editable=False, max_length=20, verbose_name='state')),
                ('expires_at', models.DateTimeField(editable=False, verbose_name='link holds until')),
                ('nonce', models.CharField(editable=False, max_length=32)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('person', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='people.role', verbose_name='role')),
                ('unit', models.ForeignKey(help_text='The role holds here and in every unit below.', on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations',
            },
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('starts', models.DateField(blank=True, null=True, verbose_name='from')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='until')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='people.role', verbose_name='role')),
                ('unit', models.ForeignKey(help_text='The role holds here and in every unit below.', on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='people.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'granted role',
                'verbose_name_plural': 'granted roles',
            },
        ),
        migrations.AddField(
            model_name='user',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='users', to='people.unit', verbose_name='unit'),
        ),
        migrations.AddIndex(
            model_name='unit',
            index=models.Index(fields=['name', 'id'], name='people_unit_name'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.UniqueConstraint(django.db.models.functions.comparison.Coalesce('parent', models.Value(0)), condition=models.Q(('parent__isnull', True)), name='people_one_organisation', violation_error_message='Say which unit this one belongs to: the organisation is already there.'),
        ),
        migrations.AddConstraint(
            model_name='position',
            constraint=models.UniqueConstraint(fields=('unit', 'name'), name='people_position_once_per_unit', violation_error_message='This unit already has a position with this name.'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'sent')), fields=('email',), name='people_invitation_once', violation_error_message='This address already has an open invitation: send it again.'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('starts__isnull', True), ('ends__isnull', True), ('ends__gte', models.F('starts')), _connector='OR'), name='people_grant_ends_after_start', violation_error_message='A role cannot end before it begins.'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(fields=['name', 'id'], name='people_user_name'),
        ),
    ]
