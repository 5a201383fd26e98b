"""Capability indices with their intervals, and the share outside the limits, observed and expected.

Sources: ISO 22514-2 (indices, percentile method); A. F. Bissell, Applied Statistics 39 (1990) 331 (interval of
Cpk); R. A. Boyles, Journal of Quality Technology 23 (1991) 17 (Cpm); P. B. Patnaik, Biometrika 37 (1950) 78 (degrees of
freedom of ranges); J. D. Cryer and T. P. Ryan, Journal of Quality Technology 22 (1990) 187 (variance of the mean moving
range). An index speaks of the future only for a stable process, so `stable` is part of the result.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from scipy import special

from .. import constants
from .._types import Floats
from ..charts.core import find_breaks, moving_ranges, resolve_phases
from ..charts.subgroups import rational_sigma, summarise
from ..charts.variables import process_sigma
from .shape import Normality, Percentiles, normality, percentiles


class CpmFreedom(StrEnum):
    """Degrees of freedom of the interval of Cpm: Boyles's n (1 + d²)² / (1 + 2 d²), or as the R package qcc
    computes them, without the outer square, which makes the interval needlessly wide off target."""

    BOYLES = "boyles"
    QCC = "qcc"


class WithinFreedom(StrEnum):
    """Degrees of freedom of a sigma within subgroups or between neighbours: those that its variance is worth, some 0.6 of
    n − 1 for moving ranges and 0.9 of those of the subgroups for ranges; or n − 1 as the R package qcc counts, which
    claims 95 % and holds some 89 %."""

    RANGES = "ranges"
    QCC = "qcc"


ENOUGH = 100
"""Values below which the interval of an index is wider than the differences people argue about."""


@dataclass(frozen=True)
class Interval:
    lower: float
    upper: float


@dataclass(frozen=True)
class Index:
    """An index and the interval that holds its true value with the confidence asked for.

    Where `one_sided`, each end is a bound with that confidence by itself (the true value lies above the lower one, or
    below the upper one, in 95 of 100 cases), so both ends together hold it in 90 of 100 only.
    """

    value: float
    interval: Interval | None
    one_sided: bool = False


@dataclass(frozen=True)
class Shares:
    """Shares of cases below the lower and above the upper limit (None where there is no such limit)."""

    below: float | None
    above: float | None

    @property
    def outside(self) -> float:
        return (self.below or 0.0) + (self.above or 0.0)


@dataclass(frozen=True)
class Capability:
    """How a process stands to its limits.

    Cp, Cpk, Cpm use the variation within subgroups (or between neighbours), Pp, Ppk, Ppm all of it. Indices
    that need a limit which is not there are None. `method` says what to read: "normal", or "percentile" for
    data that are not normal, where `pp` and `ppk` come from percentiles, the within-indices do not apply and
    no share is expected beyond the observed one; or "unknown" for data that are not normal, follow no other shape and are too few
    to show their outer percentiles: then there is no index. `enough` is false below 100 values. With one limit only, Cpk is
    the same number as Cpl or Cpu, with an interval, where that has bounds.
    """

    n: int
    mean: float
    sigma_within: float | None
    freedom_within: float | None
    sigma_overall: float
    method: str
    cp: Index | None
    cpl: Index | None
    cpu: Index | None
    cpk: Index | None
    cpm: Index | None
    pp: Index | None
    ppl: Index | None
    ppu: Index | None
    ppk: Index | None
    ppm: Index | None
    observed: Shares | None
    expected: Shares | None
    normality: Normality | None
    percentiles: Percentiles | None
    stable: bool | None
    enough: bool
    confidence: float


def capability(
    values: npt.ArrayLike,
    *,
    lower: float | None = None,
    upper: float | None = None,
    target: float | None = None,
    confidence: float = 0.95,
    stable: bool | None = None,
    assume_normal: bool | None = None,
    cpm_freedom: CpmFreedom = CpmFreedom.BOYLES,
    within_freedom: WithinFreedom = WithinFreedom.RANGES,
) -> Capability:
    """Capability of values in time order, (values,), or of subgroups, (subgroups, values).

    Within-sigma is that of moving ranges, or of subgroup ranges. `target` defaults to the middle of two limits.
    `assume_normal` overrides the verdict of the normality test.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim not in (1, 2):
        raise ValueError("capability needs a series of values or rows of subgroups")
    known = array[np.isfinite(array)]
    check_limits(lower, upper, target)
    if len(known) < 2:
        raise ValueError("capability needs at least two values")
    # By no more than the last digits of a number, or by so little that its square is nothing.
    if np.ptp(known) <= 1e-12 * np.abs(known).max() or known.std() == 0:
        raise ValueError("capability needs values that vary")
    verdict = normality(known)
    normal = verdict is None or verdict.normal if assume_normal is None else assume_normal
    within, freedom = _within(array)
    if within_freedom is WithinFreedom.QCC:
        freedom = None
    points = None if normal else percentiles(known)
    return assemble(
        n=len(known),
        mean=float(known.mean()),
        within=within,
        freedom=freedom,
        overall=float(known.std(ddof=1)),
        limits=(lower, upper, target),
        confidence=confidence,
        stable=stable,
        observed=_observed(known, lower, upper),
        verdict=verdict,
        points=points,
        unknown=not normal and points is None,
        cpm_freedom=cpm_freedom,
    )


