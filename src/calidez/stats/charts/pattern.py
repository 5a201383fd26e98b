"""Why a chart is out of control from end to end: a season, a steady trend, or a level that wanders.

Such charts alarm all the time, and the remedy is another chart, not an enquiry into each point. The explanation is
the one with the smallest Bayesian information criterion (G. Schwarz, Annals of Statistics 6 (1978) 461) among a
steady level, one or two changes of level, a straight line, and memory of the point before.
"""

import itertools
import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from .. import constants
from .._types import Flags, FloatLike, Floats, Ints, floats
from . import season as seasons
from .autocorrelation import lag_one
from .core import ChartKind, ControlChart, set_aside
from .season import Positions, Season
from .season_fit import Form

FEWEST_POINTS = 16
"""Fewer points tell nothing about what goes on throughout."""

SHORTEST_STEP = 4
"""Points for which a level must hold to count as one explanation of the series."""

SHORTEST_PART = 8
"""Points that limits of their own need at the least."""

STEADY = 0.5
"""Share of the variance from which a line tells more of a series than the chance around it."""

STRONG = 0.4
"""Correlation of what is left with the point before it, from which limits mean nothing."""

FAR = 3.0
"""Standard deviations from the middle beyond which a point counts as no further away when levels are looked for."""

TYPICAL = 0.5
"""Share of a change of mean that the median must show as well for the change to be one of level."""

STEPS = frozenset({"one step", "two steps"})

CERTAIN = 0.01
"""How rarely chance may leave such a correlation."""

PRICE = 16.0
"""What a further part of a series must explain, in variances of a point.

Of series of 16 to 400 points of white noise fewer than 1 in 100 have a partition that explains as much (the 99 %
points lie between 8.8 and 13.9; `tests/test_pattern.py` measures what is cut).
"""


PRICE_OF_FEW = 24.0
"""The same where less than one event is expected in a period: so lopsided a law parts by chance more often.

Of Poisson series with an event in three periods 5 in 100 were parted at the usual price, 1 in 100 at this one.
"""

_COUNTED = frozenset({ChartKind.C, ChartKind.U, ChartKind.P, ChartKind.NP})


class Kind(StrEnum):
    SEASON = "season"
    TREND = "trend"
    LEVEL = "level"
    WANDERING = "wandering"


@dataclass(frozen=True, eq=False)
class Pattern:
    """What makes the chart unstable throughout (`LEVEL` is found by `changes_of_level` instead), with the figures that a sentence quotes.

    `share` is what the pattern explains of the variance, `slope` the change per period of a trend, `direction`
    its sign, `r` the correlation of a wandering level with the point before, `season` the season found.
    """

    kind: Kind
    share: float
    slope: float = 0.0
    direction: int = 0
    r: float = 0.0
    season: Season | None = None


def find(
    series: ControlChart | FloatLike,
    *,
    breaks: Flags | None = None,
    position: Positions | None = None,
    cycle: Positions | None = None,
    weights: FloatLike | None = None,
    form: Form = Form.ADDITIVE,
) -> Pattern | None:
    """What keeps a chart (or a series of values) out of control throughout; None for chance and for clean shifts.

    One or two lasting changes of level are none of these: `changes_of_level` finds them. `breaks` are true where a point does
    not continue from the one before (a chart knows its own). `position`, `cycle`, `weights` and `form` are those
    of `season.effects`, which is asked first.
    """
    y, apart = _read(series, breaks)
    if position is not None and cycle is not None:
        found = seasons.effects(y, position, cycle, weights, form=form)
        if found is not None and seasons.found(found):
            return Pattern(Kind.SEASON, found.share, season=found)
    known = np.flatnonzero(np.isfinite(y))
    if len(known) < FEWEST_POINTS or np.ptp(y[known]) == 0:
        return None
    return _told_apart(y[known], known, _starts(apart, known))


def parts(values: FloatLike, *, price: float = PRICE) -> tuple[int, ...]:
    """Where limits of their own could start: 0 and the changes of level, each part of eight points or more.

    The partition with the least sum of squares around its means, each further part paid for (optimal partitioning,
    B. Jackson et al., IEEE Signal Processing Letters 12 (2005) 105) so dearly that fewer than one series in a
    hundred without a change of level is cut. The unit is the variance that moving ranges show.
    """
    y = floats(values, "the values")
    known = np.flatnonzero(np.isfinite(y))
    level = y[known]
    if len(known) < 2 * SHORTEST_PART:
        return (0,)
    variance = (float(np.abs(np.diff(level)).mean()) / constants.D2_PAIR) ** 2
    if variance == 0:
        return (0,)
    cuts = _partition(level, price * variance)
    return (0, *(int(known[cut]) for cut in cuts))


