"""At what times of the day rows came, weekday by weekday: what opening hours may be guessed from."""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta

from calidez.engine.connection import connect, literal, quoted, reading
from calidez.engine.delta import read_files
from calidez.engine.errors import EngineError
from calidez.engine.schema import ColumnType
from calidez.engine.store import Dataset

LATELY = timedelta(days=366)  # hours of years ago are not those of now


@dataclass(frozen=True)
class HourSeen:
    """Rows of one hour of a weekday (0 is Monday, local time), on how many days, and those exactly at midnight."""

    weekday: int
    hour: int
    rows: int
    days: int
    midnight: int


@dataclass(frozen=True)
class DayTimes:
    """The hours of the last year of the data, and of each weekday on how many days there were rows at all."""

    hours: tuple[HourSeen, ...]
    days: dict[int, int]


def branches_in(dataset: Dataset) -> tuple[str, ...]:
    """What the facts call the units, as they write them, in order."""
    column = dataset.schema.branch
    if column is None:
        return ()
    source = read_files(dataset.schema, list(dataset.files()))
    name = f"CAST({quoted(column.name)} AS VARCHAR)"
    with dataset.scratch() as folder, connect(folder) as connection, reading(dataset.name):
        found = connection.execute(
            f"SELECT DISTINCT {name} FROM {source} WHERE {name} IS NOT NULL ORDER BY 1"
        )
        return tuple(row[0] for row in found.fetchall())


def times_of_day(dataset: Dataset, *, branches: Collection[str] | None = None) -> DayTimes | None:
    """None where the column of time has days only; `branches` narrows to the rows of these."""
    column = dataset.schema.time
    if column is None:
        raise EngineError("needs_time")
    if column.type is not ColumnType.TIMESTAMP:
        return None
    files = list(dataset.files())
    newest = max((file.time_to for file in files if file.time_to), default=None)
    if newest is None or (branches is not None and not branches):
        return DayTimes((), {})
    since = newest - LATELY
    chosen = [file for file in files if file.time_to is None or file.time_to >= since]
    time = quoted(column.name)
    wanted = [f"{time} >= TIMESTAMPTZ {literal(since.isoformat())}", *_of(dataset, branches)]
    rows = (
        f"SELECT timezone({literal(column.zone)}, {time}) AS shown "
        f"FROM {read_files(dataset.schema, chosen)} WHERE {' AND '.join(wanted)}"
    )
    statement = (
        "SELECT isodow(shown) - 1 AS weekday, hour(shown) AS hour, count(*), count(DISTINCT shown::DATE), "
        "count(*) FILTER (shown::TIME = TIME '00:00:00') "
        f"FROM ({rows}) GROUP BY GROUPING SETS ((weekday, hour), (weekday)) ORDER BY ALL"
    )
    with dataset.scratch() as folder, connect(folder) as connection, reading(dataset.name):
        cells = connection.execute(statement).fetchall()
    return DayTimes(
        hours=tuple(HourSeen(*cell) for cell in cells if cell[1] is not None),
        days={cell[0]: cell[3] for cell in cells if cell[1] is None},
    )


def _of(dataset: Dataset, branches: Collection[str] | None) -> Iterator[str]:
    if branches is not None and dataset.schema.branch is not None:
        names = ", ".join(literal(name) for name in sorted(branches))
        yield f"CAST({quoted(dataset.schema.branch.name)} AS VARCHAR) IN ({names})"
