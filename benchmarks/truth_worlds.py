"""Services that are known to be steady, or to have changed: drawn by chance and written down as measured rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np

from calidez.monitoring.measuring.coverage import Coverage
from calidez.monitoring.measuring.series import Row

Floats = np.ndarray[Any, np.dtype[np.float64]]
MONDAY = dt.date(2024, 1, 1)
WEEK = 7
SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """The periods in which there is something to measure, and the days on which the dataset has rows."""

    period: str
    starts: tuple[dt.date, ...]
    coverage: Coverage

    def __len__(self) -> int:
        return len(self.starts)


@dataclass(frozen=True, eq=False)
class Cells:
    """Statistics of many series at once, one line a series: what the engine would have added up for each period."""

    n: Floats
    weight: Floats
    total: Floats
    squares: Floats
    met: Floats
    unmet: Floats
    centred: Floats

    @classmethod
    def of(cls, n: Floats, **known: Floats) -> Cells:
        nothing = np.zeros(n.shape)
        given = {name: known.get(name, nothing) for name in ("total", "squares", "met", "unmet", "centred")}
        return cls(n=n, weight=known.get("weight", n), **given)

    def rows(self, series: int, calendar: Calendar) -> list[Row]:
        """As they are stored: a period without a case leaves none."""
        columns = (self.n, self.weight, self.total, self.squares, self.met, self.unmet, self.centred)
        held = zip(*(column[series].tolist() for column in columns), strict=True)
        return [
            (start, int(n), weight, total, squares, met, unmet, None, None, None, centred, 0)
            for start, (n, weight, total, squares, met, unmet, centred) in zip(
                calendar.starts, held, strict=True
            )
            if n > 0
        ]


class World(Protocol):
    """A kind of service. `shift` says how far each period lies from the usual, in standard deviations of a period."""

    @property
    def measure(self) -> str: ...

    def draw(self, random: np.random.Generator, runs: int, shift: Floats) -> Cells: ...


@dataclass(frozen=True)
class Share:
    """So many cases a period, of which each keeps the promise; `alike` is the correlation of cases of one period."""

    chance: float
    cases: int
    alike: float = 0.0
    measure: str = field(default="counted", init=False)

    def draw(self, random: np.random.Generator, runs: int, shift: Floats) -> Cells:
        more = 1 + (self.cases - 1) * self.alike
        sigma = np.sqrt(self.chance * (1 - self.chance) / self.cases * more)
        chance = np.broadcast_to(np.clip(self.chance + shift * sigma, 0.0, 1.0), (runs, len(shift)))
        if self.alike:
            strength = 1 / self.alike - 1
            chance = random.beta(chance * strength, (1 - chance) * strength)
        met = random.binomial(self.cases, chance).astype(np.float64)
        n = np.full(met.shape, float(self.cases))
        return Cells.of(n, total=met, met=met, unmet=n - met)


@dataclass(frozen=True)
class Count:
    """Events of which a period has `mean`; `alike` is how much their rate itself varies (variance over mean, squared)."""

    mean: float
    alike: float = 0.0
    measure: str = field(default="count", init=False)

    def draw(self, random: np.random.Generator, runs: int, shift: Floats) -> Cells:
        sigma = np.sqrt(self.mean + self.mean**2 * self.alike)
        rate = np.broadcast_to(np.maximum(self.mean + shift * sigma, 0.0), (runs, len(shift)))
        if self.alike:
            rate = random.gamma(1 / self.alike, rate * self.alike)
        return Cells.of(random.poisson(rate).astype(np.float64))


@dataclass(frozen=True)
class Rate:
    """Events per unit of an exposure that differs from period to period by up to half."""

    each: float
    exposure: float
    measure: str = field(default="rate", init=False)

    def draw(self, random: np.random.Generator, runs: int, shift: Floats) -> Cells:
        exposure = np.round(self.exposure * random.uniform(0.75, 1.25, (runs, len(shift))))
        rate = np.maximum(self.each + shift * np.sqrt(self.each / self.exposure), 0.0)
        return Cells.of(
            np.ones(exposure.shape),
            weight=exposure,
            total=random.poisson(exposure * rate).astype(np.float64),
        )


@dataclass(frozen=True)
class Level:
    """One figure a period around a level: as independent as `memory` of the one before allows, skewed, or with a season.

    `skew` is the standard deviation of its logarithm, `season` the amplitude of a wave over `cycle` periods, in
    standard deviations.
    """

    memory: float = 0.0
    skew: float = 0.0
    season: float = 0.0
    cycle: int = 12
    level: float = 100.0
    sigma: float = 10.0
    measure: str = field(default="mean", init=False)

    def draw(self, random: np.random.Generator, runs: int, shift: Floats) -> Cells:
        points = len(shift)
        wave = self.season * np.sin(2 * np.pi * np.arange(points) / self.cycle)
        z = self._noise(random.standard_normal((runs, points))) + shift + wave
        values = self.level + self.sigma * z
        return Cells.of(np.ones(values.shape), total=values, squares=values**2)

    def _noise(self, drawn: Floats) -> Floats:
        if self.skew:
            inside = self.skew**2
            high = np.exp(inside / 2)
            skewed: Floats = (np.exp(self.skew * drawn) - high) / (high * np.sqrt(np.exp(inside) - 1))
            return skewed
        noise = drawn.copy()
        for place in range(1, noise.shape[1] if self.memory else 0):
            noise[:, place] = (
                self.memory * noise[:, place - 1] + np.sqrt(1 - self.memory**2) * drawn[:, place]
            )
        return noise


@dataclass(frozen=True)
class Means:
    """The mean of so many waits a period, whose spread inside the period explains how the means differ."""

    cases: int
    level: float = 100.0
    sigma: float = 10.0
    measure: str = field(default="mean", init=False)

    def draw(self, random: np.random.Generator, runs: int, shift: Floats) -> Cells:
        shape = (runs, len(shift))
        n = np.full(shape, float(self.cases))
        means = self.level + (random.standard_normal(shape) + shift) * self.sigma / np.sqrt(self.cases)
        centred = self.sigma**2 * random.chisquare(self.cases - 1, shape)
        return Cells.of(n, total=n * means, squares=centred + n * means**2, centred=centred)


def months(count: int) -> Calendar:
    starts = tuple(dt.date(2020 + m // 12, m % 12 + 1, 1) for m in range(count + 1))
    return Calendar("month", starts[:-1], _all_days(starts[0], starts[-1]))


def weeks(count: int) -> Calendar:
    starts = tuple(MONDAY + dt.timedelta(days=WEEK * w) for w in range(count + 1))
    return Calendar("week", starts[:-1], _all_days(starts[0], starts[-1]))


def days(count: int) -> Calendar:
    """A service that never closes."""
    return _of_days([MONDAY + dt.timedelta(days=d) for d in range(count)])


def weekdays(count: int, *, holidays: Sequence[int] = ()) -> Calendar:
    """From Monday to Friday; `holidays` are the places among these days on which the service is closed all the same."""
    every = (MONDAY + dt.timedelta(days=d) for d in range(2 * count))
    opened = [day for day in every if day.weekday() < SATURDAY][:count]
    return _of_days([day for place, day in enumerate(opened) if place not in set(holidays)])


def _of_days(opened: Sequence[dt.date]) -> Calendar:
    coverage = Coverage.of(opened)
    assert coverage is not None
    return Calendar("day", tuple(opened), coverage)


def _all_days(first: dt.date, end: dt.date) -> Coverage:
    return Coverage(first, (1 << (end - first).days) - 1)


def shortened(calendar: Calendar, points: int) -> Calendar:
    """Only its first periods."""
    return replace(calendar, starts=calendar.starts[:points])
