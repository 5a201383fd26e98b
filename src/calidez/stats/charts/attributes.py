"""Charts of what is counted: proportions and rates, with Laney's p′ and u′ where chance alone is too tight."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from .._types import Flags, FloatLike, Floats, floats
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
from .dispersion import overdispersion, sigma_z
from .season import Course, Season, adjusted, course
from .season_fit import Form


@dataclass(frozen=True)
class _Law:
    """How one unit of the denominator varies around the centre, and how its charts are called."""

    plain: ChartKind
    prime: ChartKind
    bounds: Bounds
    variance: Callable[[Floats], Floats]
    form: Form


_BINOMIAL = _Law(ChartKind.P, ChartKind.P_PRIME, (0.0, 1.0), lambda centre: centre * (1 - centre), Form.ODDS)
_POISSON = _Law(ChartKind.U, ChartKind.U_PRIME, (0.0, None), lambda centre: centre, Form.FACTOR)

Seasons = Season | Iterable[Season] | None


def p(
    met: FloatLike,
    n: FloatLike,
    *,
    phases: Sequence[Phase] = (),
    gaps: Iterable[int] | None = None,
    excluded: npt.ArrayLike | None = None,
    laney: bool | None = None,
    screen: bool = False,
    season: Seasons = None,
) -> ControlChart:
    """Chart of proportions met/n; periods with n = 0 are gaps.

    `laney` None lets the data decide: p′ when neighbouring periods differ more than binomial chance allows
    (see `dispersion.overdispersion`) or when frozen limits carry a sigma_z other than 1. With a `season`
    (Form.ODDS) centre and limits follow it.
    """
    events, sizes = _checked(met, n, at_most_all=True)
    return _chart(_BINOMIAL, events, sizes, phases, gaps, excluded, laney, screen, season)


def u(
    count: FloatLike,
    exposure: FloatLike,
    *,
    phases: Sequence[Phase] = (),
    gaps: Iterable[int] | None = None,
    excluded: npt.ArrayLike | None = None,
    laney: bool | None = None,
    screen: bool = False,
    season: Seasons = None,
) -> ControlChart:
    """Chart of rates count/exposure; periods with exposure 0 are gaps. `laney` as for `p`, against Poisson.

    With a `season` (Form.FACTOR) centre and limits follow it.
    """
    events, sizes = _checked(count, exposure, at_most_all=False)
    return _chart(_POISSON, events, sizes, phases, gaps, excluded, laney, screen, season)


def np_(
    met: FloatLike,
    n: FloatLike,
    *,
    phases: Sequence[Phase] = (),
    gaps: Iterable[int] | None = None,
    excluded: npt.ArrayLike | None = None,
) -> ControlChart:
    """Chart of the number met out of n. Frozen limits hold the proportion as their centre."""
    events, sizes = _checked(met, n, at_most_all=True)
    parts = resolve_phases(len(events), phases)
    values = np.where(sizes > 0, events, np.nan)
    aside = exclusions(excluded, len(values))
    taught, base = _kept(events, aside), _kept(sizes, aside)

    def draw(limits: FrozenLimits, window: slice) -> Lines:
        centre = limits.centre * sizes[window]
        sigma = np.sqrt(centre * (1 - limits.centre))
        high = np.minimum(centre + 3 * sigma, sizes[window])
        return Lines(centre, centre - 3 * sigma, high, sigma)

    return build(
        ChartKind.NP,
        values,
        phases=parts,
        breaks=find_breaks(set_aside(values, aside), parts, gaps),
        fit=lambda window: _pooled(taught[window], base[window]),
        draw=draw,
        bounds=(0.0, None),
        denominators=sizes,
        excluded=aside,
    )


def c(
    count: FloatLike,
    *,
    phases: Sequence[Phase] = (),
    gaps: Iterable[int] | None = None,
    excluded: npt.ArrayLike | None = None,
    season: Seasons = None,
) -> ControlChart:
    """Chart of counts over equal periods; NaN is a gap. With a `season` (Form.FACTOR) its lines follow it."""
    counts = floats(count, "the counts")
    present = np.isfinite(counts).astype(np.float64)
    events, sizes = _checked(counts, present, at_most_all=False)
    parts = resolve_phases(len(counts), phases)
    moving = course(season, len(counts), (Form.FACTOR,))
    aside = exclusions(excluded, len(counts))
    taught, base = _kept(events, aside), _kept(sizes, aside)

    def draw(limits: FrozenLimits, window: slice) -> Lines:
        centre = _expected(moving, limits.centre, window)
        sigma = np.sqrt(centre) * _spread(moving, window)
        return Lines(centre, centre - 3 * sigma, centre + 3 * sigma, sigma)

    return build(
        ChartKind.C,
        counts,
        phases=parts,
        breaks=find_breaks(set_aside(counts, aside), parts, gaps),
        fit=lambda window: _pooled(taught[window], base[window], moving, window),
        draw=draw,
        bounds=(0.0, None),
        excluded=aside,
        adjusted=None if moving is None else adjusted(counts, moving.seasons),
    )


def _chart(
    law: _Law,
    events: Floats,
    sizes: Floats,
    phases: Sequence[Phase],
    gaps: Iterable[int] | None,
    excluded: npt.ArrayLike | None,
    laney: bool | None,
    screen: bool,
    season: Seasons,
) -> ControlChart:
    moving = course(season, len(events), (law.form,))
    parts = resolve_phases(len(events), phases)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(sizes > 0, events / sizes, np.nan)
    aside = exclusions(excluded, len(values))
    taught, base, judged = _kept(events, aside), _kept(sizes, aside), set_aside(values, aside)
    breaks = find_breaks(judged, parts, gaps)

    def point_sigma(centre: float, window: slice) -> Floats:
        n = sizes[window]
        expected = _expected(moving, centre, window)
        return np.sqrt(law.variance(expected) / np.where(n > 0, n, np.nan)) * _spread(moving, window)

    def stretch(phase: Phase) -> tuple[Floats, Flags]:
        window = phase.baseline
        centre = _pooled(taught[window], base[window], moving, window).centre
        sigma = point_sigma(centre, window)
        distance = judged[window] - _expected(moving, centre, window)
        z = np.divide(distance, sigma, out=np.zeros_like(sigma), where=sigma != 0)
        return z, breaks[window]

    free = [phase for phase in parts if phase.frozen is None]
    widened = _widened(parts, free, stretch) if laney is None else laney

    def fit(window: slice) -> FrozenLimits:
        pooled = _pooled(taught[window], base[window], moving, window)
        factor = sigma_z(*stretch(Phase(window.start, window.stop)), screen=screen) if widened else 1.0
        factor *= moving.widening if widened and moving is not None else 1.0
        return FrozenLimits(pooled.centre, float("nan"), factor, pooled.points)

    def draw(limits: FrozenLimits, window: slice) -> Lines:
        centre = _expected(moving, limits.centre, window)
        sigma = point_sigma(limits.centre, window) * limits.sigma_z
        return Lines(centre, centre - 3 * sigma, centre + 3 * sigma, sigma)

    newest = parts[-1]
    seen = sigma_z(*stretch(newest), screen=screen) if newest.frozen is None else newest.frozen.sigma_z
    return build(
        law.prime if widened else law.plain,
        values,
        phases=parts,
        breaks=breaks,
        fit=fit,
        draw=draw,
        bounds=law.bounds,
        denominators=sizes,
        overdispersion=seen,
        excluded=aside,
        adjusted=None if moving is None else adjusted(values, moving.seasons),
    )


def _widened(
    parts: Sequence[Phase], free: Sequence[Phase], stretch: Callable[[Phase], tuple[Floats, Flags]]
) -> bool:
    if any(phase.frozen is not None and phase.frozen.sigma_z != 1.0 for phase in parts):
        return True
    found = overdispersion([stretch(phase) for phase in free])
    return found is not None and found.overdispersed


def _pooled(
    events: Floats, sizes: Floats, moving: Course | None = None, window: slice = slice(None)
) -> FrozenLimits:
    """The level at which as many events are expected as there were."""
    points = int((sizes > 0).sum())
    if points < 2:
        raise ValueError("a chart of proportions or rates needs at least two periods with data")
    level = float(events.sum() / sizes.sum())
    if moving is not None and moving.form is Form.FACTOR:
        level = float(events.sum() / (sizes * moving.scale[window]).sum())
    elif moving is not None and 0 < level < 1:

        def surplus(logit: float) -> float:
            expected = moving.expected(float(special.expit(logit)), window)
            return float((sizes * expected).sum() - events.sum())

        level = float(special.expit(optimize.brentq(surplus, -40.0, 40.0, xtol=1e-13)))
    return FrozenLimits(level, float("nan"), points=points)


def _kept(amounts: Floats, aside: Flags | None) -> Floats:
    """The amounts with nothing where a point is excluded."""
    return amounts if aside is None else np.where(aside, 0.0, amounts)


def _expected(moving: Course | None, level: float, window: slice) -> Floats:
    return np.asarray(level) if moving is None else moving.expected(level, window)


def _spread(moving: Course | None, window: slice) -> Floats | float:
    return 1.0 if moving is None else moving.spread[window]


def _checked(count: FloatLike, size: FloatLike, *, at_most_all: bool) -> tuple[Floats, Floats]:
    """Counts and denominators with missing periods as zero out of zero."""
    events, sizes = floats(count, "the counts"), floats(size, "the denominators")
    if len(events) != len(sizes):
        raise ValueError("there must be one denominator for each count")
    sizes = np.where(np.isnan(events) | np.isnan(sizes), 0.0, sizes)
    events = np.where(sizes > 0, events, 0.0)
    if (events < 0).any() or (sizes < 0).any():
        raise ValueError("counts and denominators must not be negative")
    if at_most_all and (events > sizes).any():
        raise ValueError("no more cases can meet a condition than there are")
    if not (sizes > 0).any():
        raise ValueError("a chart needs at least one period with data")
    return events, sizes
