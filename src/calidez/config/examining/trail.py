"""The database itself refuses to change what the audit trail holds, and its head is kept outside; `calidez verify` walks it."""

from __future__ import annotations

import os
from collections.abc import Iterator

from django.db import connection

from calidez.config.examining.asked import Asked, named
from calidez.config.findings import Finding
from calidez.config.speech import gettext as _
from calidez.kit.core import heads
from calidez.kit.core.events import AuditEvent, AuditMention, AuditSeal

# REPLACE, on SQLite, and TRUNCATE, on PostgreSQL, take rows away without any trigger for rows noticing.
VERBS = {"sqlite": ("UPDATE", "DELETE", "REPLACE"), "postgresql": ("UPDATE", "DELETE", "TRUNCATE")}
# What PostgreSQL notes of a trigger: which verbs wake it.
BITS = {"DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}


def findings(asked: Asked) -> Iterator[Finding]:
    yield from _open_tables()
    yield from _heads()


def _open_tables() -> Iterator[Finding]:
    open_to = [
        f"{table} ({verb})"
        for table in (model._meta.db_table for model in (AuditEvent, AuditSeal, AuditMention))
        for verb in VERBS[connection.vendor]
        if verb not in _refused(table)
    ]
    if open_to:
        yield Finding(
            _(
                "The database no longer refuses to change the audit trail: %(tables)s. Somebody took its protection away; restore a backup made before, and run calidez verify."
            )
            % {"tables": named(open_to)}
        )


def _heads() -> Iterator[Finding]:
    """Cheaply: whether what is kept outside is there, and the trail reaches as far."""
    newest = AuditSeal.objects.order_by("-position").first()
    position = newest.position if newest else 0
    try:
        kept = heads.kept()
    except heads.Unreadable:
        kept = None
    if heads.beside_key() is not None and (kept is None or kept.events > position) and (position or kept):
        yield Finding(
            _(
                "How far the audit trail had come is kept outside the database, and does not fit with it. To see what is missing: calidez verify"
            )
        )
    for place in heads.elsewhere():
        there = next(path for path in (place, *place.parents) if path.exists())
        if not os.access(there, os.W_OK) or there.is_dir() == (there == place):
            yield Finding(
                _("The head of the audit trail cannot be kept at %(path)s, which CALIDEZ_TRAIL_HEADS names.")
                % {"path": place}
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
    before = {"UPDATE": "BEFORE UPDATE", "DELETE": "BEFORE DELETE", "REPLACE": "BEFORE INSERT"}
    return {verb for verb, word in before.items() for sql in triggers if word in sql and "RAISE(ABORT" in sql}
