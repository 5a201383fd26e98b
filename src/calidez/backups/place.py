"""Where an installation lives: a data folder and a database; whether it is empty, half restored, or somebody's."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from calidez.backups import marker
from calidez.backups.archive.manifest import FOLDERS
from calidez.backups.archive.writing import sync_folder
from calidez.kit.platform.errors import RuleBroken

# What belongs to the seals and secrets of a place: carried as it is, whoever writes it.
HEADS = "trail.head"
KEY_NAMES = {"audit": "audit.key", "secret": "secret.key"}
# Rows in these tables mean that people use the place.
_SIGNS_OF_LIFE = ("people_user", "kit_auditevent")


@dataclass(frozen=True)
class Place:
    """`keys` are the secrets in effect, from the folder or from the environment."""

    connection: Any
    folder: Path
    keys: Mapping[str, str]

    def fingerprints(self) -> dict[str, str]:
        return {name: fingerprint(name, key) for name, key in self.keys.items()}

    def key_files(self) -> dict[str, bytes]:
        """Keys of the folder, and how far the trail was when its head was noted last."""
        found = sorted([*self.folder.glob("*.key"), *self.folder.glob(HEADS)])
        return {path.name: path.read_bytes() for path in found if path.is_file()}


def here() -> Place:
    """As the settings say."""
    from django.conf import settings
    from django.db import connections

    keys = {"audit": settings.AUDIT_KEY, "secret": settings.SECRET_KEY}
    return Place(connections["default"], Path(settings.DATA_DIR), keys)


def fingerprint(name: str, key: str) -> str:
    """Tells whether two keys are the same and nothing else of them."""
    return hashlib.sha256(f"calidez {name} {key}".encode()).hexdigest()


def need_empty(place: Place) -> None:
    """Refuses a place with anything in it that people could miss."""
    if marker.read(place.folder) is not None:
        raise RuleBroken(half_filled(place.folder))
    for name in FOLDERS:
        if any(path.is_file() for path in (place.folder / name).rglob("*")):
            raise RuleBroken(
                _(
                    "The data folder %(path)s is not empty: there is something in %(name)s. Name an empty folder in CALIDEZ_DATA, or move this one away."
                )
                % {"path": place.folder, "name": name}
            )
    tables = set(_tables(place.connection))
    if tables and "django_migrations" not in tables:
        raise RuleBroken(
            _("The database holds tables of another program. Name an empty database in DATABASE_URL.")
        )
    with place.connection.cursor() as cursor:
        for table in _SIGNS_OF_LIFE:
            if table in tables:
                cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 - names of our own
                if cursor.fetchone():
                    raise RuleBroken(
                        _(
                            "The database is in use: there are people or a history in it. A backup is restored into an empty place only: name an empty database in DATABASE_URL, or an empty folder in CALIDEZ_DATA."
                        )
                    )


def need_half_restored(place: Place) -> None:
    if marker.read(place.folder) is None:
        raise RuleBroken(
            _("No restore was broken off in %(path)s, so there is nothing to empty.") % {"path": place.folder}
        )


def empty_folders(place: Place) -> None:
    for name in FOLDERS:
        shutil.rmtree(place.folder / name, ignore_errors=True)
        (place.folder / name).mkdir(parents=True)


def empty_database(place: Place) -> None:
    """Take away what a restore that broke off left, or what a mere `calidez migrate` made."""
    connection = place.connection
    if connection.vendor == "sqlite":
        connection.close()
        file = Path(connection.settings_dict["NAME"])
        for path in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm", "-journal"))):
            path.unlink(missing_ok=True)
        return
    tables = _tables(connection)
    if tables:
        quote = connection.ops.quote_name
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {', '.join(map(quote, tables))} CASCADE")


def empty_again(place: Place, key_files: Mapping[str, bytes]) -> None:
    """As it was before a restore began in it, with the keys that it had."""
    empty_folders(place)
    empty_database(place)
    for name in place.key_files().keys() - key_files.keys():
        (place.folder / name).unlink()
    put_keys(place, key_files)


def put_keys(place: Place, files: Mapping[str, bytes]) -> None:
    """The keys of the archive, in place of those that a new folder was given at its first start."""
    for name in (HEADS, *KEY_NAMES.values()):
        if name not in files:
            with suppress(FileNotFoundError):
                (place.folder / name).unlink()
    for name, content in files.items():
        path = place.folder / name
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    sync_folder(place.folder)


def _tables(connection: Any) -> list[str]:
    with connection.cursor() as cursor:
        return [one.name for one in connection.introspection.get_table_list(cursor) if one.type == "t"]


def half_filled(folder: Path) -> str:
    said = marker.read(folder) or {}
    return _(
        "A restore broke off in %(path)s (%(archive)s), so it is half filled. To empty it and begin again: calidez restore FILE --begin-again"
    ) % {"path": folder, "archive": json.dumps(said.get("archive", "?"), ensure_ascii=False)}
