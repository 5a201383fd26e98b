"""What somebody does who has the database in hand."""

from __future__ import annotations

from django.db import connection


def unprotected(*statements: str) -> None:
    """Change the trail as somebody with the database in hand would: triggers off, then the statements."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Constraints deferred to the end of the test would keep the tables from being altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("kit_auditevent", "kit_auditseal", "kit_auditmention"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'kit_audit%%'", []
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