def steps(chart: ControlChart) -> tuple[int, ...]:
    """Where the level of a chart changed at once, as far as that explains it: none where what is left wanders still."""
    return _steps_of(*_read(chart, None))


def _steps_of(y: Floats, apart: Flags, price: float = PRICE) -> tuple[int, ...]:
    cuts = parts(y, price=price)[1:]
    known = np.flatnonzero(np.isfinite(y))
    if not cuts:
        return ()
    left = _around(y[known], tuple(int(np.searchsorted(known, cut)) for cut in cuts))
    found = lag_one(left, _starts(apart, known))
    return () if found is not None and found.r >= STRONG and found.p_value <= CERTAIN else cuts


def changes_of_level(chart: ControlChart) -> tuple[int, ...]:
    """Where the level of a chart changed at once and for good: none where a line or memory explains the series better."""
    y, apart = _read(chart, None)
    known = np.flatnonzero(np.isfinite(y))
    if len(known) < FEWEST_POINTS or np.ptp(y[known]) == 0:
        return ()
    starts = _starts(apart, known)
    # Drawn in, a steep line would look like two levels.
    if _explanations(y[known], known, starts).best == "line":
        return ()
    y = _held_in(y)
    if np.ptp(y[known]) == 0 or _explanations(y[known], known, starts).best not in STEPS:
        return ()
    cuts = _steps_of(y, apart, PRICE_OF_FEW if _of_few_events(chart) else PRICE)
    neighbours = itertools.pairwise(np.split(y[known], np.searchsorted(known, cuts)))
    return cuts if all(_typical(before, now) for before, now in neighbours) else ()


def _read(series: ControlChart | FloatLike, breaks: Flags | None) -> tuple[Floats, Flags]:
    if isinstance(series, ControlChart):
        y = set_aside(series.heights, series.excluded).copy()
        for phase in series.phases if len(series.phases) > 1 else ():
            y[phase.start : phase.stop] -= phase.centre
        return y, series.breaks
    y = floats(series, "the values")
    if breaks is not None and len(breaks) != len(y):
        raise ValueError("there must be one break, or none, for each value")
    return y, np.zeros(len(y), np.bool_) if breaks is None else np.asarray(breaks, np.bool_)


def _of_few_events(chart: ControlChart) -> bool:
    """Whether less than one event is expected in a usual period."""
    if chart.kind not in _COUNTED:
        return False
    sizes = np.ones(len(chart)) if chart.denominators is None else chart.denominators
    expected = chart.centre if chart.kind is ChartKind.C else chart.centre * sizes
    if chart.kind in (ChartKind.P, ChartKind.NP):
        share = chart.centre if chart.kind is ChartKind.P else chart.centre / sizes
        expected = np.minimum(share, 1 - share) * sizes
    return bool(np.nanmedian(expected) < 1)


def _held_in(y: Floats) -> Floats:
    """The series with its far points drawn in: a day of a breakdown is no level, however far it lies."""
    known = y[np.isfinite(y)]
    sigma = float(np.median(np.abs(np.diff(known)))) / constants.MEDIAN_PAIR
    middle = float(np.median(known))
    return y if sigma == 0 else np.clip(y, middle - FAR * sigma, middle + FAR * sigma)


def _typical(before: Floats, now: Floats) -> bool:
    """Whether the usual point of a part moved with its mean, and not a few of its points alone."""
    moved = float(now.mean() - before.mean())
    return float(np.median(now) - np.median(before)) / moved >= TYPICAL


def _starts(apart: Flags, known: Ints) -> Flags:
    """Where a known point does not continue from the known point before it."""
    before = np.cumsum(apart)[known]
    return np.append(True, (np.diff(known) > 1) | (np.diff(before) > 0))


@dataclass(frozen=True, eq=False)
class _Explanations:
    """What each explanation leaves of a series, and the name of the best."""

    best: str
    left: dict[str, Floats]
    slope: float
    r: float
    remembering: float


