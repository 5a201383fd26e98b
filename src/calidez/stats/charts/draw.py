"""One door to every chart of period statistics, so that a page needs no table of chart functions."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from .._types import FloatLike, floats
from .attributes import c, np_, p, u
from .core import Bounds, ChartKind, ControlChart, Phase
from .memory import cusum_chart, ewma_chart
from .rare import g, t
from .run import run_chart
from .season import Season
from .subgroups import deviations, from_sums, xbar_s
from .variables import EXACT, Factors, individuals, moving_range

SEASONAL = frozenset(
    {
        ChartKind.I,
        ChartKind.P,
        ChartKind.P_PRIME,
        ChartKind.U,
        ChartKind.U_PRIME,
        ChartKind.C,
        ChartKind.XBAR_S,
    }
)
"""Charts whose centre and limits can follow a season."""


def draw(
    kind: ChartKind,
    *,
    values: FloatLike | None = None,
    numerator: FloatLike | None = None,
    denominator: FloatLike | None = None,
    n: FloatLike | None = None,
    total: FloatLike | None = None,
    sum_squares: FloatLike | None = None,
    centred_squares: FloatLike | None = None,
    phases: Sequence[Phase] = (),
    gaps: Iterable[int] | None = None,
    excluded: npt.ArrayLike | None = None,
    screen: bool = False,
    factors: Factors = EXACT,
    bounds: Bounds = (None, None),
    season: Season | Iterable[Season] | None = None,
) -> ControlChart:
    """Draw the chart `kind` from whatever period statistics it needs.

    p and u charts (and their primes) need numerator and denominator, np the same, c the numerator or values,
    Xbar-S and S need n, total and sum of squares (or better `centred_squares`, see `from_sums`). The others need values, or take them from
    numerator/denominator or total/n. `bounds` clip the limits of individuals and mean charts.
    `screen` and `factors` are for moving ranges: a set of rules that is `screened` (`rules.Preset`) asks for True
    and MAKING_DATA_COUNT, so that charts and icons agree with those of the NHS.
    `season` (see `season.effects`; several are applied one after the other) lets centre and limits of I, p, p′,
    u, u′, c and Xbar-S charts follow it. `excluded` is true for points that are drawn and neither shape the limits
    nor are judged; no rule, range or run reaches across them.
    """
    kind = ChartKind(kind)
    if season is not None and kind not in SEASONAL:
        raise ValueError(f"a chart of kind {kind} does not follow a season")
    gaps = None if gaps is None else list(gaps)
    if kind in (ChartKind.P, ChartKind.P_PRIME, ChartKind.U, ChartKind.U_PRIME, ChartKind.NP):
        return _counted(kind, numerator, denominator, phases, gaps, excluded, screen, season)
    if kind in (ChartKind.XBAR_S, ChartKind.S):
        return _grouped(kind, n, total, sum_squares, centred_squares, phases, gaps, excluded, bounds, season)
    series = _values(values, numerator, denominator, n, total)
    if kind is ChartKind.I:
        return individuals(
            series,
            phases=phases,
            gaps=gaps,
            excluded=excluded,
            screen=screen,
            factors=factors,
            bounds=bounds,
            season=season,
        )
    if kind is ChartKind.MR:
        return moving_range(
            series, phases=phases, gaps=gaps, excluded=excluded, screen=screen, factors=factors
        )
    if kind is ChartKind.C:
        return c(series, phases=phases, gaps=gaps, excluded=excluded, season=season)
    if kind is ChartKind.T:
        return t(series, phases=phases, gaps=gaps, excluded=excluded, screen=screen)
    if kind is ChartKind.G:
        return g(series, phases=phases, gaps=gaps, excluded=excluded)
    if kind is ChartKind.RUN:
        return run_chart(series, phases=phases, gaps=gaps, excluded=excluded)
    if kind is ChartKind.EWMA:
        return ewma_chart(series, phases=phases, gaps=gaps, excluded=excluded)
    if kind is ChartKind.CUSUM:
        return cusum_chart(series, phases=phases, gaps=gaps, excluded=excluded)
    raise ValueError(f"a chart of kind {kind} needs the subgroups themselves, not period statistics")


def _counted(
    kind: ChartKind,
    numerator: FloatLike | None,
    denominator: FloatLike | None,
    phases: Sequence[Phase],
    gaps: list[int] | None,
    excluded: npt.ArrayLike | None,
    screen: bool,
    season: Season | Iterable[Season] | None,
) -> ControlChart:
    if numerator is None or denominator is None:
        raise ValueError("a chart of proportions or rates needs numerators and denominators")
    if kind is ChartKind.NP:
        return np_(numerator, denominator, phases=phases, gaps=gaps, excluded=excluded)
    chart = p if kind in (ChartKind.P, ChartKind.P_PRIME) else u
    laney = kind in (ChartKind.P_PRIME, ChartKind.U_PRIME)
    return chart(
        numerator,
        denominator,
        phases=phases,
        gaps=gaps,
        excluded=excluded,
        laney=laney,
        screen=screen,
        season=season,
    )


def _grouped(
    kind: ChartKind,
    n: FloatLike | None,
    total: FloatLike | None,
    sum_squares: FloatLike | None,
    centred_squares: FloatLike | None,
    phases: Sequence[Phase],
    gaps: list[int] | None,
    excluded: npt.ArrayLike | None,
    bounds: Bounds,
    season: Season | Iterable[Season] | None,
) -> ControlChart:
    if n is None or total is None or (sum_squares is None and centred_squares is None):
        raise ValueError("a chart of subgroups needs their sizes, totals and sums of squares")
    groups = from_sums(n, total, sum_squares, centred_squares=centred_squares)
    if kind is ChartKind.S:
        return deviations(sds=groups.sds, sizes=groups.sizes, phases=phases, gaps=gaps, excluded=excluded)
    return xbar_s(
        means=groups.means,
        sds=groups.sds,
        sizes=groups.sizes,
        phases=phases,
        gaps=gaps,
        excluded=excluded,
        bounds=bounds,
        season=season,
    )


def _values(
    values: FloatLike | None,
    numerator: FloatLike | None,
    denominator: FloatLike | None,
    n: FloatLike | None,
    total: FloatLike | None,
) -> FloatLike:
    if values is not None:
        return values
    above, below = (total, n) if total is not None else (numerator, denominator)
    if above is None:
        raise ValueError("this chart needs values")
    top = floats(above, "the numerators")
    if below is None:
        return top
    bottom = np.nan_to_num(floats(below, "the denominators"))
    return np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0)
