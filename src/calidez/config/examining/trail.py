"""The database itself refuses to change what the audit trail holds; `calidez verify` walks the trail."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from calidez.config.examining.asked import Asked, named
from calidez.config.findings import Finding
from calidez.config.speech import gettext as _
from calidez.kit.core.events import AuditEvent, AuditSeal

VERBS = ("UPDATE", "DELETE")
# What PostgreSQL notes of a trigger: which verbs wake it.
BITS = {"DELETE": 8, "UPDATE": 16}


def findings(asked: Asked) -> Iterator[Finding]:
    open_to = [
        f"{table} ({verb})"
        for table in (AuditEvent._meta.db_table, AuditSeal._meta.db_table)
        for verb in VERBS
        if verb not in _refused(table)
    ]
    if open_to:
        yield Finding(
            _(
                "The database no longer refuses to change the audit trail: %(tables)s. Somebody took its protection away; restore a backup made before, and run calidez verify."
            )
            % {"tables": named(open_to)}
        )


def _refused(table: str) -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgtype FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled <> 'D' AND NOT tgisinternal",
                [table],
            )
            return {verb for (kind,) in cursor.fetchall() for verb, bit in BITS.items() if kind & bit}
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        triggers = [sql.upper() for (sql,) in cursor.fetchall()]
    return {verb for verb in VERBS for sql in triggers if f"BEFORE {verb}" in sql and "RAISE(ABORT" in sql}
