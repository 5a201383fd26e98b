"""Effects of the positions of a cycle beside the level of the cycles, and how sure they are.

Method: two-way layout of cycles (weeks, years) and positions in the cycle, by (quasi-)likelihood: P. McCullagh and
J. A. Nelder, Generalized Linear Models (2nd ed. 1989), chapters 3 and 9. The degrees of freedom of the F test are
reduced for neighbours that resemble each other: G. E. P. Box, Annals of Mathematical Statistics 25 (1954) 484.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from scipy import special

from .._types import Floats, Ints
from .core import ROUNDING

FEWEST_FOR_WAVE = 8
"""Cycles of so many positions are also asked for one smooth wave, which many single effects would hide."""

MOST_LEVELS = 40
"""The level is asked for no more often than this: in years of weeks it changes more slowly than each week."""

_FARTHEST = 30.0
"""No centre is known to be further than this on the logarithmic scales."""


class Form(StrEnum):
    """How a season acts on the level: added to it, multiplying it, or multiplying the odds."""

    ADDITIVE = "additive"
    FACTOR = "factor"
    ODDS = "odds"


@dataclass(frozen=True, eq=False)
class Cells:
    """Means of the cells of cycle × position that have data, by time; `place` counts the positions present."""

    mean: Floats
    size: Floats
    place: Ints
    cycle: Ints
    present: Ints
    totals: Floats

    @property
    def time(self) -> Floats:
        length = int(self.present.max()) + 1
        return (self.cycle * length + self.present[self.place]).astype(np.float64)


@dataclass(frozen=True, eq=False)
class Answer:
    """Effects (around any mean), their F test, and what is left of the squares with how many degrees of freedom."""

    raw: Floats
    f: float
    p_value: float
    share: float
    residual_df: float
    left: float
    freedom: int


def tabulate(y: Floats, size: Floats, places: Ints, rounds: Ints) -> Cells | None:
    """The cells of known values; None where a position was seen in one cycle only, or only one position."""
    if len(y) == 0:
        return None
    _, cycle = np.unique(rounds, return_inverse=True)
    present, place = np.unique(places, return_inverse=True)
    key, cell = np.unique(cycle * len(present) + place, return_inverse=True)
    total: Floats = np.bincount(cell, size).astype(np.float64)
    mean = np.bincount(cell, size * y) / total
    in_cell, of_cycle = key % len(present), key // len(present)
    if len(present) < 2 or (np.bincount(in_cell) < 2).any():
        return None
    return Cells(mean, total, in_cell, of_cycle, present, np.bincount(in_cell, total).astype(np.float64))


def free_level(cells: Cells) -> Floats:
    """One level for each cycle, or for as many neighbouring cycles as `MOST_LEVELS` asks for."""
    together = _together(cells)
    stretch = cells.cycle // together
    return np.eye(int(stretch.max()) + 1)[stretch]


def running_level(cells: Cells) -> Floats:
    """A level that runs straight from the middle of each such stretch to that of the next, and on beyond the ends."""
    length = (int(cells.present.max()) + 1) * _together(cells)
    nodes = int(cells.cycle.max()) // _together(cells) + 1
    at = (cells.time - (length - 1) / 2) / length
    left = np.clip(np.floor(at), 0, nodes - 2).astype(np.int64)
    level = np.zeros((len(at), nodes))
    rows = np.arange(len(at))
    level[rows, left] = 1 - (at - left)
    level[rows, left + 1] = at - left
    return level


def _together(cells: Cells) -> int:
    return -(-(int(cells.cycle.max()) + 1) // MOST_LEVELS)


def judge(cells: Cells, level: Floats, form: Form) -> Answer | None:
    """Effects beside a level and their F test, in the linear model that the quasi-likelihood is at the level alone."""
    count, width = level.shape
    k = len(cells.present)
    freedom = count - width - (k - 1)
    if freedom < 1 or np.ptp(cells.mean) == 0:
        return None
    contrasts = np.vstack([np.eye(k - 1), -np.ones(k - 1)])
    whole = np.hstack([level, contrasts[cells.place]])
    response, weight = _linearised(level, cells, form)
    rounding = ROUNDING * float(np.abs(response).max())
    response = response - np.average(response, weights=weight)
    before, _ = _residuals(level, response, weight)
    after, coefficients = _residuals(whole, response, weight)
    around, left = float(before @ before), float(after @ after)
    if around <= max(1e-20 * float(weight @ response**2), rounding**2 * float(weight.sum())):
        return None
    phi = _resemblance(after, cells)
    share = max(0.0, 1 - (left / freedom) / (around / (count - width)))
    f = _ratio(max(0.0, around - left) / (k - 1), left / freedom)
    epsilon, wave_size = _sphericity(tuple(cells.present.tolist()), phi)
    p_value = float(special.fdtrc(epsilon * (k - 1), epsilon * freedom, f))
    if k >= FEWEST_FOR_WAVE:
        smooth, _ = _residuals(np.hstack([level, _wave(cells.present)[cells.place]]), response, weight)
        rest = float(smooth @ smooth)
        spare = count - width - 2
        epsilon, wave_size = _sphericity(tuple(cells.present.tolist()), _resemblance(smooth, cells))
        waves = _ratio(max(0.0, around - rest) / 2, rest / spare) / wave_size
        # Two tests at once (Bonferroni), the one that most seasons of a year pass at two thirds of the level.
        p_value = min(1.0, 3 * p_value, 1.5 * float(special.fdtrc(2, epsilon * spare, waves)))
    if form is not Form.ADDITIVE:
        told = _softened(cells, form, around / (count - width))
        coefficients = _likeliest(whole, told, cells.size, form)
    return Answer(contrasts @ coefficients[width:], f, p_value, share, epsilon * freedom, left, freedom)


def _ratio(above: float, below: float) -> float:
    return above / below if below > 1e-18 * above else math.inf


def _residuals(design: Floats, response: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Residuals of weighted least squares, times the root of their weights, and the coefficients."""
    root = np.sqrt(weight)
    scaled = design * root[:, None]
    gram: Floats = scaled.T @ scaled
    # Cells that weigh next to nothing leave a column almost empty.
    ridge = 1e-12 * max(float(gram.diagonal().max()), 1e-300)
    solved = np.linalg.solve(gram + ridge * np.eye(len(gram)), scaled.T @ (response * root))
    coefficients = np.asarray(solved, dtype=np.float64)
    return root * response - scaled @ coefficients, coefficients


