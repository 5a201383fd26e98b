"""Hotelling's T²: several related measures watched as one, so that an odd combination is seen."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg, special

from .._types import Flags, Floats, floats


@dataclass(frozen=True, eq=False)
class TSquared:
    """T² of each observation against the baseline.

    `upper` holds for the observations that made the baseline, `upper_new` for any other.
    """

    statistics: Floats
    centre: Floats
    covariance: Floats
    upper: float
    upper_new: float
    confidence: float
    beyond: tuple[int, ...]


def t_squared(
    observations: npt.ArrayLike, *, baseline_stop: int | None = None, confidence: float = 0.9973
) -> TSquared:
    """T² chart of single observations, shape (observations, measures).

    Limits: baseline (m − 1)²/m · Beta(p/2, (m − p − 1)/2), later p (m + 1)(m − 1)/(m (m − p)) · F(p, m − p)
    (Tracy, Young and Mason, Journal of Quality Technology 24, 1992). Rows with a missing value have no T².
    """
    x = floats(observations, "the observations", dimensions=2)
    if not 0 < confidence < 1:
        raise ValueError("the confidence must lie between 0 and 1")
    known: Flags = np.logical_and.reduce(np.isfinite(x), axis=1)
    stop = len(x) if baseline_stop is None else baseline_stop
    base = x[:stop][known[:stop]]
    m, p = base.shape
    if m < p + 2:
        raise ValueError(f"T² of {p} measures needs at least {p + 2} complete observations in the baseline")
    centre = base.mean(axis=0)
    covariance = np.atleast_2d(np.cov(base, rowvar=False))
    try:
        factor = linalg.cho_factor(covariance)
    except linalg.LinAlgError:
        raise ValueError(
            "the measures repeat one another: leave out those that follow from the rest"
        ) from None
    statistics = np.full(len(x), np.nan)
    distance = x[known] - centre
    statistics[known] = np.einsum("ij,ij->i", distance, linalg.cho_solve(factor, distance.T).T)
    upper = (m - 1) ** 2 / m * float(special.betaincinv(p / 2, (m - p - 1) / 2, confidence))
    upper_new = p * (m + 1) * (m - 1) / (m * (m - p)) * float(special.fdtri(p, m - p, confidence))
    limit = np.where(np.arange(len(x)) < stop, upper, upper_new)
    beyond = np.flatnonzero(statistics > limit)
    return TSquared(
        statistics, centre, covariance, upper, upper_new, confidence, tuple(int(i) for i in beyond)
    )
