"""Reads simulated series by the way that pages read: stored rows, axis, chart, rules, episodes, patterns."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Self

import numpy as np
import truth_peer
from truth_worlds import Calendar, Cells, Floats, World

from calidez import engine
from calidez.monitoring.measuring import change, series
from calidez.monitoring.measuring.axis import Circumstances
from calidez.monitoring.measuring.charting import Reading
from calidez.monitoring.measuring.drawing import FrozenPhase, Options
from calidez.monitoring.measuring.price import can_be_told, price_of
from calidez.monitoring.measuring.season import Adjust
from calidez.monitoring.models import Indicator

SEED = 20261101
STRETCH = 24
"""Periods over which pages state the chance of a false alarm."""

STATED_EVERY = 20
"""What pages state varies little from series to series: it is asked of one in so many."""

NORMAL_95 = 1.96


@dataclass(frozen=True)
class Scenario:
    """A service, the calendar in which it works, and how its chart is asked for.

    `learned`: a person sets the limits from so many first periods, and the 24 after them are judged; 0: limits of all
    periods, and the last 24 are judged. `because`: why what pages state does not hold within a tenth here.
    """

    about: str
    world: World
    calendar: Calendar
    preset: str = "default"
    chart: str = ""
    learned: int = 0
    adjust: Adjust = Adjust.NONE
    drawn: str = ""  # whose chance it shares, so that the same happens in both; empty: its own
    because: str = ""

    @property
    def indicator(self) -> Indicator:
        return Indicator(measure=self.world.measure, period=self.calendar.period, multiplier=1)

    @property
    def given(self) -> Circumstances:
        calendar = self.calendar
        over = engine.next_start(calendar.starts[-1], engine.Period(calendar.period))
        return Circumstances(today=over, coverage=calendar.coverage, until=calendar.starts[-1])

    @property
    def options(self) -> Options:
        return Options(
            measure=self.world.measure,
            preset=self.preset,
            chart=self.chart,
            period=self.calendar.period,
            adjust=self.adjust,
        )


@dataclass(frozen=True)
class Counts:
    """What the pages of many series of a scenario said; counts of parts add up.

    `signals` are all that is told under the charts, `squares` the sum of their squares over series, `alarmed` the
    series with a signal in the stretch that is judged, `telling` the series whose page states how often that is (`wrongly`
    those of them that are alarmed), `stated` the sum of what pages state (of `stating` ones that were asked).
    """

    series: int = 0
    points: int = 0
    signals: int = 0
    squares: int = 0
    alarmed: int = 0
    telling: int = 0
    wrongly: int = 0
    stated: float = 0.0
    stating: int = 0
    theirs: int = 0  # series on which the rules of qicharts2 find something
    same: int = 0  # series on which they and the product say the same: something or nothing
    ours: int = 0  # series with a signal anywhere
    named: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Self) -> Self:
        return replace(self, **{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)})

    @cached_property
    def per_hundred(self) -> tuple[float, float]:
        """Signals per 100 points, and half of the 95 % interval; series are what varies independently."""
        mean = self.signals / self.series
        spread = float(np.sqrt(max(0.0, self.squares / self.series - mean**2) / self.series))
        by = 100 * self.series / self.points
        return mean * by, NORMAL_95 * spread * by

    @property
    def share(self) -> tuple[float, float]:
        """Share of series with a signal in the stretch, and half of its 95 % interval."""
        return _share(self.alarmed, self.series)

    @property
    def claimed(self) -> float | None:
        """Mean of what pages state; None where they state nothing."""
        return self.stated / self.stating if self.stating else None

    @property
    def ratio(self) -> tuple[float, float] | None:
        """How often pages that state it alarm, over what they state; and half of its 95 % interval."""
        if not self.claimed or not self.telling:
            return None
        share, half = _share(self.wrongly, self.telling)
        return share / self.claimed, half / self.claimed

    @property
    def patterns(self) -> float:
        """Share of series of which a season, a long trend or a wandering level is named."""
        return self.named.total() / self.series


def _share(hits: int, of: int) -> tuple[float, float]:
    share = hits / of
    return share, NORMAL_95 * math.sqrt(share * (1 - share) / of)


def steady(scenario: Scenario, runs: int, part: int) -> Counts:
    """Nothing happens: whatever is told is told for nothing."""
    told = Counts()
    for place, reading in enumerate(readings(scenario, np.zeros(len(scenario.calendar)), runs, part)):
        told += _of_steady(scenario, reading, stating=place % STATED_EVERY == 0)
    return told


def _of_steady(scenario: Scenario, reading: Reading, *, stating: bool) -> Counts:
    judged = np.isfinite(reading.series.values)
    begins = scenario.learned or int(np.flatnonzero(judged)[-STRETCH:][0])
    # Where limits were set from the first periods, those are not judged by them.
    told = [s for s in reading.signals if s.last >= scenario.learned]
    price = price_of(reading, scenario.preset) if stating else None
    peer, ours = truth_peer.speaks(reading), bool(told)
    alarmed, telling = any(s.last >= begins for s in told), can_be_told(reading, scenario.preset)
    return Counts(
        series=1,
        points=int(judged[scenario.learned :].sum()),
        signals=len(told),
        squares=len(told) ** 2,
        alarmed=int(alarmed),
        telling=int(telling),
        wrongly=int(alarmed and telling),
        stated=price.within_24 if price is not None else 0.0,
        stating=int(price is not None),
        theirs=int(peer),
        same=int(peer == ours),
        ours=int(ours),
        named=Counter([str(reading.pattern.kind)] if reading.pattern is not None else []),
        kinds=Counter([reading.kind]),
    )


def changed(scenario: Scenario, shift: Floats, runs: int, part: int) -> Counts:
    """Something happens: counted as `alarmed` is a series with a signal on its side that holds a changed point."""
    days = {scenario.calendar.starts[place] for place in np.flatnonzero(shift)}
    side = int(np.sign(shift[-1]))
    told = Counts()
    for reading in readings(scenario, shift, runs, part):
        periods = reading.series.periods
        hit = any(
            s.direction in (0, side) and any(periods[m] in days for m in (*s.members, s.last))
            for s in reading.signals
        )
        named = [str(reading.pattern.kind)] if reading.pattern is not None else []
        told += Counts(
            series=1,
            points=len(periods),
            alarmed=int(hit),
            ours=int(bool(reading.signals)),
            theirs=int(truth_peer.speaks(reading)),
            named=Counter(named),
        )
    return told


def readings(scenario: Scenario, shift: Floats, runs: int, part: int) -> Iterator[Reading]:
    """Each series as its page would read it; the same scenario and part draw the same series."""
    random = np.random.default_rng([SEED, part, *(scenario.drawn or scenario.about).encode()])
    cells = scenario.world.draw(random, runs, shift)
    indicator, given = scenario.indicator, scenario.given
    for place in range(runs):
        built = series.from_rows(cells.rows(place, scenario.calendar), indicator, given)
        options = scenario.options
        if scenario.learned:
            options = _with_limits_set(scenario, cells, place, indicator, given)
        yield change.read(built, options)


def _with_limits_set(
    scenario: Scenario, cells: Cells, place: int, indicator: Indicator, given: Circumstances
) -> Options:
    """As a baseline that a person sets: the limits of the chart of the chosen periods alone."""
    until = scenario.calendar.starts[scenario.learned - 1]
    rows = [row for row in cells.rows(place, scenario.calendar) if row[0] <= until]
    within = Circumstances(today=given.today, coverage=None, until=until)
    before = change.read(series.from_rows(rows, indicator, within), scenario.options)
    if before.chart is None:
        return scenario.options
    held = FrozenPhase(scenario.calendar.starts[0], until, before.kind, before.chart.phases[0].limits)
    return replace(scenario.options, baselines=(held,))