_LINKS: dict[
    Form, tuple[Callable[[Floats], Floats], Callable[[Floats], Floats], Callable[[Floats], Floats]]
] = {
    Form.FACTOR: (np.log, np.exp, lambda mean: mean),
    Form.ODDS: (special.logit, special.expit, lambda mean: mean * (1 - mean)),
}
"""Link, its inverse, and the variance of one unit (which for these links is also the slope of the inverse)."""


def _linearised(design: Floats, cells: Cells, form: Form) -> tuple[Floats, Floats]:
    """Working response and weights at the likeliest fit of the design (the data themselves if additive)."""
    if form is Form.ADDITIVE:
        return cells.mean, cells.size
    return _working(design @ _likeliest(design, cells.mean, cells.size, form), cells.mean, cells.size, form)


def _likeliest(design: Floats, y: Floats, size: Floats, form: Form) -> Floats:
    """Coefficients by iteratively reweighted least squares."""
    link = _LINKS[form][0]
    overall = float(np.average(y, weights=size))
    eta = link((y + overall) / 2)
    coefficients = np.zeros(design.shape[1])
    for _ in range(50):
        response, weight = _working(eta, y, size, form)
        before = coefficients
        coefficients = _residuals(design, response, weight)[1]
        eta = np.clip(design @ coefficients, -_FARTHEST, _FARTHEST)
        if np.abs(coefficients - before).max() < 1e-10:
            break
    return coefficients


