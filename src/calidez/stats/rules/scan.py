"""Limits and rules over very many values at once, for searching all series of a company."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .._types import Floats, Mask
from .definitions import NELSON, Rule
from .vectors import pointwise


@dataclass(frozen=True, eq=False)
class Scan:
    """Individuals charts of many series: centre and sigma of each, and the rules complete at each point."""

    centre: Floats
    sigma: Floats
    mask: Mask


def scan(values: npt.ArrayLike, rules: Iterable[Rule] = NELSON) -> Scan:
    """Individuals charts over `values`, (points,) or (series, points); NaN is a gap.

    The limits are those of `charts.individuals` without screening; a series without two values in a row has
    NaN limits and no signal. The mask has the shape of the values and one bit per rule (`BITS`).
    """
    from . import kernel  # compiled code is loaded only by those who need it

    array = np.asarray(values, dtype=np.float64)
    if array.ndim not in (1, 2) or array.shape[-1] < 2:
        raise ValueError("an individuals chart needs at least two values")
    centre, sigma, mask = kernel.limits_and_rules(np.atleast_2d(array), pointwise(rules))
    return Scan(centre, sigma, mask.reshape(array.shape))
