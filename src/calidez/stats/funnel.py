"""Funnel plots: which branches really differ, given how many cases each has and how much branches vary.

Sources: D. J. Spiegelhalter, Statistics in Medicine 24 (2005) 1185 (funnel, winsorised overdispersion, tau²); H. O. Lancaster,
JASA 56 (1961) 223 (mid-p); R. C. Paule and J. Mandel, Journal of Research of the National Bureau of Standards 87 (1982) 377
(tau²). The normal limits of the first call an innocent branch low eight times as often as they say
where shares are near one and cases few, so chance alone is judged by the binomial distribution itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from scipy import special

from ._types import FloatLike, Floats, Ints, floats

Z_95 = float(special.ndtri(0.975))
Z_998 = float(special.ndtri(0.999))
DRAWN = 20_000
"""Scores that are drawn to know what chance gives: within three per cent."""


class Method(StrEnum):
    """Chance alone, or chance and true differences between branches (added as a variance tau²)."""

    BINOMIAL = "binomial"
    ADDITIVE = "additive"


@dataclass(frozen=True, eq=False)
class FunnelLines:
    """Limits over a grid of sizes, for drawing."""

    n: Floats
    lower_95: Floats
    upper_95: Floats
    lower_998: Floats
    upper_998: Floats


@dataclass(frozen=True)
class Scale:
    """What branches are judged by: chance around `p0`, `tau2` beside it, and how well tau² is known (see `Funnel`)."""

    p0: float
    tau2: float
    freedom: float


@dataclass(frozen=True, eq=False)
class Funnel:
    """Branches against the common proportion `p0`.

    `z` is against chance alone, `z_adjusted` against what the chosen method allows, both as the published normal scores, NaN
    without cases. `z_judged` is the score by which branches are judged: that of the binomial distribution where chance is
    alone, with its lean where branches differ too, and allowing for how little some branches tell of tau². `outside_95`
    and `outside_998` are +1 above, −1 below, 0 inside, by that score. `phi` is the winsorised overdispersion as published,
    `phi_by_chance` what chance alone gives for these sizes (some 0.66 with the usual tails pulled in): tau² is what leaves
    no more than that. `z_multiplicative` is the alternative adjustment z/√phi, which only ever widens.
    """

    names: tuple[str, ...]
    met: Floats
    n: Floats
    proportion: Floats
    p0: float
    z: Floats
    phi: float
    phi_by_chance: float
    tau2: float
    z_adjusted: Floats
    z_judged: Floats
    z_multiplicative: Floats
    outside_95: Ints
    outside_998: Ints
    method: Method
    scale: Scale
    grid: int

    @cached_property
    def lines(self) -> FunnelLines:
        """The limits to draw: worked out when they are asked for, since they take longer than all the rest."""
        return _lines(self.n[self.n > 0], self.scale, self.grid)


ALIKE = 1.25
"""Sizes that differ by less than this make no funnel."""

FEWEST_TO_WIDEN = 10
"""Of fewer branches nothing tells an ordinary difference between them from the one that is looked for."""


def funnel(
    met: FloatLike,
    n: FloatLike,
    *,
    target: float | None = None,
    names: Sequence[str] | None = None,
    winsorise: float = 0.1,
    adjust: bool = True,
    as_published: bool = False,
    grid: int = 100,
) -> Funnel:
    """Compare the proportions met/n with their pooled value, or with `target` (as a proportion).

    Overdispersion is estimated from z-scores whose tails are pulled in to the `winsorise` quantiles, so that
    the outliers looked for do not hide themselves; where it exceeds chance, tau² widens the limits, unless there are
    fewer than `FEWEST_TO_WIDEN` branches or `adjust` is false. `as_published`
    takes phi for 1 under chance, as if no tail had been pulled in, which finds tau too small.
    """
    counts, sizes = _checked(met, n)
    labels = tuple(str(i + 1) for i in range(len(sizes))) if names is None else tuple(names)
    if len(labels) != len(sizes):
        raise ValueError("there must be one name for each branch")
    if target is not None and not 0 < target < 1:
        raise ValueError("the target of a funnel plot is a proportion between 0 and 1")
    used = sizes > 0
    if used.sum() < 2:
        raise ValueError("a funnel plot needs at least two branches with cases")
    p0 = float(counts.sum() / sizes.sum()) if target is None else target
    variance = np.full(len(sizes), np.nan)
    variance[used] = p0 * (1 - p0) / sizes[used]
    proportion = np.divide(counts, sizes, out=np.full(len(sizes), np.nan), where=used)
    z = _scores(proportion - p0, variance)
    found = _overdispersion(
        z[used], variance[used], winsorise, None if as_published else (sizes[used], p0, target)
    )
    tau2 = found.tau2 if adjust and (as_published or used.sum() >= FEWEST_TO_WIDEN) else 0.0
    scale = Scale(p0, tau2, found.freedom)
    adjusted = _scores(proportion - p0, variance + tau2)
    judged = _judged(proportion, sizes, scale)
    return Funnel(
        names=labels,
        met=counts,
        n=sizes,
        proportion=proportion,
        p0=p0,
        z=z,
        phi=found.phi,
        phi_by_chance=found.by_chance,
        tau2=tau2,
        z_adjusted=adjusted,
        z_judged=judged,
        z_multiplicative=z / np.sqrt(max(found.phi, 1.0)),
        outside_95=_outside(judged, Z_95),
        outside_998=_outside(judged, Z_998),
        method=Method.ADDITIVE if tau2 > 0 else Method.BINOMIAL,
        scale=scale,
        grid=grid,
    )


def exact_limits(n: FloatLike, p0: float, tail: float) -> tuple[Floats, Floats]:
    """Binomial quantiles of the proportion at `tail` and 1 − `tail`, for each size; NaN where there are no cases."""
    sizes = floats(n, "the sizes")
    some = np.where(sizes > 0, sizes, np.nan)
    return _quantiles(sizes, p0, tail) / some, _quantiles(sizes, p0, 1 - tail) / some


def _checked(met: FloatLike, n: FloatLike) -> tuple[Floats, Floats]:
    counts, sizes = floats(met, "the counts"), floats(n, "the sizes")
    if len(counts) != len(sizes):
        raise ValueError("there must be one size for each count")
    sizes = np.where(np.isnan(counts) | np.isnan(sizes), 0.0, sizes)
    counts = np.where(sizes > 0, counts, 0.0)
    if (sizes < 0).any() or (counts < 0).any() or (counts > sizes).any():
        raise ValueError("counts must lie between zero and the number of cases")
    return counts, sizes


def _scores(distance: Floats, variance: Floats) -> Floats:
    """Distances in standard deviations; without any variance (all met, or none) nothing differs."""
    return np.divide(
        distance, np.sqrt(variance), out=np.where(np.isnan(distance), np.nan, 0.0), where=variance > 0
    )


@dataclass(frozen=True)
class _Overdispersion:
    """`freedom` says how well these branches tell tau²: the degrees of freedom of a variance known as well."""

    phi: float
    by_chance: float
    tau2: float
    freedom: float


def _overdispersion(
    z: Floats, variance: Floats, winsorise: float, chance: tuple[Floats, float, float | None] | None
) -> _Overdispersion:
    """Spiegelhalter's phi and tau²; with `chance`, in terms of what chance alone gives for these sizes."""
    if not 0 <= winsorise < 0.5:
        raise ValueError("the share to winsorise lies between 0 and one half")
    if not (variance > 0).all():
        return _Overdispersion(1.0, 1.0, 0.0, np.inf)
    phi = float(_winsorised(z, winsorise))
    if chance is None:
        weight = 1 / variance
        spread = float(weight.sum() - (weight**2).sum() / weight.sum())
        excess = len(z) * phi - (len(z) - 1)
        return _Overdispersion(phi, 1.0, max(0.0, excess / spread), np.inf)
    drawn = _winsorised(_by_chance(*chance), winsorise)
    expected = float(drawn.mean())
    freedom = 2 * expected**2 / max(float(drawn.var()), 1e-12)
    return _Overdispersion(phi, expected, _leaving_chance(z, variance, winsorise, expected), freedom)


