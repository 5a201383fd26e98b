"""Whole installations for tests, each with a folder and a database of its own, on either kind of database."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connections
from django.db.utils import load_backend
from django.test import override_settings

from calidez.backups import place as places
from calidez.backups.place import Place
from calidez.config import environment
from calidez.config.tests import template_on_server
from calidez.config.tests.template import default_is

KEYS = {
    "audit": "a key of the trail, long enough to be safe",
    "secret": "a secret of the site, long enough too",
}
FOLDERS = {f"{name.upper()}_DIR": name for name in ("datasets", "uploads", "rejects", "files", "runs")}


@contextmanager
def at(folder: Path, url: str = "", *, keys: dict[str, str] | None = None) -> Iterator[Place]:
    """While the block lasts, the program is the one of this folder and database."""
    for name in (*FOLDERS.values(), "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    secrets = {**KEYS, **(keys or {})}
    for name, file in places.KEY_NAMES.items():
        if not (folder / file).exists():
            (folder / file).write_text(secrets[name])
        secrets[name] = (folder / file).read_text().strip()
    given: dict[str, Any] = {setting: folder / name for setting, name in FOLDERS.items()}
    given |= {"DATA_DIR": folder, "TRAIL_HEAD": folder / places.HEADS}
    given |= {"AUDIT_KEY": secrets["audit"], "SECRET_KEY": secrets["secret"]}
    with (
        override_settings(**given, FILE_UPLOAD_TEMP_DIR=str(folder / "tmp")),
        default_is(environment._database(url, folder)) as connection,
    ):
        yield Place(connection, folder, secrets)


@contextmanager
def on_server(url: str, *, migrated: bool = True) -> Iterator[str]:
    """The address of a new database, with the tables of the program or with none."""
    name = f"calidez_backup_{uuid.uuid4().hex[:12]}"
    settings = environment._database(url, Path())
    connection = load_backend(settings["ENGINE"]).DatabaseWrapper(_whole(settings), "default")
    try:
        if migrated:
            template_on_server.copy(connection, name)
        else:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'CREATE DATABASE "{name}"')
        yield _named(url, name)
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.close()


def _named(url: str, name: str) -> str:
    head, _slash, _rest = url.partition("?")[0].rpartition("/")
    tail = url.partition("?")[2]
    return f"{head}/{name}" + (f"?{tail}" if tail else "")


def _whole(settings: dict[str, Any]) -> dict[str, Any]:
    return connections.configure_settings({"default": settings})["default"]


def tree(folder: Path) -> dict[str, bytes]:
    """All that lies there, rows included, without what SQLite keeps beside an open file."""
    connections["default"].ensure_connection()  # the first one decides how the file is written
    connections["default"].close()
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }
