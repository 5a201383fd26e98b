"""The template on a PostgreSQL server: a database beside those of the tests, which the server copies by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from calidez.config.tests import template

PREFIX = "calidez_template_"
_LOCK = 0x43414C54  # no two processes make or copy a template at the same time: copying wants it unused


def copy(connection: Any, name: str) -> None:
    """A new database of this name, in place of one that an interrupted run left."""
    with _server(connection) as server:
        source = _made(connection, server)
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')


def _made(connection: BaseDatabaseWrapper, server: Any) -> str:
    name = PREFIX + template.digest()
    today = dt.datetime.now(dt.UTC).date()
    there = {row[0]: row[1] for row in _templates(server)}
    if name not in there:
        for old, used in there.items():
            if not used or dt.date.fromisoformat(used) < today - dt.timedelta(days=template.KEPT_DAYS):
                server.execute(f'DROP DATABASE IF EXISTS "{old}"')
        unfinished = f"calidez_unfinished_{template.digest()}"
        server.execute(f'DROP DATABASE IF EXISTS "{unfinished}"')
        server.execute(f'CREATE DATABASE "{unfinished}"')
        with template.default_is(connection.settings_dict | {"NAME": unfinished}) as made:
            template.migrate(made)
        server.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    server.execute(f"COMMENT ON DATABASE \"{name}\" IS '{today.isoformat()}'")
    return name


def _templates(server: Any) -> list[tuple[str, str]]:
    server.execute(
        "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database WHERE datname LIKE %s",
        [PREFIX.replace("_", r"\_") + "%"],
    )
    return list(server.fetchall())


@contextmanager
def _server(connection: Any) -> Iterator[Any]:
    """A cursor outside the databases in question, and nobody else makes or copies a template meanwhile."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield cursor
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
