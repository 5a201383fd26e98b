"""What pointed at a record in the past is found without reading the whole trail."""

import uuid

from django.db import migrations, models


PEOPLE = {"created_by", "owner"}  # named by almost everything, and no way along the thread


def read_the_trail(apps, schema_editor):
    """What the events so far have named."""
    event, mention = apps.get_model("kit", "AuditEvent"), apps.get_model("kit", "AuditMention")
    waiting = []
    for one in event.objects.only("subject", "subject_uid", "before", "after").iterator(chunk_size=2000):
        for name, uid in _named(one):
            waiting.append(mention(uid=uid, subject=one.subject, field=name, subject_uid=one.subject_uid))
        if len(waiting) > 2000:
            mention.objects.bulk_create(waiting, ignore_conflicts=True)
            waiting = []
    mention.objects.bulk_create(waiting, ignore_conflicts=True)


def _named(event):
    found = set()
    for values in (event.before, event.after):
        for name, value in (values or {}).items():
            if name not in PEOPLE and isinstance(value, dict) and "label" in value and "uid" in value:
                try:
                    found.add((name, uuid.UUID(str(value["uid"]))))
                except ValueError:
                    continue  # a structure of its own that happens to have these words
    return sorted(found)


class Migration(migrations.Migration):

    dependencies = [
        ('kit', '0017_spreadsheets'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditMention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField()),
                ('subject', models.CharField(max_length=60)),
                ('field', models.CharField(max_length=60)),
                ('subject_uid', models.UUIDField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('uid', 'subject', 'field', 'subject_uid'), name='kit_mention_once')],
            },
        ),
        migrations.RunPython(read_the_trail, migrations.RunPython.noop),
    ]