def _working(eta: Floats, y: Floats, size: Floats, form: Form) -> tuple[Floats, Floats]:
    _, inverse, variance = _LINKS[form]
    mean = inverse(np.clip(eta, -_FARTHEST, _FARTHEST))
    slope = np.maximum(variance(mean), 1e-13)
    return eta + (y - mean) / slope, size * slope


def _softened(cells: Cells, form: Form, dispersion: float) -> Floats:
    """The means, where a position never had an event (or nothing else) with half an event more (or less).

    What did not happen yet in a few cycles is rare, not impossible. How many cases stand behind a mean shows in how
    the means disperse, also where no weights say it.
    """
    y = cells.mean.copy()
    overall = float(np.average(y, weights=cells.size))
    half = (0.5 * dispersion / cells.totals)[cells.place]
    events = np.bincount(cells.place, cells.size * y)
    never = (events == 0)[cells.place]
    y[never] = np.minimum(half, overall / 2)[never]
    if form is Form.ODDS:
        always = (events >= cells.totals * (1 - ROUNDING))[cells.place]
        y[always] = 1 - np.minimum(half, (1 - overall) / 2)[always]
    return y


def centred(raw: Floats, cells: Cells, form: Form, *, weighted: bool) -> Floats:
    """The effects with mean 0, as factors with mean 1; weighted by cases or not."""
    weights = cells.totals if weighted else np.ones(len(raw))
    if form is Form.FACTOR:
        factors = np.exp(np.clip(raw, -_FARTHEST, _FARTHEST))
        return factors / np.average(factors, weights=weights)
    return raw - np.average(raw, weights=weights)


def _resemblance(residuals: Floats, cells: Cells) -> float:
    """Lag-one correlation of what acts on the cells (not below 0), from residuals, which show less of it."""
    order = np.argsort(cells.time, kind="stable")
    left = residuals[order] / math.sqrt(float(np.mean(residuals**2)) or 1.0)
    close = np.diff(cells.time[order]) <= 3
    if not close.any():
        return 0.0
    seen = float(np.mean((left[1:] * left[:-1])[close]))
    shown = _shown(tuple(cells.present.tolist()))
    return float(np.interp(seen, shown, _GRID))


_GRID = np.linspace(0, 0.95, 20)


@lru_cache(maxsize=64)
def _shown(present: tuple[int, ...]) -> Floats:
    """Expected lag-one correlation of residuals from cycle levels, for each of `_GRID`."""
    rows = []
    for phi in _GRID:
        covariance = _within(present, float(phi))
        rows.append(float(covariance.diagonal(1).mean() / covariance.diagonal().mean()))
    return np.maximum.accumulate(np.array(rows))


@lru_cache(maxsize=512)
def _sphericity(present: tuple[int, ...], phi: float) -> tuple[float, float]:
    """Box's ε of the positions of a cycle, and how much more than on average a wave over the cycle varies by itself."""
    covariance = _within(present, phi)
    freedom = len(present) - 1
    epsilon = float(np.trace(covariance) ** 2 / (freedom * np.sum(covariance**2)))
    wave = _wave(np.array(present))
    basis = np.linalg.qr(wave - wave.mean(axis=0))[0]
    size = float(np.trace(basis.T @ covariance @ basis)) / 2 / (float(np.trace(covariance)) / freedom)
    return epsilon, max(1.0, size)


def _within(present: tuple[int, ...], phi: float) -> Floats:
    """Covariance around their mean of the positions of a cycle under first-order autocorrelation."""
    places = np.array(present)
    covariance = phi ** np.abs(places[:, None] - places[None, :]).astype(np.float64)
    centring = np.eye(len(places)) - 1 / len(places)
    return centring @ covariance @ centring


def _wave(present: Ints) -> Floats:
    angle = 2 * np.pi * present / (int(present.max()) + 1)
    return np.column_stack([np.cos(angle), np.sin(angle)])
