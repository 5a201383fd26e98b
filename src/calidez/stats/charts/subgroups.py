"""Charts of subgroups: means, ranges and standard deviations, from raw values or from summaries."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .. import constants
from .._types import FloatLike, Floats, floats
from .core import (
    Bounds,
    ChartKind,
    ControlChart,
    FrozenLimits,
    Lines,
    Phase,
    build,
    exclusions,
    find_breaks,
    resolve_phases,
    set_aside,
)
from .season import Season, adjusted, course
from .season_fit import Form

Raw = Sequence[Sequence[float]] | npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Subgroups:
    """Size, mean, range and standard deviation of each subgroup; NaN where a subgroup does not have one."""

    sizes: Floats
    means: Floats
    ranges: Floats
    sds: Floats


def summarise(subgroups: Raw) -> Subgroups:
    """Summaries of raw subgroups, which may differ in size; missing values inside are left out."""
    rows = [floats(row, "a subgroup") for row in subgroups]
    rows = [row[np.isfinite(row)] for row in rows]
    none = float("nan")
    return Subgroups(
        sizes=np.array([float(len(row)) for row in rows]),
        means=np.array([float(row.mean()) if len(row) else none for row in rows]),
        ranges=np.array([float(np.ptp(row)) if len(row) > 1 else none for row in rows]),
        sds=np.array([float(row.std(ddof=1)) if len(row) > 1 else none for row in rows]),
    )


def from_sums(
    n: FloatLike,
    total: FloatLike,
    sum_squares: FloatLike | None = None,
    *,
    centred_squares: FloatLike | None = None,
) -> Subgroups:
    """Summaries from the number of values, their sum and their sum of squares (ranges stay unknown).

    `centred_squares`, the sum of squares around the mean of each subgroup, is used where given: of values far from
    zero the plain sum of squares keeps too few digits to say how they differ.
    """
    sizes = np.nan_to_num(floats(n, "the subgroup sizes"), nan=0.0)
    sums = floats(total, "the totals")
    given = sum_squares if centred_squares is None else centred_squares
    if given is None:
        raise ValueError("the spread of subgroups needs their sums of squares")
    squares = floats(given, "the sums of squares")
    if not len(sizes) == len(sums) == len(squares):
        raise ValueError("sizes, totals and sums of squares must be equally many")
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.where(sizes > 0, sums / sizes, np.nan)
        around = squares if centred_squares is not None else squares - sizes * means**2
        # Cancellation can leave a tiny negative number where all values are equal.
        variances = np.maximum(around, 0.0) / (sizes - 1)
        sds = np.where(sizes > 1, np.sqrt(variances), np.nan)
    return Subgroups(sizes, means, np.full(len(sizes), np.nan), sds)


def xbar_r(
    subgroups: Raw | None = None,
    *,
    means: FloatLike | None = None,
    ranges: FloatLike | None = None,
    sizes: FloatLike | float | None = None,
    phases: Sequence[Phase] = (),
    gaps: Iterable[int] | None = None,
    excluded: npt.ArrayLike | None = None,
    bounds: Bounds = (None, None),
) -> ControlChart:
    """Chart of subgroup means with sigma from their ranges, the mean of R/d2 (ISO 7870-2)."""
    groups = _groups(subgroups, means, ranges, None, sizes)
    return _means(ChartKind.XBAR_R, groups, groups.ranges, constants.d2, phases, gaps, excluded, bounds)


def xbar_s(
    subgroups: Raw | None = None,
    *,
    means: FloatLike | None = None,
    sds: FloatLike | None = None,
    sizes: FloatLike | float | None = None,
    phases: Sequence[Phase] = (),
    gaps: Iterable[int] | None = None,
    excluded: npt.ArrayLike | None = None,
    bounds: Bounds = (None, None),
    season: Season | Iterable[Season] | None = None,
) -> ControlChart:
    """Chart of subgroup means with sigma from their standard deviations, the mean of s/c4 (ISO 7870-2).

    With a `season` (Form.ADDITIVE) of the means, weighted by their sizes, centre and limits follow it.
    """
    groups = _groups(subgroups, means, None, sds, sizes)
    return _means(ChartKind.XBAR_S, groups, groups.sds, constants.c4, phases, gaps, excluded, bounds, season)


def ranges(
    subgroups: Raw | None = None,
    *,
    ranges: FloatLike | None = None,
    sizes: FloatLike | float | None = None,
    phases: Sequence[Phase] = (),
    gaps: Iterable[int] | None = None,
    excluded: npt.ArrayLike | None = None,
) -> ControlChart:
    """Chart of subgroup ranges, companion of Xbar-R. Frozen limits hold the sigma of single values."""
    groups = _groups(subgroups, None, ranges, None, sizes)
    return _spreads(ChartKind.R, groups, groups.ranges, constants.d2, constants.d3, phases, gaps, excluded)


def deviations(
    subgroups: Raw | None = None,
    *,
    sds: FloatLike | None = None,
    sizes: FloatLike | float | None = None,
    phases: Sequence[Phase] = (),
    gaps: Iterable[int] | None = None,
    excluded: npt.ArrayLike | None = None,
) -> ControlChart:
    """Chart of subgroup standard deviations, companion of Xbar-S. Frozen limits hold the sigma of values."""
    groups = _groups(subgroups, None, None, sds, sizes)
    return _spreads(ChartKind.S, groups, groups.sds, constants.c4, _sd_of_sd, phases, gaps, excluded)


def rational_sigma(statistics: Floats, sizes: Floats, constant: Callable[[int], float]) -> float:
    """Process sigma: the mean over subgroups of the statistic divided by its constant for that size."""
    known = np.isfinite(statistics) & (sizes >= 2)
    if not known.any():
        raise ValueError("at least one subgroup of two or more values is needed to know their spread")
    return float(np.mean(statistics[known] / _by_size(sizes[known], constant)))


def _means(
    kind: ChartKind,
    groups: Subgroups,
    spread: Floats,
    constant: Callable[[int], float],
    phases: Sequence[Phase],
    gaps: Iterable[int] | None,
    excluded: npt.ArrayLike | None,
    bounds: Bounds,
    season: Season | Iterable[Season] | None = None,
) -> ControlChart:
    moving = course(season, len(groups.means), (Form.ADDITIVE,))
    plain = groups.means if moving is None else adjusted(groups.means, moving.seasons)
    parts = resolve_phases(len(groups.means), phases)
    aside = exclusions(excluded, len(groups.means))
    taught, within = set_aside(plain, aside), set_aside(spread, aside)
    breaks = find_breaks(set_aside(groups.means, aside), parts, gaps)

    def fit(window: slice) -> FrozenLimits:
        means, sizes = taught[window], groups.sizes[window]
        known = np.isfinite(means)
        if known.sum() < 2:
            raise ValueError("a chart of means needs at least two subgroups")
        sigma = rational_sigma(within[window], sizes, constant)
        centre = float(np.average(means[known], weights=sizes[known]))
        return FrozenLimits(centre, sigma, points=int(known.sum()))

    def draw(limits: FrozenLimits, window: slice) -> Lines:
        sigma = limits.sigma / np.sqrt(np.where(groups.sizes[window] > 0, groups.sizes[window], np.nan))
        if moving is None:
            return Lines(limits.centre, limits.centre - 3 * sigma, limits.centre + 3 * sigma, sigma)
        centre, sigma = moving.expected(limits.centre, window), sigma * moving.spread[window]
        return Lines(centre, centre - 3 * sigma, centre + 3 * sigma, sigma)

    return build(
        kind,
        groups.means,
        phases=parts,
        breaks=breaks,
        fit=fit,
        draw=draw,
        bounds=bounds,
        denominators=groups.sizes,
        adjusted=None if moving is None else plain,
        excluded=aside,
    )


def _spreads(
    kind: ChartKind,
    groups: Subgroups,
    statistics: Floats,
    mean_constant: Callable[[int], float],
    sd_constant: Callable[[int], float],
    phases: Sequence[Phase],
    gaps: Iterable[int] | None,
    excluded: npt.ArrayLike | None,
) -> ControlChart:
    aside = exclusions(excluded, len(statistics))
    taught = set_aside(statistics, aside)
    parts = resolve_phases(len(statistics), phases)
    breaks = find_breaks(taught, parts, gaps)

    def fit(window: slice) -> FrozenLimits:
        shown = taught[window]
        points = int(np.isfinite(shown).sum())
        if points < 2:
            raise ValueError("a chart of subgroup spread needs at least two subgroups of two or more values")
        sigma = rational_sigma(shown, groups.sizes[window], mean_constant)
        return FrozenLimits(float(np.nanmean(shown)), sigma, points=points)

    def draw(limits: FrozenLimits, window: slice) -> Lines:
        sizes = groups.sizes[window]
        centre = limits.sigma * _by_size(sizes, mean_constant)
        sigma = limits.sigma * _by_size(sizes, sd_constant)
        return Lines(centre, centre - 3 * sigma, centre + 3 * sigma, sigma)

    return build(
        kind,
        statistics,
        phases=parts,
        breaks=breaks,
        fit=fit,
        draw=draw,
        bounds=(0.0, None),
        denominators=groups.sizes,
        excluded=aside,
    )


def _groups(
    subgroups: Raw | None,
    means: FloatLike | None,
    ranges: FloatLike | None,
    sds: FloatLike | None,
    sizes: FloatLike | float | None,
) -> Subgroups:
    """Raw subgroups or their summaries, whichever was given, checked for length and sense."""
    if subgroups is not None:
        return summarise(subgroups)
    given = {"means": means, "ranges": ranges, "standard deviations": sds}
    known = {name: floats(value, f"the {name}") for name, value in given.items() if value is not None}
    if not known or sizes is None:
        raise ValueError("give either the subgroups or their summaries with their sizes")
    count = len(next(iter(known.values())))
    each = np.full(count, float(sizes)) if isinstance(sizes, int | float) else floats(sizes, "the sizes")
    each = np.nan_to_num(each, nan=0.0)
    if any(len(values) != count for values in known.values()) or len(each) != count:
        raise ValueError("the summaries of subgroups must be equally many")
    if (each < 0).any() or not np.array_equal(each, np.round(each)):
        raise ValueError("a subgroup size must be a whole number that is not negative")
    if any((known[name] < 0).any() for name in known if name != "means"):
        raise ValueError("a range or a standard deviation must not be negative")
    missing = np.full(count, np.nan)
    columns = [np.where(each > 0, known.get(name, missing), np.nan) for name in given]
    return Subgroups(each, *columns)


def _by_size(sizes: Floats, constant: Callable[[int], float]) -> Floats:
    """The constant for each subgroup size; NaN for subgroups too small to have one."""
    table = {n: constant(int(n)) if n >= 2 else float("nan") for n in np.unique(sizes)}
    return np.array([table[n] for n in sizes])


def _sd_of_sd(n: int) -> float:
    return float(np.sqrt(1 - constants.c4(n) ** 2))
