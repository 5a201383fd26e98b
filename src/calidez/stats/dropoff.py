"""The value at which customers' satisfaction drops: a bend or a step in their answers, told apart from a steady fall.

The answers come as sufficient statistics per bin of the measured value. A level that bends or falls by a step is
compared with a straight line, and that with no fall at all. Where the break is not known beforehand the F statistic
has no table, so its distribution is simulated under the simpler model.

Sources: D. V. Hinkley, Journal of the American Statistical Association 66 (1971) 736 (two-phase regression, interval
from the likelihood); D. W. K. Andrews, Econometrica 61 (1993) 821 (largest statistic over unknown breaks).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from scipy import special

from ._types import FloatLike, Floats, floats

FEWEST_ANSWERS = 200
"""With a hundred answers on either side a fall by half a standard deviation is seen nearly always (3.5 standard
errors); with fewer one would mostly say "no drop" of drops that matter."""

FEWEST_BINS = 6
"""Two bins on either side of a break, and two more to see that it fits."""

LEAST_EFFECT = 0.1
"""Falls of less than a tenth of a standard deviation are nothing that a customer would notice, however sure they are."""

LEVEL = 0.05
CANDIDATES = 120


class Shape(StrEnum):
    NOT_ENOUGH = "not_enough"
    NO_DROP = "no_drop"
    STEADY = "steady"
    BEND = "bend"
    STEP = "step"


@dataclass(frozen=True, eq=False)
class Bins:
    """Answers by bin of the measured value, in ascending order of it: how many, mean value, sum and squares of scores."""

    n: Floats
    value: Floats
    total: Floats
    squares: Floats

    @classmethod
    def of(cls, n: FloatLike, value: FloatLike, total: FloatLike, squares: FloatLike) -> Bins:
        arrays = [floats(np.asarray(a, dtype=np.float64), "the bins") for a in (n, value, total, squares)]
        if len({len(array) for array in arrays}) != 1:
            raise ValueError("every bin needs its number, its value, its sum and its sum of squares")
        if any(np.isnan(array).any() for array in arrays) or (arrays[0] < 1).any():
            raise ValueError("every bin needs at least one answer and no missing number")
        if (np.diff(arrays[1]) <= 0).any():
            raise ValueError("the bins must be in ascending order of their values")
        return cls(*arrays)

    @property
    def means(self) -> Floats:
        return self.total / self.n


@dataclass(frozen=True)
class Dropoff:
    """What the answers say.

    `at` with `low`–`high` is the value at which they begin to fall (None without a break). `before` and `after` are the
    scores on the good side and at the worst value, `effect` their distance in standard deviations of the answers.
    `slope` is the change of the score per unit of the value, where it changes steadily. `p_drop` and `p_break` are the
    chances of as much without any fall, and with a steady one.
    """

    shape: Shape
    answers: int
    at: float | None = None
    low: float | None = None
    high: float | None = None
    before: float | None = None
    after: float | None = None
    slope: float | None = None
    effect: float | None = None
    p_drop: float | None = None
    p_break: float | None = None
    fitted: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False)
class _Curves:
    """Candidate curves (candidates, bins), each at its level 0 on the good side and falling by its own size 1 or by x."""

    rows: Floats
    at: Floats
    low: Floats  # the stretch of values that a candidate stands for
    high: Floats
    step: np.ndarray


def dropoff(
    bins: Bins,
    *,
    worse_above: bool = True,
    higher_score_better: bool = True,
    seed: int = 1,
    simulations: int = 499,
    confidence: float = 0.95,
) -> Dropoff:
    """Where the score falls as the value gets worse: higher where `worse_above`, else lower."""
    answers = round(float(bins.n.sum()))
    if answers < FEWEST_ANSWERS or len(bins.n) < FEWEST_BINS:
        return Dropoff(Shape.NOT_ENOUGH, answers)
    order = slice(None) if worse_above else slice(None, None, -1)
    x = bins.value[order] * (1 if worse_above else -1)
    score = bins.means[order] * (1 if higher_score_better else -1)
    n = bins.n[order]
    each, pooled = _noise(bins, order)
    if pooled == 0:
        return Dropoff(Shape.NO_DROP, answers)
    curves = _curves(x, n)
    line = x[None, :] - x[0]
    rng = np.random.default_rng(seed)
    found = _Fit.of(score, n, curves.rows, pooled)
    spread = np.sqrt(
        each * found.excess / n
    )  # bins that wander more than chance explains make every test harder
    level = float(np.average(score, weights=n))
    flat = level + spread * rng.standard_normal((simulations, len(n)))
    p_drop = _chance(found.statistic, [_Fit.of(y, n, curves.rows, pooled).statistic for y in flat])
    steady = _Fit.of(score, n, line, pooled)
    straight = steady.level + steady.size * line[0]
    falls = straight + spread * rng.standard_normal((simulations, len(n)))
    p_break = _chance(
        _gain(score, n, curves.rows, line, pooled), [_gain(y, n, curves.rows, line, pooled) for y in falls]
    )
    sigma = float(np.sqrt(pooled))
    bent = p_break < LEVEL
    best = found if bent else steady
    row = curves.rows[found.index] if bent else line[0]
    fitted = best.level + best.size * row
    effect = float(fitted[0] - fitted[-1]) / sigma
    if p_drop >= LEVEL or effect < LEAST_EFFECT:
        return Dropoff(Shape.NO_DROP, answers, effect=effect, p_drop=p_drop, p_break=p_break)
    sign = 1 if higher_score_better else -1
    slope = sign * best.size * (1 if worse_above else -1)
    steadily = Dropoff(
        Shape.STEADY,
        answers,
        before=sign * float(fitted[0]),
        after=sign * float(fitted[-1]),
        slope=slope,
        effect=effect,
        p_drop=p_drop,
        p_break=p_break,
        fitted=tuple((sign * fitted)[order].tolist()),
    )
    if not bent:
        return steadily
    low, high = _interval(found, curves, x, pooled, confidence)
    at = float(curves.at[found.index])
    if not worse_above:
        at, low, high = -at, -high, -low
    if curves.step[found.index]:
        return replace(steadily, shape=Shape.STEP, at=at, low=low, high=high, slope=None)
    return replace(steadily, shape=Shape.BEND, at=at, low=low, high=high)


@dataclass(frozen=True, eq=False)
class _Fit:
    """The best falling curve: its index, level and size; `left` is what each candidate leaves unexplained."""

    index: int
    level: float
    size: float
    left: Floats
    statistic: float
    excess: float

    @classmethod
    def of(cls, score: Floats, n: Floats, rows: Floats, pooled: float) -> _Fit:
        mean = float(np.average(score, weights=n))
        centred = rows - (rows @ n / n.sum())[:, None]
        scale = (centred**2) @ n
        sizes = np.minimum((centred * n) @ (score - mean) / scale, 0.0)  # only falls count
        whole = float(n @ (score - mean) ** 2)
        left = whole - sizes**2 * scale
        index = int(np.argmin(left))
        excess = max(1.0, float(left[index]) / pooled / max(1, len(n) - 3))
        size = float(sizes[index])
        level = mean - size * float(rows[index] @ n / n.sum())
        return cls(index, level, size, left, (whole - float(left[index])) / (pooled * excess), excess)


def _gain(score: Floats, n: Floats, rows: Floats, line: Floats, pooled: float) -> float:
    """What a break explains beyond a straight line, in units of the noise."""
    best, straight = _Fit.of(score, n, rows, pooled), _Fit.of(score, n, line, pooled)
    return float(straight.left[0] - best.left[best.index]) / (pooled * best.excess)


def _curves(x: Floats, n: Floats) -> _Curves:
    """Bends at many places and steps between bins, with two bins at least on either side; the line itself comes first."""
    places = np.linspace(x[1], x[-2], CANDIDATES)
    bends = np.vstack([x - x[0], np.maximum(0.0, x[None, :] - places[:, None])])
    at = np.concatenate([[x[0]], places])
    cuts = np.arange(2, len(x) - 1)
    steps = (np.arange(len(x))[None, :] >= cuts[:, None]).astype(np.float64)
    between = (x[cuts - 1] + x[cuts]) / 2
    return _Curves(
        rows=np.vstack([bends, steps]),
        at=np.concatenate([at, between]),
        low=np.concatenate([at, x[cuts - 1]]),
        high=np.concatenate([at, x[cuts]]),
        step=np.concatenate([np.zeros(len(at), dtype=bool), np.ones(len(cuts), dtype=bool)]),
    )


def _interval(
    found: _Fit, curves: _Curves, x: Floats, pooled: float, confidence: float
) -> tuple[float, float]:
    """The breaks of the same kind that leave hardly more unexplained than the best one, and at least the stretch between
    the two bins around it: no break is known more finely than that."""
    allowed = float(special.chdtri(1, 1 - confidence)) * pooled * found.excess
    same = curves.step == curves.step[found.index]
    kept = same & (found.left <= found.left[found.index] + allowed)
    at = curves.at[found.index]
    below, above = x[x <= at].max(), x[x >= at].min()
    return float(min(below, curves.low[kept].min())), float(max(above, curves.high[kept].max()))


def _noise(bins: Bins, order: slice) -> tuple[Floats, float]:
    """The variance of single answers in each bin and in all of them together; a bin that knows too little has the latter."""
    within = np.maximum(bins.squares - bins.total**2 / bins.n, 0.0)
    freedom = bins.n - 1
    pooled = float(within.sum() / max(1.0, float(freedom.sum())))
    own = np.divide(within, freedom, out=np.full(len(within), pooled), where=freedom >= 10)
    return np.where(own > 0, own, pooled)[order], pooled


def _chance(seen: float, simulated: list[float]) -> float:
    return (1 + sum(value >= seen for value in simulated)) / (1 + len(simulated))