def from_summary(
    *,
    n: int,
    mean: float,
    sigma_overall: float,
    sigma_within: float | None = None,
    freedom_within: float | None = None,
    lower: float | None = None,
    upper: float | None = None,
    target: float | None = None,
    confidence: float = 0.95,
    stable: bool | None = None,
) -> Capability:
    """Capability from a mean and standard deviations, for data known to be normal; nothing is observed.

    `freedom_within` are the degrees of freedom that `sigma_within` is worth, n − 1 by default.
    """
    check_limits(lower, upper, target)
    if n < 2 or not sigma_overall > 0 or not (sigma_within is None or sigma_within > 0):
        raise ValueError("capability needs at least two values that vary")
    return assemble(
        n=n,
        mean=mean,
        within=sigma_within,
        freedom=freedom_within,
        overall=sigma_overall,
        limits=(lower, upper, target),
        confidence=confidence,
        stable=stable,
    )


def check_limits(lower: float | None, upper: float | None, target: float | None) -> None:
    if lower is None and upper is None:
        raise ValueError("capability needs a lower or an upper limit")
    if lower is not None and upper is not None and lower >= upper:
        raise ValueError("the lower limit must be below the upper one")
    if any(value is not None and not math.isfinite(value) for value in (lower, upper, target)):
        raise ValueError("a limit must be a finite number")


def assemble(
    *,
    n: int,
    mean: float,
    within: float | None,
    overall: float,
    limits: tuple[float | None, float | None, float | None],
    confidence: float,
    stable: bool | None,
    observed: Shares | None = None,
    verdict: Normality | None = None,
    points: Percentiles | None = None,
    unknown: bool = False,
    freedom: float | None = None,
    cpm_freedom: CpmFreedom = CpmFreedom.BOYLES,
) -> Capability:
    """The result from its estimates; `points` given means that the percentile method holds, `unknown` that none does.

    `freedom` are the degrees of freedom of the sigma within, n − 1 by default.
    """
    if not 0 < confidence < 1:
        raise ValueError("the confidence must lie between 0 and 1")
    lower, upper, target = limits
    if target is None and lower is not None and upper is not None:
        target = (lower + upper) / 2
    long_term = _family(mean, overall, lower, upper, target, n, n - 1, confidence, cpm_freedom)
    freedom = n - 1 if freedom is None else freedom
    short_term = dict.fromkeys(long_term) if within is None else None
    if unknown:
        long_term = short_term = dict.fromkeys(long_term)
    elif points is not None:
        long_term = _by_percentile(points, lower, upper)
        short_term = dict.fromkeys(long_term)
    elif within is not None:
        short_term = _family(mean, within, lower, upper, target, n, freedom, confidence, cpm_freedom)
    short = short_term or {}
    scale = within or overall
    return Capability(
        n=n,
        mean=mean,
        sigma_within=within,
        freedom_within=None if within is None else freedom,
        sigma_overall=overall,
        method="unknown" if unknown else "normal" if points is None else "percentile",
        cp=short.get("p"),
        cpl=short.get("pl"),
        cpu=short.get("pu"),
        cpk=short.get("pk"),
        cpm=short.get("pm"),
        pp=long_term["p"],
        ppl=long_term["pl"],
        ppu=long_term["pu"],
        ppk=long_term["pk"],
        ppm=long_term["pm"],
        observed=observed,
        expected=_expected(mean, scale, lower, upper) if points is None and not unknown else None,
        normality=verdict,
        percentiles=points,
        stable=stable,
        enough=n >= ENOUGH,
        confidence=confidence,
    )


