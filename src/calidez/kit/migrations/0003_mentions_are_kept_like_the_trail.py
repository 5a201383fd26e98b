"""The index of what events name is refused to be changed like the events themselves: without it a thread cannot be followed back."""

from django.db import migrations

TABLE = "kit_auditmention"


def protect(apps, schema_editor):
    run = schema_editor.execute
    if schema_editor.connection.vendor == "postgresql":
        run(
            f"CREATE TRIGGER {TABLE}_append_only BEFORE UPDATE OR DELETE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION kit_append_only()"
        )
        run(
            f"CREATE TRIGGER {TABLE}_never_emptied BEFORE TRUNCATE ON {TABLE} "
            "FOR EACH STATEMENT EXECUTE FUNCTION kit_never_emptied()"
        )
        return
    refuse = "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
    for verb in ("UPDATE", "DELETE"):
        run(f"CREATE TRIGGER {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE} {refuse}")
    # By number only: the same mention comes again with many events, and is passed over.
    run(
        f"CREATE TRIGGER {TABLE}_no_replace BEFORE INSERT ON {TABLE} "
        f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id) {refuse}"
    )


def unprotect(apps, schema_editor):
    run = schema_editor.execute
    if schema_editor.connection.vendor == "postgresql":
        for trigger in ("append_only", "never_emptied"):
            run(f"DROP TRIGGER {TABLE}_{trigger} ON {TABLE}")
        return
    for verb in ("update", "delete", "replace"):
        run(f"DROP TRIGGER {TABLE}_no_{verb}")


class Migration(migrations.Migration):
    dependencies = [("kit", "0002_trail_tells_ours_and_refuses_replacing")]

    operations = [migrations.RunPython(protect, unprotect)]
