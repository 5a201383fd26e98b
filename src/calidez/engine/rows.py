"""The rows of a dataset to be looked at, the newest first: only the files are opened that can hold them."""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from calidez.engine.connection import connect, literal, quoted, reading
from calidez.engine.delta import DataFile, overlaps
from calidez.engine.errors import EngineError
from calidez.engine.report import utc
from calidez.engine.schema import Column, ColumnType
from calidez.engine.store import Dataset

AT_ONCE = 1000  # rows fetched at a time for a file that somebody downloads


@dataclass(frozen=True)
class Wanted:
    """Days from `since` to `until`, both included; `branches` as the facts write them, in whichever case (None: all)."""

    since: date | None = None
    until: date | None = None
    branches: Collection[str] | None = None


@dataclass(frozen=True)
class RowsFound:
    rows: tuple[tuple[object, ...], ...]
    more: bool


def newest_rows(dataset: Dataset, wanted: Wanted, *, skip: int = 0, count: int = 50) -> RowsFound:
    """Some rows after `skip` others. Without a time, the last file comes first."""
    files = _newest_first(dataset, wanted)
    enough, taken = skip + count + 1, 1
    with dataset.scratch() as folder, connect(folder) as connection, reading(dataset.name):
        while True:
            some = files[:taken]
            query = _query(dataset, some, wanted, ordered=True)
            found = connection.execute(f"{query} LIMIT {enough}").fetchall() if some else []
            if taken >= len(files) or (
                len(found) == enough and _surely_newest(dataset, found, files[len(some) :])
            ):
                shown = tuple(_cells(dataset, row) for row in found[skip : skip + count])
                return RowsFound(shown, len(found) == enough)
            taken *= 2


def all_rows(dataset: Dataset, wanted: Wanted) -> Iterator[tuple[object, ...]]:
    """Every row that is wanted, file after file, for whoever takes them along."""
    with dataset.scratch() as folder, connect(folder) as connection, reading(dataset.name):
        for file in _newest_first(dataset, wanted):
            found = connection.execute(_query(dataset, [file], wanted, ordered=False))
            while some := found.fetchmany(AT_ONCE):
                yield from (_cells(dataset, row) for row in some)


def _newest_first(dataset: Dataset, wanted: Wanted) -> list[DataFile]:
    since, until = _bounds(dataset.schema.time, wanted)
    files = [file for file in dataset.files() if overlaps(file, since, until)]
    return sorted(files, key=lambda file: (_last(file), file.when), reverse=True)


def _surely_newest(dataset: Dataset, found: Sequence[tuple[object, ...]], others: Sequence[DataFile]) -> bool:
    """Whether no row of the files that were not opened belongs between those found."""
    if dataset.schema.time is None:
        return True
    oldest = found[-1][0]
    if isinstance(oldest, int):
        moment = utc(oldest)
    elif isinstance(oldest, date):
        moment = datetime.combine(oldest, time(), UTC)
    else:
        return False
    return all(_last(file) < moment for file in others)


def _last(file: DataFile) -> datetime:
    return file.time_to or datetime.min.replace(tzinfo=UTC)


def _query(dataset: Dataset, files: Sequence[DataFile], wanted: Wanted, *, ordered: bool) -> str:
    schema = dataset.schema
    for file in files:
        if not file.path.is_file():
            raise EngineError("dataset_file_missing", dataset=dataset.name, file=file.path.name)
    moment = _read(schema.time) if schema.time else "0"
    cells = ", ".join(_read(column) for column in schema.stored)
    conditions = " AND ".join(_conditions(dataset, wanted)) or "true"
    paths = ", ".join(literal(file.path) for file in files)
    newest = f"{quoted(schema.time.name)} DESC, " if schema.time else ""
    order = f" ORDER BY {newest}filename DESC, file_row_number DESC" if ordered else ""
    return (
        f"SELECT {moment}, {cells} FROM read_parquet([{paths}], filename=true, file_row_number=true) "
        f"WHERE {conditions}{order}"
    )


def _read(column: Column) -> str:
    """Moments as microseconds: the driver's own way to a moment needs what is not installed."""
    name = quoted(column.name)
    return f"epoch_us({name})" if column.type is ColumnType.TIMESTAMP else name


def _cells(dataset: Dataset, row: Sequence[object]) -> tuple[object, ...]:
    """Without the moment by which rows are ordered."""
    return tuple(
        utc(value) if column.type is ColumnType.TIMESTAMP and isinstance(value, int) else value
        for column, value in zip(dataset.schema.stored, row[1:], strict=True)
    )


def _conditions(dataset: Dataset, wanted: Wanted) -> Iterator[str]:
    schema = dataset.schema
    since, until = _bounds(schema.time, wanted)
    if schema.time is not None:
        kind = "DATE" if schema.time.type is ColumnType.DATE else "TIMESTAMPTZ"
        name = quoted(schema.time.name)
        for sign, moment in ((">=", since), ("<", until)):
            if moment is not None:
                at = moment.date().isoformat() if kind == "DATE" else moment.isoformat()
                yield f"{name} {sign} {kind} {literal(at)}"
    if wanted.branches is not None:
        names = ", ".join(literal(name.lower()) for name in sorted(wanted.branches))
        branch = quoted(schema.branch.name) if schema.branch else "NULL::VARCHAR"
        yield f"lower(trim(CAST({branch} AS VARCHAR))) IN ({names})" if names else "false"


def _bounds(column: Column | None, wanted: Wanted) -> tuple[datetime | None, datetime | None]:
    """The moments [since, until) of the days: of a date's own day, or as days begin in the column's zone."""
    if column is None:
        return None, None
    zone = UTC if column.type is ColumnType.DATE else ZoneInfo(column.zone)

    def begins(day: date) -> datetime:
        return datetime.combine(day, time(), zone).astimezone(UTC)

    # Of days at the very ends of the calendar there is nothing beyond.
    since = wanted.since if wanted.since and wanted.since > date.min + timedelta(days=1) else None
    until = (
        wanted.until + timedelta(days=1)
        if wanted.until and wanted.until < date.max - timedelta(days=2)
        else None
    )
    return (begins(since) if since else None), (begins(until) if until else None)
