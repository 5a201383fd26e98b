"""Events say that this program wrote them; REPLACE on SQLite and TRUNCATE on PostgreSQL are refused; the head is kept outside."""

from django.conf import settings
from django.db import migrations, models

# What makes a row of each table one that is there already.
KEYS = {"kit_auditevent": ("id", "mac"), "kit_auditseal": ("id", "event_id", "position")}
ON_POSTGRESQL = """
    CREATE OR REPLACE FUNCTION kit_never_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE held boolean;
    BEGIN
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.%I)', TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO held;
        IF held THEN RAISE EXCEPTION 'the audit trail is append-only'; END IF;
        RETURN NULL;
    END $$
"""


def protect(apps, schema_editor):
    run = schema_editor.execute
    if schema_editor.connection.vendor == "postgresql":
        run(ON_POSTGRESQL, params=None)
        for table in KEYS:
            run(
                f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION kit_never_emptied()"
            )
        return
    for table, keys in KEYS.items():
        there = " OR ".join(f"{key} = NEW.{key}" for key in keys)
        # REPLACE deletes what stands in its way without a trigger noticing.
        run(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {there}) "
            "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        )


def unprotect(apps, schema_editor):
    run = schema_editor.execute
    for table in KEYS:
        if schema_editor.connection.vendor == "postgresql":
            run(f"DROP TRIGGER {table}_never_emptied ON {table}")
        else:
            run(f"DROP TRIGGER {table}_no_replace")
    if schema_editor.connection.vendor == "postgresql":
        run("DROP FUNCTION kit_never_emptied()")


def own_what_waits(apps, schema_editor):
    """Events of before that the worker has yet to seal: it seals only what says that it is ours. On SQLite none waits."""
    from calidez.kit.core import audit

    if schema_editor.connection.vendor != "postgresql":
        return
    Event = apps.get_model("kit", "AuditEvent")
    run = schema_editor.execute
    run("ALTER TABLE kit_auditevent DISABLE TRIGGER kit_auditevent_append_only")
    for event in Event.objects.filter(seal__isnull=True):
        Event.objects.filter(pk=event.pk).update(mac=audit.mac(event))
    run("ALTER TABLE kit_auditevent ENABLE TRIGGER kit_auditevent_append_only")


def keep_head(apps, schema_editor):
    """Of a trail that was sealed before heads were kept; a later start makes none anew."""
    from calidez.kit.core import heads

    newest = apps.get_model("kit", "AuditSeal").objects.order_by("-position").first()
    if newest is not None and settings.TRAIL_HEAD is not None and not settings.TRAIL_HEAD.exists():
        heads.keep(heads.now(newest.position, newest.digest))


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_initial")]

    operations = [
        # Null and a partial index: SQLite adds both without building the table anew, which would drop its triggers.
        migrations.AddField("auditevent", "mac", models.CharField(max_length=100, null=True, editable=False)),
        migrations.AddConstraint(
            "auditevent",
            models.UniqueConstraint(
                fields=["mac"], condition=models.Q(mac__isnull=False), name="kit_event_written_once"
            ),
        ),
        migrations.RunPython(own_what_waits, migrations.RunPython.noop),
        migrations.RunPython(keep_head, migrations.RunPython.noop),
        migrations.RunPython(protect, unprotect),
    ]
