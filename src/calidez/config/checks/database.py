"""The address of the database can be read, and the database answers and is sound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from calidez.config.examining import embedded, server
from calidez.config.findings import Finding
from calidez.config.speech import gettext as _


def findings(environ: Mapping[str, str]) -> Iterator[Finding]:
    url = environ.get("DATABASE_URL", "")
    if not url:
        return
    try:
        parts = urlsplit(url)
        well_formed = parts.port is None or parts.port > 0
    except ValueError:
        well_formed = False
    if not well_formed:
        yield Finding(
            _("DATABASE_URL cannot be read; write it as postgresql://user:password@host:port/name.")
        )
    elif parts.scheme not in {"postgres", "postgresql"}:
        yield Finding(
            _(
                "DATABASE_URL begins with “%(scheme)s”; only postgresql:// is known. Leave it empty for SQLite."
            )
            % {"scheme": f"{parts.scheme}://" if parts.scheme else url[:12]}
        )
    elif not parts.path.strip("/"):
        yield Finding(
            _("DATABASE_URL names no database; write it as postgresql://user:password@host:port/name.")
        )


def answers(environ: Mapping[str, str], *, deep: bool) -> list[Finding]:
    """Whether the database answers and is sound: the embedded one is a file, and is read."""
    url = environ.get("DATABASE_URL", "")
    if not url:
        return list(embedded.findings(environ, deep=deep))
    if list(findings(environ)):
        return []
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version // 10000
            found = [] if version < 14 else list(server.findings(connection))
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[-1] if str(error).strip() else type(error).__name__
        return [Finding(_("The database of DATABASE_URL does not answer: %(reason)s") % {"reason": reason})]
    if version < 14:
        return [
            Finding(_("PostgreSQL %(version)s is too old; 14 or newer is needed.") % {"version": version})
        ]
    return found
