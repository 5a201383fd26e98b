"""The empty database of the tests: migrated once, kept in a file, and copied ever after.

Migrating costs many times what a copy costs, and more with every kind of record. The copy is kept under the digest of
everything that could make it differ; what the code itself puts into a new database (roles, quality dimensions) is no
part of it and is written anew into each copy.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import load_backend

from calidez.config.environment import kept_key

DEFAULT = "default"
KEPT_DAYS = 14
_NAMED = re.compile(r"^\s*(?:from|import)\s+(calidez[\w.]*)|\b(calidez(?:\.\w+)+)\b", re.MULTILINE)


@contextmanager
def test_database() -> Iterator[None]:
    """The default connection leads to a new database of the tests for as long as the block lasts."""
    connection = connections[DEFAULT]
    before = connection.settings_dict["NAME"]
    name = connection.creation._get_test_db_name()
    if connection.vendor == "sqlite":
        _lead_to(connection, name)
        _fill(connection, sqlite_template())
    else:
        from calidez.config.tests import template_on_server

        template_on_server.copy(connection, name)
        _lead_to(connection, name)
    after_migration()
    try:
        yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


def install(folder: Path) -> Path:
    """Give a data folder the database and the key that `calidez migrate` would make in it, whatever engine the tests run on."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "calidez.sqlite3"
    shutil.copyfile(_installed(), target)
    target.chmod(0o600)
    kept_key(folder / "audit.key")
    return target


def sqlite_template() -> Path:
    """A file that holds what the migrations make, and nothing else."""
    start = os.environ.get("CALIDEZ_TEST_TEMPLATE")
    kept = _own_folder() if start else cache()  # what goes on from another's template is of one run only
    target = kept / f"{digest()}.sqlite3"
    with alone(kept / f"{target.stem}.lock"):
        if target.exists():
            os.utime(target)
            return target
        _forget_old(kept)
        unfinished = target.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        if start:
            shutil.copyfile(start, unfinished)
        with default_is(sqlite(unfinished)) as connection:
            migrate(connection)
        unfinished.rename(target)
    return target


def migrate(connection: BaseDatabaseWrapper) -> None:
    """Every migration and nothing of what follows them."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@contextmanager
def default_is(database: dict[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """Meanwhile, everything in this thread reads and writes the database described."""
    settings = connections.configure_settings({DEFAULT: database})[DEFAULT]
    before = connections[DEFAULT]
    connection = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, DEFAULT)
    connections[DEFAULT] = connection
    try:
        yield connection
    finally:
        connection.close()
        connections[DEFAULT] = before


def sqlite(path: Path) -> dict[str, Any]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": path}


def digest() -> str:
    """Of all that decides how a migrated database looks: the migrations with what they import, and Django."""
    found = hashlib.sha256(django.get_version().encode())
    for app in sorted(apps.get_app_configs(), key=lambda one: one.label):
        for path in sorted((Path(app.path) / "migrations").glob("*.py")):
            text = path.read_text(encoding="utf-8")
            found.update(f"{app.label}/{path.name}\0{text}\0".encode())
            for module in sorted(_modules(text)):
                found.update(module.read_bytes())
    return found.hexdigest()[:24]


def cache() -> Path:
    """This account's own folder for templates, outside the tree: fresh clones use it too."""
    folder = Path(tempfile.gettempdir()) / f"calidez-templates-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else")
    return folder


def _installed() -> Path:
    """The template with what the code adds; made once by each process of tests, in the folder that it leaves behind."""
    target = _own_folder() / "installed.sqlite3"
    if not target.exists():
        shutil.copyfile(sqlite_template(), target)
        with default_is(sqlite(target)):
            after_migration()
    return target


def _own_folder() -> Path:
    from calidez.config.testing import FOLDER

    return Path(FOLDER)


def after_migration() -> None:
    emit_post_migrate_signal(verbosity=0, interactive=False, db=DEFAULT)


def _lead_to(connection: BaseDatabaseWrapper, name: str) -> None:
    connection.close()
    connections.settings[DEFAULT]["NAME"] = connection.settings_dict["NAME"] = name


def _fill(connection: BaseDatabaseWrapper, template: Path) -> None:
    connection.ensure_connection()
    with sqlite3.connect(template) as source:
        source.backup(connection.connection)
    source.close()


def _modules(text: str) -> set[Path]:
    """The files of ours that a migration names: a field of ours decides on the column, a constant on the trigger."""
    found = set()
    for pair in _NAMED.findall(text):
        name = next(filter(None, pair))
        while name.count("."):
            with suppress(ModuleNotFoundError, ValueError):
                spec = find_spec(name)
                if spec is not None and spec.origin:
                    found.add(Path(spec.origin))
                    break
            name = name.rpartition(".")[0]
    return found


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """One process at a time; the others wait and find what it made."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _forget_old(folder: Path) -> None:
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - KEPT_DAYS * 86_400:
                path.unlink()
