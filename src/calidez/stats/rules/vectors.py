"""Rules over whole arrays of standardised points: numpy for a page, a compiled kernel for millions."""

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from .._types import Flags, Floats, Mask
from .definitions import BITS, RUNS, TOLERANCE, TRENDS, WHOLE_PHASE, WINDOWS, Rule

SMALL = 20_000
"""Below this many points numpy is done before the compiled kernel is loaded."""


def evaluate(
    z: npt.ArrayLike,
    rules: Iterable[Rule],
    *,
    steps: npt.ArrayLike | None = None,
    partial: bool = False,
) -> Mask:
    """Which rules are complete at which point: one bit per rule (`BITS`), shape as `z`.

    `z` is (points,) or (series, points); NaN is a gap, and nothing looks across it. `steps` are the plotted
    values, for trends and alternation where points have different standard deviations. With `partial`, two of three and four of five already count in a window
    that has just begun, as the literature on run lengths does.
    """
    wanted = pointwise(rules)
    points = np.asarray(z, dtype=np.float64)
    if points.ndim not in (1, 2):
        raise ValueError("rules look at one series or at rows of series")
    heights = points if steps is None else np.asarray(steps, dtype=np.float64)
    if heights.shape != points.shape:
        raise ValueError("the plotted values must have the shape of the standardised ones")
    if points.size > SMALL or partial:
        from . import kernel  # compiled code is loaded only by those who need it

        return kernel.evaluate(points, heights, wanted, partial)
    return _evaluate_small(np.atleast_2d(points), np.atleast_2d(heights), wanted).reshape(points.shape)


def flagged(mask: Mask, rule: Rule) -> Flags:
    """Where the mask says that the rule is complete."""
    return (mask & BITS[rule]) != 0


def pointwise(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules, refused if one of them judges whole phases."""
    wanted = tuple(rules)
    whole = [rule for rule in wanted if rule in WHOLE_PHASE]
    if whole:
        raise ValueError(f"the rule {whole[0]} judges a whole phase and has no answer point by point")
    return wanted


def _evaluate_small(z: Floats, heights: Floats, rules: tuple[Rule, ...]) -> Mask:
    mask = np.zeros(z.shape, dtype=np.uint16)
    look = _Look(z, heights)
    for rule in rules:
        mask[_complete(look, rule)] |= np.uint16(BITS[rule])
    return mask


def _complete(look: "_Look", rule: Rule) -> Flags:
    """Where the pattern of the rule is complete."""
    if rule in RUNS:
        return look.all_of(look.above(0), RUNS[rule]) | look.all_of(look.below(0), RUNS[rule])
    if rule in TRENDS:
        rises = TRENDS[rule] - 1
        return look.all_of(look.up, rises) | look.all_of(look.down, rises)
    return _PATTERNS[rule](look)


def _alternating(look: "_Look") -> Flags:
    turns = np.zeros(look.up.shape, dtype=np.bool_)
    turns[:, 1:] = (look.up[:, 1:] & look.down[:, :-1]) | (look.down[:, 1:] & look.up[:, :-1])
    return look.all_of(turns, WINDOWS[Rule.ALTERNATING] - 2)


def _some_beyond(look: "_Look", count: int, window: int, sigmas: int) -> Flags:
    """At least `count` of `window` beyond the line on one side, the last point being one of them."""
    full = look.all_of(look.known, window)
    high, low = look.above(sigmas), look.below(sigmas)
    return full & ((high & (look.count(high, window) >= count)) | (low & (look.count(low, window) >= count)))


def _two_on_one_side(look: "_Look") -> Flags:
    """Two of three between two and three sigma, all three on one side; points further out speak alone."""
    high, low = look.above(2) & ~look.above(3), look.below(2) & ~look.below(3)
    above = look.all_of(look.above(0), 3) & (look.count(high, 3) >= 2)
    below = look.all_of(look.below(0), 3) & (look.count(low, 3) >= 2)
    return above | below


def _eight_outside(look: "_Look") -> Flags:
    high, low = look.above(1), look.below(1)
    return look.all_of(high | low, 8) & (look.count(high, 8) > 0) & (look.count(low, 8) > 0)


_PATTERNS: dict[Rule, Callable[["_Look"], Flags]] = {
    Rule.BEYOND_LIMITS: lambda look: look.above(3) | look.below(3),
    Rule.ALTERNATING: _alternating,
    Rule.TWO_OF_THREE: lambda look: _some_beyond(look, 2, 3, 2),
    Rule.TWO_OF_THREE_ONE_SIDE: _two_on_one_side,
    Rule.FOUR_OF_FIVE: lambda look: _some_beyond(look, 4, 5, 1),
    Rule.FIFTEEN_WITHIN: lambda look: look.all_of(look.known & ~look.above(1) & ~look.below(1), 15),
    Rule.EIGHT_OUTSIDE: _eight_outside,
}


class _Look:
    """The questions that rules ask of rows of points."""

    def __init__(self, z: Floats, heights: Floats) -> None:
        self.z = z
        self.known: Flags = ~np.isnan(z)
        self.up = np.zeros(z.shape, dtype=np.bool_)
        self.down = np.zeros(z.shape, dtype=np.bool_)
        # Comparing, not subtracting: two points infinitely far out are level.
        both = self.known[:, 1:] & self.known[:, :-1]
        self.up[:, 1:] = (heights[:, 1:] > heights[:, :-1]) & both
        self.down[:, 1:] = (heights[:, 1:] < heights[:, :-1]) & both

    def above(self, sigmas: int) -> Flags:
        return self.z > sigmas + TOLERANCE

    def below(self, sigmas: int) -> Flags:
        return self.z < -sigmas - TOLERANCE

    def count(self, flags: Flags, window: int) -> npt.NDArray[np.int64]:
        """How many of the last `window` points, the current one included."""
        total = np.cumsum(flags, axis=1, dtype=np.int64)
        total[:, window:] -= total[:, :-window].copy()
        return total

    def all_of(self, flags: Flags, window: int) -> Flags:
        return self.count(flags, window) == window
