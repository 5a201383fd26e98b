from django.db import migrations, models

import calidez.kit.core.any_record


def put_together(apps, schema_editor):
    for name in ("comment", "attachment"):
        model = apps.get_model("kit", name)
        for one in model.objects.only("subject", "subject_uid").iterator(chunk_size=2000):
            model.objects.filter(pk=one.pk).update(about=f"{one.subject}:{one.subject_uid}")


def _steps(name):
    field = calidez.kit.core.any_record.AnyRecord
    return [
        migrations.RemoveIndex(name, f"kit_{name}_subject"),
        migrations.AlterField(name, "about", field(db_index=False, max_length=100)),
        migrations.RemoveField(name, "subject"),
        migrations.RemoveField(name, "subject_uid"),
        migrations.AddIndex(name, models.Index(fields=["about", "id"], name=f"kit_{name}_about")),
    ]


def _about(name):
    field = calidez.kit.core.any_record.AnyRecord(db_index=False, max_length=100, null=True)
    return migrations.AddField(name, "about", field)


class Migration(migrations.Migration):
    dependencies = [("kit", "0019_runs")]
    operations = [
        _about("comment"),
        _about("attachment"),
        migrations.RunPython(put_together, migrations.RunPython.noop),
        *_steps("comment"),
        *_steps("attachment"),
    ]
