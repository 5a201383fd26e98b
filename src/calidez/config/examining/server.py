"""A PostgreSQL server that answers, and whether it is one to trust with the work. Needs no Django."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from calidez.config.findings import Finding
from calidez.config.speech import gettext as _

CLOCK_SECONDS = 5.0
CONNECTIONS_LEFT = 10


def findings(connection: Any) -> Iterator[Finding]:
    """`connection` is psycopg's."""

    def ask(statement: str) -> Any:
        return connection.execute(statement).fetchone()[0]

    encoding = ask("SHOW server_encoding")
    if encoding != "UTF8":
        yield Finding(
            _("The database keeps text as %(encoding)s; make one with the encoding UTF8.")
            % {"encoding": encoding}
        )
    if ask("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::bool"):
        yield Finding(
            _("The database of DATABASE_URL takes no changes: it is a copy, or was set to read only.")
        )
    elif not ask("SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)"):
        yield Finding(
            _(
                "The account of DATABASE_URL may not create tables. Make it the owner of its database, or grant it CREATE on the schema."
            )
        )
    for name in ("fsync", "full_page_writes"):
        if ask(f"SHOW {name}") == "off":
            yield Finding(
                _("PostgreSQL runs with %(name)s off: after a power cut the database can be lost.")
                % {"name": name},
                serious=False,
            )
    most = ask(
        "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
    )
    used = ask("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
    if most - used < CONNECTIONS_LEFT:
        yield Finding(
            _(
                "The database server allows %(most)s connections and %(used)s are in use; each web process may need four. Raise max_connections."
            )
            % {"most": most, "used": used},
            serious=False,
        )
    apart = abs(float(ask("SELECT extract(epoch FROM clock_timestamp())")) - time.time())
    if apart > CLOCK_SECONDS:
        yield Finding(
            _("The clocks of this computer and of the database server are %(seconds)s seconds apart.")
            % {"seconds": round(apart)},
            serious=False,
        )
