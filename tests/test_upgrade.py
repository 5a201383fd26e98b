"""Every release's stored database is brought up to date by this version, and all that was in it can still be opened."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tarfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from calidez.config.tests.empty_databases import empty_database

RELEASES = sorted(
    path
    for path in (Path(__file__).parent / "releases").iterdir()
    if path.is_dir() and path.name[0].isdigit()
)
KEY = "stored with the release"
pytestmark = pytest.mark.processes


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_sqlite(release: Path, tmp_path: Path) -> None:
    (tmp_path / "calidez.sqlite3").write_bytes(
        gzip.decompress((release / "database.sqlite3.gz").read_bytes())
    )
    with tarfile.open(release / "data.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    holds(brought_up_to_date(tmp_path, ""))


@pytest.mark.postgresql
@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_postgresql(release: Path, tmp_path: Path, empty: str) -> None:
    import psycopg

    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute(_statements(gzip.decompress((release / "postgresql.sql.gz").read_bytes())))
    holds(brought_up_to_date(tmp_path, empty))


@pytest.mark.slow
@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_a_backup_made_before_the_migration_is_restored_and_brought_up_to_date(
    release: Path, tmp_path: Path
) -> None:
    old, new, archive = tmp_path / "old", tmp_path / "new", str(tmp_path / "release.tar")
    old.mkdir()
    (old / "calidez.sqlite3").write_bytes(gzip.decompress((release / "database.sqlite3.gz").read_bytes()))
    with tarfile.open(release / "data.tar.xz") as kept:
        kept.extractall(old, filter="data")
    for name, key in (("audit.key", KEY), ("secret.key", KEY * 3)):
        (old / name).write_text(key)
    for folder, command in ((old, "backup"), (new, "restore")):
        _command(folder, command, archive)
    assert "intact" in _command(new, "verify")
    assert (new / "trail.head").is_file()


def _command(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "calidez.config.cli", *words],
        env={name: value for name, value in _environment(folder, "").items() if not name.endswith("_KEY")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_there_is_a_release() -> None:
    assert RELEASES


@pytest.fixture
def empty(postgresql_url: str) -> Iterator[str]:
    with empty_database(postgresql_url, f"calidez_upgrade_{uuid.uuid4().hex[:12]}") as url:
        yield url


def _environment(folder: Path, server: str) -> dict[str, str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("CALIDEZ_") and name != "DATABASE_URL"
    }
    return environment | {
        "CALIDEZ_DATA": str(folder),
        "CALIDEZ_AUDIT_KEY": KEY,
        "CALIDEZ_SECRET_KEY": KEY * 3,
        "CALIDEZ_LANGUAGE": "en",
        "DJANGO_SETTINGS_MODULE": "calidez.config.settings",
        **({"DATABASE_URL": server} if server else {}),
    }


def brought_up_to_date(folder: Path, server: str) -> dict[str, object]:
    program = Path(__file__).parent / "releases" / "bring_up_to_date.py"
    run = subprocess.run(
        [sys.executable, str(program)],
        env=_environment(folder, server),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    told: dict[str, object] = json.loads(run.stdout.splitlines()[-1])
    return told


def holds(told: dict[str, object]) -> None:
    assert told["refused"] == []
    assert told["intact"] is True
    opened = told["opened"]
    assert isinstance(opened, dict)
    assert {"standard", "policy", "document", "indicator", "user"} <= {
        key for key, count in opened.items() if count
    }


def _statements(dump: bytes) -> bytes:
    """Without the lines that only psql understands."""
    return b"\n".join(line for line in dump.splitlines() if not line.startswith(b"\\"))
