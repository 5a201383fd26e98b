"""Reads simulated series by the way that pages read: stored rows, axis, chart, rules, episodes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from truth_worlds import Calendar, Cells, Floats, World

from calidez import engine
from calidez.monitoring.measuring import change, series
from calidez.monitoring.measuring.axis import Circumstances
from calidez.monitoring.measuring.charting import FrozenPhase, Options, Reading
from calidez.monitoring.models import Indicator
from calidez.stats import rules

SEED = 20261101
STRETCH = 24
"""Periods over which pages state the chance of a false alarm."""

LASTS = 12
"""Periods that a shift lasts; they are the newest ones."""


@dataclass(frozen=True)
class Scenario:
    """A service, the calendar in which it works, and how its chart is asked for.

    `learned`: a person sets the limits from so many first periods, and the 24 after them are judged; 0: limits of all
    periods, and the last 24 are judged. `side`: where a shift goes. `because`: why the page may state something else.
    """

    about: str
    world: World
    calendar: Calendar
    preset: str = "default"
    chart: str = ""
    learned: int = 0
    side: int = 1
    because: str = ""

    @property
    def indicator(self) -> Indicator:
        return Indicator(measure=self.world.measure, period=self.calendar.period, multiplier=1)

    @property
    def given(self) -> Circumstances:
        calendar = self.calendar
        over = engine.next_start(calendar.starts[-1], engine.Period(calendar.period))
        return Circumstances(today=over, coverage=calendar.coverage, until=calendar.starts[-1])


@dataclass(frozen=True)
class Rates:
    """What charts said of many steady series of a scenario, and what their pages stated."""

    scenario: Scenario
    series: int
    points: int
    signals: int  # all that is told under the charts
    alarmed: int  # series with a signal in the stretch of 24 periods
    stated: float | None  # mean of what the pages state; None where they state nothing
    kinds: dict[str, int] = field(default_factory=dict)

    @property
    def per_hundred(self) -> float:
        return 100 * self.signals / self.points

    @property
    def share(self) -> float:
        return self.alarmed / self.series

    @property
    def ratio(self) -> float | None:
        return self.share / self.stated if self.stated else None

    @cached_property
    def error(self) -> float:
        """Standard error of the share."""
        return float(np.sqrt(self.share * (1 - self.share) / self.series))


def steady(scenario: Scenario, runs: int) -> Rates:
    """Nothing happens."""
    signals = alarmed = points = 0
    stated: list[float] = []
    kinds: Counter[str] = Counter()
    for reading in readings(scenario, np.zeros(len(scenario.calendar)), runs):
        judged = np.isfinite(reading.series.values)
        begins = scenario.learned if scenario.learned else _last(judged)
        here = [s for s in reading.signals if s.last >= begins]
        # Where limits were set from the first periods, those are not judged by them.
        signals += len(here) if scenario.learned else len(reading.signals)
        points += int(judged[scenario.learned :].sum())
        alarmed += bool(here)
        kinds[reading.kind] += 1
        price = stated_by(reading, scenario.preset)
        if price is not None:
            stated.append(price)
    return Rates(
        scenario, runs, points, signals, alarmed, float(np.mean(stated)) if stated else None, dict(kinds)
    )


def found(scenario: Scenario, shift: Floats, runs: int) -> float:
    """The share of series with a signal on the side of the change, among whose points is one of the changed ones."""
    changed = set(np.flatnonzero(shift).tolist())
    # The axis may hold periods without rows; a changed point is known by its date.
    days = {scenario.calendar.starts[place] for place in changed}
    hits = 0
    for reading in readings(scenario, shift, runs):
        periods = reading.series.periods
        hits += any(
            s.direction in (0, scenario.side) and any(periods[m] in days for m in (*s.members, s.last))
            for s in reading.signals
        )
    return hits / runs


def shifted(scenario: Scenario, size: float, lasts: int = LASTS) -> Floats:
    """How far each period lies from the usual, when the newest ones changed by so many standard deviations."""
    by = np.zeros(len(scenario.calendar))
    by[-lasts:] = scenario.side * size
    return by


def readings(scenario: Scenario, shift: Floats, runs: int) -> Iterator[Reading]:
    """Each series as its page would read it."""
    random = np.random.default_rng([SEED, *scenario.about.encode(), *scenario.preset.encode()])
    cells = scenario.world.draw(random, runs, shift)
    indicator, given = scenario.indicator, scenario.given
    for place in range(runs):
        yield _reading(scenario, cells, place, indicator, given)


def _reading(
    scenario: Scenario, cells: Cells, place: int, indicator: Indicator, given: Circumstances
) -> Reading:
    built = series.from_rows(cells.rows(place, scenario.calendar), indicator, given)
    options = Options(measure=scenario.world.measure, preset=scenario.preset, chart=scenario.chart)
    if not scenario.learned:
        return change.read(built, options)
    return change.read(built, _with_limits_set(scenario, cells, place, indicator, given, options))


def _with_limits_set(
    scenario: Scenario,
    cells: Cells,
    place: int,
    indicator: Indicator,
    given: Circumstances,
    options: Options,
) -> Options:
    """As a baseline that a person sets: the limits of the chart of the chosen periods alone."""
    until = scenario.calendar.starts[scenario.learned - 1]
    rows = [row for row in cells.rows(place, scenario.calendar) if row[0] <= until]
    within = Circumstances(today=given.today, coverage=None, until=until)
    before = change.read(series.from_rows(rows, indicator, within), options)
    if before.chart is None:
        return options
    held = FrozenPhase(scenario.calendar.starts[0], until, before.kind, before.chart.phases[0].limits)
    return Options(measure=options.measure, preset=options.preset, chart=options.chart, baselines=(held,))


def stated_by(reading: Reading, preset: str) -> float | None:
    """What the page of the chart states (`indicator_pages.chart.false_alarms`); run charts state nothing."""
    if reading.chart is None or reading.kind == "run":
        return None
    phase = reading.chart.phases[-1]
    return rules.false_alarms(preset, phase.points, frozen=phase.frozen).within_24


def _last(judged: np.ndarray) -> int:
    """Where the last 24 judged periods begin."""
    return int(np.flatnonzero(judged)[-STRETCH:][0])
