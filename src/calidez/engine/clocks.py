"""Times that no clock showed and times that it showed twice: what a file without offsets leaves open when clocks change.

DuckDB (by ICU) takes the first kind as if the clock had not gone forward, so they come out later by the step of the clock,
and of the two moments of the second kind the later one. Both are right more often than not; the report says how many.
"""

# ruff: noqa: S608 - names are quoted and values are literals of our own making

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from calidez.engine.checking import Cell
from calidez.engine.connection import literal, quoted
from calidez.engine.parsing import shown_time
from calidez.engine.report import utc
from calidez.engine.schema import ColumnType

Rows = Callable[[str], tuple[int, ...]]  # the one row that a statement gives
MOST_CHANGES = 400  # of one zone: two centuries of summers


@dataclass(frozen=True)
class Change:
    """The moment at which a clock went from one offset of UTC to another."""

    moment: datetime
    before: timedelta
    after: timedelta

    @property
    def forward(self) -> bool:
        return self.after > self.before

    @property
    def local(self) -> tuple[datetime, datetime]:
        """The stretch of the clock that was skipped, or shown twice: [start, end)."""
        shown = sorted((self.moment + self.before, self.moment + self.after))
        return shown[0].replace(tzinfo=None), shown[1].replace(tzinfo=None)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Where the times of that stretch come out."""
        step = abs(self.after - self.before)
        return (self.moment if self.forward else self.moment - step), self.moment + step


def changes(zone: str, start: datetime, end: datetime) -> list[Change]:
    """The changes of a zone's clock between two moments, and in the two days around."""
    clock = ZoneInfo(zone)
    at, last = (start - timedelta(days=2)).replace(microsecond=0), end + timedelta(days=2)
    found: list[Change] = []
    before = _offset(at, clock)
    while at < last and len(found) < MOST_CHANGES:
        later = at + timedelta(days=1)
        after = _offset(later, clock)
        if after != before:
            found.append(Change(_first(at, later, clock, before), before, after))
            before = after
        at = later
    return found


def odd_times(cells: Iterable[Cell], staged: str, source: str, rows: Rows) -> tuple[int, int]:
    """How many times of the file its clock skipped, and how many it showed twice; those with an offset are neither.

    `staged` and `source` read the good rows and the cells of the file. The file is read again only where moments lie
    beside a change of the clock.
    """
    skipped = twice = 0
    for cell in cells:
        if cell.column.type is not ColumnType.TIMESTAMP or not cell.positions or cell.column.zone == "UTC":
            continue
        near = _near(cell, staged, rows)
        if not near:
            continue
        shown = shown_time(cell.column, [f"c{n}" for n in cell.positions])
        clock = f"SELECT {shown} AS shown FROM ({source})"
        counts = ", ".join(
            f"count(*) FILTER ({_within('shown', [c for c in near if c.forward is forward])})"
            for forward in (True, False)
        )
        found = rows(f"SELECT {counts} FROM ({clock})")
        skipped, twice = skipped + found[0], twice + found[1]
    return skipped, twice


def _near(cell: Cell, staged: str, rows: Rows) -> list[Change]:
    """The changes beside which there are moments."""
    moment = f"epoch_us({quoted(cell.column.name)})"
    first, last = rows(f"SELECT min({moment}), max({moment}) FROM {staged}")
    if first is None:
        return []
    found = changes(cell.column.zone, utc(first), utc(last))
    if not found:
        return []
    counts = ", ".join(
        f"count(*) FILTER ({moment} >= {_microseconds(start)} AND {moment} < {_microseconds(end)})"
        for start, end in (change.moments for change in found)
    )
    held = rows(f"SELECT {counts} FROM {staged}")
    return [change for change, count in zip(found, held, strict=True) if count]


def _within(value: str, stretches: list[Change]) -> str:
    return (
        " OR ".join(
            f"({value} >= TIMESTAMP {literal(str(start))} AND {value} < TIMESTAMP {literal(str(end))})"
            for start, end in (change.local for change in stretches)
        )
        or "false"
    )


def _first(start: datetime, end: datetime, clock: ZoneInfo, before: timedelta) -> datetime:
    """The first moment, to the second, at which the offset is no longer what it was."""
    while end - start > timedelta(seconds=1):
        middle = (start + (end - start) / 2).replace(microsecond=0)
        if middle in (start, end):
            break
        start, end = (middle, end) if _offset(middle, clock) == before else (start, middle)
    return end


def _offset(moment: datetime, clock: ZoneInfo) -> timedelta:
    return moment.astimezone(clock).utcoffset() or timedelta(0)


def _microseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
