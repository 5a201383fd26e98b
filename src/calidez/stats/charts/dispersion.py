"""Whether counts vary more than chance allows, so that binomial or Poisson limits would cry wolf."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import special

from .. import constants
from .._types import Flags, Floats
from .core import moving_ranges, screened_mean

LEVEL = 0.05
FEWEST_PAIRS = 5


@dataclass(frozen=True)
class Dispersion:
    """Short-term variation of standardised points: 1 is what chance alone gives."""

    sigma_z: float
    ratio: float
    p_value: float
    overdispersed: bool


def sigma_z(z: Floats, breaks: Flags, *, screen: bool = False) -> float:
    """Laney's factor: mean moving range of the standardised points over d2 (Quality Engineering 14, 2002)."""
    ranges = moving_ranges(z, breaks)
    known = ranges[np.isfinite(ranges)]
    if len(known) == 0:
        return 1.0
    mean = float(known.mean())
    if screen and mean > 0:
        mean = screened_mean(known, constants.D4_PAIR * mean)
    return mean / constants.D2_PAIR


def overdispersion(stretches: Iterable[tuple[Floats, Flags]]) -> Dispersion | None:
    """Test of the differences between neighbouring standardised points, pooled over stretches (z, breaks).

    Half their mean square is 1 when only chance acts, with variance (3m − 1)/m² for m differences (von
    Neumann 1941); it is compared with a chi-square of as many degrees of freedom as give that variance.
    Differences, not distances from the mean, so that a shift of level stays a signal and does not widen the
    limits. None when there are fewer than five differences.
    """
    ranges = np.concatenate([moving_ranges(z, breaks) for z, breaks in stretches] or [np.empty(0)])
    known = ranges[np.isfinite(ranges)]
    m = len(known)
    if m < FEWEST_PAIRS:
        return None
    ratio = float(np.mean(known**2)) / 2
    freedom = 2 * m * m / (3 * m - 1)
    p_value = float(special.chdtrc(freedom, freedom * ratio))
    factor = float(known.mean()) / constants.D2_PAIR
    return Dispersion(factor, ratio, p_value, overdispersed=p_value < LEVEL and factor > 1)
