"""What comes back with the day of the week or the month of the year, so that charts need not call it a surprise.

How effects are estimated and judged, with sources: `season_fit`.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import special

from .._types import Flags, FloatLike, Floats, Ints, floats
from .season_fit import Form, centred, free_level, judge, running_level, tabulate

SURE = 0.001
"""A season is offered only where chance gives one as strong in fewer than one of a thousand series."""

WORTH = 0.2
"""Share of the variance from which a season is worth speaking of: without it limits are a tenth narrower."""

Positions = npt.ArrayLike


@dataclass(frozen=True, eq=False)
class Season:
    """Effect of each position of the cycle and how sure it is.

    `effects` has one entry per position 0..k−1, NaN where the position never occurs: amounts to add (mean 0),
    factors (mean 1) or logarithms of odds ratios (mean 0), by `form`; means are weighted by cases where these
    were given. `f` is the F statistic of the effects; `p_value` says how rarely chance gives effects as strong, or one
    wave over the cycle as strong, where neighbours resemble each other as they do here; `share` is what they explain of the variance around the
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
    count as their mean; numbers of cycles grow with time. None if a position occurs in one cycle only, or nothing is left to judge the effects by.

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
    cells = tabulate(y[known], size[known], places[known], rounds[known])
    if cells is None:
        return None
    steps, slopes = (judge(cells, level(cells), form) for level in (free_level, running_level))
    if steps is None or slopes is None:
        return None
    # Three standard deviations of what chance sets two fits of so many degrees of freedom apart by.
    disturbed = slopes.left > steps.left * (1 + 3 / math.sqrt(steps.freedom))
    weakest = steps if disturbed or steps.p_value > slopes.p_value else slopes
    length = int(places.max()) + 1
    found = np.full(length, np.nan)
    found[cells.present] = centred(weakest.raw, cells, form, weighted=weights is not None)
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


def _leverage(size: Floats, information: Floats, places: Ints) -> Floats:
    """Variance that the estimated effect has beyond that of the centre, in variances of the point."""
    of_place = information[places]
    own = np.divide(size, of_place, out=np.zeros(len(size)), where=of_place > 0)
    share: Floats = np.clip(own - size / information.sum(), 0.0, 0.9)
    return share