def _leaving_chance(z: Floats, variance: Floats, winsorise: float, expected: float) -> float:
    """The tau² that leaves the winsorised scores as far apart as chance does (in the manner of Paule and Mandel).

    Dividing phi by what chance gives would find too little where branches differ in size: the small ones then lie within.
    """
    most = float(np.max(z**2 * variance)) / expected
    least = 0.0
    if float(_winsorised(z, winsorise)) <= expected:
        return 0.0
    for _ in range(60):
        middle = (least + most) / 2
        left = float(_winsorised(z * np.sqrt(variance / (variance + middle)), winsorise))
        least, most = (middle, most) if left > expected else (least, middle)
    return (least + most) / 2


def _winsorised(z: Floats, share: float) -> Floats:
    low, high = np.quantile(z, [share, 1 - share], axis=-1, keepdims=True)
    mean: Floats = np.mean(np.clip(z, low, high) ** 2, axis=-1)
    return mean


def _by_chance(sizes: Floats, p0: float, target: float | None) -> Floats:
    """Scores of branches of these sizes that do not differ, some hundred times over; the same for the same input."""
    rng = np.random.default_rng(2005)
    times = int(np.clip(DRAWN // len(sizes), 100, 400))
    whole = np.maximum(np.round(sizes), 1.0)
    counts = rng.binomial(whole.astype(np.int64), p0, (times, len(sizes)))
    centre = (
        counts.sum(axis=1, keepdims=True) / whole.sum() if target is None else np.full((times, 1), target)
    )
    return _scores(counts / whole - centre, centre * (1 - centre) / whole)


def _judged(proportion: Floats, sizes: Floats, scale: Scale) -> Floats:
    """The score of a proportion against chance and tau².

    Without tau² it is the normal score of the mid-p value. With it the distance counts in standard deviations of both, and
    the lean of the binomial distribution in the part of its third moment that is left of the whole. How uncertain tau² is
    makes it Student's, the more so the more of the variance tau² is.
    """
    chance = scale.p0 * (1 - scale.p0)
    if chance <= 0:
        return np.where(np.isnan(proportion), np.nan, 0.0)
    some = np.where(sizes > 0, sizes, np.nan)
    within = chance / some
    kept = within / (within + scale.tau2)
    y = (proportion - scale.p0) * np.sqrt(kept / within)
    z = y + kept**1.5 * (_mid_p_score(some * (scale.p0 + y * np.sqrt(within)), some, scale.p0) - y)
    if scale.tau2 <= 0 or not np.isfinite(scale.freedom):
        return z
    freedom = scale.freedom / (1 - kept) ** 2
    tail: Floats = special.ndtri(special.stdtr(freedom, -np.abs(z)))
    return -np.sign(z) * tail


def _mid_p_score(counts: Floats, sizes: Floats, p0: float) -> Floats:
    """The normal score of P(X < x) + P(X = x)/2; counts may be fractions, between which the binomial is continued."""
    below = _middle(counts, sizes, p0)
    above = _middle(sizes - counts, sizes, 1 - p0)
    # From the smaller tail, so that nothing far out is rounded to certainty.
    score: Floats = np.where(below < above, special.ndtri(below), -special.ndtri(above))
    return score


def _middle(counts: Floats, sizes: Floats, p: float) -> Floats:
    """The mean of the binomial distribution function at a count and at one less."""

    def reached(k: Floats) -> Floats:
        inside = (k > -1) & (k < sizes)
        share = special.betainc(np.where(inside, sizes - k, 1.0), np.where(inside, k + 1, 1.0), 1 - p)
        return np.where(k >= sizes, 1.0, np.where(inside, share, 0.0))

    mean: Floats = (reached(counts) + reached(counts - 1)) / 2
    return np.where(np.isnan(sizes), np.nan, np.maximum(mean, np.finfo(float).tiny))


def _outside(z: Floats, limit: float) -> Ints:
    return (z > limit).astype(np.int64) - (z < -limit).astype(np.int64)


def _lines(sizes: Floats, scale: Scale, grid: int) -> FunnelLines:
    """Limits at sizes spread evenly in their square roots, where the funnel bends most: where the score is that of the line.

    Branches of one size lie on one line; there the funnel reaches a little to both sides, or nobody would see it.
    """
    least, most = float(sizes.min()), float(sizes.max())
    if most < ALIKE * least:
        least, most = least / ALIKE, most * ALIKE
    n = np.linspace(np.sqrt(least), np.sqrt(most), max(2, grid)) ** 2
    return FunnelLines(n, *_reaching(np.array([-Z_95, Z_95, -Z_998, Z_998]), n, scale))


def _reaching(scores: Floats, sizes: Floats, scale: Scale) -> Floats:
    """The proportion at which each score is reached at each size, by halving; 0 or 1 where no proportion reaches it."""
    wanted = np.repeat(scores[:, None], len(sizes), axis=1)
    many = np.broadcast_to(sizes, wanted.shape)
    least = np.where(wanted < 0, 0.0, scale.p0)
    most = np.where(wanted < 0, scale.p0, 1.0)
    for _ in range(32):
        middle = (least + most) / 2
        beyond = _judged(middle, many, scale) > wanted
        least, most = np.where(beyond, least, middle), np.where(beyond, middle, most)
    found: Floats = (least + most) / 2
    return found


def _quantiles(sizes: Floats, p0: float, probability: float) -> Floats:
    """Smallest count whose binomial distribution function reaches the probability."""
    low, high = np.full(len(sizes), -1.0), sizes.copy()
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        reached = special.bdtr(middle, sizes.astype(np.int64), p0) >= probability
        reached |= middle >= high
        step = high - low > 1
        high = np.where(step & reached, middle, high)
        low = np.where(step & ~reached, middle, low)
    return high
