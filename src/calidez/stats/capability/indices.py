"""Capability indices with their intervals, and the share outside the limits, observed and expected.

Sources: ISO 22514-2 (indices, percentile method); A. F. Bissell, Applied Statistics 39 (1990) 331 (interval of
Cpk); R. A. Boyles, Journal of Quality Technology 23 (1991) 17 (Cpm). An index speaks of the future only for a
stable process, so `stable` is part of the result.
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


ENOUGH = 100
"""Values below which the interval of an index is wider than the differences people argue about."""


@dataclass(frozen=True)
class Interval:
    lower: float
    upper: float


@dataclass(frozen=True)
class Index:
    """An index and the interval that holds its true value with the confidence asked for."""

    value: float
    interval: Interval | None


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
    no share is expected beyond the observed one. `enough` is false below 100 values.
    """

    n: int
    mean: float
    sigma_within: float | None
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
    if np.ptp(known) == 0 or known.std() == 0:  # by so little that its square is nothing
        raise ValueError("capability needs values that vary")
    verdict = normality(known)
    normal = verdict is None or verdict.normal if assume_normal is None else assume_normal
    return assemble(
        n=len(known),
        mean=float(known.mean()),
        within=_within(array),
        overall=float(known.std(ddof=1)),
        limits=(lower, upper, target),
        confidence=confidence,
        stable=stable,
        observed=_observed(known, lower, upper),
        verdict=verdict,
        points=None if normal else percentiles(known),
        cpm_freedom=cpm_freedom,
    )


def from_summary(
    *,
    n: int,
    mean: float,
    sigma_overall: float,
    sigma_within: float | None = None,
    lower: float | None = None,
    upper: float | None = None,
    target: float | None = None,
    confidence: float = 0.95,
    stable: bool | None = None,
) -> Capability:
    """Capability from a mean and standard deviations, for data known to be normal; nothing is observed."""
    check_limits(lower, upper, target)
    if n < 2 or not sigma_overall > 0 or not (sigma_within is None or sigma_within > 0):
        raise ValueError("capability needs at least two values that vary")
    return assemble(
        n=n,
        mean=mean,
        within=sigma_within,
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
    cpm_freedom: CpmFreedom = CpmFreedom.BOYLES,
) -> Capability:
    """The result from its estimates; `points` given means that the percentile method holds."""
    if not 0 < confidence < 1:
        raise ValueError("the confidence must lie between 0 and 1")
    lower, upper, target = limits
    if target is None and lower is not None and upper is not None:
        target = (lower + upper) / 2
    long_term = _family(mean, overall, lower, upper, target, n, confidence, cpm_freedom)
    short_term = dict.fromkeys(long_term) if within is None else None
    if points is not None:
        long_term = _by_percentile(points, lower, upper)
        short_term = dict.fromkeys(long_term)
    elif within is not None:
        short_term = _family(mean, within, lower, upper, target, n, confidence, cpm_freedom)
    short = short_term or {}
    scale = within or overall
    return Capability(
        n=n,
        mean=mean,
        sigma_within=within,
        sigma_overall=overall,
        method="normal" if points is None else "percentile",
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
        expected=_expected(mean, scale, lower, upper) if points is None else None,
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
    confidence: float,
    cpm_freedom: CpmFreedom,
) -> dict[str, Index | None]:
    """The indices of one sigma, with their intervals."""
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
        freedom = n * (1 + off**2) ** power / (1 + 2 * off**2)
        centred = _by_chi_square(width / math.sqrt(1 + off**2), freedom, tail)
    return {
        "p": None if width is None else _by_chi_square(width, n - 1, tail),
        "pl": None if low is None else _by_normal(low, n, 1 - confidence),
        "pu": None if high is None else _by_normal(high, n, 1 - confidence),
        "pk": _by_normal(nearest, n, tail),
        "pm": centred,
    }


def _by_chi_square(value: float, freedom: float, tail: float) -> Index:
    bounds = (special.chdtri(freedom, q) for q in (1 - tail, tail))
    low, high = (value * math.sqrt(float(bound) / freedom) for bound in bounds)
    return Index(value, Interval(low, high))


def _by_normal(value: float, n: int, tail: float) -> Index:
    """Bissell's approximation; written so that an index of zero has an interval too."""
    half = -float(special.ndtri(tail)) * math.sqrt(1 / (9 * n) + value**2 / (2 * (n - 1)))
    return Index(value, Interval(value - half, value + half))


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


def _within(array: Floats) -> float | None:
    """Sigma within subgroups, or between neighbours of a series; None where it cannot be known or is zero."""
    if array.ndim == 2:
        groups = summarise(array)
        if not np.isfinite(groups.ranges).any():
            return None
        return rational_sigma(groups.ranges, groups.sizes, constants.d2) or None
    ranges = moving_ranges(array, find_breaks(array, resolve_phases(len(array), ())))
    return process_sigma(ranges) or None if np.isfinite(ranges).any() else None


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