def _family(
    mean: float,
    sigma: float,
    lower: float | None,
    upper: float | None,
    target: float | None,
    n: int,
    worth: float,
    confidence: float,
    cpm_freedom: CpmFreedom,
) -> dict[str, Index | None]:
    """The indices of one sigma, with their intervals; sigma is worth so many degrees of freedom."""
    both = lower is not None and upper is not None
    width = (upper - lower) / (6 * sigma) if lower is not None and upper is not None else None
    low = None if lower is None else (mean - lower) / (3 * sigma)
    high = None if upper is None else (upper - mean) / (3 * sigma)
    nearest = min(value for value in (low, high) if value is not None)
    tail = (1 - confidence) / 2
    centred = None
    if both and width is not None and target is not None:
        off = (mean - target) / sigma
        power = 1 if cpm_freedom == CpmFreedom.QCC else 2
        freedom = (worth + 1) * (1 + off**2) ** power / (1 + 2 * off**2)
        centred = _by_chi_square(width / math.sqrt(1 + off**2), freedom, tail)
    return {
        "p": None if width is None else _by_chi_square(width, worth, tail),
        "pl": None if low is None else _by_normal(low, n, worth, 1 - confidence, one_sided=True),
        "pu": None if high is None else _by_normal(high, n, worth, 1 - confidence, one_sided=True),
        "pk": _by_normal(nearest, n, worth, tail),
        "pm": centred,
    }


def _by_chi_square(value: float, freedom: float, tail: float) -> Index:
    bounds = (special.chdtri(freedom, q) for q in (1 - tail, tail))
    low, high = (value * math.sqrt(float(bound) / freedom) for bound in bounds)
    return Index(value, Interval(low, high))


def _by_normal(value: float, n: int, worth: float, tail: float, *, one_sided: bool = False) -> Index:
    """Bissell's approximation; written so that an index of zero has an interval too."""
    half = -float(special.ndtri(tail)) * math.sqrt(1 / (9 * n) + value**2 / (2 * worth))
    return Index(value, Interval(value - half, value + half), one_sided)


def _by_percentile(points: Percentiles, lower: float | None, upper: float | None) -> dict[str, Index | None]:
    """ISO 22514-2: distances to the limits in distances to the outer percentiles; no interval is claimed."""
    low = None if lower is None else Index(_over(points.median - lower, points.median - points.low), None)
    high = None if upper is None else Index(_over(upper - points.median, points.high - points.median), None)
    width = None
    if lower is not None and upper is not None:
        width = Index(_over(upper - lower, points.high - points.low), None)
    nearest = min((index for index in (low, high) if index is not None), key=lambda index: index.value)
    return {"p": width, "pl": low, "pu": high, "pk": nearest, "pm": None}


def _over(distance: float, reach: float) -> float:
    return distance / reach if reach > 0 else math.copysign(math.inf, distance)


def _within(array: Floats) -> tuple[float | None, float | None]:
    """Sigma within subgroups, or between neighbours of a series, with the degrees of freedom that it is worth.

    None where it cannot be known or is zero.
    """
    if array.ndim == 2:
        groups = summarise(array)
        if not np.isfinite(groups.ranges).any():
            return None, None
        sigma = rational_sigma(groups.ranges, groups.sizes, constants.d2)
        return sigma or None, _worth_of_ranges(groups.sizes[np.isfinite(groups.ranges)])
    ranges = moving_ranges(array, find_breaks(array, resolve_phases(len(array), ())))
    if not np.isfinite(ranges).any():
        return None, None
    return process_sigma(ranges) or None, _worth_of_moving_ranges(int(np.isfinite(ranges).sum()) + 1)


def _worth_of_ranges(sizes: Floats) -> float:
    """Patnaik: as many degrees of freedom as give a standard deviation the same relative spread, 1 / (2 cv²)."""
    cv = np.array([constants.d3(int(size)) / constants.d2(int(size)) for size in sizes])
    return len(sizes) ** 2 / (2 * float((cv**2).sum()))


def _worth_of_moving_ranges(n: int) -> float:
    """The same from the variance of the mean moving range of n values, which overlap (Cryer and Ryan)."""
    return (n - 1) ** 2 / (2 * (0.8264 * n - 1.082)) if n > 2 else 1 / (2 * (math.pi / 2 - 1))


def _observed(values: Floats, lower: float | None, upper: float | None) -> Shares:
    return Shares(
        below=None if lower is None else float(np.mean(values < lower)),
        above=None if upper is None else float(np.mean(values > upper)),
    )


def _expected(mean: float, sigma: float, lower: float | None, upper: float | None) -> Shares:
    return Shares(
        below=None if lower is None else float(special.ndtr((lower - mean) / sigma)),
        above=None if upper is None else float(special.ndtr((mean - upper) / sigma)),
    )
