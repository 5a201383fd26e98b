"""What comes back with the day of the week or the month of the year, so that charts need not call it a surprise.

Method: two-way layout of cycles (weeks, years) and positions in the cycle, by (quasi-)likelihood: P. McCullagh and
J. A. Nelder, Generalized Linear Models (2nd ed. 1989), chapters 3 and 9. The degrees of freedom of the F test are
reduced for neighbours that resemble each other: G. E. P. Box, Annals of Mathematical Statistics 25 (1954) 484.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import special

from .._types import Flags, FloatLike, Floats, Ints, floats

SURE = 0.001
"""A season is offered only where chance gives one as strong in fewer than one of a thousand series."""

WORTH = 0.2
"""Share of the variance from which a season is worth speaking of: without it limits are a tenth narrower."""

FEWEST_FOR_WAVE = 8
"""Cycles of so many positions are also asked for one smooth wave, which many single effects would hide."""

_FARTHEST = 30.0
"""No centre is known to be further than this on the logarithmic scales."""

Positions = npt.ArrayLike


class Form(StrEnum):
    """How a season acts on the level: added to it, multiplying it, or multiplying the odds."""

    ADDITIVE = "additive"
    FACTOR = "factor"
    ODDS = "odds"


@dataclass(frozen=True, eq=False)
class Season:
    """Effect of each position of the cycle and how sure it is.

    `effects` has one entry per position 0..k−1, NaN where the position never occurs: amounts to add (mean 0),
    factors (mean 1) or logarithms of odds ratios (mean 0), by `form`; means are weighted by cases where these
    were given. `f` is the F statistic of the effects, `share` what they explain of the variance around the
    level of each cycle (adjusted for their number), `df` how many degrees of freedom they use up.
    `position`, `learned` and `leverage` have one entry per period: where in the cycle it lies, whether the
    effects were estimated with it, and the variance of its effect in units of the variance of the point.
    """

    form: Form
    effects: tuple[float, ...]
    f: float
    p_value: float
    share: float
    df: int
    residual_df: float
    cycles: int
    information: tuple[float, ...]
    position: Ints
    learned: Flags
    leverage: Floats

    def __len__(self) -> int:
        return len(self.position)

    @property
    def at(self) -> Floats:
        """The effect at each period; none where the position was never seen."""
        effect = np.array(self.effects)[self.position]
        return np.where(np.isnan(effect), 1.0 if self.form is Form.FACTOR else 0.0, effect)

    def over(self, position: Positions, weights: FloatLike | None = None) -> "Season":
        """The same season over other periods than those it was learned from, such as later ones."""
        places = _places(position)
        if places.max(initial=0) >= len(self.effects):
            raise ValueError("a position lies outside the cycle of the season")
        size = np.ones(len(places)) if weights is None else np.nan_to_num(floats(weights, "the weights"))
        share = _leverage(size, np.array(self.information), places)
        return replace(self, position=places, learned=np.zeros(len(places), np.bool_), leverage=share)

    def expected(self, level: float | Floats, window: slice = slice(None)) -> Floats:
        """What a process at `level` (without season) shows in each period of the window."""
        at = self.at[window]
        if self.form is Form.ADDITIVE:
            return level + at
        if self.form is Form.FACTOR:
            return level * at
        shown: Floats = special.expit(special.logit(level) + at)
        return shown

    def without(self, values: FloatLike) -> Floats:
        """The values as they would be at an average position of the cycle."""
        y = floats(values, "the values")
        if self.form is Form.ADDITIVE:
            return y - self.at
        if self.form is Form.FACTOR:
            return y / self.at
        plain: Floats = special.expit(special.logit(y) - self.at)
        return plain

    @property
    def spread(self) -> Floats:
        """Standard deviation of each point around centre and effect, in that of a point with a known effect.

        Effects lean towards the points they were estimated from, which lie closer to them than later ones.
        """
        return np.sqrt(1 + np.where(self.learned, -self.leverage, self.leverage))


def effects(
    values: FloatLike,
    position: Positions,
    cycle: Positions,
    weights: FloatLike | None = None,
    *,
    form: Form = Form.ADDITIVE,
) -> Season | None:
    """The effects of the positions in a cycle (0..k−1), beside the level of each cycle.

    `values` may be NaN, cycles incomplete and positions absent; several values in one cell of cycle and position
    count as their mean. None if a position occurs in one cycle only, or nothing is left to judge the effects by.

    Form.FACTOR is for counts and rates (`weights` their exposure): a log-linear quasi-Poisson fit, so that cells
    with many events weigh as much as they tell and totals of positions are kept; a ratio of averages would let
    one small month with a high rate speak as loudly as a large one. Form.ODDS is for shares (`weights` their
    cases): effects on the logarithm of the odds, because no sum of an effect and a level then leaves 0..1.

    The level is taken once as free in each cycle, once as running straight from the middle of a cycle to that of
    the next: a trend looks like a season beside the first, and a step disturbs the second. Where the second fits
    far worse it is dropped; otherwise the season is the less certain of both.
    """
    form = Form(form)
    y, places, rounds = floats(values, "the values"), _places(position), np.asarray(cycle)
    size = np.ones(len(y)) if weights is None else np.nan_to_num(floats(weights, "the weights"))
    if not len(y) == len(places) == len(rounds) == len(size):
        raise ValueError("there must be one position, one cycle and one weight for each value")
    if (size < 0).any():
        raise ValueError("a weight must not be negative")
    known = np.isfinite(y) & (size > 0)
    _in_range(y[known], form)
    cells = _cells(y[known], size[known], places[known], rounds[known])
    if cells is None:
        return None
    steps, slopes = (_judge(cells, design(cells), form) for design in (_free, _running))
    if steps is None or slopes is None:
        return None
    # Three standard deviations of what chance sets two fits of so many degrees of freedom apart by.
    disturbed = slopes.left > steps.left * (1 + 3 / math.sqrt(steps.freedom))
    weakest = steps if disturbed or steps.p_value > slopes.p_value else slopes
    length = int(places.max()) + 1
    found = np.full(length, np.nan)
    found[cells.present] = _centred(weakest.raw, cells, form, weighted=weights is not None)
    information = np.zeros(length)
    information[cells.present] = cells.totals
    return Season(
        form=form,
        effects=tuple(float(effect) for effect in found),
        f=weakest.f,
        p_value=weakest.p_value,
        share=weakest.share,
        df=len(cells.present) - 1,
        residual_df=weakest.residual_df,
        cycles=int(cells.cycle.max()) + 1,
        information=tuple(float(total) for total in information),
        position=places,
        learned=known,
        leverage=_leverage(size, information, places),
    )


def found(season: Season | None) -> bool:
    """Whether the season is strong enough to be offered: beyond chance, and worth speaking of.

    Without a season fewer than 1 series in 100 are offered one, be it noise, a step, a trend or noise that remembers
    half of itself (`tests/test_season.py` measures it).
    """
    return season is not None and season.p_value < SURE and season.share >= WORTH


def adjusted(values: FloatLike, seasons: "Season | Iterable[Season]") -> Floats:
    """The values without the seasons, one after the other: what the next season is estimated from."""
    y = floats(values, "the values")
    for season in _listed(seasons):
        y = season.without(y)
    return y


@dataclass(frozen=True, eq=False)
class Course:
    """One or several seasons of one form over the periods of a chart: how its centre moves and its points spread."""

    form: Form
    seasons: tuple[Season, ...]
    spread: Floats

    def expected(self, level: float | Floats, window: slice = slice(None)) -> Floats:
        """What a process at `level` shows in each period of the window."""
        line = np.broadcast_to(np.asarray(level, dtype=np.float64), self.spread[window].shape)
        for season in self.seasons:
            line = season.expected(line, window)
        return line

    @property
    def scale(self) -> Floats:
        """What a distance from the centre is multiplied by where the season multiplies."""
        ones = np.ones(len(self.spread))
        return self.expected(ones) if self.form is Form.FACTOR else ones

    @property
    def widening(self) -> float:
        """What a standard deviation from moving ranges is multiplied by, so that it means what it means elsewhere.

        Without effects the residuals of n neighbours correlate by −1/n; of two positions of one cycle, once their
        effects are taken out, by +1/n of what is left of the variance, and their ranges are smaller for that.
        """
        points = max(3, min(int(season.learned.sum()) for season in self.seasons))
        left = float(np.mean(self.spread**2)) if any(s.learned.any() for s in self.seasons) else 1.0
        resembling = min(0.5, len(self.seasons) / points / left)
        return math.sqrt((1 + 1 / points) / (1 - resembling)) if left < 1 else 1.0


def course(seasons: "Season | Iterable[Season] | None", count: int, forms: tuple[Form, ...]) -> Course | None:
    """The seasons of a chart of `count` periods, refused if they do not fit it; None without any."""
    listed = () if seasons is None else _listed(seasons)
    if not listed:
        return None
    if any(len(season) != count for season in listed):
        raise ValueError("a season must say the position of every period of the chart")
    form = listed[0].form
    if form not in forms or any(season.form is not form for season in listed):
        raise ValueError(f"the seasons of this chart must be of the form {' or '.join(forms)}")
    variance = 1 + sum(season.spread**2 - 1 for season in listed)
    return Course(form, listed, np.sqrt(np.maximum(variance, 0.1)))


def _listed(seasons: Season | Iterable[Season]) -> tuple[Season, ...]:
    return (seasons,) if isinstance(seasons, Season) else tuple(seasons)


@dataclass(frozen=True, eq=False)
class _Cells:
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
class _Answer:
    raw: Floats
    f: float
    p_value: float
    share: float
    residual_df: float
    left: float
    freedom: int


def _places(position: Positions) -> Ints:
    places = np.asarray(position)
    if places.ndim != 1 or not np.issubdtype(places.dtype, np.integer) or (places < 0).any():
        raise ValueError("the positions of a cycle must be whole numbers from 0")
    return places.astype(np.int64)


def _in_range(y: Floats, form: Form) -> None:
    if form is Form.FACTOR and (y < 0).any():
        raise ValueError("counts and rates must not be negative")
    if form is Form.ODDS and ((y < 0) | (y > 1)).any():
        raise ValueError("shares must lie between 0 and 1")


def _cells(y: Floats, size: Floats, places: Ints, rounds: Ints) -> _Cells | None:
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
    return _Cells(mean, total, in_cell, of_cycle, present, np.bincount(in_cell, total).astype(np.float64))


def _free(cells: _Cells) -> Floats:
    """One level for each cycle."""
    return np.eye(int(cells.cycle.max()) + 1)[cells.cycle]


def _running(cells: _Cells) -> Floats:
    """A level that runs straight from the middle of each cycle to that of the next, and on beyond the ends."""
    cycles, length = int(cells.cycle.max()) + 1, int(cells.present.max()) + 1
    at = (cells.time - (length - 1) / 2) / length
    left = np.clip(np.floor(at), 0, cycles - 2).astype(np.int64)
    level = np.zeros((len(at), cycles))
    rows = np.arange(len(at))
    level[rows, left] = 1 - (at - left)
    level[rows, left + 1] = at - left
    return level


def _judge(cells: _Cells, level: Floats, form: Form) -> _Answer | None:
    """Effects beside a level and their F test, in the linear model that the quasi-likelihood is at the level alone."""
    count, width = level.shape
    k = len(cells.present)
    freedom = count - width - (k - 1)
    if freedom < 1:
        return None
    contrasts = np.vstack([np.eye(k - 1), -np.ones(k - 1)])
    whole = np.hstack([level, contrasts[cells.place]])
    response, weight = _linearised(level, cells, form)
    before, _ = _residuals(level, response, weight)
    after, coefficients = _residuals(whole, response, weight)
    around, left = float(before @ before), float(after @ after)
    if around <= 1e-20 * float(weight @ response**2):
        return None
    phi = _resemblance(after, cells)
    share = max(0.0, 1 - (left / freedom) / (around / (count - width)))
    f = _ratio((around - left) / (k - 1), left / freedom)
    epsilon, wave_size = _sphericity(tuple(cells.present.tolist()), phi)
    p_value = float(special.fdtrc(epsilon * (k - 1), epsilon * freedom, f))
    if k >= FEWEST_FOR_WAVE:
        smooth, _ = _residuals(np.hstack([level, _wave(cells.present)[cells.place]]), response, weight)
        rest = float(smooth @ smooth)
        spare = count - width - 2
        epsilon, wave_size = _sphericity(tuple(cells.present.tolist()), _resemblance(smooth, cells))
        waves = _ratio((around - rest) / 2, rest / spare) / wave_size
        # Two tests at once (Bonferroni), the one that most seasons of a year pass at two thirds of the level.
        p_value = min(1.0, 3 * p_value, 1.5 * float(special.fdtrc(2, epsilon * spare, waves)))
    if form is not Form.ADDITIVE:
        coefficients = _likeliest(whole, cells, form)
    return _Answer(contrasts @ coefficients[width:], f, p_value, share, epsilon * freedom, left, freedom)


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


def _linearised(design: Floats, cells: _Cells, form: Form) -> tuple[Floats, Floats]:
    """Working response and weights at the likeliest fit of the design (the data themselves if additive)."""
    if form is Form.ADDITIVE:
        return cells.mean, cells.size
    return _working(design @ _likeliest(design, cells, form), _softened(cells, form), cells.size, form)


def _likeliest(design: Floats, cells: _Cells, form: Form) -> Floats:
    """Coefficients by iteratively reweighted least squares."""
    link = _LINKS[form][0]
    y = _softened(cells, form)
    overall = float(np.average(y, weights=cells.size))
    eta = link((y + overall) / 2)
    coefficients = np.zeros(design.shape[1])
    for _ in range(50):
        response, weight = _working(eta, y, cells.size, form)
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


def _softened(cells: _Cells, form: Form) -> Floats:
    """The means, where a position never had an event (or nothing else) with half an event more (or less).

    What did not happen yet in a few cycles is rare, not impossible.
    """
    y = cells.mean.copy()
    events = np.bincount(cells.place, cells.size * y)
    half = 0.5 / cells.totals
    y[events[cells.place] == 0] = half[cells.place][events[cells.place] == 0]
    if form is Form.ODDS:
        y = np.minimum(y, 1.0)
        always = (events >= cells.totals)[cells.place]
        y[always] = 1 - half[cells.place][always]
    return y


def _centred(raw: Floats, cells: _Cells, form: Form, *, weighted: bool) -> Floats:
    weights = cells.totals if weighted else np.ones(len(raw))
    if form is Form.FACTOR:
        factors = np.exp(np.clip(raw, -_FARTHEST, _FARTHEST))
        return factors / np.average(factors, weights=weights)
    return raw - np.average(raw, weights=weights)


def _leverage(size: Floats, information: Floats, places: Ints) -> Floats:
    """Variance that the estimated effect has beyond that of the centre, in variances of the point."""
    of_place = information[places]
    own = np.divide(size, of_place, out=np.zeros(len(size)), where=of_place > 0)
    share: Floats = np.clip(own - size / information.sum(), 0.0, 0.9)
    return share


def _resemblance(residuals: Floats, cells: _Cells) -> float:
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
