"""Funnel plots: which branches really differ, given how many cases each has and how much branches vary.

Source: D. J. Spiegelhalter, Statistics in Medicine 24 (2005) 1185.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import special

from ._types import FloatLike, Floats, Ints, floats

Z_95 = float(special.ndtri(0.975))
Z_998 = float(special.ndtri(0.999))


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


@dataclass(frozen=True, eq=False)
class Funnel:
    """Branches against the common proportion `p0`.

    `z` is against chance alone, `z_adjusted` against what the chosen method allows, NaN without cases.
    `outside_95` and `outside_998` are +1 above, −1 below, 0 inside, by the adjusted z. `phi` is the winsorised
    overdispersion (1: chance alone; with the usual tails pulled in, chance alone gives some 0.66), `z_multiplicative`
    the alternative adjustment z/√phi, which only ever widens.
    """

    names: tuple[str, ...]
    met: Floats
    n: Floats
    proportion: Floats
    p0: float
    z: Floats
    phi: float
    tau2: float
    z_adjusted: Floats
    z_multiplicative: Floats
    outside_95: Ints
    outside_998: Ints
    method: Method
    lines: FunnelLines


def funnel(
    met: FloatLike,
    n: FloatLike,
    *,
    target: float | None = None,
    names: Sequence[str] | None = None,
    winsorise: float = 0.1,
    adjust: bool = True,
    grid: int = 100,
) -> Funnel:
    """Compare the proportions met/n with their pooled value, or with `target` (as a proportion).

    Overdispersion is estimated from z-scores whose tails are pulled in to the `winsorise` quantiles, so that
    the outliers looked for do not hide themselves; where it exceeds chance, tau² widens the limits.
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
    phi, tau2 = _overdispersion(z[used], variance[used], winsorise)
    if not adjust:
        tau2 = 0.0
    adjusted = _scores(proportion - p0, variance + tau2)
    return Funnel(
        names=labels,
        met=counts,
        n=sizes,
        proportion=proportion,
        p0=p0,
        z=z,
        phi=phi,
        tau2=tau2,
        z_adjusted=adjusted,
        z_multiplicative=z / np.sqrt(max(phi, 1.0)),
        outside_95=_outside(adjusted, Z_95),
        outside_998=_outside(adjusted, Z_998),
        method=Method.ADDITIVE if tau2 > 0 else Method.BINOMIAL,
        lines=_lines(sizes[used], p0, tau2, grid),
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


def _overdispersion(z: Floats, variance: Floats, winsorise: float) -> tuple[float, float]:
    if not 0 <= winsorise < 0.5:
        raise ValueError("the share to winsorise lies between 0 and one half")
    if not (variance > 0).all():
        return 1.0, 0.0
    low, high = np.quantile(z, [winsorise, 1 - winsorise])
    phi = float(np.mean(np.clip(z, low, high) ** 2))
    weight = 1 / variance
    excess = len(z) * phi - (len(z) - 1)
    tau2 = excess / float(weight.sum() - (weight**2).sum() / weight.sum())
    return phi, max(0.0, tau2)


def _outside(z: Floats, limit: float) -> Ints:
    return (z > limit).astype(np.int64) - (z < -limit).astype(np.int64)


def _lines(sizes: Floats, p0: float, tau2: float, grid: int) -> FunnelLines:
    """Limits at sizes spread evenly in their square roots, where the funnel bends most."""
    n = np.linspace(np.sqrt(sizes.min()), np.sqrt(sizes.max()), max(2, grid)) ** 2
    half = np.sqrt(p0 * (1 - p0) / n + tau2)
    limits = [np.clip(p0 + side * z * half, 0, 1) for z in (Z_95, Z_998) for side in (-1, 1)]
    return FunnelLines(n, *limits)


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
