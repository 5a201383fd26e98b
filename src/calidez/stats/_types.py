"""Names for the arrays that every chart and rule passes around."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
FloatLike = Sequence[float] | Floats | npt.NDArray[np.int64]


def floats(values: npt.ArrayLike, what: str, *, dimensions: int = 1) -> Floats:
    """The values as floats, refusing another shape or an infinite value."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != dimensions:
        raise ValueError(f"{what} must have {dimensions} dimension(s), not {array.ndim}")
    if np.isinf(array).any():
        raise ValueError(f"{what} must not hold an infinite value")
    return array


# One bit for each run rule, at each point.
Mask = npt.NDArray[np.uint16]
