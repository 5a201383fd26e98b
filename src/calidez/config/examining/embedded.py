"""The file of the embedded database: whole, and each reference leads somewhere. Needs no Django, which a damaged file keeps from starting."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from calidez.config.examining.asked import named
from calidez.config.findings import Finding, data_folder
from calidez.config.speech import gettext as _

# A database of many gigabytes is read from end to end: the operator waits no longer than this, or asks with --deep.
SECONDS = 60.0
STEPS = 100_000
MOST = 5


def findings(
    environ: Mapping[str, str], *, deep: bool = False, seconds: float = SECONDS
) -> Iterator[Finding]:
    path = data_folder(environ) / "calidez.sqlite3"
    if environ.get("DATABASE_URL") or not path.is_file():
        return
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=20)) as database:
            _bounded(database, None if deep else seconds)
            yield from _pages(database, path, deep)
            yield from _references(database)
    except sqlite3.Error as error:
        if "interrupted" in str(error):
            yield Finding(
                _(
                    "The database %(path)s is large: it was read for %(seconds)s seconds and not to its end. calidez check --deep reads all of it."
                )
                % {"path": path, "seconds": round(seconds)},
                serious=False,
            )
        else:
            yield damaged(path, str(error))


def damaged(path: Path | str, reason: str) -> Finding:
    return Finding(
        _(
            "The database %(path)s is damaged: %(reason)s. Stop the server, keep a copy of the file, and restore a backup."
        )
        % {"path": path, "reason": reason}
    )


def _bounded(database: sqlite3.Connection, seconds: float | None) -> None:
    if seconds is not None:
        until = time.monotonic() + seconds
        database.set_progress_handler(lambda: time.monotonic() > until, STEPS)


def _pages(database: sqlite3.Connection, path: Path, deep: bool) -> Iterator[Finding]:
    """`deep` compares the indexes with the rows too."""
    said = [
        str(row[0]) for row in database.execute(f"PRAGMA {'integrity' if deep else 'quick'}_check({MOST})")
    ]
    if said != ["ok"]:
        yield damaged(path, "; ".join(" ".join(line.split()) for line in said))


def _references(database: sqlite3.Connection) -> Iterator[Finding]:
    lost = database.execute("PRAGMA foreign_key_check").fetchmany(1000)
    if lost:
        tables = sorted({str(row[0]) for row in lost})
        yield Finding(
            _("Rows of the database point at rows that are not there, in: %(tables)s. Restore a backup.")
            % {"tables": named(tables)}
        )
