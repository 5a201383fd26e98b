"""What a story consists of: rows of a file, how they are measured, and what must and must not be said of them."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from calidez import engine

SEED = 20261101
DATA = Path(__file__).parent / "data"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Promised:
    """A standard in force that the indicator proves."""

    target: float
    tolerance: float = 0.0
    at_least: bool = True
    starts: dt.date = dt.date(2015, 1, 1)
    unacceptable: float | None = None


@dataclass(frozen=True)
class LeftOut:
    """Days that somebody leaves out of the limits."""

    starts: dt.date
    ends: dt.date
    reason: str


@dataclass(frozen=True)
class Words:
    """Sentences that a page must hold and must not hold, in each language; no-break spaces count as spaces."""

    es: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    never_es: tuple[str, ...] = ()
    never_en: tuple[str, ...] = ()


@dataclass(frozen=True)
class Story:
    """`rows` is what the file holds; columns called day or month are its time, branch its units, the rest text or numbers.

    `today` is the day on which somebody loads the file and reads the pages. `indicator` are fields of the indicator,
    `numbers` looks at what is drawn and judged (see `Told`), `says` at the words of each page: chart (the indicator's
    first part), promise, branches, signals, home, feasibility (of the standard).
    """

    about: str
    rows: Sequence[Row]
    indicator: Mapping[str, Any]
    today: dt.date
    promised: Promised | None = None
    says: Mapping[str, Words] = field(default_factory=dict)
    numbers: Callable[[Any], object] | None = None
    unit: str = ""  # whose page is read: a branch of the file, or the whole
    left_out: LeftOut | None = None  # of the limits, before anybody looks
    limits_from: dt.date | None = None  # on which somebody sets limits anew, learned from all that came since
    # Written down once everything is measured, so that the work that follows must read it anew; "unit" is a branch.
    calendars: Sequence[Mapping[str, Any]] = ()
    closed: Sequence[Mapping[str, Any]] = ()
    complete_until: dt.date | None = None  # as somebody writes down of the whole file


def schema_of(rows: Sequence[Row]) -> engine.Schema:
    """The reading of a story's file: every row is a fact of its own."""
    types = {name: value for row in rows for name, value in row.items() if value is not None}
    return engine.Schema(tuple(_column(name, value) for name, value in types.items()))


def _column(name: str, value: Any) -> engine.Column:
    if name in {"day", "month", "moment"}:
        if isinstance(value, dt.datetime):
            return engine.Column(name, name, engine.ColumnType.TIMESTAMP, engine.Role.TIME, date_order="ymd")
        return engine.Column(name, name, engine.ColumnType.DATE, engine.Role.TIME, date_order="ymd")
    if name == "branch":
        return engine.Column(name, name, engine.ColumnType.TEXT, engine.Role.BRANCH)
    if isinstance(value, str):
        return engine.Column(name, name, engine.ColumnType.TEXT, engine.Role.SEGMENT)
    return engine.Column(name, name, engine.ColumnType.NUMBER, engine.Role.VALUE)


def from_file(name: str) -> list[Row]:
    """The rows of a file in data/; whatever is a date or a number is read as one."""
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return [{column: _read(text) for column, text in row.items()} for row in csv.DictReader(file)]


def _read(text: str) -> Any:
    for reading in (dt.date.fromisoformat, float):
        try:
            return reading(text)  # type: ignore[operator]
        except ValueError:
            continue
    return text


# Generators: what happened, written down as rows.


def days(first: dt.date, count: int) -> Iterator[dt.date]:
    for number in range(count):
        yield first + dt.timedelta(days=number)


def weekdays(first: dt.date, count: int) -> Iterator[dt.date]:
    """So many days from Monday to Friday."""
    day = first
    while count:
        if day.weekday() < 5:
            yield day
            count -= 1
        day += dt.timedelta(days=1)


def months(first: dt.date, count: int) -> Iterator[dt.date]:
    for number in range(count):
        month = first.year * 12 + first.month - 1 + number
        yield dt.date(month // 12, month % 12 + 1, 1)


def shares(when: Iterable[dt.date], met: Iterable[float], cases: Iterable[float], **more: Any) -> list[Row]:
    """A row per period with how many of how many."""
    return [
        {"day": day, "good": int(m), "cases": int(n), **more}
        for day, m, n in zip(when, met, cases, strict=True)
    ]


def drawn_shares(
    when: Sequence[dt.date], chance: Sequence[float], cases: int, *, seed: int = SEED, **more: Any
) -> list[Row]:
    """Each case keeps the promise by chance."""
    random = np.random.default_rng(seed)
    met = random.binomial(cases, chance)
    return shares(when, met.tolist(), [cases] * len(when), **more)


def events(when: Iterable[dt.date], counts: Iterable[int], **more: Any) -> list[Row]:
    """A row per event, on the first days of its period; a period without events leaves no row."""
    return [{"day": day, **more} for day, count in zip(when, counts, strict=True) for _event in range(count)]


def values(when: Iterable[dt.date], numbers: Iterable[float], **more: Any) -> list[Row]:
    """A row per measured value."""
    return [{"day": day, "value": number, **more} for day, number in zip(when, numbers, strict=True)]


OFFICE: Mapping[str, str] = dict.fromkeys(
    ("monday", "tuesday", "wednesday", "thursday", "friday"), "08:00-15:00"
)
SHARE: Mapping[str, Any] = {"measure": "counted", "numerator": "good", "denominator": "cases"}
COUNT: Mapping[str, Any] = {"measure": "count", "measured_in": "", "better": "down"}
MEAN: Mapping[str, Any] = {"measure": "mean", "value": "value", "measured_in": "min", "better": "down"}
