"""What a load tells: how far it is, and what became of every row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path


@dataclass(frozen=True)
class Progress:
    """`step` is one of reading, checking, writing, comparing, rejecting, committing; `done` runs from 0 to 1."""

    step: str
    done: float


@dataclass(frozen=True)
class Interval:
    """A stretch of time [start, end); naive values for dates, UTC for timestamps."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class CellCount:
    """How many cells of a column were wrong in one way, with some of them."""

    column: str
    code: str
    count: int
    samples: tuple[str, ...] = ()


@dataclass(frozen=True)
class LoadReport:
    """`rows_read` is always `rows_loaded + rows_rejected + rows_repeated + rows_known`.

    Conflicting rows (same key, other content) are rejected except the first in the file, and so are rows that
    differ from a row of the dataset with the same key: a dataset only grows, what changed is loaded again
    after `remove_batch`. `reasons` counts cells, so a row may count more than once; `rejected_cells` says the same by
    column, and `emptied_cells` which cells of accepted rows could not be read and were left empty, listed in
    `emptied_file`. `regions` are, by heading, what each unknown branch stands beside where that could be its region.
    `rows_alike`, counted by a check where there is no key, are rows to load that are exactly like rows of the
    dataset; a load told to skip them counts them as known. `times_skipped` are times without an
    offset that no clock showed, taken later by the step of the clock; `times_twice` those that it showed twice, taken as
    the second.
    """

    batch: str
    rows_read: int = 0
    rows_loaded: int = 0
    rows_rejected: int = 0
    rows_repeated: int = 0
    rows_conflicting: int = 0
    rows_known: int = 0
    times_skipped: int = 0
    times_twice: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    unknown_branches: Mapping[str, int] = field(default_factory=dict)
    regions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rejected_cells: tuple[CellCount, ...] = ()
    emptied_cells: tuple[CellCount, ...] = ()
    rows_with_gaps: int = 0
    rows_alike: int = 0
    reject_file: Path | None = None
    emptied_file: Path | None = None
    time_from: datetime | None = None
    time_to: datetime | None = None
    touched: tuple[Interval, ...] = ()
    already_loaded: bool = False
    dry_run: bool = False
    seconds: float = 0.0

    @property
    def touched_days(self) -> frozenset[date]:
        """The days (in UTC) in which rows were loaded."""
        return frozenset(day for interval in self.touched for day in _days(interval))

    @property
    def assumed(self) -> Mapping[str, int]:
        """What was taken for granted of how many times, under the code of its sentence."""
        times = {"clock_skipped": self.times_skipped, "clock_twice": self.times_twice}
        return {code: count for code, count in times.items() if count}

    def to_json(self) -> dict[str, object]:
        """A plain copy for a report kept elsewhere."""
        return {
            **{name: getattr(self, name) for name in _PLAIN},
            "reasons": dict(self.reasons),
            "unknown_branches": dict(self.unknown_branches),
            "regions": {heading: dict(names) for heading, names in self.regions.items()},
            "rejected_cells": [asdict(cell) for cell in self.rejected_cells],
            "emptied_cells": [asdict(cell) for cell in self.emptied_cells],
            "reject_file": str(self.reject_file) if self.reject_file else None,
            "emptied_file": str(self.emptied_file) if self.emptied_file else None,
            "time_from": self.time_from.isoformat() if self.time_from else None,
            "time_to": self.time_to.isoformat() if self.time_to else None,
            "touched": [[interval.start.isoformat(), interval.end.isoformat()] for interval in self.touched],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> LoadReport:
        plain = {name: data[name] for name in _PLAIN if name in data}
        return cls(
            **plain,  # type: ignore[arg-type]
            reasons=dict(data.get("reasons") or {}),  # type: ignore[call-overload]
            unknown_branches=dict(data.get("unknown_branches") or {}),  # type: ignore[call-overload]
            regions=dict(data.get("regions") or {}),  # type: ignore[call-overload]
            rejected_cells=_cell_counts(data.get("rejected_cells")),
            emptied_cells=_cell_counts(data.get("emptied_cells")),
            reject_file=Path(str(data["reject_file"])) if data.get("reject_file") else None,
            emptied_file=Path(str(data["emptied_file"])) if data.get("emptied_file") else None,
            time_from=_moment(data.get("time_from")),
            time_to=_moment(data.get("time_to")),
            touched=tuple(
                Interval(datetime.fromisoformat(start), datetime.fromisoformat(end))
                for start, end in data.get("touched") or ()  # type: ignore[attr-defined]
            ),
        )


_PLAIN = (
    "batch",
    "rows_read",
    "rows_loaded",
    "rows_rejected",
    "rows_repeated",
    "rows_conflicting",
    "rows_known",
    "rows_with_gaps",
    "rows_alike",
    "times_skipped",
    "times_twice",
    "already_loaded",
    "dry_run",
    "seconds",
)


def _cell_counts(kept: object) -> tuple[CellCount, ...]:
    return tuple(
        CellCount(**{**cell, "samples": tuple(cell["samples"])})
        for cell in kept or ()  # type: ignore[attr-defined]
    )


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None


def _days(interval: Interval) -> list[date]:
    last = interval.end - timedelta(microseconds=1)
    first_day, last_day = interval.start.date(), last.date()
    return [first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)]


def utc(microseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
