"""What every control chart has in common: phases, gaps, limits and the answer that pages draw."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from .._types import Flags, FloatLike, Floats, floats
from .autocorrelation import Autocorrelation, lag_one

ENOUGH_POINTS = 20
"""Below this many points limits still move a lot with each new one, so they are called provisional."""

ROUNDING = 1e-12
"""Values that differ by no more than this share of the largest differ by how they were computed, not by what was measured."""

Bounds = tuple[float | None, float | None]


class ChartKind(StrEnum):
    I = "i"  # noqa: E741 - the letter by which the chart is known
    MR = "mr"
    XBAR_R = "xbar_r"
    XBAR_S = "xbar_s"
    R = "r"
    S = "s"
    P = "p"
    NP = "np"
    C = "c"
    U = "u"
    P_PRIME = "p_prime"
    U_PRIME = "u_prime"
    T = "t"
    G = "g"
    RUN = "run"
    EWMA = "ewma"
    CUSUM = "cusum"


MEMORY = frozenset({ChartKind.EWMA, ChartKind.CUSUM})
"""Charts whose points carry those before them: neighbours resemble each other, and only limits say something."""

_OWN_SIGMA = MEMORY | {
    ChartKind.I,
    ChartKind.MR,
    ChartKind.XBAR_R,
    ChartKind.XBAR_S,
    ChartKind.R,
    ChartKind.S,
    ChartKind.G,
}
"""Charts that cannot derive a standard deviation from their centre."""


@dataclass(frozen=True)
class FrozenLimits:
    """What a person froze: enough to draw the limits again over any later data.

    `sigma` is the standard deviation of the process (for an individuals chart, of a single value). Charts of
    proportions and rates derive theirs from the centre, the size of each period and `sigma_z`, so there it is
    NaN. For np charts the centre is the proportion. `points` says how many values the limits rest on (0: not
    known).
    """

    centre: float
    sigma: float
    sigma_z: float = 1.0
    points: int = 0


@dataclass(frozen=True)
class Phase:
    """A stretch start..stop (from 0, stop not included) with limits of its own.

    The limits come from start..baseline_stop, or from all of the phase, unless frozen ones are given.
    """

    start: int
    stop: int
    baseline_stop: int | None = None
    frozen: FrozenLimits | None = None
    name: str = ""

    @property
    def baseline(self) -> slice:
        return slice(self.start, self.stop if self.baseline_stop is None else self.baseline_stop)


@dataclass(frozen=True)
class PhaseLimits:
    """The limits that held in one phase, and how firm they are."""

    start: int
    stop: int
    points: int
    centre: float
    sigma: float
    sigma_z: float
    provisional: bool
    frozen: bool
    limits: FrozenLimits
    name: str = ""


@dataclass(frozen=True, eq=False)
class ControlChart:
    """A chart ready to draw. Arrays have one entry per period and NaN where the period has no data.

    `sigma` is the standard deviation of the plotted point. `breaks` is true where a point does not continue
    from the one before it: first point, start of a phase, after a gap. `adjusted` are the values without the
    season, where the chart has one: its centre and limits then move with the season, and rules that compare
    neighbours compare these. `excluded` points are drawn but neither shape the limits nor are judged: rules read
    them as gaps. On charts that remember, `values` is the statistic and `observed` what it was made from; a CUSUM
    has its upper sum as `values` and its lower one, negative, as `below`.
    """

    kind: ChartKind
    values: Floats
    centre: Floats
    lower: Floats
    upper: Floats
    sigma: Floats
    denominators: Floats | None
    phases: tuple[PhaseLimits, ...]
    breaks: Flags
    bounds: Bounds = (None, None)
    overdispersion: float | None = None
    autocorrelation: Autocorrelation | None = None
    standardised: Floats | None = None
    adjusted: Floats | None = None
    excluded: Flags | None = None
    observed: Floats | None = None
    below: Floats | None = None

    def __len__(self) -> int:
        return len(self.values)

    @property
    def z(self) -> Floats:
        """Distance from the centre in standard deviations of the point (where the chart has such a scale)."""
        if self.standardised is not None:
            return set_aside(self.standardised, self.excluded)
        return standardise(self.judged, self.centre, self.sigma)

    @property
    def judged(self) -> Floats:
        """The values that rules look at: all but the excluded ones."""
        return set_aside(self.values, self.excluded)

    @property
    def heights(self) -> Floats:
        """What neighbouring points are compared by: the values, without the season where the chart has one."""
        return self.values if self.adjusted is None else self.adjusted

    @property
    def points(self) -> int:
        """Periods with data that counts."""
        return int(np.isfinite(self.judged).sum())

    @property
    def last(self) -> int:
        """Index of the last period with data that counts."""
        return int(np.flatnonzero(np.isfinite(self.judged))[-1])


@dataclass(frozen=True, eq=False)
class Lines:
    """Centre, limits and point sigma over one phase; scalars stand for constant lines."""

    centre: Floats | float
    lower: Floats | float
    upper: Floats | float
    sigma: Floats | float


Fit = Callable[[slice], FrozenLimits]
Draw = Callable[[FrozenLimits, slice], Lines]


def build(
    kind: ChartKind,
    values: Floats,
    *,
    phases: Sequence[Phase],
    breaks: Flags,
    fit: Fit,
    draw: Draw,
    bounds: Bounds = (None, None),
    denominators: Floats | None = None,
    overdispersion: float | None = None,
    standardise_with: Callable[[FrozenLimits, slice], Floats] | None = None,
    adjusted: Floats | None = None,
    excluded: Flags | None = None,
) -> ControlChart:
    """Assemble a chart of any kind from how it fits a baseline and how it draws a phase."""
    if kind in _OWN_SIGMA and any(phase.frozen and np.isnan(phase.frozen.sigma) for phase in phases):
        raise ValueError("the frozen limits lack the standard deviation that this kind of chart needs")
    lines = np.full((4, len(values)), np.nan)
    standardised = None if standardise_with is None else np.full(len(values), np.nan)
    limits = []
    for phase in phases:
        window = slice(phase.start, phase.stop)
        held = _limits_of(phase, fit)
        drawn = draw(held.limits, window)
        for row, line in zip(lines, (drawn.centre, drawn.lower, drawn.upper, drawn.sigma), strict=True):
            row[window] = line
        if standardised is not None and standardise_with is not None:
            standardised[window] = standardise_with(held.limits, window)
        limits.append(held)
    lines[:, np.isnan(values)] = np.nan
    centre, lower, upper, sigma = lines
    chart = ControlChart(
        kind=kind,
        values=values,
        centre=centre,
        lower=clip(lower, bounds),
        upper=clip(upper, bounds),
        sigma=sigma,
        denominators=denominators,
        phases=tuple(limits),
        breaks=breaks,
        bounds=bounds,
        overdispersion=overdispersion,
        standardised=standardised,
        adjusted=adjusted,
        excluded=excluded,
    )
    return _with_autocorrelation(chart)


def resolve_phases(count: int, phases: Sequence[Phase]) -> tuple[Phase, ...]:
    """The phases as given, or one over everything; they must follow one another and cover the series."""
    if count == 0:
        raise ValueError("a chart needs at least one period")
    if not phases:
        return (Phase(0, count),)
    expected = 0
    for phase in phases:
        if phase.start != expected or phase.stop <= phase.start:
            raise ValueError(
                "phases must follow one another from the first period, without holes or overlaps"
            )
        if phase.baseline_stop is not None and not phase.start < phase.baseline_stop <= phase.stop:
            raise ValueError("the baseline of a phase must end inside the phase")
        expected = phase.stop
    if expected != count:
        raise ValueError(f"phases must cover the series: they end at {expected}, the series at {count}")
    return tuple(phases)


def exclusions(excluded: npt.ArrayLike | None, count: int) -> Flags | None:
    """The flags of excluded points, checked; None without any."""
    if excluded is None:
        return None
    flags = np.asarray(excluded)
    if flags.shape != (count,) or flags.dtype != np.bool_:
        raise ValueError("there must be one true or false for each period to say which are excluded")
    return flags if flags.any() else None


def set_aside(values: Floats, excluded: Flags | None) -> Floats:
    """The values with those of excluded points missing."""
    return values if excluded is None else np.where(excluded, np.nan, values)


def find_breaks(values: Floats, phases: Sequence[Phase], gaps: Iterable[int] | None = None) -> Flags:
    """True where a point does not continue from the one before it.

    `gaps` are the positions before which time is missing without a row saying so.
    """
    breaks = np.zeros(len(values), dtype=np.bool_)
    breaks[[phase.start for phase in phases]] = True
    breaks[1:] |= np.isnan(values[:-1])
    if gaps is not None:
        positions = list(gaps)
        if any(not 0 <= position < len(values) for position in positions):
            raise ValueError("a gap must be the position of a period in the series")
        breaks[positions] = True
    return breaks


def moving_ranges(values: Floats, breaks: Flags) -> Floats:
    """Distance of each point to the one before it; NaN where a gap or a phase boundary lies between."""
    ranges = np.full(len(values), np.nan)
    ranges[1:] = np.abs(np.diff(values))
    ranges[breaks] = np.nan
    return ranges


def screened_mean(ranges: Floats, limit: float) -> float:
    """Mean of the moving ranges below the limit; of all, if those below show no variation although there is some."""
    mean = float(ranges[ranges < limit].mean())
    return mean if mean > 0 else float(ranges.mean())


def series(values: FloatLike, what: str = "the values") -> Floats:
    """One-dimensional floats with at least one value that is not missing; what rounding alone sets apart is one value."""
    array = floats(values, what)
    if not np.isfinite(array).any():
        raise ValueError("a chart needs at least one period with data")
    return levelled(array)


def levelled(values: Floats) -> Floats:
    """The values with those that only rounding sets apart made equal, to the smallest of them."""
    known, place = np.unique(values[np.isfinite(values)], return_inverse=True)
    if len(known) < 2:
        return values
    first = np.append(True, np.diff(known) > ROUNDING * np.abs(known).max())
    if first.all():
        return values
    level = values.copy()
    level[np.isfinite(values)] = known[first][np.cumsum(first) - 1][place]
    return level


def standardise(values: Floats, centre: Floats, sigma: Floats) -> Floats:
    """(value − centre) / sigma; a point off the centre of a process without variation is infinitely far.

    The mean of equal numbers may miss them by its last digit: a distance that small is none.
    """
    distance = values - centre
    distance[np.abs(distance) <= ROUNDING * np.abs(values)] = 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        z: Floats = distance / sigma
    z[(sigma == 0) & (distance == 0)] = 0.0
    return z


def clip(line: Floats, bounds: Bounds) -> Floats:
    """A limit outside what the quantity can be is drawn at the bound."""
    low, high = bounds
    if low is None and high is None:
        return line
    return np.clip(line, low, high)


def _limits_of(phase: Phase, fit: Fit) -> PhaseLimits:
    limits = fit(phase.baseline) if phase.frozen is None else phase.frozen
    return PhaseLimits(
        start=phase.start,
        stop=phase.stop,
        points=limits.points,
        centre=limits.centre,
        sigma=limits.sigma,
        sigma_z=limits.sigma_z,
        # Frozen limits of unknown origin (0 points) were somebody's decision, not a small sample.
        provisional=0 < limits.points < ENOUGH_POINTS,
        frozen=phase.frozen is not None,
        limits=limits,
        name=phase.name,
    )


def _with_autocorrelation(chart: ControlChart) -> ControlChart:
    usable = chart.kind not in MEMORY | {ChartKind.MR, ChartKind.RUN}
    return replace(chart, autocorrelation=lag_one(chart.z, chart.breaks)) if usable else chart
