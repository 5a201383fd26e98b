"""A backup of an installation in use: one moment of its database, and all files that the rows of that moment name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

import calidez
from calidez.backups import files
from calidez.backups.archive import locks, reading
from calidez.backups.archive.manifest import DATABASE, FOLDERS, KEYS, Manifest, Table
from calidez.backups.archive.writing import Writer, digest_of, new_archive
from calidez.backups.database import rows, schema
from calidez.backups.database.places import Places
from calidez.backups.place import Place
from calidez.engine.errors import EngineError
from calidez.engine.locks import exclusive
from calidez.kit.platform.errors import RuleBroken

# What somebody deletes just as the moment is taken can be gone before it is held; the next moment does without it.
TRIES = 5
Told = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Made:
    """A finished archive. `sha256` is that of the file, as `sha256sum` counts it."""

    path: Path
    manifest: Manifest
    size: int
    sha256: str
    locked: str


@dataclass(frozen=True)
class _Moment:
    reader: Any
    schema: schema.Schema
    held: files.Held
    keys: dict[str, bytes]
    at: dt.datetime


def back_up(
    place: Place,
    target: Path,
    lock: locks.Lock = None,
    *,
    replace: bool = False,
    told: Told = lambda done, total, text: None,
) -> Made:
    """Write the archive; nobody who works meanwhile is held up, and what they do meanwhile is not in it."""
    with alone(place.folder):
        with new_archive(target, lock, replace=replace) as writer, _moment(place) as moment:
            manifest = _write(writer, place, moment, told)
        if lock is None:
            told(0, 0, _("Reading it once more"))
            reading.judge(target, locks.Keys())
        return Made(target, manifest, target.stat().st_size, digest_of(target), locks.kind_of(target))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Never two at once."""
    place = folder / "locks"
    place.mkdir(exist_ok=True)
    with ExitStack() as stack:
        try:
            stack.enter_context(exclusive(place / "backup.lock", name="backup", timeout=0))
        except EngineError:
            raise RuleBroken(_("Another backup is being made just now. Wait until it is finished.")) from None
        yield


@contextmanager
def _moment(place: Place) -> Iterator[_Moment]:
    """Keys and the trail's head are read before the moment, so that no head is newer than the trail in the archive."""
    missing: set[str] | None = None
    for number in range(1, TRIES + 1):
        with ExitStack() as stack:
            keys, before = place.key_files(), files.versions(place.folder)
            reader = stack.enter_context(rows.one_moment(place.connection))
            at = dt.datetime.now(dt.UTC)
            keep = stack.enter_context(files.holding(place.folder))
            found = schema.of_database(reader)
            held = files.hold(place.folder, reader, found, before, keep)
            # Missing twice is missing for good: then the archive says so, and has all the rest.
            if set(held.missing) <= (missing if missing is not None else set()) or number == TRIES:
                yield _Moment(reader, found, held, keys, at)
                return
            missing = set(held.missing)


def _write(writer: Writer, place: Place, moment: _Moment, told: Told) -> Manifest:
    made_at = moment.at.isoformat(timespec="seconds")
    writer.begin(calidez.__version__, made_at)
    for name, content in moment.keys.items():
        writer.add(f"{KEYS}/{name}", content)
    tables = tuple(_write_tables(writer, place, moment, told))
    _write_files(writer, moment, told)
    digests = {one.place or one.name: one.sha256 for one in writer.members}
    manifest = Manifest(
        program=calidez.__version__,
        made_at=made_at,
        database=place.connection.vendor,
        migrations=moment.schema.applied,
        keys=place.fingerprints(),
        tables=tables,
        left_out=tuple(one.label for one in moment.schema.left_out),
        datasets=tuple(_datasets(moment, digests)),
        missing=tuple(sorted(moment.held.missing)),
        members=tuple(writer.members),
    ).sealed()
    writer.finish(manifest)
    return manifest


def _write_tables(writer: Writer, place: Place, moment: _Moment, told: Told) -> Iterator[Table]:
    places, total = Places(place.folder), len(moment.schema.tables)
    for number, table in enumerate(moment.schema.tables):
        read = rows.Reading(moment.reader, table, places)
        told(number, total, _("Copying the records"))
        for _count in writer.add_rows(f"{DATABASE}/{table.label}", read.lines()):
            told(number, total, _("Copying the records"))
        yield Table(table.label, table.name, tuple(c.name for c in table.columns), read.rows, read.digest)


def _write_files(writer: Writer, moment: _Moment, told: Told) -> None:
    total = len(moment.held.files)
    order = sorted(moment.held.files, key=lambda one: (FOLDERS.index(one.partition("/")[0]), one))
    for number, name in enumerate(order):
        if number % 50 == 0:
            told(number, total, _("Copying the files"))
        writer.add_file(name, moment.held.files[name])


def _datasets(moment: _Moment, digests: dict[str, str]) -> Iterator[Any]:
    for copy, code in moment.held.datasets:
        there = {name: digests.get(f"datasets/{code}/{name}", "") for name in copy.files}
        yield files.held_dataset(code, copy, there)
