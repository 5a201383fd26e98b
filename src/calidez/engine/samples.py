"""What the columns of a dataset hold, by its newest rows: examples to choose from, and what is likely an identifier."""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from calidez.engine.connection import connect, literal, quoted, reading, within
from calidez.engine.delta import DataFile, read_files
from calidez.engine.schema import Column
from calidez.engine.store import Dataset

MOST_SAMPLED = 20_000
MOST_VALUES = 60  # of a column, the most frequent first
LONGEST_VALUE = 120  # of a text; what is longer is no value to choose


@dataclass(frozen=True)
class Seen:
    """`values` as they are written in an expression, the most frequent first; `different` of the `rows` that say something."""

    values: tuple[str, ...] = ()
    different: int = 0
    rows: int = 0

    @property
    def all_different(self) -> bool:
        """Whether no value comes twice, as numbers of calls and tickets do not."""
        return self.rows > 1 and self.different == self.rows


def sample_of(
    dataset: Dataset, *, branches: Collection[str] | None = None, seconds: float = 2.0
) -> dict[str, Seen]:
    """By column what the newest rows hold, of the units called `branches` only; never more than some thousands of rows."""
    columns = dataset.schema.stored
    files = _newest(dataset)
    if not files or not columns:
        return {}
    if branches is not None and (not branches or dataset.schema.branch is None):
        return {}  # rows that say no unit belong to none of these
    names = [quoted(column.name) for column in columns]
    rows = f"SELECT {', '.join(names)} FROM {read_files(dataset.schema, files)}{_where(dataset, branches)} LIMIT {MOST_SAMPLED}"
    with (
        dataset.scratch() as folder,
        connect(folder) as connection,
        within(connection, seconds, dataset.name),
        reading(dataset.name),
    ):
        connection.execute(f"CREATE TEMP TABLE newest AS {rows}")
        return {column.name: _seen(connection.execute(_asked(column)).fetchall()) for column in columns}


def _newest(dataset: Dataset) -> list[DataFile]:
    """The files that were loaded last, until they hold enough rows."""
    chosen: list[DataFile] = []
    for file in reversed(dataset.files()):
        chosen.append(file)
        if sum(one.rows for one in chosen) >= MOST_SAMPLED:
            break
    return chosen


def _where(dataset: Dataset, branches: Collection[str] | None) -> str:
    column = dataset.schema.branch
    if branches is None:
        return ""
    assert column is not None
    names = ", ".join(literal(name.lower()) for name in sorted(branches))
    return f" WHERE lower(trim(CAST({quoted(column.name)} AS VARCHAR))) IN ({names})"


def _asked(column: Column) -> str:
    """The values with how often they come, then how many there are of them and of rows."""
    name = quoted(column.name)
    return (
        f"SELECT CAST({name} AS VARCHAR) AS value, count(*) AS rows, count(*) OVER () AS different, "
        f"sum(count(*)) OVER () AS known FROM newest WHERE {name} IS NOT NULL "
        f"GROUP BY {name} ORDER BY rows DESC, {name} LIMIT {MOST_VALUES}"
    )


def _seen(rows: list[tuple[str, int, int, int]]) -> Seen:
    if not rows:
        return Seen()
    values = tuple(value for value, *_counts in rows if len(value) <= LONGEST_VALUE)
    return Seen(values, rows[0][2], int(rows[0][3]))
