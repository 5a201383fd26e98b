"""Stores a filled database as the version at hand leaves it, so that later versions are tested on bringing it up to date.

    python scripts/release.py            the SQLite file, in tests/releases/<version>/
    DATABASE_URL=postgresql://…/empty python scripts/release.py    the same as a dump of PostgreSQL

Run once for each release, when its migrations stand still; what is stored is never made again.
"""

from __future__ import annotations

import gzip
import os
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# The trail of a stored database must verify wherever it is unpacked.
KEY = "stored with the release"
FILLED = ("datasets", "files", "uploads", "rejects")


def main() -> int:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    target = ROOT / "tests" / "releases" / version
    server = os.environ.get("DATABASE_URL", "")
    name = "postgresql.sql.gz" if server else "database.sqlite3.gz"
    if (target / name).exists():
        print(f"{version} is stored already; a release is never stored twice.", file=sys.stderr)
        return 1
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="calidez-release-") as folder:
        os.environ |= {
            "CALIDEZ_DATA": folder,
            "CALIDEZ_AUDIT_KEY": KEY,
            "CALIDEZ_SECRET_KEY": KEY * 3,
            "CALIDEZ_LANGUAGE": "en",
            "DJANGO_SETTINGS_MODULE": "calidez.config.settings",
        }
        sys.path.insert(0, str(ROOT / "src"))
        fill()
        (target / name).write_bytes(
            gzip.compress(dump(server) if server else copy(Path(folder)), compresslevel=9, mtime=0)
        )
        if not server:
            with tarfile.open(target / "data.tar.xz", "w:xz") as archive:
                for kept in FILLED:
                    if (Path(folder) / kept).is_dir():
                        archive.add(Path(folder) / kept, kept)
    print(f"{target.relative_to(ROOT)}/{name}: {(target / name).stat().st_size:,} bytes")
    return 0


def fill() -> None:
    """A small organisation with records of every kind, as the factories of the tests make them."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.PASSWORD_HASHERS = ["calidez.config.tests.hashing.CheapArgon2", *settings.PASSWORD_HASHERS]
    call_command("migrate", interactive=False, verbosity=0)
    from calidez.kit import conformance
    from calidez.kit.core import audit
    from calidez.people.tests.factories import world as found

    conformance.load_factories()
    world = found()
    for entity in conformance.kinds():
        made: list[Any] = [
            conformance.make(entity, world, unit, number)
            for unit in (world.north, world.south)
            for number in (1, 2)
        ]
        print(f"  {entity.slug}: {len(made)}")
    audit.seal(everything=True)


def copy(folder: Path) -> bytes:
    """One consistent file, whatever still lies in the write-ahead log."""
    from django.db import connections

    connections.close_all()
    whole = folder / "whole.sqlite3"
    with sqlite3.connect(folder / "calidez.sqlite3") as database:
        database.execute("VACUUM INTO ?", [str(whole)])
    return whole.read_bytes()


def dump(server: str) -> bytes:
    """SQL that any client can run again, without names of this server's accounts."""
    command = ["pg_dump", "--inserts", "--no-owner", "--no-privileges", "--dbname", server]
    return subprocess.run(command, check=True, capture_output=True).stdout


if __name__ == "__main__":
    raise SystemExit(main())
