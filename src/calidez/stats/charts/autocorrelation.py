"""Whether neighbouring points resemble each other, which makes every limit too narrow for what it claims."""

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from .._types import Flags, Floats

FEWEST_PAIRS = 10
LEVEL = 0.05


@dataclass(frozen=True)
class Autocorrelation:
    """Correlation of each point with the next, and whether chance explains it."""

    r: float
    p_value: float
    significant: bool
    pairs: int


def lag_one(z: Floats, breaks: Flags) -> Autocorrelation | None:
    """Lag-one autocorrelation of standardised points; pairs across a gap or a phase boundary do not count.

    Two-sided normal test with Moran's moments (Biometrika 35, 1948): mean −1/n, variance
    (n − 2)² / (n² (n − 1)). None when there are too few pairs or no variation.
    """
    usable = np.isfinite(z)
    paired = ~breaks[1:] & usable[1:] & usable[:-1]
    pairs = int(paired.sum())
    if pairs < FEWEST_PAIRS:
        return None
    centred = z - z[usable].mean()
    variation = float(np.mean(centred[usable] ** 2))
    if variation <= 0:
        return None
    n = pairs + 1
    r = float(np.sum(centred[1:][paired] * centred[:-1][paired])) / (n * variation)
    spread = (n - 2) / (n * math.sqrt(n - 1))
    p_value = 2 * float(special.ndtr(-abs(r + 1 / n) / spread))
    return Autocorrelation(r=r, p_value=p_value, significant=p_value < LEVEL, pairs=pairs)
