"""Which files the rows of one moment name, held fast so that nobody can delete them before they are copied."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from calidez import engine
from calidez.backups.archive.manifest import HeldDataset
from calidez.backups.database.schema import Schema, TableOf
from calidez.kit.platform.kept_files.field import KeptFileField

# Of an import that is over, nothing is needed but the rows that were refused, and its file where that is kept.
_FILE_NEEDED = frozenset({"uploaded", "checked", "loading", "failed"})
_LOADED, _REMOVED = "loaded", "removed"
_HELD = "backup-"


@dataclass
class Held:
    """Places in the data folder, each with where its bytes are kept until they are copied."""

    files: dict[str, Path] = field(default_factory=dict)
    datasets: list[tuple[engine.Copy, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def versions(folder: Path) -> dict[str, int]:
    """How far each dataset is. Asked before the moment of the database: what came until then, it knows of."""
    store = engine.Store(folder / "datasets")
    found = {}
    for name in store.names():
        with suppress(engine.EngineError):  # a damaged one is told when it is to be copied
            found[name] = engine.version_of(store.open(name))
    return found


@contextmanager
def holding(folder: Path) -> Iterator[Path]:
    """A place on the same disk where files get a second name; what a killed backup left there is cleared away."""
    root = folder / "tmp"
    root.mkdir(exist_ok=True)
    for left in root.glob(f"{_HELD}*"):
        shutil.rmtree(left, ignore_errors=True)
    place = root / f"{_HELD}{uuid.uuid4().hex}"
    place.mkdir(mode=0o700)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def hold(folder: Path, reader: Any, schema: Schema, before: Mapping[str, int], keep: Path) -> Held:
    """Everything that the rows name. What vanishes soonest, a file that is being loaded, comes first."""
    held = Held()
    for place in _named(folder, reader, schema):
        path = folder / place
        if path.is_file():
            _hold(held, place, path, keep)
        else:
            held.missing.append(place)
    _hold_datasets(held, folder, reader, schema, before, keep)
    return held


def digest_of_files(digests: Mapping[str, str]) -> str:
    """Of a dataset's files, by their names within it."""
    said = "".join(f"{name}\0{digests[name]}\n" for name in sorted(digests))
    return hashlib.sha256(said.encode()).hexdigest()


def held_dataset(code: str, copy: engine.Copy, digests: Mapping[str, str]) -> HeldDataset:
    return HeldDataset(code, copy.version, copy.rows, digest_of_files(digests))


def _hold(held: Held, place: str, path: Path, keep: Path) -> None:
    kept = keep / f"{len(held.files):08}"
    try:
        try:
            os.link(path, kept)
        except FileNotFoundError:
            raise
        except OSError:  # another disk, or one that knows no second names
            shutil.copyfile(path, kept)
    except FileNotFoundError:
        held.missing.append(place)
        return
    held.files[place] = kept


def _named(folder: Path, reader: Any, schema: Schema) -> Iterator[str]:
    yield from dict.fromkeys(_imports(folder, reader, schema))
    yield from dict.fromkeys(_runs(folder, reader, schema))
    yield from dict.fromkeys(f"files/{sha[:2]}/{sha}" for sha in _kept(reader, schema))


def _imports(folder: Path, reader: Any, schema: Schema) -> Iterator[str]:
    for path, state, rejects in _rows(reader, schema, "monitoring.import", "path", "state", "reject_file"):
        if state in _FILE_NEEDED or Path(path).parent.parent.name == "kept":
            yield from _inside(path, folder, "uploads")
        yield from _inside(rejects, folder, "rejects")


def _runs(folder: Path, reader: Any, schema: Schema) -> Iterator[str]:
    """A run's folder as it is. What its work is still writing, it writes anew when it is taken up again."""
    for uid, _state in _rows(reader, schema, "kit.run", "uid", "state"):
        name = (uid if isinstance(uid, uuid.UUID) else uuid.UUID(uid)).hex
        place = folder / "runs" / name
        if place.is_dir():
            yield from (f"runs/{name}/{path.name}" for path in sorted(place.iterdir()) if path.is_file())


def _kept(reader: Any, schema: Schema) -> Iterator[str]:
    for (sha256,) in _rows(reader, schema, "kit.attachment", "sha256"):
        yield sha256
    for table in schema.tables:
        for column in table.columns:
            if isinstance(column.field, KeptFileField):
                for (name,) in _rows(reader, schema, table.label, column.name):
                    if name:
                        yield name.partition("/")[0]


def _hold_datasets(
    held: Held, folder: Path, reader: Any, schema: Schema, before: Mapping[str, int], keep: Path
) -> None:
    """Each as far as the rows know of it: a load that came in later is no part of this moment."""
    store = engine.Store(folder / "datasets")
    loaded: dict[Any, set[str]] = {}
    for dataset, state, report in _rows(reader, schema, "monitoring.import", "dataset", "state", "report"):
        if state == _LOADED and dataset is not None:
            loaded.setdefault(dataset, set()).add(str(_read(report).get("batch", "")))
    for key, code, state in _rows(reader, schema, "monitoring.dataset", "id", "code", "state"):
        if state == _REMOVED:
            continue
        try:
            dataset = store.open(code)
            version = engine.newest_with(dataset, loaded.get(key, set()), after=before.get(code, 0))
            copy = engine.copy_of(dataset, version)
        except engine.EngineError:  # all the rest is worth keeping even so
            held.missing.append(f"datasets/{code}")
            continue
        for name in copy.files:
            _hold(held, f"datasets/{code}/{name}", dataset.path / name, keep)
        held.datasets.append((copy, code))


def _inside(path: str, folder: Path, top: str) -> Iterator[str]:
    """Files elsewhere on the disk belong to somebody else."""
    if path and path.startswith(f"{folder}/{top}/"):
        yield path.removeprefix(f"{folder}/")


def _read(value: Any) -> dict[str, Any]:
    found = json.loads(value) if isinstance(value, (str, bytes)) else value
    return found if isinstance(found, dict) else {}


def _rows(reader: Any, schema: Schema, label: str, *names: str) -> Iterator[tuple[Any, ...]]:
    """Nothing where the schema of that time had no such table or column."""
    table: TableOf | None = schema.table(label)
    columns = {column.name: column.column for column in table.columns} if table else {}
    if table is None or not set(names) <= set(columns):
        return
    quote = reader.ops.quote_name
    chosen = ", ".join(quote(columns[name]) for name in names)
    with reader.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {chosen} FROM {quote(table.name)}")  # noqa: S608 - names of models
        while rows := cursor.fetchmany(2000):
            yield from rows