def _explanations(y: Floats, at: Ints, starts: Flags) -> _Explanations:
    steady = y - y.mean()
    slope, line = _line(y, at.astype(np.float64))
    one, two = _steps(y)
    r, remembering = _memory(steady, starts)
    left = {"steady": steady, "line": line, "one step": one, "two steps": two}
    parameters = {"steady": 1, "line": 2, "one step": 3, "two steps": 5}
    price = {name: _criterion(float(e @ e), parameters[name], len(y)) for name, e in left.items()}
    price["memory"] = _criterion(remembering, 2, len(y))
    return _Explanations(min(price, key=price.__getitem__), {**left, "memory": steady}, slope, r, remembering)


def _told_apart(y: Floats, at: Ints, starts: Flags) -> Pattern | None:
    found = _explanations(y, at, starts)
    steady, left = found.left["steady"], found.left[found.best]
    whole = float(steady @ steady)
    if found.best == "line" and 1 - float(left @ left) / whole >= STEADY:
        return Pattern(
            Kind.TREND,
            1 - float(left @ left) / whole,
            slope=found.slope,
            direction=1 if found.slope > 0 else -1,
        )
    if found.best == "steady":
        return None
    memory = lag_one(left, starts)
    if memory is None or memory.r < STRONG or memory.p_value > CERTAIN:
        return None
    return Pattern(Kind.WANDERING, max(0.0, 1 - found.remembering / whole), r=found.r)


def _criterion(squares: float, parameters: int, count: int) -> float:
    return count * math.log(max(squares, 1e-300) / count) + parameters * math.log(count)


def _line(y: Floats, at: Floats) -> tuple[float, Floats]:
    """Slope per period of the straight line, and what it leaves."""
    x = at - at.mean()
    slope = float(x @ y / (x @ x))
    left: Floats = y - y.mean() - slope * x
    return slope, left


def _steps(y: Floats) -> tuple[Floats, Floats]:
    """What the best single change of level and the best two leave."""
    count = len(y)
    total = np.concatenate([[0.0], np.cumsum(y - y.mean())])
    # On long series every place is not worth its time: levels are long there.
    cuts = np.arange(SHORTEST_STEP, count - SHORTEST_STEP + 1, max(1, count // 300))
    explained = total[cuts] ** 2 * (1 / cuts + 1 / (count - cuts))
    first = int(cuts[explained.argmax()])
    a, b = cuts[:, None], cuts[None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        both = total[a] ** 2 / a + (total[b] - total[a]) ** 2 / (b - a) + total[b] ** 2 / (count - b)
    both[b - a < SHORTEST_STEP] = -1.0
    left, right = np.unravel_index(int(both.argmax()), both.shape)
    if both[left, right] < 0:
        return _around(y, (first,)), _around(y, (first,))
    return _around(y, (first,)), _around(y, (int(cuts[left]), int(cuts[right])))


def _around(y: Floats, cuts: tuple[int, ...]) -> Floats:
    return np.concatenate([part - part.mean() for part in np.split(y, cuts)])


def _memory(steady: Floats, starts: Flags) -> tuple[float, float]:
    """The likeliest correlation with the point before, and the sum of squares that weighs like those of the others.

    Gaussian first-order autoregression; a first point has the variance of the series, so its likelihood is put
    into the squares.
    """
    count = len(steady)
    phi = np.linspace(0, 0.98, 99)[:, None]
    before = np.where(starts, 0.0, np.append(0.0, steady[:-1]))
    innovations = np.where(starts, steady * np.sqrt(1 - phi**2), steady - phi * before)
    squares = (innovations**2).sum(axis=1) * (1 - phi[:, 0] ** 2) ** (-int(starts.sum()) / count)
    best = int(squares.argmin())
    return float(phi[best, 0]), float(squares[best])


def _partition(y: Floats, penalty: float) -> list[int]:
    """Starts (but the first) of the parts with the least squares plus a penalty for each."""
    count = len(y)
    sums = np.concatenate([[0.0], np.cumsum(y - y.mean())])
    squares = np.concatenate([[0.0], np.cumsum((y - y.mean()) ** 2)])
    cost = np.full(count + 1, np.inf)
    cost[0] = -penalty
    origin = np.zeros(count + 1, dtype=np.int64)
    for stop in range(SHORTEST_PART, count + 1):
        begin = np.arange(stop - SHORTEST_PART + 1)
        within = squares[stop] - squares[begin] - (sums[stop] - sums[begin]) ** 2 / (stop - begin)
        paid = cost[begin] + within + penalty
        origin[stop] = int(paid.argmin())
        cost[stop] = float(paid[origin[stop]])
    cuts, stop = [], int(origin[count])
    while stop > 0:
        cuts.append(stop)
        stop = int(origin[stop])
    return cuts[::-1]
