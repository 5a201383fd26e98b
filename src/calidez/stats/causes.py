"""Many tests at once: how surprising a p-value still is among all those that were looked at."""

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from ._types import Floats, floats


class Method(StrEnum):
    """`BH` and `BY` hold the share of false discoveries, `HOLM` the chance of a single one."""

    BH = "bh"
    BY = "by"
    HOLM = "holm"


def adjust_p_values(p: npt.ArrayLike, method: Method | str = Method.BH) -> Floats:
    """Adjusted p-values in the order given; NaN (no test) stays NaN and is not counted.

    Sources: Benjamini and Hochberg (JRSS B 57, 1995), valid for independent or positively dependent tests;
    Benjamini and Yekutieli (Annals of Statistics 29, 2001), for any; Holm (Scandinavian Journal 6, 1979).
    """
    values = floats(p, "the p-values")
    known = np.isfinite(values)
    if ((values[known] < 0) | (values[known] > 1)).any():
        raise ValueError("a p-value lies between 0 and 1")
    if method not in list(Method):
        raise ValueError(f"p-values are adjusted by {', '.join(Method)}, not by {method!r}")
    adjusted = values.copy()
    tested = values[known]
    order = np.argsort(tested, kind="stable")
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    step = _step_down if method == Method.HOLM else _step_up
    adjusted[known] = np.minimum(step(tested[order], Method(method)), 1.0)[back]
    return adjusted


def _step_up(ascending: Floats, method: Method) -> Floats:
    rank = np.arange(1, len(ascending) + 1)
    penalty = float(np.sum(1 / rank)) if method is Method.BY else 1.0
    scaled = ascending * len(ascending) / rank * penalty
    return np.minimum.accumulate(scaled[::-1])[::-1]


def _step_down(ascending: Floats, method: Method) -> Floats:
    return np.maximum.accumulate(ascending * np.arange(len(ascending), 0, -1))
