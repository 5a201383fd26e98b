"""Datasets as Delta tables: DuckDB writes the file, one atomic commit makes it part of the table."""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import time
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import duckdb
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.transaction import (
    AddAction,
    CommitProperties,
    RemoveAction,
    Transaction,
    create_table_with_add_actions,
)

from calidez.engine.connection import first_line, storage_errors
from calidez.engine.delta import (
    DataFile,
    actions_of,
    batch_of,
    column_of,
    data_file,
    delta_schema,
    overlaps,
    read_files,
    statistics_of,
)
from calidez.engine.errors import EngineError
from calidez.engine.locks import exclusive
from calidez.engine.schema import Schema

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
LOCK, STAGING_FOLDER = ".lock", ".staging"
# A reader that opened the table before a batch was removed may still be on its file.
ORPHAN_SECONDS = 3600.0
WAIT_SECONDS = 3600.0
KEEP_LOG = {"delta.logRetentionDuration": "interval 36500 days"}


@dataclass(frozen=True)
class Batch:
    id: str
    rows: int
    when: datetime
    label: str = ""
    time_from: datetime | None = None
    time_to: datetime | None = None


class Store:
    """The folder with all datasets."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root)

    def create(self, name: str, schema: Schema) -> Dataset:
        path = self._path(name)
        if self.exists(name):
            raise EngineError("dataset_exists", dataset=name)
        with storage_errors():
            path.mkdir(parents=True, exist_ok=True)
        try:
            create_table_with_add_actions(
                str(path), delta_schema(schema), [], mode="error", configuration=KEEP_LOG
            )
        except DeltaError as error:
            if self.exists(name):
                raise EngineError("dataset_exists", dataset=name) from error
            raise EngineError("storage_failed", detail=first_line(error)) from error
        except OSError as error:
            raise EngineError("storage_failed", detail=first_line(error)) from error
        return self.open(name)

    def open(self, name: str) -> Dataset:
        if not self.exists(name):
            raise EngineError("dataset_missing", dataset=name)
        return Dataset(name, self._path(name))

    def exists(self, name: str) -> bool:
        log = self._path(name) / "_delta_log"
        return log.is_dir() and any(log.glob("*.json"))

    def remove(self, name: str) -> None:
        """Delete a dataset: it disappears at once, then its files go."""
        path = self._path(name)
        if not path.exists():
            raise EngineError("dataset_missing", dataset=name)
        away = self.root / f".removed-{uuid.uuid4().hex}"
        with storage_errors():
            path.rename(away)
            shutil.rmtree(away)

    def names(self) -> list[str]:
        if not self.root.is_dir():
            return []
        return sorted(
            path.name for path in self.root.iterdir() if NAME.fullmatch(path.name) and self.exists(path.name)
        )

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise EngineError("bad_name", name=name)
        return self.root / name


class Dataset:
    """An append-only table of facts, made of batches that came whole."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.path = path
        self.schema = self._read_schema()

    def _read_schema(self) -> Schema:
        fields = self._table().schema().fields
        return Schema(tuple(column_of(field) for field in fields))

    def _table(self) -> DeltaTable:
        try:
            return DeltaTable(str(self.path))
        except TableNotFoundError as error:
            raise EngineError("dataset_missing", dataset=self.name) from error
        except (DeltaError, OSError) as error:
            raise EngineError("dataset_damaged", dataset=self.name, detail=first_line(error)) from error

    # Reading

    def files(self) -> tuple[DataFile, ...]:
        """The files of the newest state, oldest first."""
        found = [data_file(self.path, self.schema.time, row) for row in actions_of(self._table())]
        return tuple(sorted(found, key=lambda file: (file.when, file.path.name)))

    def rows(self) -> int:
        return sum(file.rows for file in self.files())

    def batches(self) -> tuple[Batch, ...]:
        labels = self._labels()
        return tuple(
            Batch(file.batch, file.rows, file.when, labels.get(file.batch, ""), file.time_from, file.time_to)
            for file in self.files()
        )

    def _labels(self) -> dict[str, str]:
        labels: dict[str, str] = {}
        for entry in reversed(self._table().history()):  # the newest comes first
            if "calidez.labels" in entry:
                labels |= json.loads(str(entry["calidez.labels"]))
            elif "calidez.batch" in entry:
                labels[str(entry["calidez.batch"])] = str(entry.get("calidez.label", ""))
        return labels

    def period_range(self) -> tuple[datetime, datetime] | None:
        """The first and the last moment of all rows (UTC; midnight for dates); None without rows."""
        spans = [(file.time_from, file.time_to) for file in self.files()]
        starts = [start for start, _ in spans if start]
        ends = [end for _, end in spans if end]
        return (min(starts), max(ends)) if starts and ends else None

    def source(self, *, since: datetime | None = None, until: datetime | None = None) -> str:
        """A FROM clause for DuckDB over the files that may hold rows of [since, until)."""
        return read_files(self.schema, [file for file in self.files() if overlaps(file, since, until)])

    def relation(self, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
        return connection.sql(f"SELECT * FROM {self.source()}")

    # Writing

    @contextmanager
    def locked(self, *, timeout: float = WAIT_SECONDS, **waiting: object) -> Iterator[None]:
        with storage_errors():
            lock = exclusive(self.path / LOCK, name=self.name, timeout=timeout, **waiting)  # type: ignore[arg-type]
        with lock:
            yield

    def has_batch(self, batch: str) -> bool:
        """A batch may be loaded, removed and loaded again: odd versions of its transaction mean that it is there."""
        return (self._table().transaction_version(batch) or 0) % 2 == 1

    def add(self, batch: str, staged: Path, rows: int, *, label: str, span: tuple[int, int] | None) -> None:
        """Make a finished file part of the table. Call with the lock held."""
        table = self._table()
        version = (table.transaction_version(batch) or 0) + 1
        final = self.path / f"{batch}-{uuid.uuid4().hex[:12]}.parquet"
        with storage_errors():
            _sync(staged)
            staged.replace(final)
            _sync(self.path)
        action = AddAction(
            path=final.name,
            size=final.stat().st_size,
            partition_values={},
            modification_time=int(time.time() * 1000),
            data_change=True,
            stats=json.dumps(statistics_of(self.schema.time, rows, span)),
        )
        self._commit(table, [action], batch, version, label)

    def remove_batch(self, batch: str) -> None:
        """Take a batch back; its file stays until readers that started before are done."""
        try:
            self._remove_batch(batch)
        except EngineError as error:
            if error.code in {"storage_failed", "disk_full"}:  # whose sentences speak of a load
                raise EngineError("not_removed") from error
            raise

    def _remove_batch(self, batch: str) -> None:
        with self.locked():
            table = self._table()
            actions = [
                RemoveAction(
                    path=str(row["path"]),
                    deletion_timestamp=int(time.time() * 1000),
                    data_change=True,
                    size=int(str(row["size_bytes"])),
                    partition_values={},
                )
                for row in actions_of(table)
                if batch_of(str(row["path"])) == batch
            ]
            if not actions:
                raise EngineError("batch_missing", dataset=self.name, batch=batch)
            for action in actions:  # what is swept away is counted from the day on which it left
                (self.path / action.path).touch()
            self._commit(table, actions, batch, (table.transaction_version(batch) or 1) + 1, "")

    def overwrite(self, other: Dataset, labels: dict[str, str]) -> None:
        """Take the columns and rows of another dataset, whose files move here, in place of all of one's own.

        Call with the lock held. It is one commit: readers see the table as it was, or as it is now.
        """
        table = self._table()
        gone = {file.batch for file in self.files()}
        files = other.files()
        actions = []
        with storage_errors():
            for file in files:
                final = self.path / f"{file.batch}-{uuid.uuid4().hex[:12]}.parquet"
                file.path.replace(final)
                _sync(final)
                actions.append(_added(final, other.schema, file))
            _sync(self.path)
        here = {file.batch for file in files}
        now = int(time.time() * 1000)
        versions = {batch: table.transaction_version(batch) or 0 for batch in gone | here}
        changed = {
            batch: version + 1
            for batch, version in versions.items()
            if (batch in here) != (version % 2 == 1)  # odd says that it is there
        }
        properties = CommitProperties(
            custom_metadata={"calidez.labels": json.dumps(labels)},
            app_transactions=[Transaction(batch, version, now) for batch, version in changed.items()],
        )
        self._written(table, actions, "overwrite", other.schema, properties)
        for path in self.path.glob("*.parquet"):
            if batch_of(path.name) in gone:  # what is swept away is counted from the day on which it left
                path.touch()
        self.schema = other.schema

    def need_only(self, labels: Collection[str]) -> None:
        """Refuse where there are batches of other labels: whoever decided did not know of them. Call with the lock held."""
        if any(batch.label not in labels for batch in self.batches()):
            raise EngineError("came_meanwhile", dataset=self.name)

    def clear(self, labels: Collection[str]) -> None:
        """Every batch leaves, in one commit; each may be loaded again. They are those of these labels and no others."""
        with self.locked():
            self.need_only(labels)
            table = self._table()
            files = self.files()
            if not files:
                return
            now = int(time.time() * 1000)
            for file in files:  # what is swept away is counted from the day on which it left
                with storage_errors():
                    file.path.touch()
            properties = CommitProperties(
                custom_metadata={"calidez.labels": "{}"},
                app_transactions=[
                    Transaction(batch, (table.transaction_version(batch) or 1) + 1, now)
                    for batch in {file.batch for file in files}
                ],
            )
            self._written(table, [], "overwrite", self.schema, properties)

    def _commit(self, table: DeltaTable, actions: list, batch: str, version: int, label: str) -> None:
        properties = CommitProperties(
            custom_metadata={"calidez.batch": batch, "calidez.label": label},
            app_transactions=[Transaction(batch, version, int(time.time() * 1000))],
        )
        self._written(table, actions, "append", self.schema, properties)

    def _written(
        self,
        table: DeltaTable,
        actions: list,
        mode: Literal["append", "overwrite"],
        schema: Schema,
        properties: CommitProperties,
    ) -> None:
        try:
            table.create_write_transaction(
                actions, mode=mode, schema=delta_schema(schema), commit_properties=properties
            )
        except CommitFailedError as error:
            raise EngineError("busy", dataset=self.name) from error
        except (DeltaError, OSError) as error:
            with storage_errors():
                raise OSError(getattr(error, "errno", None) or 0, first_line(error)) from error
        with storage_errors():
            _sync(self.path / "_delta_log")

    @contextmanager
    def staging(self) -> Iterator[Path]:
        """A folder for one load, gone afterwards. Call with the lock held."""
        with storage_errors():
            folder = self.path / STAGING_FOLDER / uuid.uuid4().hex
            folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder for one reading to spill into, gone afterwards; no lock is needed."""
        with storage_errors():
            folder = tempfile.TemporaryDirectory(dir=self.path, prefix=".reading-")
        with folder as name:
            yield Path(name)

    def sweep(self, *, older_than: float = ORPHAN_SECONDS) -> int:
        """Delete what killed loads left behind; returns how many files. Call with the lock held."""
        shutil.rmtree(self.path / STAGING_FOLDER, ignore_errors=True)
        used = {file.path.name for file in self.files()}
        limit = time.time() - older_than
        orphans = [
            path
            for path in self.path.glob("*.parquet")
            if path.name not in used and path.stat().st_mtime <= limit
        ]
        for path in orphans:
            path.unlink(missing_ok=True)
        return len(orphans)


def _added(path: Path, schema: Schema, file: DataFile) -> AddAction:
    span = None
    if file.time_from is not None and file.time_to is not None:
        span = (_microseconds(file.time_from), _microseconds(file.time_to))
    return AddAction(
        path=path.name,
        size=path.stat().st_size,
        partition_values={},
        modification_time=int(time.time() * 1000),
        data_change=True,
        stats=json.dumps(statistics_of(schema.time, file.rows, span)),
    )


def _microseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _sync(path: Path) -> None:
    """Ask the disk to keep what was written, so that the commit never points at a file that power took away."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
