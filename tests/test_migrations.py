"""`calidez migrate` on nothing, for real, makes what the other tests get as a copy: tables, triggers and first rows."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.apps import apps

# A part of kit's own tests, which no installation has.
TESTS_ONLY = "ledger"
OF_TESTS = tuple(f"_{name}" for name in apps.all_models[TESTS_ONLY])
pytestmark = pytest.mark.processes


def test_on_sqlite(tmp_path: Path, installed: Callable[[Path], Path]) -> None:
    _migrate(tmp_path / "var")
    with (
        closing(sqlite3.connect(tmp_path / "var" / "calidez.sqlite3")) as real,
        closing(sqlite3.connect(installed(tmp_path / "copy"))) as copy,
    ):
        made = _sqlite_schema(real)
        assert _sqlite_schema(copy) == made
        assert sum("append-only" in sql for _kind, _name, sql in made) >= 4
        assert _first_rows(copy.execute) == _first_rows(real.execute)


@pytest.mark.postgresql
def test_on_postgresql(tmp_path: Path, postgresql_url: str, django_db_blocker: Any) -> None:
    from calidez.config import environment
    from calidez.config.tests import template, template_on_server

    with (
        _database(postgresql_url, "calidez_test_real") as real,
        _database(postgresql_url, "calidez_test_copy") as copy,
    ):
        _migrate(tmp_path / "var", DATABASE_URL=real)
        described = environment._database(copy, tmp_path)
        with django_db_blocker.unblock(), template.default_is(described) as connection:
            template_on_server.copy(connection, "calidez_test_copy")
            template.after_migration()
        with psycopg.connect(real) as one, psycopg.connect(copy) as other:
            made = _server_schema(one)
            assert _server_schema(other) == made
            assert sum("append_only" in line for line in made) >= 3
            assert _first_rows(other.execute) == _first_rows(one.execute)


def _migrate(folder: Path, **environ: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CALIDEZ_")}
    kept.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "calidez.config.cli", "migrate"],
        env=kept | {"CALIDEZ_DATA": str(folder), "CALIDEZ_LANGUAGE": "en"} | environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _sqlite_schema(database: sqlite3.Connection) -> set[tuple[str, str, str]]:
    rows = database.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {row for row in rows if TESTS_ONLY not in row[1] and TESTS_ONLY not in row[2]}


def _server_schema(database: psycopg.Connection[Any]) -> set[str]:
    """Every column with type and default, index, constraint, trigger, function and sequence."""
    asked = (
        "SELECT concat_ws(' ', table_name, column_name, data_type, character_maximum_length, is_nullable,"
        " column_default, is_identity) FROM information_schema.columns WHERE table_schema = 'public'",
        "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace",
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
        "SELECT sequence_name FROM information_schema.sequences WHERE sequence_schema = 'public'",
    )
    lines = {str(line) for query in asked for (line,) in database.execute(query)}
    return {line for line in lines if TESTS_ONLY not in line}


def _first_rows(ask: Callable[[str], Any]) -> list[set[tuple[Any, ...]]]:
    """What a new installation begins with; neither keys nor moments."""
    asked = (
        "SELECT app, name FROM django_migrations",
        "SELECT app_label, model FROM django_content_type",
        "SELECT codename, name FROM auth_permission",
        "SELECT code, CAST(shipped AS text), for_a_time, version FROM people_role",
        "SELECT key, family, name FROM standards_qualitydimension",
        "SELECT label FROM kit_auditevent",
    )
    return [{row for row in ask(query) if not any(_of_tests(value) for value in row)} for query in asked]


def _of_tests(value: Any) -> bool:
    return isinstance(value, str) and (value == TESTS_ONLY or value.endswith(OF_TESTS))


@contextmanager
def _database(server: str, name: str) -> Iterator[str]:
    """The address of a database that does not exist twice: made for the block, gone after it."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
